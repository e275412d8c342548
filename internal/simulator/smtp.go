package simulator

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

// mailLimit is the largest mail that is taken, in bytes.
const mailLimit = 10 << 20

// ServeSMTP receives mails on ln until ctx ends. It takes any sender and
// recipient, asks for no password, keeps the mails in memory and never sends one on.
func (s *Simulator) ServeSMTP(ctx context.Context, ln net.Listener) error {
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{sim: s}, nil }))
	srv.Domain = "postfach.simulation"
	srv.MaxMessageBytes = mailLimit
	srv.MaxRecipients = 20
	srv.ReadTimeout, srv.WriteTimeout = time.Minute, time.Minute
	srv.EnableSMTPUTF8 = true
	srv.ErrorLog = log.New(io.Discard, "", 0)
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(ln); err != nil && !errors.Is(err, smtp.ErrServerClosed) && ctx.Err() == nil {
		return err
	}
	return nil
}

// mailSession is one connection.
type mailSession struct {
	sim  *Simulator
	from string
	to   []string
}

// Reset forgets the message under way.
func (m *mailSession) Reset() { m.from, m.to = "", nil }

// Logout has nothing to free.
func (m *mailSession) Logout() error { return nil }

// Mail takes the sender of the envelope.
func (m *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	m.from = from
	return nil
}

// Rcpt takes a recipient of the envelope.
func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	m.to = append(m.to, to)
	return nil
}

// Data takes the mail.
func (m *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := m.sim.receive(m.from, m.to, raw); err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "Mail cannot be read"}
	}
	return nil
}
