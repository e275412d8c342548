package signin_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

type mailbox struct {
	mu   sync.Mutex
	fail error
	sent []feierabend.Mail
}

func (m *mailbox) Send(_ context.Context, _ feierabend.TenantID, mail feierabend.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, mail)
	return m.fail
}

type world struct {
	t       *testing.T
	step    *signin.Step
	options signin.Options
	store   *store.Store
	clock   *storetest.Clock
	a, b    storetest.Firm
	mails   *mailbox
	logs    *bytes.Buffer
	jobs    []string
}

func setup(t *testing.T, st *store.Store, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{t: t, store: st, clock: clock, mails: &mailbox{}, logs: &bytes.Buffer{}}
	w.a, w.b = storetest.Seed(t, st)
	w.options = signin.Options{
		Directory: st, Links: st, Sessions: st, Mailer: w.mails, Proofs: st, CodeKey: bytes.Repeat([]byte{7}, 32),
		PublicURL: "https://app.example", Zone: time.UTC, Now: clock.Now, NewID: w.newID, Log: slog.New(slog.NewTextHandler(w.logs, nil)),
	}
	w.step = w.with(func(*signin.Options) {})
	return w
}

// with gives a step with other options over the same store.
func (w *world) with(change func(*signin.Options)) *signin.Step {
	w.t.Helper()
	o := w.options
	change(&o)
	s, err := signin.New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// newID keeps the ids of requests, which are the refs of their mail jobs.
func (w *world) newID() string {
	id := feierabend.NewID()
	w.jobs = append(w.jobs, id)
	return id
}

// ask requests a mail and works its job off; it gives link token and code.
func (w *world) ask(email string, bind []byte) (token, code string) {
	w.t.Helper()
	if err := w.step.Request(context.Background(), email, feierabend.Asking{BindHash: bind, Browser: "Mozilla/5.0 (X11) Firefox/140.0"}); err != nil {
		w.t.Fatal(err)
	}
	n := len(w.mails.sent)
	w.work()
	if len(w.mails.sent) == n {
		return "", ""
	}
	return parts(w.t, w.mails.sent[len(w.mails.sent)-1])
}

func (w *world) work() {
	w.t.Helper()
	if err := w.step.Mail(context.Background(), feierabend.Job{K: feierabend.JobMail, Ref: w.jobs[len(w.jobs)-1]}); err != nil {
		w.t.Fatal(err)
	}
}

func parts(t *testing.T, m feierabend.Mail) (token, code string) {
	t.Helper()
	x := regexp.MustCompile(`\?t=([A-Za-z0-9_-]{43})\b`).FindStringSubmatch(m.Text)
	y := regexp.MustCompile(`^([0-9A-Z]{4}-[0-9A-Z]{4}) ist Ihr Code`).FindStringSubmatch(m.Text)
	if x == nil || y == nil {
		t.Fatalf("mail without link or code in its first line:\n%s", m.Text)
	}
	if !strings.HasPrefix(m.Subject, y[1]) || !strings.Contains(m.HTML, y[1]) || !strings.Contains(m.HTML, x[1]) {
		t.Errorf("subject %q or HTML without code and link", m.Subject)
	}
	return x[1], y[1]
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) { fn(t, setup(t, st, clock)) })
}

var (
	bind  = signin.Hash("this browser")
	other = signin.Hash("another browser")
)

func TestLinkOpensASessionOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		token, _ := w.ask(" Hauke@Deichgruen.Example ", bind)
		if token == "" {
			t.Fatal("no mail for a known address")
		}
		if _, _, err := w.step.Redeem(ctx, token, other, false, ""); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Fatalf("other browser: %v", err)
		}
		if _, _, err := w.step.Redeem(ctx, token, nil, false, ""); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Fatalf("scanner without cookie: %v", err)
		}
		cookie, s, err := w.step.Redeem(ctx, token, bind, false, "")
		if err != nil {
			t.Fatalf("own browser after a scanner: %v", err)
		}
		if s.User != w.a.User.ID || s.Tenant != w.a.Tenant.ID || s.Role != feierabend.RoleOwner || bytes.Contains([]byte(cookie), s.TokenHash) {
			t.Errorf("session %+v", s)
		}
		if _, _, err := w.step.Redeem(ctx, token, bind, false, ""); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("replay: %v", err)
		}
		if got, err := w.step.Session(ctx, cookie); err != nil || got.User != w.a.User.ID {
			t.Errorf("session of the cookie: %+v %v", got, err)
		}
		if err := w.step.SignOut(ctx, cookie); err != nil {
			t.Error(err)
		}
		if _, err := w.step.Session(ctx, cookie); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("after sign-out: %v", err)
		}
		if strings.Contains(w.logs.String(), token) || strings.Contains(w.logs.String(), cookie) {
			t.Error("a secret stands in the log")
		}
	})
}

func TestFiftyParallelRedeemsGiveOneSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		token, _ := w.ask(w.a.User.Email, bind)
		var mu sync.Mutex
		var wg sync.WaitGroup
		opened := 0
		for range 50 {
			wg.Go(func() {
				if _, _, err := w.step.Redeem(context.Background(), token, bind, false, ""); err == nil {
					mu.Lock()
					opened++
					mu.Unlock()
				} else if feierabend.KindOf(err) != feierabend.Unauthorized {
					t.Errorf("redeem: %v", err)
				}
			})
		}
		wg.Wait()
		if opened != 1 {
			t.Errorf("%d sessions, want 1", opened)
		}
	})
}

func TestCode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		_, code := w.ask(w.a.User.Email, bind)
		typed := " " + strings.ToLower(strings.ReplaceAll(code, "-", " ")) + "\t"
		if _, _, err := w.step.RedeemCode(ctx, typed, other, false, ""); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Fatalf("other browser: %v", err)
		}
		if _, s, err := w.step.RedeemCode(ctx, typed, bind, true, ""); err != nil || s.User != w.a.User.ID || !s.Stay {
			t.Fatalf("code as typed: %+v %v", s, err)
		}
		if _, _, err := w.step.RedeemCode(ctx, code, bind, true, ""); err == nil {
			t.Error("a code opens twice")
		}

		_, code = w.ask(w.a.User.Email, bind)
		for range 5 {
			if _, _, err := w.step.RedeemCode(ctx, "0000-0000", bind, false, ""); feierabend.CodeOf(err) != "code" {
				t.Fatalf("wrong code: %v", err)
			}
		}
		if _, _, err := w.step.RedeemCode(ctx, code, bind, false, ""); err == nil {
			t.Error("the sixth try opens")
		}
	})
}

func TestTermsAndNewerLinks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		first, _ := w.ask(w.a.User.Email, bind)
		second, _ := w.ask(w.a.User.Email, bind)
		if _, _, err := w.step.Redeem(ctx, first, bind, false, ""); err == nil {
			t.Error("a newer mail leaves the older link alive")
		}
		w.clock.Advance(signin.LinkTerm)
		if _, _, err := w.step.Redeem(ctx, second, bind, false, ""); err == nil {
			t.Error("a link of ten minutes opens")
		}
		w.clock.Advance(signin.LinkTerm)
		if err := w.step.Request(ctx, w.a.User.Email, feierabend.Asking{BindHash: bind, Browser: ""}); err != nil {
			t.Fatal(err)
		}
		n := len(w.mails.sent)
		w.clock.Advance(signin.LinkTerm)
		err := w.step.Mail(ctx, feierabend.Job{K: feierabend.JobMail, Ref: w.jobs[len(w.jobs)-1]})
		if feierabend.CodeOf(err) != "mail_late" || !feierabend.IsPermanent(err) || len(w.mails.sent) != n {
			t.Errorf("a mail job that comes too late: %v, %d mails", err, len(w.mails.sent)-n)
		}
	})
}

func TestRetryMakesANewLink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.mails.fail = &feierabend.Error{Kind: feierabend.Unavailable, Code: "mail_server"}
		if err := w.step.Request(ctx, w.a.User.Email, feierabend.Asking{BindHash: bind, Browser: ""}); err != nil {
			t.Fatal(err)
		}
		if err := w.step.Mail(ctx, feierabend.Job{Ref: w.jobs[0]}); !errors.Is(err, w.mails.fail) {
			t.Fatalf("job swallows the failure: %v", err)
		}
		w.mails.fail = nil
		w.work()
		lost, _ := parts(t, w.mails.sent[0])
		sent, _ := parts(t, w.mails.sent[1])
		if _, _, err := w.step.Redeem(ctx, lost, bind, false, ""); err == nil {
			t.Error("the first try's link opens")
		}
		if _, _, err := w.step.Redeem(ctx, sent, bind, false, ""); err != nil {
			t.Errorf("the second try's link: %v", err)
		}
	})
}

func TestSessionTerms(t *testing.T) {
	for _, c := range []struct {
		name  string
		stay  bool
		pause time.Duration
		alive bool
	}{
		{"closed browser, in use", false, 11 * time.Hour, true},
		{"closed browser, idle", false, 12 * time.Hour, false},
		{"stay, idle for weeks", true, 29 * 24 * time.Hour, true},
		{"stay, absolute", true, 30 * 24 * time.Hour, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			st, clock := storetest.New(t)
			w := setup(t, st, clock)
			token, _ := w.ask(w.a.User.Email, bind)
			cookie, _, err := w.step.Redeem(context.Background(), token, bind, c.stay, "")
			if err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(c.pause)
			if _, err := w.step.Session(context.Background(), cookie); (err == nil) != c.alive {
				t.Errorf("after %s: %v", c.pause, err)
			}
		})
	}
}

