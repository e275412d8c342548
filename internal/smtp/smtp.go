// Package smtp sends mails through one configured SMTP server.
//
// It opens no connection itself: Options.Dial does, so that the allow-list and
// the address checks of the guarded client hold for mail too. Errors carry reply
// codes only; the server's own words often repeat the address and stay out.
package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	smtpclient "github.com/wneessen/go-mail/smtp"

	"feierabend"
	"feierabend/internal/secret"
)

// The ways of protecting the connection.
const (
	TLSOff      = "off"      // plain: loopback and tests only, cmd refuses it elsewhere
	TLSStart    = "starttls" // port 587: STARTTLS is demanded, never optional
	TLSImplicit = "tls"      // port 465
)

// Options names the server and the sender.
type Options struct {
	Host     string
	Port     int
	User     string // "" = no authentication
	Password secret.Secret
	TLS      string // off, starttls or tls
	From     string // "Feierabend <post@example.de>" or the address alone
	// Dial opens the TCP connection to "host:port".
	Dial func(ctx context.Context, t feierabend.TenantID, addr string) (net.Conn, error)
	// TLSConfig overrides the default (host name checked, TLS ≥ 1.2); for own roots.
	TLSConfig *tls.Config
	// Timeout limits one mail from dialling to the last reply, however slowly the server
	// speaks; 0 = 30 s.
	Timeout time.Duration
}

// Sender sends mails.
type Sender struct {
	o    Options
	from *mail.Address
}

// New checks the options; it does not connect.
func New(o Options) (*Sender, error) {
	from, err := mail.ParseAddress(o.From)
	switch {
	case err != nil:
		return nil, errors.New("smtp: From is no mail address")
	case o.Host == "" || o.Port < 1 || o.Port > 65535:
		return nil, errors.New("smtp: Host and a Port of 1 to 65535 are needed")
	case o.TLS != TLSOff && o.TLS != TLSStart && o.TLS != TLSImplicit:
		return nil, errors.New("smtp: TLS must be off, starttls or tls")
	case o.Dial == nil:
		return nil, errors.New("smtp: Dial is needed")
	}
	if o.TLSConfig == nil {
		o.TLSConfig = &tls.Config{ServerName: o.Host, MinVersion: tls.VersionTLS12}
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	return &Sender{o: o, from: from}, nil
}

// Send delivers m to the server for tenant t and returns once the server has taken
// it: what goes wrong afterwards (a lost goodbye) is no failure, or the mail would go
// out twice. The codes of failures stand in failure.go; only mail_refused, mail_header
// and mail_address are feierabend.Permanent, all else can be tried again. Header fields
// with a line break are refused (ASVS 1.3.11).
func (s *Sender) Send(ctx context.Context, t feierabend.TenantID, m feierabend.Mail) error {
	msg, err := s.message(m)
	if err != nil {
		return feierabend.Permanent(err)
	}
	return s.talk(ctx, t, func(c *gomail.Client, conn *smtpclient.Client) error {
		if err := c.SendWithSMTPClient(conn, msg); err != nil && !msg.IsDelivered() {
			return err
		}
		return nil
	})
}

// Ping connects, secures the connection, signs in and leaves: no mail is sent.
func (s *Sender) Ping(ctx context.Context) error {
	return s.talk(ctx, feierabend.TenantID{}, func(*gomail.Client, *smtpclient.Client) error { return nil })
}

// talk connects, secures the connection, signs in, lets do work and says goodbye, all
// within the timeout: when it is over, the connection is cut, whatever waits on it.
func (s *Sender) talk(ctx context.Context, t feierabend.TenantID, do func(*gomail.Client, *smtpclient.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	l := &line{}
	defer l.cut()
	context.AfterFunc(ctx, l.cut)
	c, err := s.client(t, l)
	if err != nil {
		return feierabend.Permanent(&feierabend.Error{Kind: feierabend.Internal, Code: "mail_settings"})
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return l.failure(ctx, err)
	}
	if err := do(c, conn); err != nil {
		return l.failure(ctx, err)
	}
	_ = conn.Quit() // what was to be done is done
	return nil
}

// message builds the mail: text first, HTML as the alternative (RFC 2046 § 5.1.4).
func (s *Sender) message(m feierabend.Mail) (*gomail.Msg, error) {
	if strings.ContainsAny(m.To+m.Subject+m.Ref+m.Off, "\r\n\x00") {
		return nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "mail_header"}
	}
	to, err := mail.ParseAddress(m.To)
	if err != nil {
		return nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "mail_address"}
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from)
	msg.ToMailAddress(to)
	msg.Subject(m.Subject)
	msg.SetDate()
	name := m.Ref
	if name == "" {
		name = feierabend.NewID()
	}
	msg.SetMessageIDWithValue(name + "@" + s.domain())
	// Out-of-office replies to a sign-in mail help nobody (RFC 3834 § 5).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Off != "" { // one press in the mail program (RFC 8058 § 3.1)
		msg.SetGenHeader("List-Unsubscribe", "<"+m.Off+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

func (s *Sender) domain() string {
	return s.from.Address[strings.LastIndexByte(s.from.Address, '@')+1:]
}

func (s *Sender) client(t feierabend.TenantID, l *line) (*gomail.Client, error) {
	opts := []gomail.Option{
		gomail.WithPort(s.o.Port), gomail.WithHELO(s.domain()), gomail.WithTimeout(2 * s.o.Timeout), gomail.WithoutNoop(), // talk is the one that cuts
		gomail.WithTLSConfig(s.o.TLSConfig), gomail.WithDialContextFunc(s.dial(t, l)),
	}
	switch s.o.TLS {
	case TLSStart:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLSImplicit: // dial has wrapped the connection; the policy only lets the client see that
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.o.User != "" {
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.o.User), gomail.WithPassword(s.o.Password.Reveal()))
	}
	return gomail.NewClient(s.o.Host, opts...)
}

func (s *Sender) dial(t feierabend.TenantID, l *line) gomail.DialContextFunc {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		conn, err := s.o.Dial(ctx, t, net.JoinHostPort(s.o.Host, strconv.Itoa(s.o.Port)))
		if err != nil {
			l.refused = err
			return nil, err
		}
		conn = l.hold(conn)
		if s.o.TLS != TLSImplicit {
			return conn, nil
		}
		secure := tls.Client(conn, s.o.TLSConfig)
		if err := secure.HandshakeContext(ctx); err != nil {
			l.insecure = true
			return nil, err
		}
		return secure, nil
	}
}
