package signin_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
	"feierabend/internal/store"
)

// slow stands for a request that is on its way while the person signs out: it stops
// where the session would be written, until it is told to go on.
type slow struct {
	*store.Store
	reached, goOn chan struct{}
}

func (s *slow) wait() {
	if s.reached != nil {
		s.reached <- struct{}{}
		<-s.goOn
	}
}

func (s *slow) TouchSession(ctx context.Context, hash []byte, now time.Time) error {
	s.wait()
	return s.Store.TouchSession(ctx, hash, now)
}

func (s *slow) RenewSession(ctx context.Context, old []byte, n feierabend.Session) error {
	s.wait()
	return s.Store.RenewSession(ctx, old, n)
}

// TestSlowRequestDoesNotRevive (SES-05): a request that began before the sign-out and
// writes after it, 100 times: neither „zuletzt gesehen“ nor a new token for another
// firm brings the session back.
func TestSlowRequestDoesNotRevive(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		if err := w.store.AddMembership(ctx, feierabend.Membership{User: w.a.User.ID, Tenant: w.b.Tenant.ID, Role: feierabend.RoleOffice}); err != nil {
			t.Fatal(err)
		}
		sessions := &slow{Store: w.store}
		step := w.with(func(o *signin.Options) { o.Sessions = sessions })
		for i := range 100 {
			cookie := signin.NewToken()
			now := w.store.Now()
			if err := w.store.AddSession(ctx, feierabend.Session{
				TokenHash: signin.Hash(cookie), User: w.a.User.ID, Tenant: w.a.Tenant.ID,
				CreatedAt: now.Add(-time.Hour), SeenAt: now.Add(-2 * time.Minute), ExpiresAt: now.Add(time.Hour),
			}); err != nil {
				t.Fatal(err)
			}
			sessions.reached, sessions.goOn = make(chan struct{}), make(chan struct{})
			answer := make(chan string, 1)
			go func() {
				if i%2 == 0 { // an ordinary page
					_, _ = step.Session(ctx, cookie)
					answer <- cookie
					return
				}
				fresh, _, _ := step.Choose(ctx, cookie, w.b.Tenant.ID)
				answer <- fresh
			}()
			<-sessions.reached
			if i%2 == 1 { // first „zuletzt gesehen“, then the new token
				sessions.goOn <- struct{}{}
				<-sessions.reached
			}
			if err := w.step.SignOut(ctx, cookie); err != nil {
				t.Fatal(err)
			}
			sessions.goOn <- struct{}{}
			for _, c := range []string{cookie, <-answer} {
				if _, err := w.step.Session(ctx, c); feierabend.KindOf(err) != feierabend.Unauthorized {
					t.Fatalf("round %d: alive after the sign-out: %v", i, err)
				}
			}
			if left, err := w.store.Sessions(ctx, w.a.User.ID, now); err != nil || len(left) != 0 {
				t.Fatalf("round %d: %d sessions left, %v", i, len(left), err)
			}
		}
	})
}

// TestChoiceKeepsTheTerm: a new token for another firm does not lengthen the session
// (SES-02), and the proof of the sign-in stays what it was.
func TestChoiceKeepsTheTerm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		if err := w.store.AddMembership(ctx, feierabend.Membership{User: w.a.User.ID, Tenant: w.b.Tenant.ID, Role: feierabend.RoleOffice}); err != nil {
			t.Fatal(err)
		}
		token, _ := w.ask(w.a.User.Email, bind)
		cookie, first, err := w.step.Redeem(ctx, token, bind, true, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1")
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			w.clock.Advance(4 * 24 * time.Hour)
			var s feierabend.Session
			if cookie, s, err = w.step.Choose(ctx, cookie, w.b.Tenant.ID); err != nil {
				t.Fatal(err)
			}
			if !s.ExpiresAt.Equal(first.ExpiresAt) || !s.ProvedAt.Equal(first.ProvedAt) || !s.CreatedAt.Equal(first.CreatedAt) || s.Browser != "Safari" || s.System != "iPhone" || !s.Stay {
				t.Fatalf("%+v, want the terms of %+v", s, first)
			}
		}
		w.clock.Advance(10 * 24 * time.Hour)
		if _, err := w.step.Session(ctx, cookie); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("alive after 30 days: %v", err)
		}
	})
}

