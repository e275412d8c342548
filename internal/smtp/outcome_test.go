package smtp_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"feierabend"
	"feierabend/internal/mailtest"
	"feierabend/internal/secret"
	"feierabend/internal/smtp"
)

// outcome is what a try to send ends with. The reply of the server names the address
// and words of the mail in each case; none of it may stand in the error.
type outcome struct {
	name, mode string
	server     mailtest.Options
	change     func(*smtp.Options)
	code       string
	final      bool
	mails      int
}

func (c outcome) run(t *testing.T) {
	t.Helper()
	s := mailtest.Start(t, c.server)
	out := sender(t, s, c.mode, c.change)
	begin := time.Now()
	err := out.Send(t.Context(), feierabend.TenantID{}, letter)
	took := time.Since(begin)
	switch {
	case c.code == "" && err != nil, c.code != "" && feierabend.CodeOf(err) != c.code, feierabend.IsPermanent(err) != c.final:
		t.Errorf("code %q, final %v, want %q, %v (%v)", feierabend.CodeOf(err), feierabend.IsPermanent(err), c.code, c.final, err)
	case err != nil && feierabend.KindOf(err) != feierabend.Unavailable:
		t.Errorf("kind %s", feierabend.KindOf(err))
	}
	for _, word := range []string{"hauke", "deichgruen", "K7Q2", "geheim", "cat pictures"} {
		if err != nil && strings.Contains(strings.ToLower(err.Error()), strings.ToLower(word)) {
			t.Errorf("the error says %s: %v", word, err)
		}
	}
	if n := len(s.Mails()); n != c.mails {
		t.Errorf("%d mails arrived, want %d", n, c.mails)
	}
	if took > 3*time.Second {
		t.Errorf("took %s", took)
	}
}

func reply(code int, e gosmtp.EnhancedCode) error {
	return &gosmtp.SMTPError{Code: code, EnhancedCode: e, Message: "hauke@deichgruen.example: no cat pictures here"}
}

func rcpt(code int, e gosmtp.EnhancedCode) func(int, string) error {
	return func(int, string) error { return reply(code, e) }
}

func data(code int, e gosmtp.EnhancedCode) func(net.Conn, io.Reader, func([]byte)) error {
	return func(_ net.Conn, r io.Reader, _ func([]byte)) error {
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
		return reply(code, e)
	}
}

// TestSecuring: what stands between us and the server ends the conversation before a
// password or a mail was said.
func TestSecuring(t *testing.T) {
	trusted := mailtest.Options{User: "ich", Password: "geheim"}
	with := func(change func(*mailtest.Options)) mailtest.Options {
		o := trusted
		change(&o)
		return o
	}
	implicit := with(func(o *mailtest.Options) { o.Implicit = true })
	for _, c := range []outcome{
		{name: "STARTTLS stripped", mode: smtp.TLSStart, server: with(func(o *mailtest.Options) { o.NoTLS = true }), code: "mail_tls"},
		{name: "certificate expired, implicit", mode: smtp.TLSImplicit, server: with(func(o *mailtest.Options) { o.Implicit, o.Expired = true, true }), code: "mail_tls"},
		{name: "certificate expired, STARTTLS", mode: smtp.TLSStart, server: with(func(o *mailtest.Options) { o.Expired = true }), code: "mail_tls"},
		{name: "another host's certificate, implicit", mode: smtp.TLSImplicit, server: with(func(o *mailtest.Options) { o.Implicit, o.Name = true, "other.example" }), code: "mail_tls"},
		{name: "another host's certificate, STARTTLS", mode: smtp.TLSStart, server: with(func(o *mailtest.Options) { o.Name = "other.example" }), code: "mail_tls"},
		{name: "nobody vouches", mode: smtp.TLSImplicit, server: implicit, change: func(o *smtp.Options) { o.TLSConfig = &tls.Config{ServerName: mailtest.Name} }, code: "mail_tls"},
		{name: "TLS below 1.2", mode: smtp.TLSImplicit, server: implicit, change: func(o *smtp.Options) {
			o.TLSConfig = o.TLSConfig.Clone()
			o.TLSConfig.MinVersion, o.TLSConfig.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 // the server of Go refuses it as we do
		}, code: "mail_tls"},
		{name: "STARTTLS port dialled for implicit TLS", mode: smtp.TLSImplicit, server: trusted, code: "mail_tls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run(t)
			s := mailtest.Start(t, c.server)
			_ = sender(t, s, c.mode, c.change).Ping(t.Context())
			if said := s.Passwords(); len(said) > 0 {
				t.Errorf("the password was said %d times", len(said))
			}
		})
	}
}

