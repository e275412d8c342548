package store_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// onBook runs fn on a store with two firms, the first of which keeps an address book.
func onBook(t *testing.T, months int, fn func(t *testing.T, st *store.Store, clock *storetest.Clock, a, b storetest.Firm)) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		a, b := storetest.Seed(t, st)
		withBook(t, st, a, months)
		fn(t, st, clock, a, b)
	})
}

// TestBookIsKept: what is written down is read back, changed by whoever saw the newest
// state, and seen by no other firm; with the book off nothing is taken.
func TestBookIsKept(t *testing.T) {
	onBook(t, 24, func(t *testing.T, st *store.Store, clock *storetest.Clock, a, b storetest.Firm) {
		ctx := t.Context()
		e := entry(t, st, a, "Wohlers")
		if _, err := st.AddAddress(ctx, b.Tenant.ID, customer("Wohlers"), b.Owner); feierabend.CodeOf(err) != "book_off" {
			t.Errorf("with the book off: %v", err)
		}
		if _, err := st.AddAddress(ctx, a.Tenant.ID, feierabend.AddressEntry{Aliases: []string{"x"}}, a.Owner); feierabend.KindOf(err) != feierabend.Invalid {
			t.Errorf("nobody: %v", err)
		}
		got, err := st.Address(ctx, a.Tenant.ID, e.ID)
		must(t, err)
		if diff := cmp.Diff(e, got, cmp.Comparer(func(x, y feierabend.TenantID) bool { return x == y })); diff != "" {
			t.Error(diff)
		}
		clock.Advance(time.Hour)
		must(t, st.ChangeAddress(ctx, a.Tenant.ID, e.ID, 1, customer("Lindemann"), a.Owner))
		wantCode(t, st.ChangeAddress(ctx, a.Tenant.ID, e.ID, 1, customer("Maier"), a.Owner), feierabend.Conflict, "address_version")
		all, err := st.Addresses(ctx, a.Tenant.ID)
		must(t, err)
		if len(all) != 1 || all[0].Name != "Lindemann" || all[0].Version != 2 || !all[0].UsedAt.Equal(clock.Now()) || !all[0].CreatedAt.Equal(e.CreatedAt) {
			t.Errorf("list %+v", all)
		}
		for f, want := range map[feierabend.TenantID]bool{a.Tenant.ID: true, b.Tenant.ID: false} {
			n, err := st.Tenant(ctx, f)
			must(t, err)
			p, err := st.Profile(ctx, f)
			must(t, err)
			if p.AddressBookOn != want || n.BookMonths > 0 != want {
				t.Errorf("on: profile %t, firm %d months; want %t", p.AddressBookOn, n.BookMonths, want)
			}
		}
		var acts []string
		events, err := st.Audit(ctx, a.Tenant.ID)
		must(t, err)
		for _, v := range events {
			if strings.HasPrefix(v.Act, "book.") || strings.HasPrefix(v.Act, "address.") {
				acts = append(acts, v.Act+" "+v.Ref)
			}
		}
		if diff := cmp.Diff([]string{"book.set 24", "address.added " + string(e.ID), "address.changed " + string(e.ID)}, acts); diff != "" {
			t.Errorf("audit: %s", diff)
		}
	})
}

