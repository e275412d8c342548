package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestStrangerGoes: whoever came for an invitation and belongs to no firm goes with the
// last invitation to their address, whichever firm's it is and however it ends; until
// then they stay. Nothing of them is left, so that the address is as unknown as before.
func TestStrangerGoes(t *testing.T) {
	const day = 24 * time.Hour
	type world struct {
		t     *testing.T
		st    *store.Store
		clock *storetest.Clock
		a, b  storetest.Firm
	}
	ctx := context.Background()
	ask := func(w world, f storetest.Firm, id string) {
		invite(w.t, w.st, w.clock, f, id, "neu@neu.example", feierabend.RoleStaff)
	}
	press := func(w world, id string) {
		w.t.Helper()
		must(w.t, second(w.st.AnswerInvitation(ctx, []byte("token-"+id), "neu", w.clock.Now())))
	}
	withdraw := func(w world, f storetest.Firm, id string) {
		w.t.Helper()
		must(w.t, w.st.WithdrawInvitation(ctx, f.Tenant.ID, id, asOwner))
	}
	sweep := func(w world, later time.Duration) {
		w.clock.Advance(later)
		must(w.t, w.st.SweepDone(ctx, w.clock.Now()))
	}
	here := func(w world, want bool) {
		w.t.Helper()
		if _, err := w.st.UserByEmail(ctx, "NEU@neu.example"); (err == nil) != want {
			w.t.Errorf("the stranger is here: %v, want %v", err, want)
		}
	}
	for name, run := range map[string]func(w world){
		"invited again, expires": func(w world) {
			ask(w, w.a, "i1")
			press(w, "i1")
			ask(w, w.a, "i2")
			sweep(w, 8*day)
		},
		"invited again, withdrawn": func(w world) {
			ask(w, w.a, "i1")
			press(w, "i1")
			ask(w, w.a, "i2")
			withdraw(w, w.a, "i2")
		},
		"two firms, the first withdraws, the other expires": func(w world) {
			ask(w, w.a, "i1")
			ask(w, w.b, "j1")
			press(w, "i1")
			withdraw(w, w.a, "i1")
			here(w, true)
			sweep(w, 8*day)
		},
		"two firms, the first expires, the other withdraws": func(w world) {
			ask(w, w.a, "i1")
			press(w, "i1")
			w.clock.Advance(5 * day)
			ask(w, w.b, "j1")
			sweep(w, 3*day)
			here(w, true)
			if waits, err := w.st.InvitationsOf(ctx, "neu", w.clock.Now()); err != nil || len(waits) != 1 {
				w.t.Errorf("%+v %v", waits, err)
			}
			withdraw(w, w.b, "j1")
		},
		"two firms withdraw at the same moment": func(w world) {
			ask(w, w.a, "i1")
			ask(w, w.b, "j1")
			press(w, "i1")
			var wg sync.WaitGroup
			wg.Go(func() { withdraw(w, w.a, "i1") })
			wg.Go(func() { withdraw(w, w.b, "j1") })
			wg.Wait()
		},
		"removed while another firm's waits, which expires": func(w world) {
			ask(w, w.a, "i1")
			press(w, "i1")
			must(w.t, second(w.st.AcceptInvitation(ctx, w.a.Tenant.ID, "i1", "neu", "Neu", w.clock.Now())))
			ask(w, w.b, "j1")
			must(w.t, w.st.RemoveMember(ctx, w.a.Tenant.ID, "neu", asOwner))
			here(w, true)
			sweep(w, 8*day)
		},
		"removed, then takes a changed address back": func(w world) {
			ask(w, w.a, "i1")
			press(w, "i1")
			must(w.t, second(w.st.AcceptInvitation(ctx, w.a.Tenant.ID, "i1", "neu", "Neu", w.clock.Now())))
			now, later := w.clock.Now(), w.clock.Now().Add(time.Hour)
			must(w.t, w.st.AddAddressChange(ctx, feierabend.AddressChange{ID: "c", User: "neu", Old: "neu@neu.example", New: "anders@neu.example", BindHash: []byte("b"), At: now}))
			must(w.t, w.st.SetAddressSecret(ctx, "c", []byte("code"), later))
			must(w.t, w.st.ConfirmAddress(ctx, "neu", []byte("b"), []byte("code"), nil, now, func(id string) feierabend.Job { return feierabend.Job{K: feierabend.JobMail, Ref: id} }))
			must(w.t, w.st.SetAddressSecret(ctx, "c", []byte("undo"), later))
			invite(w.t, w.st, w.clock, w.b, "j1", "anders@neu.example", feierabend.RoleStaff)
			must(w.t, w.st.RemoveMember(ctx, w.a.Tenant.ID, "neu", asOwner))
			must(w.t, w.st.UndoAddress(ctx, []byte("undo"), now))
			withdraw(w, w.b, "j1")
		},
		"the owner who invited is removed": func(w world) {
			ask(w, w.a, "i1")
			press(w, "i1")
			secondOwner(w.t, w.st, w.a)
			must(w.t, w.st.RemoveMember(ctx, w.a.Tenant.ID, w.a.User.ID, asOwner))
		},
		"the owner who invited is owner no longer": func(w world) {
			ask(w, w.a, "i1")
			press(w, "i1")
			secondOwner(w.t, w.st, w.a)
			must(w.t, w.st.SetRole(ctx, w.a.Tenant.ID, w.a.User.ID, feierabend.RoleOffice, asOwner))
		},
		"a member of one firm, the other's expires": func(w world) {
			ask(w, w.a, "i1")
			ask(w, w.b, "j1")
			press(w, "i1")
			must(w.t, second(w.st.AcceptInvitation(ctx, w.b.Tenant.ID, "j1", "neu", "Neu", w.clock.Now())))
			sweep(w, 8*day)
			here(w, true)
			must(w.t, w.st.RemoveMember(ctx, w.b.Tenant.ID, "neu", asOwner))
		},
	} {
		t.Run(name, func(t *testing.T) {
			databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
				w := world{t: t, st: st, clock: clock}
				w.a, w.b = storetest.Seed(t, st)
				run(w)
				here(w, false)
				for _, f := range []storetest.Firm{w.a, w.b} {
					if waits, err := st.Invitations(ctx, f.Tenant.ID, clock.Now()); err != nil || len(waits) > 0 {
						t.Errorf("invitations wait: %+v %v", waits, err)
					}
				}
				if _, err := st.User(ctx, w.b.User.ID); err != nil {
					t.Errorf("a member went: %v", err)
				}
			})
		})
	}
}

