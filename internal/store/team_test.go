package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

var asOwner = feierabend.Actor{Role: feierabend.RoleOwner, Via: feierabend.ViaSession}

func invite(t *testing.T, st *store.Store, clock *storetest.Clock, f storetest.Firm, id, email string, role feierabend.Role) {
	t.Helper()
	must(t, st.AddInvitation(context.Background(), f.Tenant.ID, feierabend.Invitation{
		ID: id, Email: email, Role: role, By: f.User.ID, CreatedAt: clock.Now(), ExpiresAt: clock.Now().Add(7 * 24 * time.Hour),
	}, feierabend.Job{K: feierabend.JobMail, Tenant: f.Tenant.ID.String(), Ref: id}))
	must(t, st.SetInvitationToken(context.Background(), f.Tenant.ID, id, []byte("token-"+id)))
}

// TestInvitation: the way of a stranger into the firm, and everything that ends it.
func TestInvitation(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		invite(t, st, clock, a, "i1", "Gesa@Neu.example", feierabend.RoleOffice)
		n, err := st.InvitationByToken(ctx, []byte("token-i1"), clock.Now())
		must(t, err)
		if n.Tenant != a.Tenant.ID || n.Role != feierabend.RoleOffice || n.Email != "Gesa@Neu.example" || n.By != a.User.ID {
			t.Errorf("%+v", n)
		}
		for range 2 { // a second press changes nothing
			if email, err := st.AnswerInvitation(ctx, []byte("token-i1"), feierabend.UserID("gesa"), clock.Now()); err != nil || email != "Gesa@Neu.example" {
				t.Errorf("%q %v", email, err)
			}
		}
		waits, err := st.InvitationsOf(ctx, "gesa", clock.Now())
		if err != nil || len(waits) != 1 || waits[0].ID != "i1" {
			t.Fatalf("%+v %v", waits, err)
		}
		wantCode(t, second(st.AcceptInvitation(ctx, a.Tenant.ID, "i1", b.User.ID, "Inken", clock.Now())), feierabend.NotFound, "invitation")
		wantCode(t, second(st.AcceptInvitation(ctx, b.Tenant.ID, "i1", "gesa", "Gesa", clock.Now())), feierabend.NotFound, "invitation")
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := st.AcceptInvitation(ctx, a.Tenant.ID, "i1", "gesa", "Gesa Neu", clock.Now()); err == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("accepted %d times", won.Load())
		}
		team, err := st.Colleagues(ctx, a.Tenant.ID)
		must(t, err)
		if len(team) != 2 || team[1].User.Name != "Gesa Neu" || team[1].Role != feierabend.RoleOffice {
			t.Errorf("%+v", team)
		}
		if other, err := st.Colleagues(ctx, b.Tenant.ID); err != nil || len(other) != 1 {
			t.Errorf("the other firm: %+v %v", other, err)
		}
		wantCode(t, st.AddInvitation(ctx, a.Tenant.ID, feierabend.Invitation{ID: "i2", Email: " gesa@neu.EXAMPLE", Role: feierabend.RoleStaff, By: a.User.ID, ExpiresAt: clock.Now().Add(time.Hour)}), feierabend.Conflict, "member")
	})
}

