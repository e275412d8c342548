package feierabend_test

import (
	"regexp"
	"strings"
	"testing"

	"feierabend"
)

// linkers are patterns like those of mail programs: the one of Android's mail (WEB_URL:
// letters of the world, but none of the spaces), of the linkify libraries, and of those
// that look for www and schemes.
var linkers = []*regexp.Regexp{
	regexp.MustCompile(`(?i)(?:https?://)?(?:[a-z0-9\x{00A1}-\x{1FFF}\x{200B}-\x{2027}\x{202A}-\x{202E}\x{2030}-\x{2FFF}\x{3003}-\x{D7FF}_-]{1,64}\.)+[a-z\x{00A1}-\x{1FFF}]{2,63}\b`),
	regexp.MustCompile(`(?i)\b(?:[\p{L}\p{N}-]+[.。．｡])+\p{L}{2,}`),
	regexp.MustCompile(`(?i)\bwww\.[^\s\x{2000}-\x{200A}\x{202F}]+|\bhttps?://[^\s\x{2000}-\x{200A}\x{202F}]+`), // \s of their languages knows these spaces
	regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b`),
}

// TestNoNameBecomesALink: what a firm calls itself leads nowhere, in text and HTML, and
// reads as before.
func TestNoNameBecomesALink(t *testing.T) {
	letter := func(name string) feierabend.Mail {
		return feierabend.Letter{
			To: "a@example.de", Subject: "Einladung von " + name, Lines: []string{name + " lädt Sie ein, bei Feierabend mitzumachen."},
			Button: "Einladung ansehen", URL: "https://app.example/einladung?t=abc", Small: []string{"Sie kennen " + name + " nicht?"},
		}.Mail()
	}
	for _, name := range []string{
		"Bitte klicken boese.example", "boese.example", "WWW.boese.example", "http://boese.example/x", "https://boese", "Gewinn:boese.example/a?b=c",
		"böse.example", "boese。example", "boese．example", "klick(boese.example)", "„boese.example“", "93.184.216.34", "(93.184.216.34/x)", "a.b.c.boese.co.uk", "Deichgruen24.de GmbH", "x@y/boese.example",
	} {
		m := letter(name)
		html := strings.ReplaceAll(m.HTML, `href="https://app.example/einladung?t=abc"`, "")
		for _, part := range []string{m.Subject, strings.ReplaceAll(m.Text, "https://app.example/einladung?t=abc", ""), html[strings.Index(html, "<body"):]} {
			for _, l := range linkers {
				if found := l.FindString(part); found != "" {
					t.Errorf("%q becomes the link %q", name, found)
				}
			}
		}
		if !strings.Contains(strings.ReplaceAll(m.Text, "\u202f", ""), name) {
			t.Errorf("%q is not readable:\n%s", name, m.Text)
		}
		if strings.Count(m.HTML, "<a ") != 1 || !strings.Contains(m.Text, "\n\nhttps://app.example/einladung?t=abc\n") {
			t.Errorf("%q: the button is not the only link\n%s", name, m.Text)
		}
	}
	for _, name := range []string{ // not changed at all
		"a.s.r. Haustechnik", "Deichgrün Haustechnik", "G. & H. Bau e.K.", "Dr. Meier", "gültig bis 24.11.2026, 15:04 Uhr", "1.234,56 €", "z.B. so", "12.5.", "Haus Nr. 8", "hauke@deichgruen.example", "Endlich. Feierabend", "Nr. 1.2.3",
	} {
		if m := letter(name); !strings.Contains(m.Text, name) || strings.Contains(m.Text, "\u202f") {
			t.Errorf("%q was changed", name)
		}
	}
	if m := letter("Meier.Bau GmbH"); !strings.Contains(m.Text, "Meier.\u202fBau GmbH") {
		t.Error("Meier.Bau GmbH is written otherwise")
	}
}
