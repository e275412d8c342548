package main

import (
	"testing"

	"feierabend"
	"feierabend/internal/store"
)

// The address book among the herd: each buyer is taken over into the book of its firm
// before anything is erased, so that the marks live in entries too. Then a third of the
// firms switch the book off, a third delete entry by entry, and of the rest they expire.

// writeDown takes the buyer of a case over, by the running service.
func (h *herd) writeDown(t *testing.T, k *herdCase) {
	f := k.firm
	if _, err := f.book.Switch(f.ctx, f.owner(), f.tenant, 3); err != nil {
		t.Errorf("switch the book on: %v", err)
	}
	d, err := f.store.Draft(f.ctx, f.tenant, k.id)
	if err != nil || d.Draft.Buyer == nil {
		t.Errorf("buyer of case %d: %v", k.n, err)
		return
	}
	if _, err := f.book.Take(f.ctx, f.owner(), f.tenant, *d.Draft.Buyer); err != nil {
		t.Errorf("take the buyer of case %d over: %v", k.n, err)
	}
}

// collectBook adds the keys and the sealed values of the entries to what is looked for.
func (h *herd) collectBook(t *testing.T) {
	t.Helper()
	for i, v := range h.blobs(t, `SELECT e.id, k.wrapped FROM address_entry e JOIN content_key k ON k.id = e.key_id`) {
		h.prey.addPieces("entry key", i, 20, v.b)
		delete(h.keys, string(v.b))
	}
	for i, v := range h.blobs(t, `SELECT id, body FROM address_entry`) {
		h.prey.addPieces("entry cipher", i, 16, v.b[:min(48, len(v.b))])
		h.entries++
	}
	if h.entries != len(h.all) {
		t.Fatalf("%d entries of %d cases", h.entries, len(h.all))
	}
}

// eraseBooks switches off and deletes, by the running service.
func (h *herd) eraseBooks(t *testing.T) {
	t.Helper()
	for i, f := range h.firms {
		switch i % 3 {
		case 0:
			if _, err := f.book.Off(f.ctx, f.owner(), f.tenant); err != nil {
				t.Fatalf("switch the book off: %v", err)
			}
		case 1:
			all, err := f.book.Entries(f.ctx, f.owner(), f.tenant)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range all {
				if _, err := f.book.Delete(f.ctx, f.owner(), f.tenant, e.ID); err != nil {
					t.Fatalf("delete an entry: %v", err)
				}
			}
		}
	}
}

// bookReceipts checks that every entry is accounted for by a receipt at its end.
func (h *herd) bookReceipts(t *testing.T, st *store.Store) {
	t.Helper()
	count, entries := map[feierabend.Subject]int{}, 0
	for _, f := range h.firms {
		all, err := st.Receipts(t.Context(), f.tenant)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			if r.Subject == feierabend.SubjectCase {
				continue
			}
			count[r.Subject]++
			entries += r.Erased["addresses"]
			if (r.Verification == feierabend.VerifyVerified) == unscrubbed {
				t.Errorf("receipt of %q is %s, %d hits", r.Subject, r.Verification, r.Hits)
			}
		}
	}
	if entries != h.entries {
		t.Errorf("receipts of %d entries, want %d", entries, h.entries)
	}
	t.Logf("canary %s: %d entries of address books gone, %d receipts of entries, %d of whole books", h.engine, entries, count[feierabend.SubjectAddress], count[feierabend.SubjectBook])
}

// judgeBook compares what was found of the entries before and after.
func (h *herd) judgeBook(t *testing.T, before, after *hunt) {
	t.Helper()
	for _, kind := range []string{"entry key", "entry cipher"} {
		if n := len(before.cases(kind)); n != h.entries {
			t.Errorf("%s: found of %d of %d entries before the erasure: the search proves nothing", kind, n, h.entries)
		}
		if left := after.cases(kind); len(left) > 0 && !unscrubbed {
			t.Errorf("%s: of %d entries there is still something in the files", kind, len(left))
		}
	}
	t.Logf("canary %s: entries of address books: %d keys and %d sealed values found before, %d and %d after", h.engine,
		len(before.cases("entry key")), len(before.cases("entry cipher")), len(after.cases("entry key")), len(after.cases("entry cipher")))
}
