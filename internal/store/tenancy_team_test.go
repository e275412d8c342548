package store_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// teamRows are those of members, invitations and codes, for TestForeignIsUnknown.
func teamRows(st *store.Store, clock *storetest.Clock) map[string]foreignRow {
	ctx := context.Background()
	type firm = storetest.Firm
	person := func(t *testing.T) feierabend.User {
		u := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: feierabend.NewID() + "@firma.example", Name: "Kollege"}
		must(t, st.AddUser(ctx, u))
		return u
	}
	member := func(t *testing.T, f firm) refs {
		u := person(t)
		must(t, st.AddMembership(ctx, feierabend.Membership{User: u.ID, Tenant: f.Tenant.ID, Role: feierabend.RoleStaff}))
		return refs{"UserID": string(u.ID)}
	}
	offer := func(f firm, email string) feierabend.Invitation {
		return feierabend.Invitation{ID: feierabend.NewID(), Tenant: f.Tenant.ID, Email: email, Role: feierabend.RoleStaff, By: f.User.ID, CreatedAt: clock.Now(), ExpiresAt: clock.Now().Add(time.Hour)}
	}
	invited := func(t *testing.T, f firm) refs {
		n := offer(f, feierabend.NewID()+"@firma.example")
		must(t, st.AddInvitation(ctx, f.Tenant.ID, n))
		return refs{"string": n.ID}
	}
	return map[string]foreignRow{
		"SetRole": {false, member, func(f firm, r refs) (any, error) {
			return done(st.SetRole(ctx, f.Tenant.ID, feierabend.UserID(r["UserID"]), feierabend.RoleOffice, f.Owner))
		}},
		"RemoveMember": {false, member, func(f firm, r refs) (any, error) {
			return done(st.RemoveMember(ctx, f.Tenant.ID, feierabend.UserID(r["UserID"]), f.Owner))
		}},
		"Invitation": {true, invited, func(f firm, r refs) (any, error) { return gave(st.Invitation(ctx, f.Tenant.ID, r["string"])) }},
		"SetInvitationToken": {false, invited, func(f firm, r refs) (any, error) {
			return done(st.SetInvitationToken(ctx, f.Tenant.ID, r["string"], []byte(feierabend.NewID())))
		}},
		"WithdrawInvitation": {false, invited, func(f firm, r refs) (any, error) {
			return done(st.WithdrawInvitation(ctx, f.Tenant.ID, r["string"], f.Owner))
		}},
		"AcceptInvitation": {false, func(t *testing.T, f firm) refs {
			u := person(t)
			n := offer(f, u.Email)
			must(t, st.AddInvitation(ctx, f.Tenant.ID, n))
			return refs{"string": n.ID, "UserID": string(u.ID)}
		}, func(f firm, r refs) (any, error) {
			return gave(st.AcceptInvitation(ctx, f.Tenant.ID, r["string"], feierabend.UserID(r["UserID"]), "", clock.Now()))
		}},
		"ProveStepUp": {false, func(t *testing.T, f firm) refs {
			r := member(t, f)
			r["code"] = feierabend.NewID()
			must(t, st.AddStepUp(ctx, feierabend.StepUp{Session: []byte(feierabend.NewID()), User: feierabend.UserID(r["UserID"]), Tenant: f.Tenant.ID, CodeHash: []byte(r["code"]), ExpiresAt: clock.Now().Add(time.Hour)}))
			return r
		}, func(f firm, r refs) (any, error) {
			return done(st.ProveStepUp(ctx, f.Tenant.ID, feierabend.UserID(r["UserID"]), []byte(r["code"]), clock.Now()))
		}},
		"StepUpWaits": {true, func(t *testing.T, f firm) refs {
			r := member(t, f)
			must(t, st.AddStepUp(ctx, feierabend.StepUp{Session: []byte(feierabend.NewID()), User: feierabend.UserID(r["UserID"]), Tenant: f.Tenant.ID, CodeHash: []byte(feierabend.NewID()), ExpiresAt: clock.Now().Add(time.Hour)}))
			return r
		}, func(f firm, r refs) (any, error) {
			return gave(st.StepUpWaits(ctx, f.Tenant.ID, feierabend.UserID(r["UserID"]), clock.Now()))
		}},
	}
}
