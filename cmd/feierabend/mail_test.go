package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"feierabend"
	"feierabend/internal/jobs"
	"feierabend/internal/mailtest"
	"feierabend/internal/signin"
	"feierabend/internal/smtp"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// letterbox is the way of sign-in mails: request, queue, SMTP, a real server.
type letterbox struct {
	t      *testing.T
	store  *store.Store
	step   *signin.Step
	server *mailtest.Server
	mood   atomic.Value // string: what the server does next
}

func newLetterbox(t *testing.T, st *store.Store, clock *storetest.Clock) *letterbox {
	t.Helper()
	b := &letterbox{t: t, store: st}
	b.mood.Store("")
	b.server = mailtest.New(t, mailtest.Options{NoTLS: true, Rcpt: b.rcpt, Data: b.data})
	sender, err := smtp.New(smtp.Options{
		Host: mailtest.Name, Port: 25, TLS: smtp.TLSOff, From: "Feierabend <post@feierabend.example>", Timeout: 300 * time.Millisecond,
		Dial: func(ctx context.Context, _ feierabend.TenantID, _ string) (net.Conn, error) {
			return b.server.Dial(ctx)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if b.step, err = signin.New(signin.Options{
		Directory: st, Links: st, Sessions: st, Proofs: st, Recoveries: st, Mailer: sender, CodeKey: bytes.Repeat([]byte{7}, 32),
		PublicURL: "https://app.example", Zone: time.UTC, Now: clock.Now, NewID: feierabend.NewID,
	}); err != nil {
		t.Fatal(err)
	}
	heart := jobs.NewHeart(jobs.HeartOptions{Processes: st, Alone: st.SQL() != nil, Process: feierabend.Process{ID: feierabend.NewID(), Roles: []string{feierabend.ServesWork}}})
	run, err := jobs.New(jobs.Options{
		SQL: st.SQL(), Pool: st.Pool(), Queue: st, Heart: heart, Log: slog.New(slog.DiscardHandler),
		Handlers: map[feierabend.JobKind]jobs.Handler{feierabend.JobMail: b.step.Mail},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithoutCancel(t.Context())
	for _, start := range []func(context.Context) error{heart.Start, run.Start} {
		if err := start(ctx); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		for _, stop := range []func(context.Context) error{run.Stop, heart.Stop} {
			if err := stop(ctx); err != nil {
				t.Error(err)
			}
		}
	})
	return b
}

func (b *letterbox) rcpt(_ int, to string) error {
	switch b.mood.Load() {
	case "greylist":
		return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 7, 1}, Message: "greylisted, try again later: " + to}
	case "unknown":
		return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox " + to}
	}
	return nil
}

func (b *letterbox) data(c net.Conn, r io.Reader, keep func([]byte)) error {
	switch b.mood.Load() {
	case "hang":
		_, err := io.Copy(io.Discard, c)
		return err
	case "spam":
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
		return &gosmtp.SMTPError{Code: 554, EnhancedCode: gosmtp.EnhancedCode{5, 7, 1}, Message: "spam"}
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	keep(raw)
	if b.mood.Load() == "silent" { // taken, and the answer is lost
		return c.Close()
	}
	return nil
}

// ask asks for a mail from a browser of its own and gives that browser.
func (b *letterbox) ask(email string) (bind []byte) {
	b.t.Helper()
	h := sha256.Sum256([]byte(feierabend.NewID()))
	if err := b.step.Request(b.t.Context(), email, feierabend.Asking{BindHash: h[:], Browser: "Mozilla/5.0 (X11) Firefox/140.0", Network: hex.EncodeToString(h[:4])}); err != nil {
		b.t.Fatal(err)
	}
	return h[:]
}

// ends waits until a job of sign-in mails is in the state ("waiting": for its next try)
// with the code, as the operator sees it.
func (b *letterbox) ends(state, code string) {
	b.t.Helper()
	var v feierabend.QueueView
	if !waitFor(20*time.Second, func() bool {
		var err error
		if v, err = b.store.QueueView(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
		in := false
		for _, k := range v.Kinds {
			in = in || k.Kind == feierabend.JobMail && (k.State == state || state == "waiting" && k.Waiting())
		}
		for _, e := range v.Errors {
			if in && e.Kind == feierabend.JobMail && e.Code == code {
				return true
			}
		}
		return false
	}) {
		b.t.Fatalf("never %s with %s: %+v %+v", state, code, v.Kinds, v.Errors)
	}
}

// again makes the retry that River has planned come at once.
func (b *letterbox) again() {
	b.t.Helper()
	b.change(`UPDATE river_job SET state = 'available', scheduled_at = created_at WHERE state IN ('available', 'retryable')`)
}

func (b *letterbox) change(text string) {
	b.t.Helper()
	var err error
	if db := b.store.SQL(); db != nil {
		_, err = db.ExecContext(b.t.Context(), text)
	} else {
		_, err = b.store.Pool().Exec(b.t.Context(), text)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// arrives waits for mail n, counted from 1, and gives its token and code.
func (b *letterbox) arrives(n int) (token, code string) {
	b.t.Helper()
	if !waitFor(20*time.Second, func() bool { return len(b.server.Mails()) >= n }) {
		b.t.Fatalf("%d mails, want %d", len(b.server.Mails()), n)
	}
	raw := b.server.Mails()[n-1].Raw
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		b.t.Fatal(err)
	}
	code, _, _ = strings.Cut(subject, " ")
	flat := strings.ReplaceAll(strings.ReplaceAll(raw, "=\r\n", ""), "=3D", "=")
	x := regexp.MustCompile(`/anmelden/link\?t=([A-Za-z0-9_-]{43})`).FindStringSubmatch(flat)
	if x == nil {
		b.t.Fatalf("mail without a link:\n%s", raw)
	}
	return x[1], code
}

func (b *letterbox) opens(bind []byte, code string) {
	b.t.Helper()
	if _, _, err := b.step.RedeemCode(b.t.Context(), code, bind, false, ""); err != nil {
		b.t.Fatalf("the code of the mail: %v", err)
	}
}

// TestSignInMail: from the request through the queue to a real mail server. What can be
// tried again is, and arrives; what is refused for good is tried once; both are seen by
// the operator as a code, and no row of the queue knows the address.
func TestSignInMail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		b := newLetterbox(t, st, clock)
		hauke, inken := storetest.Seed(t, st)

		b.server.Start(t) // its port is known from here on
		b.server.Stop()
		bind := b.ask(hauke.User.Email)
		b.ends("waiting", "mail_lost")
		b.server.Start(t)
		b.again()
		_, code := b.arrives(1)
		b.opens(bind, code)

		b.mood.Store("greylist")
		bind = b.ask(hauke.User.Email)
		b.ends("waiting", "mail_later")
		b.mood.Store("hang")
		b.again()
		b.ends("waiting", "mail_timeout")
		b.mood.Store("silent")
		b.again()
		b.ends("waiting", "mail_lost")
		first, _ := b.arrives(2)
		b.mood.Store("")
		b.again()
		second, _ := b.arrives(3)
		if _, _, err := b.step.Redeem(t.Context(), first, bind, false, ""); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("the link of the mail whose answer was lost: %v", err)
		}
		if _, _, err := b.step.Redeem(t.Context(), second, bind, false, ""); err != nil {
			t.Errorf("the link of the second mail: %v", err)
		}

		b.mood.Store("unknown")
		b.ask(inken.User.Email)
		b.ends("cancelled", "mail_refused")
		b.mood.Store("spam")
		b.ask(inken.User.Email)
		if !waitFor(20*time.Second, func() bool { return b.refused(t) == 2 }) {
			t.Fatal("a mail refused for its text is not given up")
		}
		b.server.Stop()
		b.ask(inken.User.Email)
		b.ends("waiting", "mail_lost")
		clock.Advance(signin.LinkTerm)
		b.again()
		b.ends("cancelled", "mail_late")
		if n := len(b.server.Mails()); n != 3 {
			t.Errorf("%d mails, want 3", n)
		}
		b.seen(t)
	})
}

func (b *letterbox) refused(t *testing.T) int {
	t.Helper()
	v, err := b.store.QueueView(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range v.MailFailures() {
		if e.Code == "mail_refused" {
			return e.Jobs
		}
	}
	return 0
}

// seen checks what the operator sees, and what the rows hold.
func (b *letterbox) seen(t *testing.T) {
	t.Helper()
	v, err := b.store.QueueView(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	report{&out}.mails(v)
	wantLines(t, out.String(), []string{
		"BEFUND  1 Mails gingen nicht rechtzeitig hinaus (mail, mail_late)",
		"Hinweis 2 Mails hat der Mailserver des Empfängers abgelehnt (mail, mail_refused)",
	})
	text := `SELECT json(args) || coalesce(json(errors), '') || coalesce(json(metadata), '') FROM river_job`
	if b.store.SQL() == nil {
		text = `SELECT args::text || coalesce(errors::text, '') || coalesce(metadata::text, '') FROM river_job`
	}
	for _, row := range storetest.Query(t, b.store, text) {
		for _, word := range []string{"hauke", "inken", "example", "mailbox", "anmelden", "K7Q2"} {
			if strings.Contains(strings.ToLower(row[0]), word) {
				t.Errorf("a row of the queue says %s: %s", word, row[0])
			}
		}
	}
}
