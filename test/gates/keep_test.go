package gates_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// entries are the flows of the address book (J-33).
var entries = []flow{
	{name: "take an address over", prepare: emptyBook, act: takeOver, skip: later(), end: inBook},
	{name: "draft from the book", prepare: bookWithEntry, act: say("Rechnung für Frau " + mark + ", anderthalb Stunden Arbeit, Anfahrt."), skip: later(), end: tookEntry},
	{name: "erase an entry", prepare: bookWithEntry, act: eraseEntry, skip: unhurried, end: bookErased(feierabend.SubjectAddress, 24)},
	{name: "book off", prepare: bookWithEntry, act: bookOff, skip: unhurried, end: bookErased(feierabend.SubjectBook, 0)},
}

// emptyBook is a book without entries, and a draft whose buyer could go into it.
func emptyBook(w *world) {
	ctx, firm := context.Background(), w.firm.Tenant.ID
	_, err := w.book.Off(ctx, w.firm.Owner, firm)
	must(w.t, err)
	_, err = w.book.Switch(ctx, w.firm.Owner, firm, 24)
	must(w.t, err)
	after(speak, later())(w)
}

// bookWithEntry has one entry; the case that it came from is gone.
func bookWithEntry(w *world) {
	ctx, firm := context.Background(), w.firm.Tenant.ID
	emptyBook(w)
	must(w.t, takeOver(w))
	_, err := w.erasure.Discard(ctx, w.firm.Owner, firm, w.kase().ID)
	must(w.t, err)
	w.rest(later())
	all, err := w.st.Addresses(ctx, firm)
	must(w.t, err)
	w.people.entry = all[0]
	receipts, err := w.st.Receipts(ctx, firm)
	must(w.t, err)
	w.receipts, w.begun = len(receipts), len(w.sim.Chat(hauke))
	w.clock.Advance(time.Hour)
}

func takeOver(w *world) error {
	ctx, firm := context.Background(), w.firm.Tenant.ID
	resume := w.gate.pause()
	v, err := w.st.Draft(ctx, firm, w.kase().ID)
	must(w.t, err)
	resume()
	_, err = w.book.Take(ctx, w.firm.Owner, firm, *v.Draft.Buyer)
	return err
}

func eraseEntry(w *world) error {
	_, err := w.book.Delete(context.Background(), w.firm.Owner, w.firm.Tenant.ID, w.people.entry.ID)
	return err
}

func bookOff(w *world) error {
	_, err := w.book.Off(context.Background(), w.firm.Owner, w.firm.Tenant.ID)
	return err
}

// oneEntry is the only one of the firm.
func (w *world) oneEntry() feierabend.BookEntry {
	w.t.Helper()
	all, err := w.st.Addresses(context.Background(), w.firm.Tenant.ID)
	must(w.t, err)
	if len(all) != 1 || all[0].Name != mark || all[0].Postcode != "25524" {
		w.t.Fatalf("%s: %d entries", w.last(), len(all))
	}
	return all[0]
}

func inBook(w *world) {
	if e := w.oneEntry(); e.Version != 1 {
		w.t.Errorf("%s: taken over %d times", w.last(), e.Version)
	}
}

// tookEntry wants the address of the book in the draft, and the entry's term begun anew.
func tookEntry(w *world) {
	drafted(1)(w)
	e, c := w.oneEntry(), w.kase()
	v, err := w.st.Draft(context.Background(), c.Tenant, c.ID)
	if err != nil || v.Draft.Buyer == nil || v.Draft.Buyer.Street != e.Street {
		w.t.Errorf("%s: the draft has not the address of the book, %v", w.last(), err)
	}
	if e.Version != 1 || !e.UsedAt.After(w.people.entry.UsedAt) {
		w.t.Errorf("%s: entry of version %d, used %s", w.last(), e.Version, e.UsedAt)
	}
}

// bookErased wants no entry, the instruction as it was or ended, and one proved receipt.
func bookErased(what feierabend.Subject, months int) func(*world) {
	return func(w *world) {
		ctx, firm := context.Background(), w.firm.Tenant.ID
		if n := storetest.Query(w.t, w.st, `SELECT count(*) FROM address_entry`)[0][0]; n != "0" {
			w.t.Errorf("%s: %s entries live", w.last(), n)
		}
		if n, err := w.book.Term(ctx, firm); err != nil || n != months {
			w.t.Errorf("%s: a book of %d months, %v", w.last(), n, err)
		}
		all, err := w.st.Receipts(ctx, firm)
		must(w.t, err)
		if len(all) != w.receipts+1 || all[0].Subject != what || all[0].Erased["addresses"] != 1 || all[0].Verification != feierabend.VerifyVerified {
			w.t.Errorf("%s: %d new receipts, the last of %q: %s", w.last(), len(all)-w.receipts, all[0].Subject, all[0].Verification)
		}
	}
}

// keeping are the flows of the operator and of the rewriting.
var keeping = []flow{
	{name: "drop a key", prepare: rotatedBefore, act: dropKey, skip: later(), end: runsWithoutIt},
	{name: "restore", prepare: lostMachine, act: restore, skip: later(), end: restored},
	{name: "rewrite", prepare: toRewrite, end: rewritten},
}

// rotatedBefore has everything under the newer of two master keys.
func rotatedBefore(w *world) {
	w.people.dropped = false
	otherMaster(w)
	must(w.t, rotate(w))
}

