package signin_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
	"feierabend/internal/storetest"
)

// TestRecoveryRests: a recovery that a number has proved ends with the number and with
// the role of an owner, is told as stopped, and changes nothing; the operator's goes on.
func TestRecoveryRests(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ok(w.store.AddUser(ctx, feierabend.User{ID: "second", Email: "zwei@firma.example", Name: "Zwei"}))
		w.ok(w.store.AddMembership(ctx, feierabend.Membership{User: "second", Tenant: w.a.Tenant.ID, Role: feierabend.RoleOwner}))
		by := feierabend.Actor{User: "second", Role: feierabend.RoleOwner, Via: feierabend.ViaSession}
		old, n := w.a.User.Email, 0
		for name, end := range map[string]func() error{
			"role":         func() error { return w.store.SetRole(ctx, w.a.Tenant.ID, w.a.User.ID, feierabend.RoleOffice, by) },
			"unlinked":     func() error { return w.store.UnlinkSender(ctx, w.a.Tenant.ID, w.a.Sender.ID, by) },
			"all unlinked": func() error { _, err := w.store.UnlinkSenders(ctx, w.a.Tenant.ID, w.a.User.ID, by); return err },
			"suspended": func() error {
				_, err := w.store.Receive(ctx, []feierabend.Inbound{{Channel: "whatsapp", ExternalID: "change", From: w.a.Sender.Phone, Kind: feierabend.InboundChange, Text: string(feierabend.SuspendedIdentity), At: w.clock.Now()}})
				return err
			},
		} {
			n++
			to := fmt.Sprintf("hauke%d@neu.example", n)
			id, _ := w.recover(to)
			w.notices()
			w.ok(end())
			if _, err := w.store.Recovery(ctx, id); feierabend.KindOf(err) != feierabend.NotFound {
				t.Errorf("%s: the recovery goes on: %v", name, err)
			}
			if got := w.notices(); !slices.Contains(got, "recovery_stopped "+old) || !slices.Contains(got, "recovery_stopped zwei@firma.example") {
				t.Errorf("%s: notices %q", name, got)
			}
			w.ok(w.store.SetRole(ctx, w.a.Tenant.ID, w.a.User.ID, feierabend.RoleOwner, by)) // as it was
			if name != "role" {
				_, err := w.store.UnlinkSenders(ctx, w.a.Tenant.ID, w.a.User.ID, by)
				w.ok(err)
				w.a.Sender.ID = feierabend.SenderID(feierabend.NewID())
				w.ok(w.store.AddSenderLink(ctx, w.a.Tenant.ID, w.a.Sender))
			}
			w.clock.Advance(time.Hour) // the limits of mails are not what is asked here
		}
		w.ok(w.store.StartRecovery(ctx, feierabend.Recovery{ID: "op", User: w.a.User.ID, New: "hauke@neu.example", At: w.clock.Now(), Due: w.clock.Now().Add(feierabend.RecoveryWait)}, feierabend.Actor{Via: feierabend.ViaCLI},
			func(id string) feierabend.Job { return feierabend.Job{K: feierabend.JobRecover, Ref: id} }))
		w.ok(w.store.UnlinkSender(ctx, w.a.Tenant.ID, w.a.Sender.ID, by))
		if _, err := w.store.Recovery(ctx, "op"); err != nil {
			t.Errorf("the operator's rests on no number: %v", err)
		}
	})
}

// TestRecoveryJobAgain: a recovery whose job has used up its tries gets another one from
// the sweep, and one that lives gets none.
func TestRecoveryJobAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, _ := w.recover("hauke@neu.example")
		jobs := func() int {
			t.Helper()
			return len(storetest.Query(t, w.store, `SELECT id FROM river_job WHERE kind = 'recover' AND args->>'r' = $1 AND state IN ('available', 'scheduled')`, id))
		}
		storetest.Exec(t, w.store, `UPDATE river_job SET state = 'discarded', finalized_at = CURRENT_TIMESTAMP WHERE kind = 'recover'`)
		if jobs() != 0 {
			t.Fatal("the test gives up no job")
		}
		for range 2 {
			w.ok(w.store.SweepDone(ctx, w.store.Now()))
		}
		if n := jobs(); n != 1 {
			t.Errorf("%d jobs after the sweep, want 1", n)
		}
	})
}

// TestRecoveryOverBudget: where too many mails go out the code is late, not lost.
func TestRecoveryOverBudget(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for range 200 {
			if ok, err := w.step.Spend(ctx, "recovery"); err != nil || !ok {
				t.Fatalf("the budget is smaller: %v", err)
			}
		}
		w.clock.Advance(10 * time.Minute)
		token := signin.NewToken()
		w.ok(w.step.BeginRecovery(ctx, token, "Firefox"))
		w.heard(w.step.Prove(ctx, w.a.Tenant.ID, w.a.User.ID, feierabend.RecoveryWords+w.shown(token).Code, w.clock.Now()))
		w.ok(w.step.RecoverTo(ctx, token, "hauke@neu.example", "203.0.113.7/32"))
		job, before := feierabend.Job{Ref: w.shown(token).ID}, len(w.mails.sent)
		w.again(w.step.Recover(ctx, job))
		if len(w.mails.sent) != before {
			t.Fatal("a mail over the budget")
		}
		w.clock.Advance(55 * time.Minute) // the hour is over, the form still waits
		w.ok(w.step.Recover(ctx, job))
		if len(w.mails.sent) != before+1 {
			t.Fatal("the code does not come")
		}
		w.ok(w.step.ConfirmRecovery(ctx, token, w.mails.sent[before].Subject[:9]))
	})
}
