package store_test

import (
	"context"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// linkRows are those of the linking of numbers, for TestForeignIsUnknown.
func linkRows(st *store.Store) map[string]foreignRow {
	ctx := context.Background()
	type firm = storetest.Firm
	colleague := func(t *testing.T, f firm) feierabend.UserID { // with a number
		u := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: feierabend.NewID() + "@firma.example", Name: "Kollege"}
		must(t, st.AddUser(ctx, u))
		must(t, st.AddMembership(ctx, feierabend.Membership{User: u.ID, Tenant: f.Tenant.ID, Role: feierabend.RoleStaff}))
		must(t, st.AddSenderLink(ctx, f.Tenant.ID, feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), User: u.ID, Phone: feierabend.NewID()}))
		return u.ID
	}
	code := func() string { return feierabend.LinkCode([]byte(feierabend.NewID())) }
	asked := func(t *testing.T, f firm) refs {
		return refs{"string": asked(t, st, f, f.User.ID, feierabend.NewID(), code()).ID}
	}
	confirm := func(t *testing.T, f firm) refs { // waits for the page's word
		code := code()
		c := challenge(st.Now(), f, feierabend.NewID())
		must(t, st.AddLinkChallenge(ctx, f.Tenant.ID, c, code))
		said := stranger(st, feierabend.NewID(), strings.Replace(wish, feierabend.ShowLinkCode(goodCode), feierabend.ShowLinkCode(code), 1))
		said.From, said.BSUID = "", "DE."+c.ID
		heard(t, st, said)
		yes := answer(st, feierabend.NewID(), feierabend.ActLink, c)
		yes.From, yes.BSUID = "", said.BSUID
		heard(t, st, yes)
		return refs{"string": c.ID}
	}
	return map[string]foreignRow{
		"AddLinkChallenge": {false, func(_ *testing.T, f firm) refs { return refs{"LinkChallenge.User": string(f.User.ID)} }, func(f firm, r refs) (any, error) {
			c := challenge(st.Now(), f, feierabend.NewID())
			c.User = feierabend.UserID(r["LinkChallenge.User"])
			return done(st.AddLinkChallenge(ctx, f.Tenant.ID, c, code()))
		}},
		"LinkChallenge": {true, asked, func(f firm, r refs) (any, error) { return gave(st.LinkChallenge(ctx, f.Tenant.ID, r["string"])) }},
		"CancelLink":    {false, asked, func(f firm, r refs) (any, error) { return done(st.CancelLink(ctx, f.Tenant.ID, r["string"], f.Owner)) }},
		"ConfirmLink": {false, confirm, func(f firm, r refs) (any, error) {
			_, err := st.ConfirmLink(ctx, f.Tenant.ID, r["string"], f.Owner)
			return nil, err
		}},
		"UnlinkSender": {false, func(t *testing.T, f firm) refs {
			user := colleague(t, f)
			return refs{"SenderID": ask(t, st, `SELECT id FROM sender_link WHERE user_id = $1`, string(user))[0][0]}
		}, func(f firm, r refs) (any, error) {
			return done(st.UnlinkSender(ctx, f.Tenant.ID, feierabend.SenderID(r["SenderID"]), f.Owner))
		}},
		"UnlinkSenders": {false, func(t *testing.T, f firm) refs { return refs{"UserID": string(colleague(t, f))} }, func(f firm, r refs) (any, error) {
			return gave(st.UnlinkSenders(ctx, f.Tenant.ID, feierabend.UserID(r["UserID"]), f.Owner))
		}},
	}
}
