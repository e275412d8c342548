package mailtest

import (
	"bytes"
	"errors"

	"github.com/emersion/go-smtp"
)

// signing is a session that people can sign in to. R is the server interface of
// go-smtp's own SASL module: it is taken from the method's type, so that the module
// graph needs no direct row for one interface.
type signing[R any] struct {
	*session
}

func withPlain[R any](s *Server, c *smtp.Conn, _ func(smtp.AuthSession, string) (R, error)) signing[R] {
	return signing[R]{&session{s: s, c: c}}
}

// AuthMechanisms offers PLAIN where there is somebody to sign in.
func (x signing[R]) AuthMechanisms() []string {
	if x.s.o.User == "" {
		return nil
	}
	return []string{"PLAIN"}
}

// Auth signs in.
func (x signing[R]) Auth(string) (R, error) {
	r, ok := any(plain{x.session}).(R)
	if !ok {
		return r, errors.New("mailtest: go-smtp wants another kind of server")
	}
	return r, nil
}

// plain is the receiving side of PLAIN (RFC 4616).
type plain struct{ x *session }

// Next takes the one answer of the client.
func (p plain) Next(response []byte) (challenge []byte, done bool, err error) {
	if response == nil { // no initial response: ask
		return []byte{}, false, nil
	}
	part := bytes.Split(response, []byte{0})
	if len(part) != 3 {
		return nil, true, smtp.ErrAuthFailed
	}
	s := p.x.s
	s.mu.Lock()
	s.tries = append(s.tries, string(part[2]))
	s.mu.Unlock()
	if string(part[1]) != s.o.User || string(part[2]) != s.o.Password {
		return nil, true, smtp.ErrAuthFailed
	}
	p.x.m.User = s.o.User
	return nil, true, nil
}
