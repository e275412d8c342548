//go:build noscrub

package store_test

import (
	"context"
	"testing"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestNoScrub: in the build without scrub the search finds what is left, and the
// receipt stays pending. So a search that finds nothing means something.
func TestNoScrub(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.1", "Moin")
		wrapped, _, err := st.Fingerprints(ctx, a.Tenant.ID, m.Case)
		must(t, err)
		rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)
		must(t, err)
		n, err := st.ScrubAndVerify(ctx)
		wantCode(t, err, feierabend.Unavailable, "residue")
		rec, rerr := st.Receipt(ctx, a.Tenant.ID, rec.ID)
		must(t, rerr)
		if n != 0 || rec.Verification != feierabend.VerifyPending || rec.Hits == 0 || len(rec.Signature) != 0 {
			t.Errorf("%d verified, receipt %+v", n, rec)
		}
		res, err := st.Search(ctx, [][]byte{wrapped})
		must(t, err)
		if res.Hits[0] == 0 {
			t.Error("the key is not found, though nothing was scrubbed")
		}
		if count(t, st, "receipt_check") != "1" {
			t.Error("the check is gone: the search cannot be repeated")
		}
	})
}

// TestNoScrubRotation: without scrub the old forms of rotated keys are found, and
// stay to be searched for.
func TestNoScrubRotation(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			clock, dsn := storetest.NewClock(), e.DSN(t)
			st := storetest.Open(t, dsn, clock)
			a, _ := storetest.Seed(t, st)
			typed(t, st, a, "wamid.1", "Moin")
			o := storetest.Options(t, dsn, clock)
			var err error
			o.Keys, err = seal.ParseKeys("2:" + seal.RandomKey() + ",1:" + storetest.MasterKey)
			must(t, err)
			other, err := store.Open(t.Context(), o)
			must(t, err)
			defer other.Close()
			r, err := other.RotateKeys(t.Context(), nil)
			wantCode(t, err, feierabend.Unavailable, "residue")
			if r.Keys != 1 || r.Searched != 1 || r.Hits == 0 || count(t, st, "rotated_key") != "1" {
				t.Errorf("%+v", r)
			}
		})
	}
}
