//go:build !noscrub

package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestEraseLeavesNothing: before the erasure the sealed forms are found in the
// files, plaintext never; after it nothing is.
func TestEraseLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.HBgNKANARIE", "Kanarienvogel-Petersen im Lindenweg")
		must(t, st.AddAudio(ctx, a.Tenant.ID, m.ID, feierabend.AudioInfo{Type: "audio/ogg"}, []byte("OggS-Kanarienvogel-Petersen")))
		must(t, st.AddTranscript(ctx, a.Tenant.ID, m.ID, feierabend.Transcript{Text: "Kanarienvogel-Petersen"}))
		must(t, second(st.AddDraft(ctx, a.Tenant.ID, feierabend.NewDraft{
			Case: m.Case, State: feierabend.CaseReady,
			Draft: feierabend.Draft{Buyer: &feierabend.Buyer{Name: "Kanarienvogel-Petersen"}}, Summary: feierabend.CaseSummary{Title: "Kanarienvogel-Petersen"},
		})))
		issued(t, st, a, m.Case)
		must(t, st.AddOut(ctx, a.Tenant.ID, feierabend.Outgoing{Sender: a.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1"}))
		verified(t, st, offered(t, st, a, m.Case, customerCode), customerPhone, customerCode)
		for _, table := range store.ContentTables() {
			if n := count(t, st, table); n == "0" && table != "address_entry" { // no case holds these
				t.Errorf("nothing to erase in %s", table)
			}
		}
		wrapped, prefix, err := st.Fingerprints(ctx, a.Tenant.ID, m.Case)
		must(t, err)
		if len(wrapped) != seal.WrappedSize || len(prefix) < 32 {
			t.Fatalf("fingerprints of %d and %d bytes", len(wrapped), len(prefix))
		}
		needles := [][]byte{[]byte("Kanarienvogel"), []byte("HBgNKANARIE"), []byte(a.Sender.Phone), wrapped, prefix}
		flushed(t, st)
		before, err := st.Search(ctx, needles)
		must(t, err)
		if before.Hits[0]+before.Hits[1]+before.Hits[2] != 0 || before.Hits[3] == 0 || before.Hits[4] == 0 {
			t.Errorf("before: %+v", before)
		}
		rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)
		must(t, err)
		for _, table := range store.ContentTables() {
			if n := count(t, st, table); n != "0" {
				t.Errorf("%s rows left in %s", n, table)
			}
		}
		proved, err := st.ScrubAndVerify(ctx)
		must(t, err)
		after, err := st.Search(ctx, needles)
		must(t, err)
		if st.SQL() == nil {
			after.Hits[4] = 0 // PostgreSQL rewrites the key table only: without the key the ciphertext is noise
		}
		for i, n := range after.Hits {
			if n != 0 {
				t.Errorf("after: needle %d found %d times", i, n)
			}
		}
		rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID)
		must(t, err)
		if proved != 1 || rec.Verification != feierabend.VerifyVerified || rec.SearchedFiles == 0 {
			t.Errorf("%d verified, receipt %+v", proved, rec)
		}
		must(t, seal.VerifyReceipt(rec))
		if count(t, st, "receipt_check") != "0" {
			t.Error("the check stays after the proof")
		}
	})
}

// TestEraseMany erases half of 80 cases in random order with scrubs between: all
// are verified, all others still open.
func TestEraseMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		rng := rand.New(rand.NewPCG(1, 2))
		var all []feierabend.Message
		for i := range 80 {
			f := a
			if i%2 == 1 {
				f = b
			}
			m := typed(t, st, f, fmt.Sprint("wamid.", i), fmt.Sprint("Text ", rng.Uint64()))
			drafted(t, st, f, m)
			all = append(all, m)
		}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		total := 0
		for i, m := range all[:40] {
			must(t, second(st.Erase(ctx, m.Tenant, m.Case, feierabend.EraseExpired, feierabend.Actor{Via: feierabend.ViaSweep})))
			if i%20 == 19 {
				n, err := st.ScrubAndVerify(ctx)
				must(t, err)
				total += n
			}
		}
		if total != 40 {
			t.Errorf("%d of 40 verified", total)
		}
		for _, m := range all[40:] {
			if _, err := st.Draft(ctx, m.Tenant, m.Case); err != nil {
				t.Fatalf("a case that nobody erased: %v", err)
			}
		}
		ra, err := st.Receipts(ctx, a.Tenant.ID)
		must(t, err)
		rb, err := st.Receipts(ctx, b.Tenant.ID)
		must(t, err)
		if len(ra)+len(rb) != 40 {
			t.Errorf("%d receipts", len(ra)+len(rb))
		}
	})
}