// TestSigningIn: what is wrong with name and password is a matter of settings. It is
// tried again, so that mails go out as soon as the settings are right.
func TestSigningIn(t *testing.T) {
	for _, c := range []outcome{
		{name: "password refused", mode: smtp.TLSStart, server: mailtest.Options{User: "ich", Password: "anders"}, code: "mail_auth"},
		{name: "no way to sign in offered", mode: smtp.TLSStart, server: mailtest.Options{}, code: "mail_auth"},
		{name: "password asked for, none set", mode: smtp.TLSStart, server: mailtest.Options{User: "ich", Password: "geheim"}, change: func(o *smtp.Options) { o.User = "" }, code: "mail_sender"},
		{name: "sender refused", mode: smtp.TLSOff, server: mailtest.Options{NoTLS: true, User: "ich"}, code: "mail_sender"},
	} {
		t.Run(c.name, c.run)
	}
	s := mailtest.Start(t, mailtest.Options{User: "ich", Password: "anders"})
	if err := sender(t, s, smtp.TLSStart, nil).Ping(t.Context()); feierabend.CodeOf(err) != "mail_auth" {
		t.Errorf("the doctor's question: %v", err)
	}
}

// TestRefusals: a refusal for good ends it, one for now does not, and a mail that the
// server took is sent, whatever comes after.
func TestRefusals(t *testing.T) {
	for _, c := range []outcome{
		{name: "no such mailbox", server: mailtest.Options{Rcpt: rcpt(550, gosmtp.EnhancedCode{5, 1, 1})}, code: "mail_refused", final: true},
		{name: "greylisted", server: mailtest.Options{Rcpt: rcpt(451, gosmtp.EnhancedCode{4, 7, 1})}, code: "mail_later"},
		{name: "mailbox full for now", server: mailtest.Options{Rcpt: rcpt(452, gosmtp.EnhancedCode{4, 2, 2})}, code: "mail_later"},
		{name: "text refused", server: mailtest.Options{Data: data(554, gosmtp.EnhancedCode{5, 7, 1})}, code: "mail_refused", final: true},
		{name: "text refused for now", server: mailtest.Options{Data: data(451, gosmtp.EnhancedCode{4, 3, 0})}, code: "mail_later"},
		{name: "gone after the dot, before the answer", server: mailtest.Options{Data: func(c net.Conn, r io.Reader, keep func([]byte)) error {
			raw, err := io.ReadAll(r)
			keep(raw)
			return errors.Join(err, c.Close())
		}}, code: "mail_lost", mails: 1}, // may come twice: the second try makes another link, which voids this one
		{name: "gone after the answer", server: mailtest.Options{Wrap: func(c net.Conn) net.Conn { return &hangsUp{Conn: c} }}, mails: 1},
	} {
		c.mode, c.server.NoTLS = smtp.TLSOff, true
		t.Run(c.name, c.run)
	}
}

// hangsUp is gone when the client resets or says goodbye.
type hangsUp struct{ net.Conn }

// Read reads on until the conversation is over.
func (c *hangsUp) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if word := string(p[:n]); strings.HasPrefix(word, "RSET") || strings.HasPrefix(word, "QUIT") {
		c.Close()
		return 0, io.EOF
	}
	return n, err
}