// dropKey asks whether the older key is free, and starts the service without it.
func dropKey(w *world) error {
	if !w.down {
		keys, err := w.st.MasterKeys(context.Background())
		if err != nil {
			return err
		}
		for _, k := range keys {
			if !k.Wraps && (k.Keys != 0 || k.Unproved != 0 || k.Processes != 0) {
				w.t.Errorf("%s: the key wraps %d, %d without proof", w.last(), k.Keys, k.Unproved)
			}
		}
		resume := w.gate.pause()
		must(w.t, w.st.Close())
		resume()
		w.down, w.people.dropped = true, true
	}
	return startAgain(w)
}

func runsWithoutIt(w *world) {
	rotated(w)
	if keys, err := w.st.MasterKeys(context.Background()); err != nil || len(keys) != 1 || !keys[0].Wraps {
		w.t.Errorf("%s: master keys %+v, %v", w.last(), keys, err)
	}
}

// restoring is the empty database beside the service, behind the same gate.
type restoring struct {
	st     *store.Store
	dsn    string
	backup string
}

// lostMachine has a backup with a document's number and an erasure without its proof.
func lostMachine(w *world) {
	arrived(w)
	must(w.t, discard(w))
	path := filepath.Join(w.backups, feierabend.NewID()+".db")
	_, err := w.st.Backup(context.Background(), path)
	must(w.t, err)
	o := w.options()
	o.DSN, o.ScrubDSN = w.engine.DSN(w.t), ""
	st, err := store.Open(context.Background(), o)
	must(w.t, err)
	w.people.target = &restoring{st, o.DSN, path}
}

// restore is all or nothing: a failed one leaves the database empty. Where only the
// answer to its commit was lost, all is there, and that is its end, too.
func restore(w *world) error {
	ctx, r := context.Background(), w.people.target
	resume := w.gate.pause()
	b, err := store.ReadBackup(ctx, r.backup)
	must(w.t, err)
	resume()
	answers := make([]feierabend.SeriesAnswer, len(b.Series))
	for i, s := range b.Series {
		answers[i] = feierabend.SeriesAnswer{Tenant: s.Tenant, Series: s.Series, Last: s.Last}
	}
	if _, err = r.st.Restore(ctx, r.backup, answers, 100); err == nil {
		return nil
	}
	if storetest.Query(w.t, r.st, `SELECT count(*) FROM restoration`)[0][0] == "1" {
		return nil // what must be there is asked by restored
	}
	for _, table := range []string{"tenant", "person", "receipt", "audit"} {
		if n := storetest.Query(w.t, r.st, `SELECT count(*) FROM `+table)[0][0]; n != "0" {
			w.t.Errorf("%s: half a restore, %s rows of %s", w.last(), n, table)
		}
	}
	return err
}

// restored wants the firms, the next number and every receipt in the other database,
// the outstanding proof ended as it is.
func restored(w *world) {
	ctx, r, firm := context.Background(), w.people.target, w.firm.Tenant.ID
	for _, f := range storetest.Broken(w.t, r.st) {
		w.t.Errorf("%s, restored: %s", w.last(), f)
	}
	firms, err := r.st.Tenants(ctx)
	if err != nil || len(firms) != 2 {
		w.t.Errorf("%s: %d firms, %v", w.last(), len(firms), err)
	}
	want, err := w.st.PeekNumber(ctx, firm, "RE-2026")
	must(w.t, err)
	if next, err := r.st.PeekNumber(ctx, firm, "RE-2026"); err != nil || next != want {
		w.t.Errorf("%s: next number %s, want %s, %v", w.last(), next, want, err)
	}
	all, err := r.st.Receipts(ctx, firm)
	if err != nil || len(all) != w.receipts+1 || all[0].Verification != feierabend.VerifyUnverifiable {
		w.t.Errorf("%s: %d receipts, %v", w.last(), len(all), err)
	}
	must(w.t, r.st.Close())
	must(w.t, os.Remove(r.backup))
	if path, ok := strings.CutPrefix(r.dsn, "sqlite:"); ok {
		must(w.t, os.RemoveAll(filepath.Dir(path)))
	}
}

// toRewrite has an erasure that is proved, and the rewriting waits.
func toRewrite(w *world) {
	speak(w)
	w.rest(later())
	must(w.t, discard(w))
	w.rest(unhurried)
	if w.st.SQL() != nil { // planned on PostgreSQL alone; here it has nothing to do
		must(w.t, w.st.Enqueue(context.Background(), feierabend.Job{K: feierabend.JobRewrite}))
	}
	w.people.file = w.messageFile()
}

// messageFile names the file of the messages on PostgreSQL.
func (w *world) messageFile() string {
	return w.ask(`SELECT ''`, `SELECT pg_relation_filenode('content.message')::text`)[0][0]
}

// rewritten wants the file of the messages replaced, and it noted.
func rewritten(w *world) {
	if w.st.SQL() == nil && w.messageFile() == w.people.file {
		w.t.Errorf("%s: the messages lie in the same file", w.last())
	}
	at := storetest.Query(w.t, w.st, `SELECT count(*) FROM clock WHERE name = 'rewrite' AND planned_at = 0 AND done_at > $1`, w.clock.Now().Add(-2*time.Hour).UnixMicro())[0][0]
	if at != "1" {
		w.t.Errorf("%s: no rewriting was noted", w.last())
	}
	if left := w.jobs(); len(left) != 0 {
		w.t.Errorf("%s: jobs %v wait", w.last(), left)
	}
}
