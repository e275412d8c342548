package signin_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
	"feierabend/internal/storetest"
)

// recover goes the way back up to the three days of waiting, and gives the id of the
// recovery and the secret of the browser.
func (w *world) recover(to string) (id, token string) {
	w.t.Helper()
	ctx := context.Background()
	token = signin.NewToken()
	w.ok(w.step.BeginRecovery(ctx, token, "Mozilla/5.0 (X11) Firefox/140.0"))
	r := w.shown(token)
	w.heard(w.step.Prove(ctx, w.a.Tenant.ID, w.a.User.ID, feierabend.RecoveryWords+r.Code, w.clock.Now()))
	w.ok(w.step.RecoverTo(ctx, token, to, "203.0.113.7/32"))
	w.ok(w.step.Recover(ctx, feierabend.Job{Ref: r.ID}))
	m := w.mails.sent[len(w.mails.sent)-1]
	w.ok(w.step.ConfirmRecovery(ctx, token, m.Subject[:9]))
	return r.ID, token
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// again demands that the job comes back within the hour: the last one of a recovery
// must never be done before the recovery is.
func (w *world) again(err error) {
	w.t.Helper()
	if snooze := (*feierabend.SnoozeError)(nil); !errors.As(err, &snooze) || snooze.After > time.Hour {
		w.t.Fatalf("the job does not come again: %v", err)
	}
}

func (w *world) heard(answer string, err error) {
	w.t.Helper()
	if w.ok(err); answer != feierabend.RecoveryHeard {
		w.t.Fatalf("answer %q", answer)
	}
}

func (w *world) shown(token string) feierabend.RecoveryShown {
	w.t.Helper()
	r, err := w.step.Recovering(context.Background(), token)
	w.ok(err)
	return r
}

// notices gives what was written to whom since the last call.
func (w *world) notices() (out []string) {
	w.t.Helper()
	ctx := context.Background()
	for _, r := range storetest.Query(w.t, w.store, `SELECT id FROM notice`) {
		n, err := w.store.Notice(ctx, r[0])
		w.ok(err)
		out = append(out, string(n.Kind)+" "+n.To)
		w.ok(w.store.DropNotice(ctx, r[0]))
	}
	slices.Sort(out)
	return out
}

func (w *world) email() string {
	w.t.Helper()
	u, err := w.store.User(context.Background(), w.a.User.ID)
	w.ok(err)
	return u.Email
}

// TestRecovery (J-42): number, new address, three days with a round of notices a day;
// then the address is another one and every session over. Not a minute earlier.
func TestRecovery(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ok(w.store.AddUser(ctx, feierabend.User{ID: "colleague", Email: "malte@deichgruen.example", Name: "Malte"}))
		w.ok(w.store.AddMembership(ctx, feierabend.Membership{User: "colleague", Tenant: w.a.Tenant.ID, Role: feierabend.RoleStaff}))
		old := w.a.User.Email
		token, _ := w.ask(old, bind)
		cookie, _, err := w.step.Redeem(ctx, token, bind, true, "")
		w.ok(err)
		id, browser := w.recover("hauke@neu.example")
		job := feierabend.Job{K: feierabend.JobRecover, Ref: id}
		round := []string{"recovery " + old, "recovery malte@deichgruen.example"}
		for day := range 3 {
			w.ok(w.step.Recover(ctx, job))
			if got := w.notices(); !slices.Equal(got, round) {
				t.Errorf("day %d: %q", day, got)
			}
			w.again(w.step.Recover(ctx, job))
			if got := w.notices(); len(got) > 0 {
				t.Errorf("day %d, a second run: %q", day, got)
			}
			if w.email() != old || w.shown(browser).State != feierabend.RecoveryWaiting {
				t.Fatal("the address changed before its time")
			}
			w.clock.Advance(24*time.Hour - time.Minute)
			w.again(w.step.Recover(ctx, job))
			if got := w.notices(); len(got) > 0 {
				t.Errorf("day %d, too early: %q", day, got)
			}
			if err := w.store.FinishRecovery(ctx, id, w.clock.Now()); feierabend.CodeOf(err) != "not_yet" {
				t.Fatalf("day %d: finished by hand: %v", day, err)
			}
			w.clock.Advance(time.Minute)
		}
		if got := storetest.Query(t, w.store, `SELECT kind, ref FROM outbox`); len(got) != 3 || got[0][0] != string(feierabend.OutCommand) || got[0][1] != feierabend.RecoveryRef+id {
			t.Errorf("the chat was told %q", got)
		}
		if _, err := w.step.Session(ctx, cookie); err != nil {
			t.Fatalf("the session ended too early: %v", err)
		}
		w.ok(w.step.Recover(ctx, job))
		if got := w.notices(); !slices.Equal(got, []string{"recovery_done " + old, "recovery_done hauke@neu.example", "recovery_done malte@deichgruen.example"}) {
			t.Errorf("notices %q", got)
		}
		if w.email() != "hauke@neu.example" {
			t.Errorf("address %s", w.email())
		}
		if _, err := w.step.Session(ctx, cookie); feierabend.KindOf(err) != feierabend.Unauthorized {
			t.Errorf("a session goes on: %v", err)
		}
		w.ok(w.step.Recover(ctx, job)) // again: nothing
		if token, _ := w.ask("hauke@neu.example", bind); token == "" {
			t.Error("the new address gets no mail")
		}
		if token, _ := w.ask(old, bind); token != "" {
			t.Error("the old address still gets in")
		}
		if u, err := w.store.User(ctx, w.b.User.ID); err != nil || u.Email != w.b.User.Email {
			t.Errorf("the other firm's owner: %+v %v", u, err)
		}
	})
}

