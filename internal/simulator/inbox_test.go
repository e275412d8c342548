package simulator_test

import (
	"context"
	"net"
	"net/smtp"
	"strings"
	"testing"
)

const letter = "From: Feierabend <post@feierabend.example>\r\nTo: hauke@deichgruen.example\r\n" +
	"Subject: =?utf-8?q?481_920_ist_Ihr_Code_f=C3=BCr_Feierabend?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe, Ihr Code: 481 920\r\nhttp://localhost:8080/a/text=\r\n-teil\r\n" +
	"--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
	"PHA+SWhyIENvZGU8L3A+PGEgaHJlZj0iaHR0cDovL2xvY2FsaG9zdDo4MDgwL2EvYWJjIj5KZXR6dCA8Yj5hbm1lbGRlbjwvYj48L2E+PGEgaHJlZj0iamF2YXNjcmlwdDphbGVydCgxKSI+YsO2c2U8L2E+PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\r\n--b--\r\n"

func (b *bench) mailbox() string {
	b.t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.sim.ServeSMTP(ctx, ln) }()
	b.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.t.Errorf("ServeSMTP: %v", err)
		}
	})
	return ln.Addr().String()
}

// TestInbox: a mail arrives, its parts are read, its HTML never becomes a page.
func TestInbox(t *testing.T) {
	b := newBench(t, nil)
	addr := b.mailbox()
	if err := smtp.SendMail(addr, nil, "post@feierabend.example", []string{"hauke@deichgruen.example"}, []byte(letter)); err != nil {
		t.Fatal(err)
	}
	second := "Subject: Zweite\r\n\r\nOhne MIME, siehe https://feierabend.example/x.\r\n"
	if err := smtp.SendMail(addr, nil, "post@feierabend.example", []string{"inken@nordlicht.example"}, []byte(second)); err != nil {
		t.Fatal(err)
	}
	mails := b.sim.Mails()
	if len(mails) != 2 {
		t.Fatalf("%d mails", len(mails))
	}
	m := mails[1]
	if m.Subject != "481 920 ist Ihr Code für Feierabend" || !strings.HasPrefix(m.Text, "Grüße, Ihr Code: 481 920") || m.To[0] != "hauke@deichgruen.example" {
		t.Errorf("mail %+v", m)
	}
	if len(m.Links) != 1 || m.Links[0].URL != "http://localhost:8080/a/abc" || m.Links[0].Text != "Jetzt anmelden" {
		t.Errorf("links %+v", m.Links)
	}
	if len(mails[0].Links) != 1 || mails[0].Links[0].URL != "https://feierabend.example/x" {
		t.Errorf("links of the text %+v", mails[0].Links)
	}
	_, _, page := b.get("/postfach")
	for _, want := range []string{"481 920 ist Ihr Code für Feierabend", `href="http://localhost:8080/a/abc"`, "Jetzt anmelden", "&lt;script&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script>") || strings.Contains(page, `href="javascript:`) {
		t.Error("the mail's HTML is live on the page")
	}
	if strings.Index(page, "Zweite") > strings.Index(page, "481 920 ist") {
		t.Error("newest mail is not first")
	}
	_, _, body := b.get("/sim/v1/mails?wait=5s&since=1")
	if !strings.Contains(body, `"version":2`) {
		t.Errorf("mails %.80s", body)
	}
}