// TestOnlyAnOwnerInvites: who may is asked again where the invitation is stored. Whoever
// lost the role, left, or belongs to another firm while the page was open, invites
// nobody; of an invitation and the loss of the role at the same moment nothing stays.
func TestOnlyAnOwnerInvites(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		malte := feierabend.User{ID: "malte", Email: "malte@deichgruen.example", Name: "Malte"}
		must(t, st.AddUser(ctx, malte))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: malte.ID, Tenant: a.Tenant.ID, Role: feierabend.RoleOffice}))
		add := func(by feierabend.UserID) error {
			return st.AddInvitation(ctx, a.Tenant.ID, feierabend.Invitation{ID: feierabend.NewID(), Email: "x@neu.example", Role: feierabend.RoleOwner, By: by, ExpiresAt: clock.Now().Add(time.Hour)})
		}
		for _, by := range []feierabend.UserID{malte.ID, b.User.ID, "", "nobody"} {
			wantCode(t, add(by), feierabend.Unauthorized, "role")
		}
		for range 5 {
			must(t, st.SetRole(ctx, a.Tenant.ID, malte.ID, feierabend.RoleOwner, asOwner))
			var wg sync.WaitGroup
			wg.Go(func() {
				if err := add(malte.ID); err != nil && feierabend.CodeOf(err) != "role" {
					t.Error(err)
				}
			})
			wg.Go(func() { must(t, st.SetRole(ctx, a.Tenant.ID, malte.ID, feierabend.RoleOffice, asOwner)) })
			wg.Wait()
			if left, err := st.Invitations(ctx, a.Tenant.ID, clock.Now()); err != nil || len(left) != 0 {
				t.Fatalf("an invitation by somebody who is no owner: %+v %v", left, err)
			}
		}
	})
}

// TestInvitationEnds: a newer one, withdrawal and time void it; a stranger who came
// for nothing else goes with it.
func TestInvitationEnds(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		gone := func(token string) {
			t.Helper()
			wantCode(t, second(st.InvitationByToken(ctx, []byte(token), clock.Now())), feierabend.NotFound, "row")
			wantCode(t, second(st.AnswerInvitation(ctx, []byte(token), "x", clock.Now())), feierabend.NotFound, "row")
		}
		invite(t, st, clock, a, "i1", "gesa@neu.example", feierabend.RoleOffice)
		invite(t, st, clock, a, "i2", "gesa@neu.example", feierabend.RoleStaff)
		gone("token-i1")
		if _, err := st.AnswerInvitation(ctx, []byte("token-i2"), "gesa", clock.Now()); err != nil {
			t.Fatal(err)
		}
		wantCode(t, st.WithdrawInvitation(ctx, b.Tenant.ID, "i2", asOwner), feierabend.NotFound, "invitation")
		must(t, st.WithdrawInvitation(ctx, a.Tenant.ID, "i2", asOwner))
		gone("token-i2")
		if _, err := st.User(ctx, "gesa"); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("the stranger is still there: %v", err)
		}
		invite(t, st, clock, a, "i3", "jan@neu.example", feierabend.RoleStaff)
		if _, err := st.AnswerInvitation(ctx, []byte("token-i3"), "jan", clock.Now()); err != nil {
			t.Fatal(err)
		}
		clock.Advance(7 * 24 * time.Hour)
		gone("token-i3")
		wantCode(t, second(st.AcceptInvitation(ctx, a.Tenant.ID, "i3", "jan", "Jan", clock.Now())), feierabend.NotFound, "invitation")
		must(t, st.SweepDone(ctx, clock.Now().Add(time.Second)))
		if _, err := st.User(ctx, "jan"); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("the stranger outlives the invitation: %v", err)
		}
		if _, err := st.User(ctx, a.User.ID); err != nil {
			t.Errorf("the sweep took a member: %v", err)
		}
	})
}

