package feierabend_test

import (
	"strings"
	"testing"

	"feierabend"
)

func TestLetter(t *testing.T) {
	m := feierabend.Letter{
		To: "hauke@deichgruen.example", Subject: "K7Q2-M4XD ist Ihr Code für Feierabend", Code: "K7Q2-M4XD", CodeFor: "ist Ihr Code für Feierabend.",
		Lines: []string{"Tippen Sie ihn ein."}, Button: "Oder öffnen Sie diesen Link", URL: "https://app.example/anmelden/link?t=abc", Small: []string{"Das waren nicht Sie?"},
	}.Mail()
	if want := "K7Q2-M4XD ist Ihr Code für Feierabend.\n\nTippen Sie ihn ein.\n\nOder öffnen Sie diesen Link:\n\nhttps://app.example/anmelden/link?t=abc\n\nDas waren nicht Sie?\n\nFeierabend\n"; m.Text != want {
		t.Errorf("text\n%s\nwant\n%s", m.Text, want)
	}
	for _, want := range []string{"<b style=\"font-size:28px;letter-spacing:1px\">K7Q2-M4XD</b>", `href="https://app.example/anmelden/link?t=abc"`, "Das waren nicht Sie?", `lang="de"`} {
		if !strings.Contains(m.HTML, want) {
			t.Errorf("HTML without %s:\n%s", want, m.HTML)
		}
	}
	for _, never := range []string{"<img", "<script", "http-equiv", "src="} { // no tracking pixel (AUTH-09)
		if strings.Contains(m.HTML, never) {
			t.Errorf("HTML with %s", never)
		}
	}
}

// TestLetterThatEnds: mails that can be ended say so in the text, in HTML and for the
// button of the mail program.
func TestLetterThatEnds(t *testing.T) {
	m := feierabend.Letter{Lines: []string{"2 Entwürfe"}, Off: "https://app.example/mails/abbestellen?t=x", Ref: "r"}.Mail()
	if m.Off != "https://app.example/mails/abbestellen?t=x" || m.Ref != "r" || !strings.HasSuffix(m.Text, "\n\nDiese Mails abbestellen:\n\nhttps://app.example/mails/abbestellen?t=x\n\nFeierabend\n") ||
		!strings.Contains(m.HTML, `<a href="https://app.example/mails/abbestellen?t=x" style="color:#585954">Diese Mails abbestellen</a>`) {
		t.Errorf("%+v", m)
	}
	if m := (feierabend.Letter{Off: "javascript:alert(1)"}).Mail(); m.Off != "" || strings.Contains(m.HTML, "<a ") {
		t.Errorf("%+v", m)
	}
}

// TestLetterOfHostileWords: names that a person gave begin no header, no line and
// no markup (ASVS 1.3.11).
func TestLetterOfHostileWords(t *testing.T) {
	for _, evil := range []string{
		"x\r\nBcc: b@example.de", "x\nBcc: b@example.de", "x\rBcc: b@example.de", "x\x00y", "x\u2028Bcc: b", "x\u202egnp.exe", "x\u0085Bcc: b", "x\xff\nBcc: b",
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "{{.Code}}", "\x1b[2J",
	} {
		m := feierabend.Letter{To: "a@example.de", Subject: "Betrieb " + evil, Code: evil, CodeFor: evil, Lines: []string{evil}, Button: evil, URL: "https://app.example/", Small: []string{evil}}.Mail()
		if strings.ContainsAny(m.Subject, "\r\n\x00\x1b\u2028\u202e\u0085") {
			t.Errorf("%q: subject %q", evil, m.Subject)
		}
		for _, line := range strings.Split(m.Text, "\n") {
			if strings.HasPrefix(line, "Bcc:") {
				t.Errorf("%q begins a line of its own", evil)
			}
		}
		if strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, "<img") || strings.Count(m.HTML, "<a ") != 1 {
			t.Errorf("%q became markup:\n%s", evil, m.HTML)
		}
	}
	for _, link := range []string{"javascript:alert(1)", "//evil.example", "", "ftp://x", "https://"} {
		if m := (feierabend.Letter{Button: "Öffnen", URL: link}).Mail(); strings.Contains(m.HTML, "<a ") || strings.Contains(m.Text, "Öffnen") {
			t.Errorf("%q is a link", link)
		}
	}
}