// secondOwner gives a firm another owner.
func secondOwner(t *testing.T, st *store.Store, f storetest.Firm) {
	t.Helper()
	u := feierabend.User{ID: "second-owner", Email: "zweite@deichgruen.example", Name: "Zweite"}
	must(t, st.AddUser(context.Background(), u))
	must(t, st.AddMembership(context.Background(), feierabend.Membership{User: u.ID, Tenant: f.Tenant.ID, Role: feierabend.RoleOwner}))
}

// TestStrangerLeavesNothing: with the person go their sessions, links, requests,
// changes of the address and codes.
func TestStrangerLeavesNothing(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		invite(t, st, clock, a, "i1", "neu@neu.example", feierabend.RoleStaff)
		must(t, second(st.AnswerInvitation(ctx, []byte("token-i1"), "neu", clock.Now())))
		now, later := clock.Now(), clock.Now().Add(time.Hour)
		for _, u := range []feierabend.UserID{"neu", b.User.ID} {
			x := []byte(u)
			must(t, st.AddSession(ctx, feierabend.Session{TokenHash: x, User: u, CreatedAt: now, ExpiresAt: later}))
			must(t, st.AddSignInRequest(ctx, feierabend.SignInRequest{ID: "r-" + string(u), User: u, BindHash: x, Browser: "Firefox", At: now}))
			must(t, st.AddSignInLink(ctx, feierabend.SignInLink{User: u, TokenHash: x, CodeHash: x, BindHash: x, ExpiresAt: later}))
			must(t, st.AddAddressChange(ctx, feierabend.AddressChange{ID: "c-" + string(u), User: u, Old: "neu@neu.example", New: "x@neu.example", BindHash: x, At: now}))
		}
		left := func(u feierabend.UserID) (n int) {
			for _, err := range []error{
				second(st.Session(ctx, []byte(u), now)), second(st.SignInRequest(ctx, "r-"+string(u))),
				second(st.AddressChange(ctx, "c-"+string(u))), second(st.ConsumeSignInToken(ctx, []byte(u), []byte(u), now)),
			} {
				if err == nil {
					n++
				}
			}
			return n
		}
		must(t, st.WithdrawInvitation(ctx, a.Tenant.ID, "i1", asOwner))
		if n := left("neu"); n != 0 {
			t.Errorf("%d things of the stranger are left", n)
		}
		if n := left(b.User.ID); n != 4 {
			t.Errorf("of somebody else only %d of 4 are left", n)
		}
	})
}

// TestInvitationsOfFormerOwner: what a removed or demoted owner offered is void at once;
// what another owner or their other firm offered is not.
func TestInvitationsOfFormerOwner(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		secondOwner(t, st, a)
		must(t, st.AddMembership(ctx, feierabend.Membership{User: "second-owner", Tenant: b.Tenant.ID, Role: feierabend.RoleOwner}))
		open := func(id string) bool {
			_, err := st.InvitationByToken(ctx, []byte("token-"+id), clock.Now())
			return err == nil
		}
		add := func(f storetest.Firm, id string, by feierabend.UserID) {
			f.User.ID = by
			invite(t, st, clock, f, id, id+"@neu.example", feierabend.RoleOwner)
		}
		add(a, "i1", "second-owner")
		add(a, "i2", a.User.ID)
		add(b, "j1", "second-owner")
		must(t, st.SetRole(ctx, a.Tenant.ID, "second-owner", feierabend.RoleOwner, asOwner)) // nothing changes
		if !open("i1") {
			t.Error("the same role again voids an invitation")
		}
		must(t, st.SetRole(ctx, a.Tenant.ID, "second-owner", feierabend.RoleStaff, asOwner))
		if open("i1") || !open("i2") || !open("j1") {
			t.Errorf("after the demotion: %v %v %v", open("i1"), open("i2"), open("j1"))
		}
		must(t, st.SetRole(ctx, a.Tenant.ID, "second-owner", feierabend.RoleOwner, asOwner))
		add(a, "i3", "second-owner")
		must(t, st.RemoveMember(ctx, a.Tenant.ID, "second-owner", asOwner))
		if open("i3") || !open("i2") || !open("j1") {
			t.Errorf("after the removal: %v %v %v", open("i3"), open("i2"), open("j1"))
		}
	})
}