// TestTeamChanges: roles and leaving end sessions and numbers; never without an owner,
// not even when two owners go at the same moment.
func TestTeamChanges(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		wantCode(t, st.RemoveMember(ctx, a.Tenant.ID, a.User.ID, asOwner), feierabend.Conflict, "last_owner")
		wantCode(t, st.SetRole(ctx, a.Tenant.ID, a.User.ID, feierabend.RoleOffice, asOwner), feierabend.Conflict, "last_owner")
		wantCode(t, st.SetRole(ctx, a.Tenant.ID, b.User.ID, feierabend.RoleOffice, asOwner), feierabend.NotFound, "member")
		wantCode(t, st.RemoveMember(ctx, a.Tenant.ID, b.User.ID, asOwner), feierabend.NotFound, "member")
		wantCode(t, st.SetRole(ctx, a.Tenant.ID, a.User.ID, "king", asOwner), feierabend.Invalid, "role")

		malte := feierabend.User{ID: "malte", Email: "malte@deichgruen.example", Name: "Malte"}
		must(t, st.AddUser(ctx, malte))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: malte.ID, Tenant: a.Tenant.ID, Role: feierabend.RoleStaff}))
		must(t, st.AddSenderLink(ctx, a.Tenant.ID, feierabend.SenderLink{ID: "sender-malte", User: malte.ID, Phone: "+4917139200177"}))
		session := feierabend.Session{TokenHash: []byte("malte"), User: malte.ID, Tenant: a.Tenant.ID, ExpiresAt: clock.Now().Add(time.Hour)}
		must(t, st.AddSession(ctx, session))
		must(t, st.SetRole(ctx, a.Tenant.ID, malte.ID, feierabend.RoleOwner, asOwner))
		wantCode(t, second(st.Session(ctx, []byte("malte"), clock.Now())), feierabend.Unauthorized, "session")

		var wg sync.WaitGroup
		for _, u := range []feierabend.UserID{a.User.ID, malte.ID} {
			wg.Go(func() {
				if err := st.RemoveMember(ctx, a.Tenant.ID, u, asOwner); err != nil && feierabend.CodeOf(err) != "last_owner" {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		team, err := st.Colleagues(ctx, a.Tenant.ID)
		if err != nil || len(team) != 1 || team[0].Role != feierabend.RoleOwner {
			t.Fatalf("%+v %v", team, err)
		}
		gone := malte.ID
		if team[0].User.ID == malte.ID {
			gone = a.User.ID
		}
		if _, err := st.User(ctx, gone); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("a person of no firm is kept: %v", err)
		}
		links, err := st.SenderLinks(ctx, a.Tenant.ID)
		must(t, err)
		for _, l := range links {
			if l.User == gone {
				t.Errorf("%s of %s is still linked", l.ID, l.User)
			}
		}
		if links, err = st.SenderLinks(ctx, b.Tenant.ID); err != nil || links[0].Phone == "" {
			t.Errorf("the other firm's number: %v", err)
		}
	})
}

// TestStepUpCode: proved by the person's own firm and number only, used once, in time.
func TestStepUpCode(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		add := func(code string) {
			must(t, st.AddStepUp(ctx, feierabend.StepUp{Session: []byte("s"), User: a.User.ID, Tenant: a.Tenant.ID, CodeHash: []byte(code), ExpiresAt: clock.Now().Add(10 * time.Minute)}))
		}
		add("c1")
		add("c2")
		prove := func(f storetest.Firm, u feierabend.UserID, code string) error {
			return st.ProveStepUp(ctx, f.Tenant.ID, u, []byte(code), clock.Now())
		}
		wantCode(t, prove(a, a.User.ID, "c1"), feierabend.NotFound, "step_up") // void
		wantCode(t, prove(b, b.User.ID, "c2"), feierabend.NotFound, "step_up")
		wantCode(t, prove(a, b.User.ID, "c2"), feierabend.NotFound, "step_up")
		wantCode(t, st.TakeStepUp(ctx, []byte("s"), clock.Now().Add(-time.Hour)), feierabend.Conflict, "not_yet")
		must(t, prove(a, a.User.ID, "c2"))
		must(t, prove(a, a.User.ID, "c2")) // the same message again
		clock.Advance(time.Second)
		wantCode(t, prove(a, a.User.ID, "c2"), feierabend.NotFound, "step_up") // once
		must(t, st.TakeStepUp(ctx, []byte("s"), clock.Now().Add(-time.Hour)))
		wantCode(t, st.TakeStepUp(ctx, []byte("s"), clock.Now().Add(-time.Hour)), feierabend.Conflict, "not_yet")
		add("c3")
		clock.Advance(10 * time.Minute)
		wantCode(t, prove(a, a.User.ID, "c3"), feierabend.NotFound, "step_up") // too late
		add("c4")
		must(t, prove(a, a.User.ID, "c4"))
		wantCode(t, st.TakeStepUp(ctx, []byte("s"), clock.Now()), feierabend.Conflict, "not_yet") // proved too long ago
	})
}