// TestStepUpByNumber: the code that the page shows, sent from the person's own number,
// proves this session and no other. Showing it changes nothing.
func TestStepUpByNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		token, _ := w.ask(w.a.User.Email, bind)
		cookie, s, err := w.step.Redeem(ctx, token, bind, false, "")
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		if _, err := w.step.Shown(ctx, cookie, s); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("a code before anybody asked: %v", err)
		}
		if err := w.step.ShowCode(ctx, cookie, s); err != nil {
			t.Fatal(err)
		}
		shown, err := w.step.Shown(ctx, cookie, s)
		if err != nil || shown.Proved {
			t.Fatalf("%+v %v", shown, err)
		}
		if again, err := w.step.Shown(ctx, cookie, s); err != nil || again != shown {
			t.Errorf("shown again: %+v %v", again, err)
		}
		if _, err := w.step.Shown(ctx, signin.NewToken(), s); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("a code for another token: %v", err)
		}
		if _, _, err := w.step.ConfirmChat(ctx, cookie); feierabend.CodeOf(err) != "not_yet" {
			t.Errorf("before the code came: %v", err)
		}
		sentence, now := feierabend.ProofWords+shown.Code, w.clock.Now()
		for _, c := range []struct {
			name string
			t    feierabend.TenantID
			u    feierabend.UserID
			text string
			at   time.Time
			want string
		}{
			{"another person's number", w.a.Tenant.ID, w.b.User.ID, sentence, now, feierabend.ProofWrong},
			{"another firm's number", w.b.Tenant.ID, w.a.User.ID, sentence, now, feierabend.ProofWrong},
			{"the other firm's owner", w.b.Tenant.ID, w.b.User.ID, shown.Code, now, feierabend.ProofWrong},
			{"words", w.a.Tenant.ID, w.a.User.ID, "Rechnung für Frau Petersen, 20262026 und RE-2026-0042", now, ""},
			{"sent too late", w.a.Tenant.ID, w.a.User.ID, sentence, now.Add(signin.ProofTerm), feierabend.ProofWrong},
			{"a wrong code", w.a.Tenant.ID, w.a.User.ID, feierabend.ProofWords + "AAAA-AAA1", now, feierabend.ProofWrong},
			{"the right one, typed small", w.a.Tenant.ID, w.a.User.ID, "ich bestätige mich. code: " + strings.ToLower(shown.Code), now, feierabend.ProofDone},
			{"the same message again", w.a.Tenant.ID, w.a.User.ID, sentence, now, feierabend.ProofDone},
			{"a second time", w.a.Tenant.ID, w.a.User.ID, sentence, now.Add(time.Second), feierabend.ProofWrong},
		} {
			if got, err := w.step.Prove(ctx, c.t, c.u, c.text, c.at); err != nil || got != c.want {
				t.Errorf("%s: %q %v, want %q", c.name, got, err, c.want)
			}
		}
		if now, err := w.step.Shown(ctx, cookie, s); err != nil || !now.Proved {
			t.Errorf("%+v %v", now, err)
		}
		fresh, next, err := w.step.ConfirmChat(ctx, cookie)
		if err != nil || !next.ProvedAt.Equal(w.clock.Now()) {
			t.Fatalf("%+v %v", next, err)
		}
		if _, err := w.step.Session(ctx, cookie); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("the token before the step-up is alive: %v", err)
		}
		if _, err := w.step.Session(ctx, fresh); err != nil {
			t.Error(err)
		}
	})
}

// TestStepUpTries (OTP-03): after five wrong codes of ten minutes the right one counts no
// more either, and a new code sets nothing back.
func TestStepUpTries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		token, _ := w.ask(w.a.User.Email, bind)
		cookie, s, err := w.step.Redeem(ctx, token, bind, false, "")
		if err != nil {
			t.Fatal(err)
		}
		prove := func(text string) string {
			t.Helper()
			got, err := w.step.Prove(ctx, w.a.Tenant.ID, w.a.User.ID, text, w.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		show := func() string {
			t.Helper()
			if err := w.step.ShowCode(ctx, cookie, s); err != nil {
				t.Fatal(err)
			}
			c, err := w.step.Shown(ctx, cookie, s)
			if err != nil {
				t.Fatal(err)
			}
			return c.Code
		}
		for i := range 5 {
			if show(); prove(fmt.Sprintf("%sAAAA-AAA%d", feierabend.ProofWords, i)) != feierabend.ProofWrong {
				t.Error("a wrong code passes")
			}
		}
		if got := prove(show()); got == feierabend.ProofDone {
			t.Error("the sixth try passes")
		}
		w.clock.Advance(signin.ProofTerm)
		if got := prove(show()); got != feierabend.ProofDone {
			t.Errorf("ten minutes later: %q", got)
		}
	})
}
