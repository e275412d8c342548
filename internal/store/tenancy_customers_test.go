package store_test

import (
	"context"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// customerRows are those of customers' own words, for TestForeignIsUnknown.
func customerRows(st *store.Store) map[string]foreignRow {
	ctx, h := context.Background(), herd{st}
	type firm = storetest.Firm
	told := func(t *testing.T, f firm) refs { // asked for the first time
		must(t, st.SetCustomers(ctx, f.Tenant.ID, feierabend.CustomerVoices{Forwarded: true}, f.Owner))
		do(t, st, `UPDATE message SET reason = '' WHERE tenant_id = $1 AND reason = $2`, f.Tenant.ID.String(), feierabend.ReasonForwardAsk)
		do(t, st, `UPDATE sender_link SET forwarded = '' WHERE tenant_id = $1`, f.Tenant.ID.String())
		return h.told(t, f)
	}
	id := func(r refs) feierabend.MessageID { return feierabend.MessageID(r["MessageID"]) }
	link := func(t *testing.T, f firm) refs {
		return refs{"string": offered(t, st, f, "", feierabend.LinkCode([]byte(feierabend.NewID()))).ID}
	}
	return map[string]foreignRow{
		"AddCustomerLink": {false, func(t *testing.T, f firm) refs {
			must(t, st.SetCustomers(ctx, f.Tenant.ID, feierabend.CustomerVoices{Links: true}, f.Owner))
			return refs{"CustomerLink.Case": string(h.typed(t, f).Case), "CustomerLink.By": string(f.User.ID)}
		}, func(f firm, r refs) (any, error) {
			c := kundenlink(st.Now(), f, feierabend.CaseID(r["CustomerLink.Case"]))
			c.By = feierabend.UserID(r["CustomerLink.By"])
			return done(st.AddCustomerLink(ctx, f.Tenant.ID, c, feierabend.LinkCode([]byte(feierabend.NewID()))))
		}},
		"CustomerLinks": {true, func(t *testing.T, f firm) refs {
			c := h.typed(t, f).Case
			offered(t, st, f, c, feierabend.LinkCode([]byte(feierabend.NewID())))
			return refs{"CaseID": string(c)}
		}, func(f firm, r refs) (any, error) {
			return gave(st.CustomerLinks(ctx, f.Tenant.ID, feierabend.CaseID(r["CaseID"])))
		}},
		"CustomerLink": {true, link, func(f firm, r refs) (any, error) { return gave(st.CustomerLink(ctx, f.Tenant.ID, r["string"])) }},
		"EndCustomerLink": {false, link, func(f firm, r refs) (any, error) {
			return done(st.EndCustomerLink(ctx, f.Tenant.ID, r["string"], f.Owner))
		}},
		"HoldForwarded": {false, told, func(f firm, r refs) (any, error) { return gave(st.HoldForwarded(ctx, f.Tenant.ID, id(r), out(r))) }},
		"DecideForwarded": {false, told, func(f firm, r refs) (any, error) {
			return done(st.DecideForwarded(ctx, f.Tenant.ID, id(r), feierabend.ForwardDrop, f.Owner, out(r)))
		}},
	}
}