// TestBookExpires: an entry is there until a microsecond before its end, and refused at
// its end by every method, swept or not; a use begins the term anew. Then the sweep's
// list names it, and nothing of another firm.
func TestBookExpires(t *testing.T) {
	onBook(t, 3, func(t *testing.T, st *store.Store, clock *storetest.Clock, a, b storetest.Firm) {
		ctx := t.Context()
		withBook(t, st, b, 24)
		other := entry(t, st, b, "Wohlers")
		e, unused := entry(t, st, a, "Wohlers"), entry(t, st, a, "Thiel")
		clock.Advance(30 * day)
		must(t, use(t, st, a, e.ID))
		var m feierabend.Message
		reads := map[string]func(id feierabend.AddressID) error{
			"Address": func(id feierabend.AddressID) error { return second(st.Address(ctx, a.Tenant.ID, id)) },
			"Addresses": func(id feierabend.AddressID) error {
				all, err := st.Addresses(ctx, a.Tenant.ID)
				for _, one := range all {
					if one.ID == id {
						return err
					}
				}
				return &feierabend.Error{Kind: feierabend.NotFound}
			},
			"TakeAddress": func(id feierabend.AddressID) error {
				seen := false
				_, err := st.TakeAddress(ctx, a.Tenant.ID, func(all []feierabend.BookEntry) feierabend.BookEntry {
					seen = slices.ContainsFunc(all, func(one feierabend.BookEntry) bool { return one.ID == id })
					return feierabend.BookEntry{} // which is refused: nothing is stored
				}, a.Owner)
				if feierabend.KindOf(err) != feierabend.Invalid {
					return fmt.Errorf("took: %w", err)
				}
				if !seen {
					return &feierabend.Error{Kind: feierabend.NotFound}
				}
				return nil
			},
		}
		writes := map[string]func(id feierabend.AddressID) error{
			"AddDraft": func(id feierabend.AddressID) error {
				return second(st.AddDraft(ctx, a.Tenant.ID, feierabend.NewDraft{Case: m.Case, State: feierabend.CaseOpen, Entry: id}))
			},
			"ChangeAddress": func(id feierabend.AddressID) error {
				return st.ChangeAddress(ctx, a.Tenant.ID, id, 1, customer("x"), a.Owner)
			},
		}
		for _, id := range []feierabend.AddressID{unused.ID, e.ID} {
			now, err := st.Address(ctx, a.Tenant.ID, id)
			must(t, err)
			if want := feierabend.BookExpiresAt(now.UsedAt, 3); !now.ExpiresAt.Equal(want) {
				t.Errorf("ends %s, want %s", now.ExpiresAt, want)
			}
			clock.Advance(now.ExpiresAt.Sub(clock.Now()) - time.Microsecond)
			in := a.Inbound(string(id), "Rechnung")
			in.At = clock.Now()
			m = receive(t, st, a, in)
			for name, read := range reads {
				if err := read(id); err != nil {
					t.Errorf("%s before the end: %v", name, err)
				}
			}
			if _, err := st.EraseAddress(ctx, a.Tenant.ID, id, feierabend.EraseExpired, feierabend.Actor{Via: feierabend.ViaSweep}); feierabend.KindOf(err) != feierabend.NotFound {
				t.Errorf("swept before the end: %v", err)
			}
			clock.Advance(time.Microsecond)
			before := dump(t, st, a.Tenant.ID)
			for name, read := range reads {
				wantNotFound(t, name, read(id))
			}
			for name, write := range writes {
				wantNotFound(t, name, write(id))
			}
			if dump(t, st, a.Tenant.ID) != before {
				t.Error("something was written after the end")
			}
		}
		due, err := st.DueAddresses(ctx, clock.Now(), feierabend.DueAddress{}, 10)
		must(t, err)
		if len(due) != 2 || due[0].Tenant != a.Tenant.ID || due[0].ID != unused.ID || due[1].ID != e.ID {
			t.Errorf("due: %+v", due)
		}
		if due, err = st.DueAddresses(ctx, clock.Now(), feierabend.DueAddress{}, 1); err != nil || len(due) != 1 {
			t.Errorf("with a limit: %+v, %v", due, err)
		}
		rec, err := st.EraseAddress(ctx, a.Tenant.ID, e.ID, feierabend.EraseExpired, feierabend.Actor{Via: feierabend.ViaSweep})
		if err != nil || rec.Reason != feierabend.EraseExpired {
			t.Errorf("swept: %+v, %v", rec, err)
		}
		if _, err := st.Address(ctx, b.Tenant.ID, other.ID); err != nil {
			t.Errorf("the other firm's: %v", err)
		}
	})
}

