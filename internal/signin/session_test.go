package signin_test

import (
	"context"
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
// proves this session and no other.
func TestStepUpByNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		token, _ := w.ask(w.a.User.Email, bind)
		cookie, s, err := w.step.Redeem(ctx, token, bind, false, "")
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Hour)
		code, err := w.step.ShowCode(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.step.ConfirmChat(ctx, cookie); feierabend.CodeOf(err) != "not_yet" {
			t.Errorf("before the code came: %v", err)
		}
		for name, err := range map[string]error{
			"another person": w.step.Prove(ctx, w.a.Tenant.ID, w.b.User.ID, code, w.clock.Now()),
			"another firm":   w.step.Prove(ctx, w.b.Tenant.ID, w.a.User.ID, code, w.clock.Now()),
			"words":          w.step.Prove(ctx, w.a.Tenant.ID, w.a.User.ID, "Rechnung für Frau Petersen", w.clock.Now()),
			"too late":       w.step.Prove(ctx, w.a.Tenant.ID, w.a.User.ID, code, w.clock.Now().Add(signin.ProofTerm)),
		} {
			if feierabend.KindOf(err) != feierabend.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.step.Prove(ctx, w.a.Tenant.ID, w.a.User.ID, " "+code+" ", w.clock.Now()); err != nil {
			t.Fatal(err)
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