// TestEraseWithoutSender: a sender who is unlinked since does not keep the data.
func TestEraseWithoutSender(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.1", "Moin")
		do(t, st, `DELETE FROM sender_link`)
		must(t, second(st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseExpired, feierabend.Actor{Via: feierabend.ViaSweep},
			feierabend.Outgoing{Sender: a.Sender.ID, Kind: feierabend.OutErased}, feierabend.Outgoing{Kind: feierabend.OutErased})))
		if count(t, st, "outbox") != "0" || count(t, st, "cases") != "0" {
			t.Error("erasure stopped by a missing sender")
		}
	})
}

// TestScrubCoalesced: many erasures, one scrub job; after a scrub the next waits a minute.
func TestScrubCoalesced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		erase := func(id string) {
			m := typed(t, st, a, id, "Moin")
			must(t, second(st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)))
		}
		scrubs := func() (n int) {
			for _, k := range jobs(t, st) {
				if k == "scrub" {
					n++
				}
			}
			return n
		}
		for i := range 5 {
			erase(fmt.Sprint("wamid.", i))
		}
		if scrubs() != 1 {
			t.Errorf("%d scrub jobs for five erasures", scrubs())
		}
		if n, err := st.ScrubAndVerify(ctx); err != nil || n != 5 {
			t.Errorf("%d verified, %v", n, err)
		}
		clock.Advance(10 * time.Second)
		erase("wamid.a")
		erase("wamid.b")
		if scrubs() != 2 {
			t.Errorf("%d scrub jobs", scrubs())
		}
		// A minute after the last one began its proof; where that one took long, as on a busy
		// machine, twenty times as long after it.
		var planned, done, took int64
		for i, into := range []*int64{&planned, &done, &took} {
			var err error
			*into, err = strconv.ParseInt(ask(t, st, `SELECT planned_at, done_at, took FROM clock WHERE name = 'scrub'`)[0][i], 10, 64)
			must(t, err)
		}
		if want := done + max(time.Minute.Microseconds(), 20*took); planned != want {
			t.Errorf("planned at %d, want %d", planned, want)
		}
		if took < time.Second.Microseconds() && planned != clock.Now().Add(50*time.Second).UnixMicro() {
			t.Errorf("planned at %d, fifty seconds from now are %d", planned, clock.Now().Add(50*time.Second).UnixMicro())
		}
		if n, err := st.ScrubAndVerify(ctx); err != nil || n != 2 { // forced: always runs
			t.Errorf("%d verified, %v", n, err)
		}
	})
}

// TestScrubResumed: a crash between erasing and proving is finished after the restart.
func TestScrubResumed(t *testing.T) {
	clock, dsn := storetest.NewClock(), storetest.SQLite(t)
	ctx := context.Background()
	st, err := store.Open(ctx, storetest.Options(t, dsn, clock))
	must(t, err)
	a, _ := storetest.Seed(t, st)
	m := typed(t, st, a, "wamid.1", "Moin")
	rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseConfirmed, a.Owner)
	must(t, err)
	do(t, st, `DELETE FROM river_job`) // as if its job had been lost
	must(t, st.Close())
	st = storetest.Open(t, dsn, clock)
	if all := jobs(t, st); len(all) != 1 || all[0] != "scrub" {
		t.Errorf("jobs after the restart: %v", all)
	}
	if n, err := st.ScrubAndVerify(ctx); err != nil || n != 1 {
		t.Errorf("%d verified, %v", n, err)
	}
	rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID)
	must(t, err)
	must(t, seal.VerifyReceipt(rec))
}

