package signin_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
	"feierabend/internal/storetest"
)

// TestRecoveryTellsBeforeItEnds: workers that stood still for three days tell first; the
// wait begins with the first round.
func TestRecoveryTellsBeforeItEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		old := w.a.User.Email
		id, browser := w.recover("hauke@neu.example")
		job := feierabend.Job{K: feierabend.JobRecover, Ref: id}
		w.clock.Advance(feierabend.RecoveryWait + time.Hour)
		if err := w.store.FinishRecovery(ctx, id, w.clock.Now()); feierabend.CodeOf(err) != "not_yet" {
			t.Fatalf("finished, and nobody was told: %v", err)
		}
		w.ok(w.step.Recover(ctx, job))
		if got := w.notices(); !slices.Equal(got, []string{"recovery " + old}) || w.email() != old {
			t.Fatalf("notices %q, address %s", got, w.email())
		}
		if due := w.shown(browser).Due; due.Before(w.clock.Now().Add(feierabend.RecoveryWait - time.Minute)) {
			t.Errorf("the wait ends %s after the first notice", due.Sub(w.clock.Now()))
		}
		w.clock.Advance(feierabend.RecoveryWait)
		w.ok(w.step.Recover(ctx, job))
		if w.email() != "hauke@neu.example" {
			t.Errorf("address %s", w.email())
		}
	})
}

// TestRecoveryNotLost: who proves to be here meanwhile, in a session that goes on, has not
// lost the way in.
func TestRecoveryNotLost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		old := w.a.User.Email
		token, _ := w.ask(old, bind)
		cookie, _, err := w.step.Redeem(ctx, token, bind, true, "")
		w.ok(err)
		id, _ := w.recover("hauke@neu.example")
		_, code := w.ask(old, bind)
		_, _, err = w.step.Confirm(ctx, cookie, code, bind)
		w.ok(err)
		for range 4 {
			w.ok(ignoreSnooze(w.step.Recover(ctx, feierabend.Job{Ref: id})))
			w.clock.Advance(feierabend.RecoveryEvery)
		}
		if w.email() != old {
			t.Error("a proof in a session did not stop the recovery")
		}
	})
}

// TestRecoveryOfOneFirm: a number that a colleague may have linked opens nothing of a person
// who belongs to another firm too.
func TestRecoveryOfOneFirm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ok(w.store.AddMembership(ctx, feierabend.Membership{User: w.a.User.ID, Tenant: w.b.Tenant.ID, Role: feierabend.RoleOwner}))
		token := signin.NewToken()
		w.ok(w.step.BeginRecovery(ctx, token, ""))
		got, err := w.step.Prove(ctx, w.a.Tenant.ID, w.a.User.ID, feierabend.RecoveryWords+w.shown(token).Code, w.clock.Now())
		if w.ok(err); got != feierabend.RecoveryRefused {
			t.Errorf("answer %q", got)
		}
	})
}

// TestRecoveryPasskeys: what opened the access before the way back opens it no more, and a
// passkey that comes or goes is told to its person.
func TestRecoveryPasskeys(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, s := context.Background(), w.keyed(false)
		_, mine := w.session(w.a.User.ID, w.a.Tenant.ID, "")
		_, theirs := w.session(w.b.User.ID, w.b.Tenant.ID, "")
		w.holds(s, mine)
		w.holds(s, theirs)
		if got, want := w.notices(), []string{"passkey_added " + w.a.User.Email, "passkey_added " + w.b.User.Email}; !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("notices %q", got)
		}
		id, _ := w.recover("hauke@neu.example")
		for range 4 {
			w.ok(ignoreSnooze(w.step.Recover(ctx, feierabend.Job{Ref: id})))
			w.clock.Advance(feierabend.RecoveryEvery)
		}
		if n := storetest.Query(t, w.store, `SELECT user_id FROM passkey`); w.email() != "hauke@neu.example" || len(n) != 1 || n[0][0] != string(w.b.User.ID) {
			t.Errorf("passkeys of %q, address %s", n, w.email())
		}
	})
}

func ignoreSnooze(err error) error {
	if err != nil && strings.Contains(err.Error(), "snooze") {
		return nil
	}
	return err
}
