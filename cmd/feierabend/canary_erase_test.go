package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/erasure"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// eraseByHand confirms and discards, by the running service, and waits until all it
// has to tell is told.
func (h *herd) eraseByHand(t *testing.T) {
	t.Helper()
	for _, k := range h.all {
		var err error
		switch k.way {
		case feierabend.EraseConfirmed:
			_, err = h.erasure.Confirm(h.ctx, k.firm.owner(), k.firm.tenant, k.id)
		case feierabend.EraseDiscarded:
			_, err = h.erasure.Discard(h.ctx, k.firm.owner(), k.firm.tenant, k.id)
		}
		if err != nil {
			t.Fatalf("erase: %v", err)
		}
	}
	h.eraseBooks(t)
	h.rest(t)
}

// sweep opens the store anew, as after a restart, under a clock that the test moves:
// a day on the countdowns end, a month on the rest expires, three months on the entries of the
// address books too. Then what the planned
// jobs do: scrub and search, and rewrite.
func (h *herd) sweep(t *testing.T) {
	t.Helper()
	var ahead time.Duration
	began := time.Now()
	now := func() time.Time { return time.Now().Add(ahead) }
	st := h.reopen(t, now, func() time.Duration { return time.Since(began) + ahead })
	defer st.Close()
	step := erasure.New(erasure.Options{Store: st})
	for _, d := range []time.Duration{25 * time.Hour, 30 * 24 * time.Hour, 100 * 24 * time.Hour} {
		ahead = d
		if err := step.Sweep(context.Background(), feierabend.Job{K: feierabend.JobSweep}); err != nil {
			t.Fatalf("sweep: %v", err)
		}
	}
	begun := time.Now()
	_, scrubbed := st.ScrubAndVerify(context.Background())
	scrub := time.Since(begun)
	if unscrubbed != (feierabend.CodeOf(scrubbed) == "residue") || !unscrubbed && scrubbed != nil {
		t.Errorf("scrub: %v", scrubbed)
	}
	if err := step.Rewrite(context.Background(), feierabend.Job{K: feierabend.JobRewrite}); err != nil {
		t.Errorf("rewrite: %v", err)
	}
	t.Logf("canary %s: scrub and proof %d ms, rewriting of content %d ms", h.engine, scrub.Milliseconds(), (time.Since(begun) - scrub).Milliseconds())
	h.receipts(t, st)
	h.bookReceipts(t, st)
}

// reopen opens the database of the stopped service.
func (h *herd) reopen(t *testing.T, now func() time.Time, uptime func() time.Duration) *store.Store {
	t.Helper()
	keys, err := seal.ParseKeys(h.cfg.MasterKeys.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	root, err := seal.ParseRoot(h.cfg.RootKey.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	o := store.Options{DSN: h.cfg.dsn(), Keys: keys, Root: root, Now: now, Uptime: uptime, DatabaseNow: now, NewID: feierabend.NewID, Log: newLog(h.logs, false, 0)}
	if h.dsn != "" {
		o.ScrubDSN = storetest.As(t, h.dsn, storetest.ScrubRole)
	}
	st, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// receipts checks that each case has one, for the right reason, and each of them
// offline as the firm would.
func (h *herd) receipts(t *testing.T, st *store.Store) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"receipt", "verify"}
	count := map[feierabend.EraseReason]int{}
	for _, k := range h.all {
		r, err := st.ReceiptOf(context.Background(), k.firm.tenant, k.id)
		if err != nil {
			t.Fatalf("receipt of case %d (%s): %v", k.n, k.way, err)
		}
		if r.Reason != k.way {
			t.Errorf("case %d erased by %s, want %s", k.n, r.Reason, k.way)
		}
		count[r.Reason]++
		if unscrubbed {
			if r.Verification != feierabend.VerifyPending {
				t.Errorf("case %d: %s without scrub", k.n, r.Verification)
			}
			continue
		}
		if r.Verification != feierabend.VerifyVerified || r.Hits != 0 {
			t.Errorf("case %d: %s, %d hits, %s", k.n, r.Verification, r.Hits, r.Method)
			continue
		}
		b, err := seal.ExportReceipt(r)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, fmt.Sprint(k.n))
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	valid := 0
	if !unscrubbed {
		var out bytes.Buffer
		if err := run(context.Background(), args, nil, strings.NewReader(""), &out, &out); err != nil {
			t.Errorf("receipt verify: %v\n%s", err, out.String())
		}
		valid = strings.Count(out.String(), "gültig ")
		if valid != len(h.all) {
			t.Errorf("%d of %d receipts are valid offline", valid, len(h.all))
		}
	}
	t.Logf("canary %s: %d confirmed, %d discarded, %d counted down, %d expired; %d receipts valid offline", h.engine,
		count[feierabend.EraseConfirmed], count[feierabend.EraseDiscarded], count[feierabend.EraseCountedDown], count[feierabend.EraseExpired], valid)
}

// judge compares what was found before and after.
func (h *herd) judge(t *testing.T, before, after *hunt) {
	t.Helper()
	if len(before.cases("plain")) > 0 || len(after.cases("plain")) > 0 {
		t.Errorf("in plain: before %v, after %v", before.cases("plain"), after.cases("plain"))
	}
	for _, kind := range []string{"key", "cipher"} {
		there := before.cases(kind)
		if n := len(there); n < len(h.all) { // all of them, or the search proves nothing
			t.Errorf("%s: found of %d cases only before the erasure", kind, n)
		}
		left := after.cases(kind)
		if unscrubbed && len(left) == 0 {
			t.Errorf("%s: nothing is found, though nothing was scrubbed", kind)
		}
		if !unscrubbed && len(left) > 0 {
			t.Errorf("%s: %d of %d cases are still in the files: %v", kind, len(left), len(h.all), left)
		}
	}
	if n := after.hits["joined key"]; n > 0 && !unscrubbed {
		t.Errorf("%d hits of keys of notes that joined a case", n)
	}
	h.judgeBook(t, before, after)
	t.Logf("canary %s: %d keys of joined notes, %d sealed values looked for", h.engine, len(h.keys), h.values)
}