// TestRecoveryStops: by the link of a notice, and by a sign-in with the old address.
func TestRecoveryStops(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		old := w.a.User.Email
		id, browser := w.recover("hauke@neu.example")
		w.notices()
		if err := w.step.ConfirmRecovery(ctx, browser, "AAAA-AAAA"); feierabend.CodeOf(err) != "code" {
			t.Errorf("confirmed twice: %v", err)
		}
		stop := strings.SplitN(w.step.StopURL(id), "?t=", 2)[1]
		for _, token := range []string{"", id, id + ".", stop[:len(stop)-1] + "_", "x" + stop} {
			if token == stop {
				continue
			}
			if err := w.step.StopRecovery(ctx, token); feierabend.CodeOf(err) != "link_invalid" {
				t.Errorf("%q: %v", token, err)
			}
		}
		w.ok(w.step.StopRecovery(ctx, stop))
		if got := w.notices(); !slices.Equal(got, []string{"recovery_stopped " + old, "recovery_stopped hauke@neu.example"}) {
			t.Errorf("notices %q", got)
		}
		if err := w.step.StopRecovery(ctx, stop); feierabend.CodeOf(err) != "link_invalid" {
			t.Errorf("a second tap: %v", err)
		}
		second, _ := w.recover("hauke@neu.example")
		token, _ := w.ask(old, bind)
		_, _, err := w.step.Redeem(ctx, token, bind, false, "")
		w.ok(err)
		for _, id := range []string{id, second} {
			w.clock.Advance(feierabend.RecoveryWait)
			w.ok(w.step.Recover(ctx, feierabend.Job{Ref: id}))
		}
		if w.email() != old {
			t.Errorf("a stopped recovery changed the address to %s", w.email())
		}
	})
}

// TestRecoveryByWhom: a foreign number, a late message, a member who is no owner, a
// wrong code of the new address and somebody else's address lead nowhere.
func TestRecoveryByWhom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ok(w.store.AddUser(ctx, feierabend.User{ID: "staff", Email: "malte@deichgruen.example", Name: "Malte"}))
		w.ok(w.store.AddMembership(ctx, feierabend.Membership{User: "staff", Tenant: w.a.Tenant.ID, Role: feierabend.RoleOffice}))
		token := signin.NewToken()
		w.ok(w.step.BeginRecovery(ctx, token, ""))
		code := w.shown(token).Code
		if _, err := w.step.Recovering(ctx, signin.NewToken()); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("another browser: %v", err)
		}
		prove := func(f feierabend.TenantID, u feierabend.UserID, at time.Time) string {
			t.Helper()
			got, err := w.step.Prove(ctx, f, u, feierabend.RecoveryWords+code, at)
			w.ok(err)
			return got
		}
		if got := prove(w.b.Tenant.ID, w.a.User.ID, w.clock.Now()); feierabend.KindOf(w.step.RecoverTo(ctx, token, "x@neu.example", "")) != feierabend.NotFound {
			t.Errorf("a person who is no member there: %q", got)
		}
		if got := prove(w.a.Tenant.ID, w.a.User.ID, w.clock.Now().Add(feierabend.RecoveryCodeTerm)); got != feierabend.ProofWrong {
			t.Errorf("sent too late: %q", got)
		}
		if got := prove(w.a.Tenant.ID, "staff", w.clock.Now()); got != feierabend.RecoveryRefused {
			t.Errorf("no owner: %q", got)
		}
		if got := prove(w.a.Tenant.ID, w.a.User.ID, w.clock.Now()); got != feierabend.ProofWrong {
			t.Errorf("a code that was used up: %q", got)
		}
		w.ok(w.step.BeginRecovery(ctx, token, ""))
		code = w.shown(token).Code
		if got := prove(w.a.Tenant.ID, w.a.User.ID, w.clock.Now()); got != feierabend.RecoveryHeard {
			t.Fatalf("the owner: %q", got)
		}
		n := len(w.mails.sent)
		w.ok(w.step.RecoverTo(ctx, token, w.b.User.Email, ""))
		w.ok(w.step.Recover(ctx, feierabend.Job{Ref: w.shown(token).ID}))
		if len(w.mails.sent) != n {
			t.Error("somebody else's address got a code")
		}
		w.ok(w.step.RecoverTo(ctx, token, "hauke@neu.example", ""))
		w.ok(w.step.Recover(ctx, feierabend.Job{Ref: w.shown(token).ID}))
		right := w.mails.sent[len(w.mails.sent)-1].Subject[:9]
		if err := w.step.ConfirmRecovery(ctx, signin.NewToken(), right); feierabend.CodeOf(err) != "code" {
			t.Errorf("another browser: %v", err)
		}
		for range 5 {
			if err := w.step.ConfirmRecovery(ctx, token, "AAAA-AAAA"); feierabend.CodeOf(err) != "code" {
				t.Errorf("a wrong code: %v", err)
			}
		}
		if err := w.step.ConfirmRecovery(ctx, token, right); feierabend.CodeOf(err) != "code" {
			t.Errorf("the sixth try: %v", err)
		}
		if w.shown(token).State != feierabend.RecoveryMailed {
			t.Error("it waits")
		}
	})
}