// TestBookTerm: a shorter term holds for what is there, leaves a day, puts nothing off,
// and is recorded once; a longer one holds from the next use on.
func TestBookTerm(t *testing.T) {
	onBook(t, 12, func(t *testing.T, st *store.Store, clock *storetest.Clock, a, _ storetest.Firm) {
		ctx := t.Context()
		old := entry(t, st, a, "Wohlers")
		clock.Advance(200 * day)
		fresh := entry(t, st, a, "Thiel")
		ends := func(id feierabend.AddressID) time.Time {
			t.Helper()
			e, err := st.Address(ctx, a.Tenant.ID, id)
			must(t, err)
			return e.ExpiresAt
		}
		for _, c := range []struct {
			months, shortened int
			old, fresh        time.Time
		}{
			{24, 0, old.ExpiresAt, fresh.ExpiresAt},
			{3, 2, clock.Now().Add(feierabend.Grace), feierabend.BookExpiresAt(fresh.UsedAt, 3)},
			{3, 0, clock.Now().Add(feierabend.Grace), feierabend.BookExpiresAt(fresh.UsedAt, 3)},
			{6, 0, clock.Now().Add(feierabend.Grace), feierabend.BookExpiresAt(fresh.UsedAt, 3)},
		} {
			n, err := st.SetBook(ctx, a.Tenant.ID, c.months, a.Owner)
			must(t, err)
			if n != c.shortened || !ends(old.ID).Equal(c.old) || !ends(fresh.ID).Equal(c.fresh) {
				t.Errorf("%d months: %d shortened, ends %s and %s; want %d, %s, %s", c.months, n, ends(old.ID), ends(fresh.ID), c.shortened, c.old, c.fresh)
			}
		}
		must(t, use(t, st, a, old.ID))
		if want := feierabend.BookExpiresAt(clock.Now(), 6); !ends(old.ID).Equal(want) {
			t.Errorf("used: ends %s, want %s", ends(old.ID), want)
		}
		if got := ask(t, st, `SELECT count(*) FROM audit WHERE act = 'book.set'`)[0][0]; got != "4" {
			t.Errorf("%s records of the instruction, want 12, 24, 3, 6", got)
		}
	})
}

