//go:build !noscrub

package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestEntryErased: row and key go in one transaction with the receipt, the scrub finds
// nothing more, the receipt is signed and checked offline; a second call gives the same
// one. Before it the sealed forms are found, so the search proves something.
func TestEntryErased(t *testing.T) {
	onBook(t, 24, func(t *testing.T, st *store.Store, clock *storetest.Clock, a, b storetest.Firm) {
		ctx := t.Context()
		withBook(t, st, b, 24)
		e := entry(t, st, a, "Kanarienwohlers")
		needles := append(sealedOf(t, st, a), []byte("Kanarienwohlers"), []byte("kundin.example"))
		other := entry(t, st, b, "Kanarienwohlers")
		before, err := st.Search(ctx, needles)
		must(t, err)
		if before.Hits[0] == 0 || before.Hits[1] == 0 || before.Hits[2]+before.Hits[3] != 0 {
			t.Errorf("before: %v", before.Hits)
		}
		wantCode(t, second(st.EraseAddress(ctx, a.Tenant.ID, e.ID, feierabend.EraseConfirmed, a.Owner)), feierabend.Invalid, "erase_reason")
		rec, err := st.EraseAddress(ctx, a.Tenant.ID, e.ID, feierabend.EraseDiscarded, a.Owner)
		must(t, err)
		if rec.Subject != feierabend.SubjectAddress || rec.Entry != e.ID || rec.Case != "" || rec.Verification != feierabend.VerifyPending ||
			rec.Erased["addresses"] != 1 || rec.Erased["keys"] != 1 || !rec.FirstContentAt.Equal(e.CreatedAt) {
			t.Errorf("receipt %+v", rec)
		}
		again, err := st.EraseAddress(ctx, a.Tenant.ID, e.ID, feierabend.EraseExpired, feierabend.Actor{})
		if err != nil || again.ID != rec.ID {
			t.Errorf("second call: %s, %v, want %s", again.ID, err, rec.ID)
		}
		if _, err := st.ReceiptOf(ctx, a.Tenant.ID, feierabend.CaseID(e.ID)); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("taken for a case: %v", err)
		}
		if got := planned(t, st); len(got) != 1 || got[0] != "scrub" {
			t.Errorf("jobs %v", got)
		}
		if n, err := st.ScrubAndVerify(ctx); err != nil || n != 1 {
			t.Errorf("%d verified, %v", n, err)
		}
		after, err := st.Search(ctx, needles)
		must(t, err)
		if st.SQL() == nil {
			after.Hits[1] = 0 // the content tables of PostgreSQL are rewritten later
		}
		for i, n := range after.Hits {
			if n != 0 {
				t.Errorf("needle %d found %d times after the scrub", i, n)
			}
		}
		rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID)
		must(t, err)
		if rec.Verification != feierabend.VerifyVerified || rec.Entry != e.ID || seal.VerifyReceipt(rec) != nil {
			t.Errorf("at the end: %+v", rec)
		}
		rec.Entry = other.ID
		if seal.VerifyReceipt(rec) == nil {
			t.Error("the receipt fits another entry")
		}
		if _, err := st.Address(ctx, b.Tenant.ID, other.ID); err != nil {
			t.Errorf("the other firm's entry: %v", err)
		}
	})
}

// TestBookErased: switching off ends the instruction and erases every entry, expired
// ones too, with one receipt; the other firm's book stays. Off again, or with nothing in
// it, there is nothing to prove.
func TestBookErased(t *testing.T) {
	onBook(t, 3, func(t *testing.T, st *store.Store, clock *storetest.Clock, a, b storetest.Firm) {
		ctx := t.Context()
		withBook(t, st, b, 24)
		entry(t, st, b, "Wohlers")
		first := entry(t, st, a, "Expired")
		clock.Advance(100 * day)
		for i := range 4 {
			entry(t, st, a, fmt.Sprint("Kanarienwohlers", i))
		}
		needles := sealedOf(t, st, a)
		rec, err := st.EraseBook(ctx, a.Tenant.ID, a.Owner)
		must(t, err)
		if rec.Subject != feierabend.SubjectBook || rec.Erased["addresses"] != 5 || rec.Erased["keys"] != 5 || !rec.FirstContentAt.Equal(first.CreatedAt) {
			t.Errorf("receipt %+v", rec)
		}
		if got := count(t, st, "address_entry") + count(t, st, "content_key"); got != "11" {
			t.Errorf("entries and keys left: %s, want those of the other firm", got)
		}
		again, err := st.EraseBook(ctx, a.Tenant.ID, a.Owner)
		if err != nil || again.ID != "" {
			t.Errorf("off again: %+v, %v", again, err)
		}
		withBook(t, st, a, 24)
		if again, err = st.EraseBook(ctx, a.Tenant.ID, a.Owner); err != nil || again.ID != "" {
			t.Errorf("an empty one: %+v, %v", again, err)
		}
		if n, err := st.ScrubAndVerify(ctx); err != nil || n != 1 {
			t.Errorf("%d verified, %v", n, err)
		}
		after, err := st.Search(ctx, needles)
		must(t, err)
		for i := 0; i < len(needles); i += 2 {
			if after.Hits[i] != 0 {
				t.Errorf("key %d found after the scrub", i/2)
			}
		}
		rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID)
		must(t, err)
		must(t, seal.VerifyReceipt(rec))
	})
}

