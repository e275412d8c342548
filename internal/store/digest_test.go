package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestDigestOnce: however often and from however many processes an evening is planned, a
// member gets one mail a day and firm, and one process at a time sends it; what is over
// or was sent is not taken again.
func TestDigestOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		other := storetest.Reopen(t, st, clock)
		confirmed(t, st, a)
		plan := feierabend.DigestPlan{Day: 20261124, Until: clock.Now().Add(time.Hour), Whole: true}
		before := len(jobs(t, st))
		var all sync.Map
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				n, err := map[bool]*store.Store{true: st, false: other}[i%2 == 0].PlanDigests(ctx, a.Tenant.ID, plan, a.User.ID)
				if err != nil {
					t.Error(err)
				}
				all.Store(i, n)
			})
		}
		wg.Wait()
		sum := 0
		all.Range(func(_, n any) bool { sum += n.(int); return true })
		if got := len(jobs(t, st)) - before; sum != 1 || got != 1 {
			t.Fatalf("%d planned, %d jobs, want 1 and 1", sum, got)
		}
		if left, err := st.DigestFirms(ctx, plan.Day, "", 10); err != nil || len(left) != 1 || left[0] != b.Tenant.ID {
			t.Errorf("left: %v, %v, want the other firm", left, err)
		}
		must(t, st.AddUser(ctx, feierabend.User{ID: "second", Email: "zwei@firma.example"}))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: "second", Tenant: a.Tenant.ID, Role: feierabend.RoleOffice}))
		if n, err := other.PlanDigests(ctx, a.Tenant.ID, plan, "second"); n != 0 || err != nil {
			t.Errorf("a process that comes late: %d, %v", n, err)
		}
		plan.Whole = false // by hand, on the same day
		if n, err := st.PlanDigests(ctx, a.Tenant.ID, plan, a.User.ID); n != 0 || err != nil {
			t.Errorf("a second one on the day: %d, %v", n, err)
		}

		id := ask(t, st, `SELECT id FROM digest`)[0][0]
		d, err := st.TakeDigest(ctx, a.Tenant.ID, id)
		if must(t, err); d.To != a.User.Email || d.User != a.User.ID || d.Role != feierabend.RoleOwner || d.Firm != "" || len(d.Token) != 43 {
			t.Errorf("took %+v", d)
		}
		var snooze *feierabend.SnoozeError
		if _, err := other.TakeDigest(ctx, a.Tenant.ID, id); !errors.As(err, &snooze) || snooze.After < 80*time.Second {
			t.Errorf("a second process: %v", err)
		}
		must(t, st.EndDigest(ctx, a.Tenant.ID, id, false)) // the mail server was away
		must(t, second(other.TakeDigest(ctx, a.Tenant.ID, id)))
		clock.Advance(2 * time.Minute) // that process was killed
		must(t, second(st.TakeDigest(ctx, a.Tenant.ID, id)))
		must(t, st.EndDigest(ctx, a.Tenant.ID, id, true))
		_, err = st.TakeDigest(ctx, a.Tenant.ID, id)
		wantCode(t, err, feierabend.NotFound, "digest")
		wantCode(t, st.EndDigest(ctx, a.Tenant.ID, id, false), feierabend.NotFound, "digest")

		plan.Day++
		if n, err := st.PlanDigests(ctx, a.Tenant.ID, plan, a.User.ID); n != 1 || err != nil {
			t.Errorf("the next day: %d, %v", n, err)
		}
		clock.Advance(2 * time.Hour)
		_, err = st.TakeDigest(ctx, a.Tenant.ID, ask(t, st, `SELECT id FROM digest WHERE sent_at = 0`)[0][0])
		wantCode(t, err, feierabend.NotFound, "digest") // the evening is over
		must(t, st.SweepDone(ctx, st.Now()))
		if n := count(t, st, "digest"); n != "2" {
			t.Errorf("%s rows the same evening", n)
		}
		clock.Advance(25 * time.Hour)
		must(t, st.SweepDone(ctx, st.Now()))
		if n := count(t, st, "digest"); n != "0" {
			t.Errorf("%s rows a day later", n)
		}
	})
}

