package main

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"

	"feierabend/internal/secret"
)

func TestReadmeTableIsTheStruct(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), configTable()) {
		t.Error("README.md does not hold the output of `feierabend config --markdown`")
	}
}

func TestSecretsAreNeverShown(t *testing.T) {
	var out bytes.Buffer
	env := lookup([]string{"FEIERABEND_WHATSAPP_TOKEN=geheim-4711", "FEIERABEND_SMTP_PASSWORD=geheim-4712", "FEIERABEND_MODE=demo"})
	if err := cmdConfig(t.Context(), nil, env, nil, &out, nil); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "geheim-47") {
		t.Error("a secret is printed")
	}
	if !strings.Contains(out.String(), "gesetzt, wird nicht gezeigt") {
		t.Error("a set secret is not marked")
	}
}

func TestSecretsFromFiles(t *testing.T) {
	path := t.TempDir() + "/token"
	if err := os.WriteFile(path, []byte("geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(lookup([]string{"FEIERABEND_WHATSAPP_TOKEN_FILE=" + path}))
	if err != nil || c.WhatsAppToken.Reveal() != "geheim" {
		t.Errorf("got %q, %v; want the file's content without its line end", c.WhatsAppToken.Reveal(), err)
	}
	if _, err := loadConfig(lookup([]string{"FEIERABEND_WHATSAPP_TOKEN_FILE=/nirgends"})); exitCode(err) != exitUsage {
		t.Errorf("a missing file gives %v, want a usage error", err)
	}
}

func TestAliases(t *testing.T) {
	c, err := loadConfig(lookup([]string{"PORT=1234", "DATABASE_URL=postgres://x"}))
	if err != nil || c.Listen != ":1234" || c.DatabaseURL.Reveal() != "postgres://x" {
		t.Errorf("got %q, %q, %v", c.Listen, c.DatabaseURL.Reveal(), err)
	}
}

func TestNearestNames(t *testing.T) {
	for wrong, want := range map[string]string{"serv": "serve", "modle": "model", "transkribe": "transcribe"} {
		if got := nearest(wrong, []string{"serve", "model", "transcribe", "tenant"}); got != want {
			t.Errorf("nearest(%q) = %q, want %q", wrong, got, want)
		}
	}
}

type secretive struct{ Name string }

func TestLogRefusesCompositeValues(t *testing.T) {
	var out bytes.Buffer
	log := newLog(&out, false, slog.LevelInfo)
	log.Info("x", "list", []string{"Petersen"}, "struct", secretive{"Petersen"}, "pointer", &secretive{"Petersen"}, "jobs", 3)
	if strings.Contains(out.String(), "Petersen") {
		t.Errorf("content reached the log: %s", out.String())
	}
	if !strings.Contains(out.String(), `"jobs":3`) {
		t.Errorf("a number is missing: %s", out.String())
	}
}

// TestLiveRefusesPlainHTTP: outside this machine nothing goes over the net in the
// open (design §3, TLS).
func TestLiveRefusesPlainHTTP(t *testing.T) {
	for address, fine := range map[string]bool{
		"https://app.example.de": true, "http://localhost:8080": true, "http://127.0.0.1:8080": true, "http://[::1]:8080": true,
		"http://app.example.de": false, "http://127.0.0.1.example.de": false, "http://10.0.0.7": false, "app.example.de": false, "ftp://localhost": false,
	} {
		c := config{
			Mode: "live", PublicURL: address, TrustedProxies: "none", WhatsAppNumber: "1", WhatsAppToken: secret.New("t"), WhatsAppSecret: secret.New("s"), WhatsAppVerify: secret.New("v"),
			SMTPHost: "mail.example.de", SMTPTLS: "starttls", MailFrom: "a@example.de", Operator: "a@example.de",
		}
		if err := c.checkLive(); (err == nil) != fine {
			t.Errorf("%s: %v", address, err)
		}
		c.PublicURL, c.SMTPTLS, c.SMTPHost = "https://app.example.de", "off", "127.evil.example"
		if err := c.checkLive(); err == nil {
			t.Error("mails in plain to a host whose name begins like this machine's")
		}
	}
}
