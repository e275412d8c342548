package main

import (
	"context"
	"net"
	"net/url"
	"strings"

	"feierabend"
	"feierabend/internal/compliance"
	"feierabend/internal/outbound"
	"feierabend/internal/seal"
	"feierabend/internal/secret"
	"feierabend/internal/smtp"
	"feierabend/internal/store"
)

// mailer sends through the configured server, dialled by the guarded client.
// Without a server sign-in mails cannot go out, and every try says so.
func mailer(cfg config, out *outbound.Client) (interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.Mail) error
}, error,
) {
	if cfg.SMTPHost == "" {
		return noMail{}, nil
	}
	s, err := smtp.New(smtp.Options{
		Host: cfg.SMTPHost, Port: cfg.SMTPPort, User: cfg.SMTPUser, Password: cfg.SMTPPassword, TLS: cfg.SMTPTLS, From: cfg.MailFrom,
		Dial: func(ctx context.Context, t feierabend.TenantID, addr string) (net.Conn, error) {
			return out.Dial(ctx, t, compliance.Mail, addr)
		},
	})
	if err != nil {
		return nil, usage("Die Einstellungen des Mailservers passen nicht zusammen. Bitte FEIERABEND_SMTP_* und FEIERABEND_MAIL_FROM prüfen.")
	}
	return s, nil
}

type noMail struct{}

func (noMail) Send(context.Context, feierabend.TenantID, feierabend.Mail) error {
	return &feierabend.Error{Kind: feierabend.Unavailable, Code: "no_mail_server"}
}

// codeKey keys the hashes of typed sign-in codes.
func codeKey(root *seal.Root) []byte { return root.MAC(seal.PurposeOTP, "sign-in code") }

func splitList(s string) []string {
	var out []string
	for _, p := range strings.Split(s, ",") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// secretList gives the parts of a secret that holds several, with commas.
func secretList(s secret.Secret) (out []secret.Secret) {
	for _, p := range splitList(s.Reveal()) {
		out = append(out, secret.New(p))
	}
	return out
}

// modelPath gives the configured speech model, false while there is none.
func (s *service) modelPath() (string, bool) {
	path, err := s.models.Path(s.cfg.Model)
	return path, err == nil
}

// checkLive refuses a live start that lacks what it needs, with one sentence each.
func (c config) checkLive() error {
	if c.demo() {
		return nil
	}
	for _, need := range []struct{ name, value, what string }{
		{"FEIERABEND_PUBLIC_URL", c.PublicURL, "die Adresse der Seiten"},
		{"FEIERABEND_WHATSAPP_PHONE_NUMBER_ID", c.WhatsAppNumber, "die WhatsApp-Nummer"},
		{"FEIERABEND_WHATSAPP_TOKEN", given(c.WhatsAppToken), "der Zugriffsschlüssel von WhatsApp"},
		{"FEIERABEND_WHATSAPP_APP_SECRET", given(c.WhatsAppSecret), "das App Secret von WhatsApp"},
		{"FEIERABEND_WHATSAPP_VERIFY_TOKEN", given(c.WhatsAppVerify), "das Wort der Webhook-Anmeldung"},
		{"FEIERABEND_SMTP_HOST", c.SMTPHost, "der Mailserver, ohne den sich niemand anmelden kann"},
		{"FEIERABEND_MAIL_FROM", c.MailFrom, "der Absender der Mails"},
		{"FEIERABEND_OPERATOR_CONTACT", c.Operator, "der Kontakt, den „Mensch“ im Chat nennt"},
	} {
		if need.value == "" {
			return usage("%s fehlt: %s. Zum Ausprobieren ohne Einstellungen: feierabend serve --demo", need.name, need.what)
		}
	}
	if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopbackHost(u.Hostname())) {
		return usage("FEIERABEND_PUBLIC_URL muss mit https:// beginnen; http:// geht nur auf diesem Rechner, denn sonst liefen Anmeldung und Inhalte offen über das Netz.")
	}
	if err := c.checkProxies(); err != nil {
		return err
	}
	if c.SMTPTLS == "off" && !loopbackHost(c.SMTPHost) {
		return usage("FEIERABEND_SMTP_TLS=off geht nur mit einem Mailserver auf diesem Rechner. Bitte starttls oder tls wählen.")
	}
	return c.checkDatabaseTLS()
}

// given is "" for a secret that is not set, else what may be shown.
func given(s secret.Secret) string {
	if s.Empty() {
		return ""
	}
	return s.String()
}

// checkDatabaseTLS refuses addresses of PostgreSQL by which another server could pose
// as ours (design §3).
func (c config) checkDatabaseTLS() error {
	for _, at := range []struct {
		name string
		dsn  secret.Secret
	}{
		{"FEIERABEND_DATABASE_URL", c.DatabaseURL}, {"FEIERABEND_DATABASE_MIGRATE_URL", c.DatabaseOwner}, {"FEIERABEND_DATABASE_SCRUB_URL", c.DatabaseScrub},
	} {
		if at.dsn.Empty() {
			continue
		}
		good, err := store.VerifiesServer(at.dsn.Reveal())
		if err != nil {
			return err
		}
		if !good {
			return usage("%s spricht mit der Datenbank über das Netz, ohne sie sicher zu erkennen; jemand dazwischen könnte alles mitlesen. Es wurde keine Verbindung aufgebaut. "+
				"Bitte sslmode=verify-full angeben, oder sslmode=verify-ca mit sslrootcert; ohne geht es nur über einen Unix-Socket oder auf diesem Rechner.", at.name)
		}
	}
	return nil
}

// loopbackHost says whether a host name is this machine and no other.
func loopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
