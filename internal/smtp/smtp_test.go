package smtp_test

import (
	"context"
	"crypto/tls"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/mailtest"
	"feierabend/internal/secret"
	"feierabend/internal/smtp"
)

// sender sends to a server that it trusts, with a name and password unless the
// connection is plain.
func sender(t *testing.T, s *mailtest.Server, mode string, change func(*smtp.Options)) *smtp.Sender {
	t.Helper()
	o := smtp.Options{
		Host: mailtest.Name, Port: max(s.Port, 1), TLS: mode, From: "Feierabend <post@feierabend.example>", User: "ich", Password: secret.New("geheim"),
		TLSConfig: &tls.Config{ServerName: mailtest.Name, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}, Timeout: 5 * time.Second,
		Dial: func(ctx context.Context, _ feierabend.TenantID, _ string) (net.Conn, error) { return s.Dial(ctx) },
	}
	if mode == smtp.TLSOff {
		o.User = "" // no password in the clear
	}
	if change != nil {
		change(&o)
	}
	out, err := smtp.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var letter = feierabend.Mail{
	To: "hauke@deichgruen.example", Subject: "K7Q2-M4XD ist Ihr Code für Feierabend",
	Text: "Schöne Grüße\n.\nzwei Zeilen\n", HTML: "<p>Schöne Grüße</p>",
}

// TestSend: a mail arrives whole in each of the three ways, over TLS with a password.
func TestSend(t *testing.T) {
	for mode, o := range map[string]mailtest.Options{
		smtp.TLSOff:      {NoTLS: true},
		smtp.TLSStart:    {User: "ich", Password: "geheim"},
		smtp.TLSImplicit: {Implicit: true, User: "ich", Password: "geheim"},
	} {
		t.Run(mode, func(t *testing.T) {
			s := mailtest.Start(t, o)
			out := sender(t, s, mode, nil)
			if err := out.Ping(t.Context()); err != nil || len(s.Mails()) > 0 {
				t.Errorf("ping: %v, %d mails", err, len(s.Mails()))
			}
			if err := out.Send(t.Context(), feierabend.TenantID{}, letter); err != nil {
				t.Fatal(err)
			}
			mails := s.Mails()
			if len(mails) != 1 || mails[0].Secure != (mode != smtp.TLSOff) || mails[0].User != o.User || mails[0].From != "post@feierabend.example" || mails[0].To != letter.To {
				t.Fatalf("got %+v", mails)
			}
			check(t, mails[0].Raw)
		})
	}
}

// check reads the mail back as a mail program would.
func check(t *testing.T, raw string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != letter.Subject {
		t.Errorf("subject %q %v", subject, err)
	}
	for _, h := range []string{"Date", "Message-Id", "From", "To", "Auto-Submitted"} {
		if m.Header.Get(h) == "" {
			t.Errorf("no header %s", h)
		}
	}
	if ua := m.Header.Get("User-Agent") + m.Header.Get("X-Mailer"); ua != "" {
		t.Errorf("the mail names its program: %s", ua)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("type %s %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{letter.Text, letter.HTML} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil || strings.TrimSpace(strings.ReplaceAll(string(body), "\r\n", "\n")) != strings.TrimSpace(want) {
			t.Errorf("part %q, want %q (%v)", body, want, err)
		}
	}
}

func TestHeaderInjection(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{NoTLS: true})
	out := sender(t, s, smtp.TLSOff, nil)
	for _, m := range []feierabend.Mail{
		{To: "a@example.de\r\nBcc: b@example.de", Subject: "x", Text: "x"},
		{To: "a@example.de\nBcc: b@example.de", Subject: "x", Text: "x"},
		{To: "a@example.de, b@example.de", Subject: "x", Text: "x"},
		{To: "a@example.de", Subject: "x\r\nBcc: b@example.de", Text: "x"},
		{To: "a@example.de", Subject: "x\x00", Text: "x"},
		{To: "", Subject: "x", Text: "x"},
	} {
		if err := out.Send(t.Context(), feierabend.TenantID{}, m); !feierabend.IsPermanent(err) {
			t.Errorf("%q %q: %v", m.To, m.Subject, err)
		}
	}
	if n := len(s.Mails()); n > 0 {
		t.Errorf("%d mails went out", n)
	}
}

func TestNew(t *testing.T) {
	dial := func(context.Context, feierabend.TenantID, string) (net.Conn, error) { return nil, nil }
	for name, o := range map[string]smtp.Options{
		"no address": {Host: "h", Port: 25, TLS: smtp.TLSOff, From: "Feierabend", Dial: dial},
		"no host":    {Port: 25, TLS: smtp.TLSOff, From: "a@b.de", Dial: dial},
		"no port":    {Host: "h", TLS: smtp.TLSOff, From: "a@b.de", Dial: dial},
		"no mode":    {Host: "h", Port: 25, From: "a@b.de", Dial: dial},
		"no dial":    {Host: "h", Port: 25, TLS: smtp.TLSOff, From: "a@b.de"},
	} {
		if _, err := smtp.New(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestUnsubscribe: a mail that can be ended carries both headers of RFC 8058 whole, and
// the same mail sent twice has one name.
func TestUnsubscribe(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{NoTLS: true})
	out, m := sender(t, s, smtp.TLSOff, nil), letter
	m.Ref, m.Off = feierabend.NewID(), "https://app.feierabend-fuer-handwerker.example/mails/abbestellen?t="+strings.Repeat("aZ_-", 11)
	for _, n := range []feierabend.Mail{m, m, letter} {
		if err := out.Send(t.Context(), feierabend.TenantID{}, n); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for i, got := range s.Mails() {
		read, err := mail.ReadMessage(strings.NewReader(got.Raw))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, read.Header.Get("Message-Id"))
		off, post := "<"+m.Off+">", "List-Unsubscribe=One-Click"
		if i == 2 {
			off, post = "", ""
		}
		if h := read.Header; h.Get("List-Unsubscribe") != off || h.Get("List-Unsubscribe-Post") != post {
			t.Errorf("mail %d: %q, %q", i, h.Get("List-Unsubscribe"), h.Get("List-Unsubscribe-Post"))
		}
	}
	if len(names) != 3 || names[0] != names[1] || names[0] != "<"+m.Ref+"@feierabend.example>" || names[2] == names[0] {
		t.Errorf("names %q", names)
	}
	m.Off = "https://app.example/\r\nBcc: x@y.example"
	if err := out.Send(t.Context(), feierabend.TenantID{}, m); feierabend.CodeOf(err) != "mail_header" {
		t.Errorf("a line break in the link: %v", err)
	}
}