// TestScrubBusy: a reader that stands in the way delays the proof, and loses nothing.
func TestScrubBusy(t *testing.T) {
	st, _ := storetest.New(t)
	ctx := context.Background()
	a, _ := storetest.Seed(t, st)
	m := typed(t, st, a, "wamid.1", "Moin")
	release := st.HoldReader(t)
	typed(t, st, a, "wamid.2", "Moin") // the reader now needs the log
	rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseConfirmed, a.Owner)
	must(t, err)
	short, cancel := context.WithTimeout(ctx, 400*time.Millisecond)
	defer cancel()
	if n, err := st.ScrubAndVerify(short); err == nil || n != 0 {
		t.Errorf("%d verified beside a reader: %v", n, err)
	}
	if rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID); err != nil || rec.Verification != feierabend.VerifyPending {
		t.Errorf("receipt %s %v", rec.Verification, err)
	}
	release()
	if n, err := st.ScrubAndVerify(ctx); err != nil || n != 1 {
		t.Errorf("%d verified after the reader, %v", n, err)
	}
}

// TestCountdown: starts once, stops for good, is due at its end.
func TestCountdown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		tenant := a.Tenant.ID
		var docs []feierabend.Document
		for i := range 2 {
			m := typed(t, st, a, fmt.Sprint("wamid.", i), "Moin")
			drafted(t, st, a, m)
			docs = append(docs, issued(t, st, a, m.Case))
		}
		if docs[0].Number != "RE-2026-0042" || docs[1].Number != "RE-2026-0043" {
			t.Errorf("numbers %s %s", docs[0].Number, docs[1].Number)
		}
		end := clock.Now().Add(24 * time.Hour)
		for _, d := range docs {
			must(t, st.MarkDownloaded(ctx, tenant, d.ID, a.Owner, end))
			must(t, st.MarkDownloaded(ctx, tenant, d.ID, a.Owner, end.Add(time.Hour))) // runs already
		}
		must(t, st.StopCountdown(ctx, tenant, docs[1].Case, a.Owner))
		must(t, st.MarkDownloaded(ctx, tenant, docs[1].ID, a.Owner, end)) // stopped stays stopped
		if at, err := st.NextDue(ctx); err != nil || !at.Equal(end) {
			t.Errorf("next due %s %v, want %s", at, err, end)
		}
		clock.Advance(24 * time.Hour)
		due, err := st.Due(ctx, clock.Now(), feierabend.DueCase{}, 10)
		must(t, err)
		if len(due) != 1 || due[0].Case != docs[0].Case || due[0].Reason != feierabend.EraseCountedDown {
			t.Errorf("due %+v", due)
		}
		wantCode(t, st.AddDocument(ctx, tenant, feierabend.NewDocument{Document: docs[1], Version: 1, Files: []feierabend.File{{Name: "x", Bytes: []byte("x")}}}),
			feierabend.Conflict, "already_issued")
		wantCode(t, second(st.AddDraft(ctx, tenant, feierabend.NewDraft{Case: docs[1].Case, Base: 1, State: feierabend.CaseOpen})), feierabend.Conflict, "already_issued")
	})
}

// TestSweepDone throws away what has had its time outside of cases.
func TestSweepDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		m := typed(t, st, a, "wamid.1", "Hilfe")
		must(t, st.Dismiss(ctx, a.Tenant.ID, m.ID, feierabend.ReasonCommand, feierabend.Outgoing{Sender: a.Sender.ID, Kind: feierabend.OutCommand, Ref: "hilfe"}))
		must(t, second(st.Allow(ctx, "x", 1, time.Minute, clock.Now())))
		if at, err := st.LastSweep(ctx); err != nil || !at.IsZero() {
			t.Errorf("last sweep %s %v", at, err)
		}
		for _, step := range []struct {
			advance                time.Duration
			seen, message, counter string
		}{
			{0, "1", "1", "1"},
			{8*24*time.Hour + time.Second, "0", "1", "0"},
			{23 * 24 * time.Hour, "0", "0", "0"},
		} {
			clock.Advance(step.advance)
			must(t, st.SweepDone(ctx, clock.Now()))
			for table, want := range map[string]string{"seen_message": step.seen, "message": step.message, "outbox": step.message, "counter": step.counter} {
				if got := count(t, st, table); got != want {
					t.Errorf("after %s: %s rows in %s, want %s", step.advance, got, table, want)
				}
			}
		}
		if at, err := st.LastSweep(ctx); err != nil || !at.Equal(clock.Now()) {
			t.Errorf("last sweep %s %v", at, err)
		}
	})
}
