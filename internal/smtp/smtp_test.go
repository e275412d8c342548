package smtp_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/secret"
	"feierabend/internal/smtp"
)

// server is a small SMTP server (RFC 5321) on a loopback port: EHLO, STARTTLS
// (RFC 3207), AUTH PLAIN (RFC 4954), MAIL, RCPT, DATA, RSET, NOOP, QUIT.
type server struct {
	ln       net.Listener
	config   *tls.Config
	implicit bool
	refuse   string // answer to RCPT, "" = take it
	noTLS    bool
	mu       sync.Mutex
	mails    []string
	auth     string
	secure   bool
}

func listen(t *testing.T, s *server) (host string, port int, roots *x509.CertPool) {
	t.Helper()
	cert, pool := certificate(t)
	s.config = &tls.Config{Certificates: []tls.Certificate{cert}}
	var err error
	if s.ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.ln.Close() })
	go func() {
		for {
			c, err := s.ln.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return "mail.example", s.ln.Addr().(*net.TCPAddr).Port, pool
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example"}, DNSNames: []string{"mail.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
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

func (s *server) talk(c net.Conn) {
	defer func() { c.Close() }()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	encrypted := s.implicit
	if s.implicit {
		c = tls.Server(c, s.config)
	}
	r := bufio.NewReader(c)
	io.WriteString(c, "220 mail.example\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			offer := ""
			if !encrypted && !s.noTLS {
				offer = "250-STARTTLS\r\n"
			}
			io.WriteString(c, "250-mail.example\r\n"+offer+"250-AUTH PLAIN\r\n250 8BITMIME\r\n")
		case "STARTTLS":
			io.WriteString(c, "220 go on\r\n")
			c = tls.Server(c, s.config)
			r, encrypted = bufio.NewReader(c), true
		case "AUTH":
			b, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			s.mu.Lock()
			s.auth = string(b)
			s.mu.Unlock()
			io.WriteString(c, "235 welcome\r\n")
		case "RCPT":
			if s.refuse != "" {
				io.WriteString(c, s.refuse+"\r\n")
				continue
			}
			io.WriteString(c, "250 ok\r\n")
		case "DATA":
			io.WriteString(c, "354 go\r\n")
			s.take(r, encrypted)
			io.WriteString(c, "250 taken\r\n")
		case "QUIT":
			io.WriteString(c, "221 bye\r\n")
			return
		default:
			io.WriteString(c, "250 ok\r\n")
		}
	}
}

// take reads a mail up to the lone dot.
func (s *server) take(r *bufio.Reader, encrypted bool) {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails, s.secure = append(s.mails, b.String()), encrypted
}

func sender(t *testing.T, s *server, mode string, change func(*smtp.Options)) *smtp.Sender {
	t.Helper()
	host, port, pool := listen(t, s)
	o := smtp.Options{
		Host: host, Port: port, TLS: mode, From: "Feierabend <post@feierabend.example>", User: "ich", Password: secret.New("geheim"),
		TLSConfig: &tls.Config{ServerName: host, RootCAs: pool, MinVersion: tls.VersionTLS12}, Timeout: 5 * time.Second,
		Dial: func(ctx context.Context, _ feierabend.TenantID, addr string) (net.Conn, error) {
			_, p, err := net.SplitHostPort(addr)
			if err != nil {
				return nil, err
			}
			return (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", p))
		},
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

func TestSend(t *testing.T) {
	for _, mode := range []string{smtp.TLSOff, smtp.TLSStart, smtp.TLSImplicit} {
		t.Run(mode, func(t *testing.T) {
			s := &server{implicit: mode == smtp.TLSImplicit}
			if err := sender(t, s, mode, nil).Send(context.Background(), feierabend.TenantID{}, letter); err != nil {
				t.Fatal(err)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.mails) != 1 || s.secure != (mode != smtp.TLSOff) {
				t.Fatalf("%d mails, encrypted %v", len(s.mails), s.secure)
			}
			if want := "\x00ich\x00geheim"; mode != smtp.TLSOff && s.auth != want {
				t.Errorf("auth %q", s.auth)
			}
			check(t, s.mails[0])
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

func TestFailures(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name, mode string
		server     *server
		change     func(*smtp.Options)
		permanent  bool
	}{
		{"address refused for good", smtp.TLSOff, &server{refuse: "550 5.1.1 no such user hauke@deichgruen.example"}, nil, true},
		{"refused for now", smtp.TLSOff, &server{refuse: "451 4.7.1 later, hauke@deichgruen.example"}, nil, false},
		{"no STARTTLS offered", smtp.TLSStart, &server{noTLS: true}, nil, false},
		{"wrong certificate", smtp.TLSImplicit, &server{implicit: true}, func(o *smtp.Options) { o.TLSConfig = &tls.Config{ServerName: "mail.example"} }, false},
		{"no connection", smtp.TLSOff, &server{}, func(o *smtp.Options) {
			o.Dial = func(context.Context, feierabend.TenantID, string) (net.Conn, error) {
				return nil, errors.New("dial hauke@deichgruen.example")
			}
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := sender(t, c.server, c.mode, c.change).Send(ctx, feierabend.TenantID{}, letter)
			if err == nil || feierabend.IsPermanent(err) != c.permanent || feierabend.KindOf(err) != feierabend.Unavailable {
				t.Errorf("error %v, permanent %v", err, feierabend.IsPermanent(err))
			}
			if err != nil && strings.Contains(err.Error(), "hauke") {
				t.Errorf("the error names the address: %v", err)
			}
			c.server.mu.Lock()
			defer c.server.mu.Unlock()
			if len(c.server.mails) > 0 {
				t.Error("a mail was sent all the same")
			}
		})
	}
}

func TestHeaderInjection(t *testing.T) {
	s := &server{}
	out := sender(t, s, smtp.TLSOff, nil)
	for _, m := range []feierabend.Mail{
		{To: "a@example.de\r\nBcc: b@example.de", Subject: "x", Text: "x"},
		{To: "a@example.de\nBcc: b@example.de", Subject: "x", Text: "x"},
		{To: "a@example.de, b@example.de", Subject: "x", Text: "x"},
		{To: "a@example.de", Subject: "x\r\nBcc: b@example.de", Text: "x"},
		{To: "a@example.de", Subject: "x\x00", Text: "x"},
		{To: "", Subject: "x", Text: "x"},
	} {
		if err := out.Send(context.Background(), feierabend.TenantID{}, m); !feierabend.IsPermanent(err) {
			t.Errorf("%q %q: %v", m.To, m.Subject, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.mails) > 0 {
		t.Errorf("%d mails went out", len(s.mails))
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
