package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// noise is as long as a sealed value and opens with no key.
var noise = []byte("0123456789012345678901234567890123456789012345678901234567890123456789")

// TestEraseDamaged: what does not open goes all the same, its key is searched for, and
// nothing of the other firm's is touched. Without its key there is no proof, and the
// receipt says so.
func TestEraseDamaged(t *testing.T) {
	damages := []struct {
		name, text string
		noise      bool
		media      int // files at the provider that can still be deleted
		keys       int
	}{
		{"summary", `UPDATE cases SET summary = $2 WHERE id = $1`, true, 1, 1},
		{"a file's name at the provider", `UPDATE outbox SET media = $2 WHERE case_id = $1`, true, 0, 1},
		{"key", `UPDATE content_key SET wrapped = $2 WHERE id = (SELECT key_id FROM cases WHERE id = $1)`, true, 0, 1},
		{"no key", `DELETE FROM content_key WHERE id = (SELECT key_id FROM cases WHERE id = $1)`, false, 0, 0},
	}
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		by := feierabend.Actor{Via: feierabend.ViaSweep}
		other := typed(t, st, b, "wamid.b", "Moin")
		drafted(t, st, b, other)
		for _, reason := range []feierabend.EraseReason{feierabend.EraseDiscarded, feierabend.EraseExpired} {
			for _, d := range damages {
				m := typed(t, st, a, "wamid."+d.name+string(reason), "Kanarienvogel")
				drafted(t, st, a, m)
				issued(t, st, a, m.Case)
				must(t, st.AddOut(ctx, a.Tenant.ID, feierabend.Outgoing{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutDocument, Ref: "x"}))
				out := ask(t, st, `SELECT id FROM outbox WHERE case_id = $1`, string(m.Case))
				must(t, second(st.BeginSend(ctx, a.Tenant.ID, feierabend.OutboxID(out[0][0]))))
				must(t, st.SentAs(ctx, a.Tenant.ID, feierabend.OutboxID(out[0][0]), "wamid.out", "media-1"))
				args := []any{string(m.Case)}
				if d.noise {
					args = append(args, noise)
				}
				do(t, st, d.text, args...)
				if d.keys == 0 { // an earlier form of the key is known: to search for that alone would prove too little
					do(t, st, `INSERT INTO rotated_key(key_id, master_id, pieces) SELECT key_id, 1, $2 FROM cases WHERE id = $1`, string(m.Case), noise)
				}
				rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, reason, by)
				if err != nil {
					t.Errorf("%s, %s: %v", d.name, reason, err)
					continue
				}
				for _, q := range []string{`cases WHERE id`, `message WHERE case_id`, `draft WHERE case_id`, `document WHERE case_id`, `outbox WHERE case_id`} {
					if n := ask(t, st, `SELECT count(*) FROM `+q+` = $1`, string(m.Case))[0][0]; n != "0" {
						t.Errorf("%s: %s left of %s", d.name, n, q)
					}
				}
				kept := ask(t, st, `SELECT count(*) FROM outbox WHERE case_id = '' AND media IS NOT NULL`)[0][0]
				if kept != fmt.Sprint(d.media) || rec.Erased["keys"] != d.keys {
					t.Errorf("%s: %s files to delete at the provider, want %d; erased %v", d.name, kept, d.media, rec.Erased)
				}
				do(t, st, `DELETE FROM outbox WHERE case_id = ''`)
				if again, err := st.Erase(ctx, a.Tenant.ID, m.Case, reason, by); err != nil || again.ID != rec.ID {
					t.Errorf("%s, again: %s, %v", d.name, again.ID, err)
				}
				want := feierabend.VerifyPending
				if d.keys == 0 {
					want = feierabend.VerifyUnverifiable
					if rec.Method != "key_missing" || rec.VerifiedAt.IsZero() || rec.SearchedFiles != 0 {
						t.Errorf("receipt without a key: %+v", rec)
					}
					kept, err := st.Receipt(ctx, a.Tenant.ID, rec.ID)
					must(t, err)
					must(t, seal.VerifyReceipt(kept))
				}
				if rec.Verification != want {
					t.Errorf("%s: %s, want %s", d.name, rec.Verification, want)
				}
			}
		}
		if checks := count(t, st, "receipt_check"); checks != "6" {
			t.Errorf("%s proofs outstanding, want 6", checks)
		}
		if _, err := st.Draft(ctx, b.Tenant.ID, other.Case); err != nil || count(t, st, "content_key") != "1" {
			t.Errorf("the other firm: %v, %s keys", err, count(t, st, "content_key"))
		}
		wantFaults(t, "audit", st, a.Tenant.ID)
	})
}

// TestCaseDoesNotOpen: who it is of and how far it is can still be seen, until its time is over.
func TestCaseDoesNotOpen(t *testing.T) {
	st, clock := storetest.New(t)
	ctx := context.Background()
	a, b := storetest.Seed(t, st)
	m := typed(t, st, a, "wamid.1", "Moin")
	drafted(t, st, a, m)
	do(t, st, `UPDATE cases SET summary = $1`, noise)
	c, err := st.Case(ctx, a.Tenant.ID, m.Case)
	wantCode(t, err, feierabend.Unavailable, "sealed")
	if c.ID != m.Case || c.Sender != a.Sender.ID || c.State != feierabend.CaseReady {
		t.Errorf("case %+v", c)
	}
	wantCode(t, second(st.Case(ctx, b.Tenant.ID, m.Case)), feierabend.NotFound, "")
	clock.Advance(40 * 24 * time.Hour)
	wantCode(t, second(st.Case(ctx, a.Tenant.ID, m.Case)), feierabend.NotFound, "")
}

// TestEraseEntryWithoutKey: an entry of an address book whose key is missing goes, without
// a proof, and so does a book with such an entry.
func TestEraseEntryWithoutKey(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		must(t, second(st.SetBook(ctx, a.Tenant.ID, 12, a.Owner)))
		add := func(name string) feierabend.AddressID {
			e, err := st.AddAddress(ctx, a.Tenant.ID, feierabend.AddressEntry{Aliases: []string{name}, Buyer: feierabend.Buyer{Name: name}}, a.Owner)
			must(t, err)
			return e.ID
		}
		lose := func(id feierabend.AddressID) {
			do(t, st, `DELETE FROM content_key WHERE id = (SELECT key_id FROM address_entry WHERE id = $1)`, string(id))
		}
		one, two := add("Petersen"), add("Lühmann")
		add("Janssen")
		lose(one)
		lose(two)
		rec, err := st.EraseAddress(ctx, a.Tenant.ID, one, feierabend.EraseDiscarded, a.Owner)
		must(t, err)
		book, err := st.EraseBook(ctx, a.Tenant.ID, a.Owner)
		must(t, err)
		for _, r := range []struct {
			got             feierabend.ErasureReceipt
			addresses, keys int
		}{{rec, 1, 0}, {book, 2, 1}} {
			if r.got.Verification != feierabend.VerifyUnverifiable || r.got.Method != "key_missing" || r.got.Erased["addresses"] != r.addresses || r.got.Erased["keys"] != r.keys || r.got.FirstContentAt.IsZero() {
				t.Errorf("receipt %+v", r.got)
			}
			must(t, seal.VerifyReceipt(r.got))
		}
		if n := count(t, st, "address_entry") + count(t, st, "content_key") + count(t, st, "receipt_check"); n != "000" {
			t.Errorf("entries, keys, proofs left: %s", n)
		}
	})
}
