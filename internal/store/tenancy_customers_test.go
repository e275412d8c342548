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
		do(t, st, `UPDATE message SET reason = '' WHERE tenant_id = $1 AND reason = $2`, f.Tenant.ID.String(), feierabend.ReasonForwardAsk)
		do(t, st, `UPDATE sender_link SET forwarded = '' WHERE tenant_id = $1`, f.Tenant.ID.String())
		return h.told(t, f)
	}
	id := func(r refs) feierabend.MessageID { return feierabend.MessageID(r["MessageID"]) }
	return map[string]foreignRow{
		"HoldForwarded": {false, told, func(f firm, r refs) (any, error) { return gave(st.HoldForwarded(ctx, f.Tenant.ID, id(r), out(r))) }},
		"DecideForwarded": {false, told, func(f firm, r refs) (any, error) {
			return done(st.DecideForwarded(ctx, f.Tenant.ID, id(r), feierabend.ForwardDrop, f.Owner, out(r)))
		}},
	}
}
