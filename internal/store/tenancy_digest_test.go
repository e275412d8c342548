package store_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// confirmed lets the owner of a firm sign in by mail.
func confirmed(t *testing.T, st *store.Store, f storetest.Firm) {
	t.Helper()
	x := []byte(feierabend.NewID())
	must(t, st.AddSignInLink(context.Background(), feierabend.SignInLink{User: f.User.ID, TokenHash: x, CodeHash: x, BindHash: x, ExpiresAt: st.Now().Add(time.Minute)}))
	must(t, second(st.ConsumeSignInToken(context.Background(), x, x, st.Now())))
}

// eveningOf gives a mail that waits for the owner of a firm.
func eveningOf(t *testing.T, st *store.Store, f storetest.Firm) string {
	t.Helper()
	must(t, second(st.PlanDigests(context.Background(), f.Tenant.ID, feierabend.DigestNow(st.Now(), time.UTC), f.User.ID)))
	rows := ask(t, st, `SELECT id FROM digest WHERE tenant_id = $1 ORDER BY day DESC`, f.Tenant.ID.String())
	if len(rows) == 0 {
		t.Fatal("no mail is planned")
	}
	return rows[0][0]
}

// digestRows are those of the mails of an evening, for TestForeignIsUnknown.
func digestRows(st *store.Store, clock *storetest.Clock) map[string]foreignRow {
	ctx := context.Background()
	type firm = storetest.Firm
	member := func(t *testing.T, f firm) refs {
		u := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: feierabend.NewID() + "@firma.example", Name: "Kollege"}
		must(t, st.AddUser(ctx, u))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: u.ID, Tenant: f.Tenant.ID, Role: feierabend.RoleStaff}))
		return refs{"UserID": string(u.ID)}
	}
	waits := func(t *testing.T, f firm) refs { // of a day of its own, so that each call makes one
		confirmed(t, st, f)
		do(t, st, `DELETE FROM digest WHERE tenant_id = $1`, f.Tenant.ID.String())
		return refs{"string": eveningOf(t, st, f)}
	}
	user := func(r refs) feierabend.UserID { return feierabend.UserID(r["UserID"]) }
	return map[string]foreignRow{
		"PlanDigests": {false, member, func(f firm, r refs) (any, error) {
			return gave(st.PlanDigests(ctx, f.Tenant.ID, feierabend.DigestNow(clock.Now(), time.UTC), user(r)))
		}},
		"TakeDigest": {false, waits, func(f firm, r refs) (any, error) { return gave(st.TakeDigest(ctx, f.Tenant.ID, r["string"])) }},
		"EndDigest":  {false, waits, func(f firm, r refs) (any, error) { return done(st.EndDigest(ctx, f.Tenant.ID, r["string"], true)) }},
		"DigestOn":   {true, member, func(f firm, r refs) (any, error) { return gave(st.DigestOn(ctx, f.Tenant.ID, user(r))) }},
		"SetDigest": {false, member, func(f firm, r refs) (any, error) {
			return done(st.SetDigest(ctx, f.Tenant.ID, user(r), false, f.Owner))
		}},
	}
}