func TestUnknownAndLimitedLookLikeKnown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		if token, _ := w.ask("niemand@example.de", bind); token != "" {
			t.Error("a mail to an unknown address")
		}
		if len(w.jobs) != 1 {
			t.Errorf("%d jobs for an unknown address, want 1 as for a known one", len(w.jobs))
		}
		for range 6 {
			if err := w.step.Request(ctx, w.b.User.Email, feierabend.Asking{BindHash: bind, Browser: ""}); err != nil {
				t.Fatalf("over the limit: %v", err)
			}
		}
		if len(w.jobs) != 1+3 {
			t.Errorf("%d jobs for one address in 15 minutes, want 3", len(w.jobs)-1)
		}
		w.clock.Advance(16 * time.Minute)
		if token, _ := w.ask(w.b.User.Email, bind); token == "" {
			t.Error("the limit does not end")
		}
	})
}

// TestMailsInAll: 200 mails an hour go out, and only what goes out is counted: strangers
// who ask for unknown addresses lock nobody out (AUTH-07).
func TestMailsInAll(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for i := range 205 {
			w.ask(fmt.Sprintf("niemand%d@example.de", i), bind)
		}
		if token, _ := w.ask(w.b.User.Email, bind); token == "" {
			t.Fatal("unknown addresses used up the mails of the others")
		}
		for range 199 {
			if ok, err := w.step.Spend(ctx, "sign-in"); err != nil || !ok {
				t.Fatalf("a mail below the limit: %v %v", ok, err)
			}
		}
		if token, _ := w.ask(w.a.User.Email, bind); token != "" {
			t.Error("mail 201 of the hour went out")
		}
		if ok, err := w.step.Spend(ctx, "registration"); err != nil || !ok {
			t.Error("registrations have a budget of their own")
		}
		w.clock.Advance(time.Hour)
		if token, _ := w.ask(w.a.User.Email, bind); token == "" {
			t.Error("the limit does not end")
		}
	})
}

func TestMalformedAddresses(t *testing.T) {
	st, clock := storetest.New(t)
	w := setup(t, st, clock)
	for _, a := range []string{
		"", "hauke", "hauke@", "@example.de", "a@b", "a b@example.de", "a@example.de\r\nBcc: x@example.de", "a@example.de, b@example.de",
		"<a@example.de>", "A <a@example.de>", strings.Repeat("x", 65) + "@example.de", "a@" + strings.Repeat("x", 250) + ".de", "a@exa\x00mple.de",
	} {
		err := w.step.Request(context.Background(), a, feierabend.Asking{BindHash: bind, Browser: ""})
		if feierabend.KindOf(err) != feierabend.Invalid || len(feierabend.FieldsOf(err)) == 0 {
			t.Errorf("%q: %v", a, err)
		}
	}
	if len(w.jobs) != 0 {
		t.Error("a malformed address makes a job")
	}
}

func TestTwoFirms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		if err := w.store.AddMembership(ctx, feierabend.Membership{User: w.a.User.ID, Tenant: w.b.Tenant.ID, Role: feierabend.RoleOffice}); err != nil {
			t.Fatal(err)
		}
		token, _ := w.ask(w.a.User.Email, bind)
		cookie, s, err := w.step.Redeem(ctx, token, bind, false, "")
		if err != nil || !s.Tenant.IsZero() {
			t.Fatalf("session %+v %v, want one without a firm", s, err)
		}
		chosen, s, err := w.step.Choose(ctx, cookie, w.b.Tenant.ID)
		if err != nil || s.Tenant != w.b.Tenant.ID || s.Role != feierabend.RoleOffice {
			t.Fatalf("chosen %+v %v", s, err)
		}
		if _, err := w.step.Session(ctx, cookie); err == nil {
			t.Error("the session before the choice is still alive")
		}
		foreign, err := feierabend.ParseTenantID(feierabend.NewID())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.step.Choose(ctx, chosen, foreign); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("somebody else's firm: %v", err)
		}
	})
}

func TestNewRefusesWhatIsMissing(t *testing.T) {
	if _, err := signin.New(signin.Options{}); err == nil {
		t.Error("empty options")
	}
	if _, err := signin.New(signin.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}); err == nil {
		t.Error("no store")
	}
}