// TestBookFull: the book has a bound, since all of it is opened for a draft.
func TestBookFull(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		withBook(t, st, a, 24)
		entry(t, st, a, "Wohlers")
		do(t, st, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
		INSERT INTO address_entry(tenant_id, id, key_id, version, created_at, used_at, expires_at, body) SELECT tenant_id, 'x' || i, -i, 1, 0, 0, 0, body FROM address_entry, n`)
		_, err := st.AddAddress(t.Context(), a.Tenant.ID, customer("Thiel"), a.Owner)
		wantCode(t, err, feierabend.Conflict, "book_full")
	})
}

// sealedOf gives the wrapped keys and the sealed bodies of a firm's entries.
func sealedOf(t *testing.T, st *store.Store, f storetest.Firm) (out [][]byte) {
	t.Helper()
	for _, r := range ask(t, st, `SELECT k.wrapped, e.body FROM address_entry e JOIN content_key k ON k.id = e.key_id WHERE e.tenant_id = $1`, f.Tenant.ID.String()) {
		for _, v := range r {
			b, err := hex.DecodeString(v)
			must(t, err)
			out = append(out, b[:min(len(b), 60)])
		}
	}
	return out
}

// TestEntryOfBackup: a backup refuses the address book: neither what is in it nor the
// keys are in the file, and the restored firm has an empty one.
func TestEntryOfBackup(t *testing.T) {
	onBook(t, 24, func(t *testing.T, st *store.Store, _ *storetest.Clock, a, _ storetest.Firm) {
		entry(t, st, a, "Kanarienwohlers")
		path := t.TempDir() + "/backup"
		_, err := st.Backup(context.Background(), path)
		must(t, err)
		wantNothingIn(t, path, append(sealedOf(t, st, a), []byte("Kanarienwohlers"), []byte("kundin.example")))
	})
}

func wantNothingIn(t *testing.T, path string, needles [][]byte) {
	t.Helper()
	all, err := os.ReadFile(path)
	must(t, err)
	for i, n := range needles {
		if bytes.Contains(all, n) {
			t.Errorf("needle %d of %d is in the file", i, len(needles))
		}
	}
}

// TestDraftTakesItsEntry: a draft and the use of the entry that it takes over are one
// transaction. Where the draft is not stored the entry's term goes on as before; where
// the entry has gone, or is another firm's, there is no draft, and its message waits.
func TestDraftTakesItsEntry(t *testing.T) {
	onBook(t, 24, func(t *testing.T, st *store.Store, clock *storetest.Clock, a, b storetest.Firm) {
		ctx := t.Context()
		withBook(t, st, b, 24)
		e, foreign := entry(t, st, a, "Wohlers"), entry(t, st, b, "Wohlers")
		clock.Advance(day)
		m := typed(t, st, a, "wamid.1", "Rechnung für Frau Wohlers")
		n := feierabend.NewDraft{Case: m.Case, Base: 7, State: feierabend.CaseOpen, Message: m.ID, Reason: feierabend.ReasonDrafted, Entry: e.ID}
		wantCode(t, second(st.AddDraft(ctx, a.Tenant.ID, n)), feierabend.Conflict, "draft_version")
		if got, err := st.Address(ctx, a.Tenant.ID, e.ID); err != nil || !got.UsedAt.Equal(e.UsedAt) || !got.ExpiresAt.Equal(e.ExpiresAt) {
			t.Errorf("a draft that was not stored: used %s, ends %s, %v; want %s, %s", got.UsedAt, got.ExpiresAt, err, e.UsedAt, e.ExpiresAt)
		}
		must(t, second(st.EraseAddress(ctx, a.Tenant.ID, e.ID, feierabend.EraseDiscarded, a.Owner)))
		n.Base = 0
		for _, n.Entry = range []feierabend.AddressID{e.ID, foreign.ID} {
			wantCode(t, second(st.AddDraft(ctx, a.Tenant.ID, n)), feierabend.NotFound, "address")
		}
		if got, err := st.Message(ctx, a.Tenant.ID, m.ID); err != nil || got.State == feierabend.MessageDone {
			t.Errorf("the message is %s, %v", got.State, err)
		}
		n.Entry = ""
		must(t, second(st.AddDraft(ctx, a.Tenant.ID, n)))
	})
}

// TestBookAfterTheClockWasSetBack: entries that were made or used by a clock that was
// years ahead end by the term of their own firm, counted from the accepted time.
func TestBookAfterTheClockWasSetBack(t *testing.T) {
	onBook(t, 3, func(t *testing.T, st *store.Store, clock *storetest.Clock, a, b storetest.Firm) {
		ctx := t.Context()
		withBook(t, st, b, 24)
		by := feierabend.Actor{Via: feierabend.ViaCLI}
		accept := func() {
			t.Helper()
			_, err := st.AcceptClock(ctx, by)
			must(t, err)
		}
		clock.Jump(3 * 365 * day)
		accept()
		short, long := entry(t, st, a, "Wohlers"), entry(t, st, b, "Thiel")
		clock.Jump(-3 * 365 * day)
		accept()
		for _, c := range []struct {
			f      storetest.Firm
			id     feierabend.AddressID
			months int
		}{{a, short.ID, 3}, {b, long.ID, 24}} {
			e, err := st.Address(ctx, c.f.Tenant.ID, c.id)
			must(t, err)
			if want := feierabend.BookExpiresAt(clock.Now(), c.months); !e.ExpiresAt.Equal(want) || e.UsedAt.After(clock.Now()) {
				t.Errorf("with %d months: used %s, ends %s, want %s", c.months, e.UsedAt, e.ExpiresAt, want)
			}
		}
	})
}