// TestFourteenFaults (T-07): what can happen to a provider, as it happens to mail. Each
// has its code, which stands in the operator's queue, and only a refusal of the address
// or of the mail is final.
func TestFourteenFaults(t *testing.T) {
	const short = 150 * time.Millisecond // 30 s in the service
	faults := []outcome{
		{name: "refused", change: func(o *smtp.Options) {
			o.Dial = func(ctx context.Context, _ feierabend.TenantID, _ string) (net.Conn, error) {
				ln, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					return nil, err
				}
				ln.Close()
				return (&net.Dialer{}).DialContext(ctx, "tcp", ln.Addr().String())
			}
		}, code: "mail_lost"},
		{name: "no such name", change: failing(&feierabend.Error{Kind: feierabend.Unavailable, Code: "outbound_unreachable"}), code: "outbound_unreachable"},
		{name: "certificate expired", mode: smtp.TLSImplicit, server: mailtest.Options{Implicit: true, Expired: true}, code: "mail_tls"},
		{name: "hangs at the greeting", server: says(func(c net.Conn) { wait(c) }), code: "mail_timeout"},
		{name: "hangs within the mail", server: mailtest.Options{Data: func(c net.Conn, _ io.Reader, _ func([]byte)) error { wait(c); return nil }}, code: "mail_timeout"},
		{name: "one byte a second", server: says(func(c net.Conn) {
			for _, b := range []byte("220 " + strings.Repeat("x", 1000)) { // twenty bytes a second here, and a limit to match
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				select {
				case <-t.Context().Done():
				case <-time.After(50 * time.Millisecond):
				}
			}
		}), code: "mail_timeout"},
		{name: "too many requests", server: mailtest.Options{Rcpt: rcpt(450, gosmtp.EnhancedCode{4, 7, 0})}, code: "mail_later"},
		{name: "internal error", server: mailtest.Options{Data: data(554, gosmtp.EnhancedCode{5, 3, 0})}, code: "mail_refused", final: true},
		{name: "a web page instead", server: script("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<h1>hauke@deichgruen.example</h1>"), code: "mail_server"},
		{name: "answer cut off", server: script("220 mail.example\r\n250-mail.exa"), code: "mail_lost"},
		{name: "answer of another form", server: script("220 mail.example\r\nzwei-fuenfzig hauke\r\n"), code: "mail_server"},
		{name: "endless answer", server: says(func(c net.Conn) {
			block := []byte(strings.Repeat("220-hauke", 1<<12))
			for sent := 0; sent < 100<<20; sent += len(block) { // 100 MB without a line end
				if _, err := c.Write(block); err != nil {
					return
				}
			}
			t.Error("100 MB were read")
		}), code: "mail_server"},
		{name: "another service", server: script("220 FTP server ready\r\n502 Unknown command\r\n502 Unknown command\r\n"), code: "mail_server"},
		{name: "sent elsewhere", server: mailtest.Options{Rcpt: func(int, string) error {
			return &gosmtp.SMTPError{Code: 551, EnhancedCode: gosmtp.NoEnhancedCode, Message: "try hauke@[169.254.169.254]"}
		}}, code: "mail_refused", final: true},
		{name: "name leads to 169.254.169.254", change: failing(feierabend.Permanent(&feierabend.Error{Kind: feierabend.Unavailable, Code: "outbound_address"})), code: "outbound_address", final: true},
		{name: "reset within the mail", server: mailtest.Options{Data: func(c net.Conn, r io.Reader, _ func([]byte)) error {
			_, err := io.ReadFull(r, make([]byte, 40))
			return errors.Join(err, c.(*net.TCPConn).SetLinger(0), c.Close())
		}}, code: "mail_lost"},
	}
	for _, c := range faults {
		change := c.change
		c.change = func(o *smtp.Options) {
			o.User, o.Password = "", secret.Secret{}
			if c.code == "mail_timeout" {
				o.Timeout = short
			}
			if change != nil {
				change(o)
			}
		}
		if c.mode == "" {
			c.mode, c.server.NoTLS = smtp.TLSOff, true
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
	if !slices.ContainsFunc(faults, func(c outcome) bool { return c.final }) || len(faults) < 14 {
		t.Error("fourteen faults, some of them final")
	}
}

func failing(err error) func(*smtp.Options) {
	return func(o *smtp.Options) {
		o.Dial = func(context.Context, feierabend.TenantID, string) (net.Conn, error) { return nil, err }
	}
}

// says is a server of which say has the whole word.
func says(say func(net.Conn)) mailtest.Options {
	return mailtest.Options{Wrap: func(c net.Conn) net.Conn {
		say(c)
		c.Close()
		return c
	}}
}

// script says one thing and hangs up when it was answered.
func script(text string) mailtest.Options {
	return says(func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		_ = c.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, c)
	})
}

// wait waits until the client hangs up.
func wait(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
