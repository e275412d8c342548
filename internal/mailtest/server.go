// Package mailtest is a mail server for tests: emersion/go-smtp with TLS and
// authentication, whose answers a test decides.
//
// Test support only: it keeps mails in memory and never sends one on.
package mailtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// Name is the host name that clients know the server by.
const Name = "mail.example"

// Mail is a mail that was taken.
type Mail struct {
	From, To, Raw string
	User          string // who had signed in
	Secure        bool   // came over TLS
}

// Options say how the server is. The zero value offers STARTTLS and asks for nobody.
type Options struct {
	Implicit bool   // TLS from the first byte
	NoTLS    bool   // no STARTTLS, and passwords in the clear are welcome
	Expired  bool   // the certificate ended yesterday
	Name     string // of the certificate; "" = Name
	// User and Password sign in; "" = signing in is not offered.
	User, Password string
	// Rcpt decides about a recipient, nil = all are taken; n counts from 1.
	Rcpt func(n int, to string) error
	// Data decides about a mail that is being read from r, nil = all are taken. keep
	// stores what was read so far; c is the connection.
	Data func(c net.Conn, r io.Reader, keep func([]byte)) error
	// Wrap changes accepted connections.
	Wrap func(net.Conn) net.Conn
}

// Server is a mail server on loopback.
type Server struct {
	Port  int
	Roots *x509.CertPool // that vouch for it

	o      Options
	tls    *tls.Config
	mu     sync.Mutex
	mails  []Mail
	tries  []string // passwords that came
	rcpts  int
	server *smtp.Server
	ln     net.Listener
	done   chan struct{}
}

// New makes the server, away until Start.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	if o.Name == "" {
		o.Name = Name
	}
	cert, roots := certificate(t, o.Name, o.Expired)
	s := &Server{o: o, Roots: roots, tls: &tls.Config{Certificates: []tls.Certificate{cert}}}
	t.Cleanup(s.Stop)
	return s
}

// Start makes a server and starts it.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := New(t, o)
	s.Start(t)
	return s
}

// Start listens, at the same port as before where there was one.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	ln, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)))
	if err != nil {
		t.Fatal(err)
	}
	s.Port = ln.Addr().(*net.TCPAddr).Port
	if s.o.Wrap != nil {
		ln = wrapped{ln, s.o.Wrap}
	}
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return withPlain(s, c, smtp.AuthSession.Auth), nil }))
	srv.Domain, srv.MaxMessageBytes, srv.AllowInsecureAuth = s.o.Name, 1<<20, s.o.NoTLS
	srv.ReadTimeout, srv.WriteTimeout, srv.ErrorLog = 30*time.Second, 30*time.Second, log.New(io.Discard, "", 0)
	switch {
	case s.o.Implicit:
		ln = tls.NewListener(ln, s.tls)
	case !s.o.NoTLS:
		srv.TLSConfig = s.tls
	}
	s.server, s.ln, s.done = srv, ln, make(chan struct{})
	go func(done chan struct{}) {
		defer close(done)
		_ = srv.Serve(ln) // ends with Stop
	}(s.done)
}

// Stop goes away; mails and port stay.
func (s *Server) Stop() {
	if s.server == nil {
		return
	}
	s.ln.Close() // the server may not know it yet
	s.server.Close()
	<-s.done
	s.server = nil
}

// Dial connects, whatever host is asked for.
func (s *Server) Dial(ctx context.Context) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)))
}

// Mails gives what was taken, oldest first.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Passwords gives the passwords that clients sent.
func (s *Server) Passwords() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.tries...)
}

type wrapped struct {
	net.Listener
	wrap func(net.Conn) net.Conn
}

// Accept wraps the connection.
func (w wrapped) Accept() (net.Conn, error) {
	c, err := w.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return w.wrap(c), nil
}

// session is one connection.
type session struct {
	s *Server
	c *smtp.Conn
	m Mail
}

// Reset forgets the mail under way.
func (x *session) Reset() { x.m.From, x.m.To = "", "" }

// Logout has nothing to free.
func (x *session) Logout() error { return nil }

// Mail takes the sender.
func (x *session) Mail(from string, _ *smtp.MailOptions) error {
	if x.s.o.User != "" && x.m.User == "" {
		return smtp.ErrAuthRequired
	}
	x.m.From = from
	return nil
}

// Rcpt takes the recipient, or what the options say.
func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.s.mu.Lock()
	x.s.rcpts++
	n := x.s.rcpts
	x.s.mu.Unlock()
	if x.s.o.Rcpt != nil {
		if err := x.s.o.Rcpt(n, to); err != nil {
			return err
		}
	}
	x.m.To = to
	return nil
}

// Data takes the mail, or does what the options say.
func (x *session) Data(r io.Reader) error {
	_, x.m.Secure = x.c.TLSConnectionState()
	keep := func(raw []byte) {
		x.s.mu.Lock()
		defer x.s.mu.Unlock()
		m := x.m
		m.Raw = string(raw)
		x.s.mails = append(x.s.mails, m)
	}
	if x.s.o.Data != nil {
		return x.s.o.Data(x.c.Conn(), r, keep)
	}
	raw, err := io.ReadAll(r)
	if err == nil {
		keep(raw)
	}
	return err
}

// certificate makes one that vouches for itself.
func certificate(t testing.TB, name string, expired bool) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(time.Hour)
	if expired {
		until = time.Now().Add(-24 * time.Hour)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