// TestDigestMembers: who gets none, from the moment on at which they get none.
func TestDigestMembers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		members := func(f storetest.Firm) int {
			t.Helper()
			got, err := st.DigestMembers(ctx, f.Tenant.ID)
			must(t, err)
			return len(got)
		}
		if members(a) != 0 {
			t.Error("an address that nobody has confirmed gets mails")
		}
		confirmed(t, st, a)
		if members(a) != 1 || members(b) != 0 {
			t.Errorf("confirmed: %d, other firm %d", members(a), members(b))
		}
		id := eveningOf(t, st, a)
		for _, c := range []struct {
			name       string
			break_, ok func() error
		}{
			{"switched off", func() error { return st.SetDigest(ctx, a.Tenant.ID, a.User.ID, false, a.Owner) }, func() error { return st.SetDigest(ctx, a.Tenant.ID, a.User.ID, true, a.Owner) }},
			{"person blocked", func() error { return st.BlockUser(ctx, a.User.ID, clock.Now(), a.Owner) }, func() error { return st.BlockUser(ctx, a.User.ID, time.Time{}, a.Owner) }},
			{"firm blocked", func() error { return st.BlockTenant(ctx, a.Tenant.ID, clock.Now(), a.Owner) }, func() error { return st.BlockTenant(ctx, a.Tenant.ID, time.Time{}, a.Owner) }},
		} {
			must(t, c.break_())
			_, err := st.TakeDigest(ctx, a.Tenant.ID, id)
			if members(a) != 0 || feierabend.KindOf(err) != feierabend.NotFound {
				t.Errorf("%s: %d members, planned one: %v", c.name, members(a), err)
			}
			must(t, c.ok())
			if members(a) != 1 {
				t.Errorf("%s, and back", c.name)
			}
		}
		if firms, err := st.DigestFirms(ctx, 20261124, "", 10); err != nil || len(firms) != 2 {
			t.Errorf("firms %v, %v", firms, err)
		}
		must(t, st.AddMembership(ctx, feierabend.Membership{User: a.User.ID, Tenant: b.Tenant.ID, Role: feierabend.RoleStaff}))
		d, err := st.TakeDigest(ctx, a.Tenant.ID, id)
		if must(t, err); d.Firm != a.Tenant.Name {
			t.Errorf("of two firms the mail names %q", d.Firm)
		}
		do(t, st, `DELETE FROM agreement WHERE tenant_id = $1`, a.Tenant.ID.String())
		if members(a) != 0 {
			t.Error("without an agreement mails go out")
		}
		must(t, st.StartRecovery(ctx, feierabend.Recovery{ID: "r", User: a.User.ID, New: "neu@firma.example", At: clock.Now(), Due: clock.Now().Add(feierabend.RecoveryWait)}, feierabend.Actor{},
			func(id string) feierabend.Job { return feierabend.Job{K: feierabend.JobRecover, Ref: id} }))
		must(t, second(st.TellRecovery(ctx, "r", "t", clock.Now(), feierabend.Job{K: feierabend.JobRecover, Ref: "r"})))
		must(t, st.FinishRecovery(ctx, "r", clock.Now().Add(feierabend.RecoveryWait)))
		if members(b) != 0 {
			t.Error("an address that the operator has named gets mails before anybody signed in by it")
		}
	})
}

// TestDigestSwitch: the token of a mail ends the mails of one person in one firm, says
// nothing of them, and is void for whoever has left; no other token does anything.
func TestDigestSwitch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		must(t, st.AddMembership(ctx, feierabend.Membership{User: a.User.ID, Tenant: b.Tenant.ID, Role: feierabend.RoleStaff}))
		confirmed(t, st, a)
		on := func(f storetest.Firm) bool {
			t.Helper()
			on, err := st.DigestOn(ctx, f.Tenant.ID, a.User.ID)
			must(t, err)
			return on
		}
		d, err := st.TakeDigest(ctx, a.Tenant.ID, eveningOf(t, st, a))
		must(t, err)
		for range 2 { // a mail program may call twice
			must(t, st.SwitchDigest(ctx, d.Token, false))
		}
		if on(a) || !on(b) {
			t.Errorf("after the link: %v, in the other firm %v", on(a), on(b))
		}
		acts := ask(t, st, `SELECT act, by_via FROM audit WHERE act IN ('digest.on', 'digest.off')`)
		if len(acts) != 1 || acts[0][0] != "digest.off" || acts[0][1] != "mail" {
			t.Errorf("audit %q", acts)
		}
		must(t, st.SwitchDigest(ctx, d.Token, true))
		if !on(a) {
			t.Error("taken back, and still off")
		}
		for _, bad := range []string{"", d.Token[:42], "x" + d.Token[1:], string(a.User.ID)} {
			wantCode(t, st.SwitchDigest(ctx, bad, false), feierabend.Unauthorized, "link_invalid")
		}
		for _, r := range ask(t, st, `SELECT digest_hash FROM membership`) {
			if r[0] == d.Token {
				t.Error("the token itself is stored")
			}
		}
		must(t, st.AddUser(ctx, feierabend.User{ID: "second", Email: "zwei@firma.example"}))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: "second", Tenant: a.Tenant.ID, Role: feierabend.RoleOwner}))
		must(t, st.RemoveMember(ctx, a.Tenant.ID, a.User.ID, a.Owner))
		wantCode(t, st.SwitchDigest(ctx, d.Token, false), feierabend.Unauthorized, "link_invalid")
		if n := len(ask(t, st, `SELECT id FROM digest`)); n != 0 {
			t.Errorf("%d mails of a person who has left", n)
		}
	})
}