// TestEntryRotatedThenErased: the receipt of an entry waits for the older forms of its
// key too.
func TestEntryRotatedThenErased(t *testing.T) {
	onRing(t, func(t *testing.T, r *rotating) {
		must(t, second(r.st.RotateKeys(t.Context(), nil)))
		r.opens(t, r.st)
		do(t, r.st, `INSERT INTO rotated_key(key_id, master_id, pieces) SELECT key_id, 1, $2 FROM address_entry WHERE id = $1`, string(r.entries[0].ID), make([]byte, 40))
		rec, err := r.st.EraseAddress(t.Context(), r.a.Tenant.ID, r.entries[0].ID, feierabend.EraseDiscarded, r.a.Owner)
		must(t, err)
		if got := ask(t, r.st, `SELECT length(pieces) FROM receipt_check WHERE receipt_id = $1`, string(rec.ID))[0][0]; got != "160" {
			t.Errorf("%s bytes of fingerprints, want those of three pieces and of the older form", got)
		}
	})
}

// TestEntryIsNoOrphan: an old key that an entry has is not thrown away.
func TestEntryIsNoOrphan(t *testing.T) {
	onRing(t, func(t *testing.T, r *rotating) {
		if n, err := store.DropOrphans(t.Context(), r.st); err != nil || n != 0 {
			t.Errorf("%d keys thrown away, %v", n, err)
		}
		r.opens(t, r.st)
	})
}

// TestBookProperty: after random acts of two firms the lists are what a model says, each
// entry has its key and no key is left over, and every erasure is proved.
func TestBookProperty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		seed := rand.Uint64()
		rng := rand.New(rand.NewPCG(seed, 1))
		model := map[feierabend.TenantID]map[feierabend.AddressID]string{a.Tenant.ID: {}, b.Tenant.ID: {}}
		receipts := 0
		for i := range 160 {
			f := []storetest.Firm{a, b}[rng.IntN(2)]
			have, name := model[f.Tenant.ID], fmt.Sprint("Kundin", i)
			var any feierabend.BookEntry
			if all, err := st.Addresses(ctx, f.Tenant.ID); err != nil {
				t.Fatal(err)
			} else if len(all) > 0 {
				any = all[rng.IntN(len(all))]
			}
			switch act := rng.IntN(20); {
			case act < 9:
				withBook(t, st, f, 24)
				have[entry(t, st, f, name).ID] = name
			case act < 12 && any.ID != "":
				must(t, st.ChangeAddress(ctx, f.Tenant.ID, any.ID, any.Version, customer(name), f.Owner))
				have[any.ID] = name
			case act < 14 && any.ID != "":
				must(t, use(t, st, f, any.ID))
			case act < 18 && any.ID != "":
				must(t, second(st.EraseAddress(ctx, f.Tenant.ID, any.ID, feierabend.EraseDiscarded, f.Owner)))
				delete(have, any.ID)
				receipts++
			case act == 18:
				rec, err := st.EraseBook(ctx, f.Tenant.ID, f.Owner)
				must(t, err)
				if rec.Erased["addresses"] != len(have) || (rec.ID != "") != (len(have) > 0) {
					t.Fatalf("seed %d: %+v of %d entries", seed, rec, len(have))
				}
				receipts += min(1, len(have))
				clear(have)
			}
			clock.Advance(day)
		}
		for tenant, have := range model {
			all, err := st.Addresses(ctx, tenant)
			must(t, err)
			for _, e := range all {
				if have[e.ID] != e.Name {
					t.Errorf("seed %d: %s is %q, want %q", seed, e.ID, e.Name, have[e.ID])
				}
			}
			if len(all) != len(have) {
				t.Errorf("seed %d: %d entries, want %d", seed, len(all), len(have))
			}
		}
		if got := ask(t, st, `SELECT (SELECT count(*) FROM content_key) - (SELECT count(*) FROM address_entry) - (SELECT count(*) FROM cases), (SELECT count(*) FROM receipt)`)[0]; got[0] != "0" || got[1] != fmt.Sprint(receipts) {
			t.Errorf("seed %d: %s keys too many, %s receipts of %d", seed, got[0], got[1], receipts)
		}
		if n, err := st.ScrubAndVerify(ctx); err != nil || n != receipts {
			t.Errorf("seed %d: %d of %d verified, %v", seed, n, receipts, err)
		}
	})
}
