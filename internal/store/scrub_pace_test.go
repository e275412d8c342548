//go:build !noscrub

package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// TestResidueKeepsThePace: while something is found, one scrub is planned, when the
// pause is over, however many cases are erased meanwhile and however often the process
// starts; then all are proved.
func TestResidueKeepsThePace(t *testing.T) {
	ctx, clock, dsn := t.Context(), storetest.NewClock(), storetest.SQLite(t)
	st := storetest.Open(t, dsn, clock)
	a, b := storetest.Seed(t, st)
	m := typed(t, st, a, "wamid.1", "Moin")
	key, _, err := st.Fingerprints(ctx, a.Tenant.ID, m.Case)
	must(t, err)
	copied := filepath.Join(filepath.Dir(strings.TrimPrefix(dsn, "sqlite:")), "copy")
	must(t, os.WriteFile(copied, key, 0o600))
	must(t, second(st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)))
	_, err = st.ScrubAndVerify(ctx)
	wantCode(t, err, feierabend.Unavailable, "residue")
	do(t, st, `DELETE FROM river_job WHERE kind <> 'scrub' OR id = (SELECT min(id) FROM river_job WHERE kind = 'scrub')`) // the one that ran
	check := func(when string) {
		t.Helper()
		clocked := ask(t, st, `SELECT done_at, planned_at FROM clock WHERE name = 'scrub'`)[0]
		want := fmt.Sprint([]int64{clock.Now().Add(-10 * time.Second).UnixMicro(), clock.Now().Add(50 * time.Second).UnixMicro()})
		if n := len(jobs(t, st)); n != 1 || fmt.Sprint(clocked) != want {
			t.Errorf("%s: %d jobs, clock %v, want one and %s", when, n, clocked, want)
		}
	}
	clock.Advance(10 * time.Second)
	check("after residue")
	for i, f := range []storetest.Firm{a, b, b} {
		m := typed(t, st, f, fmt.Sprint("wamid.later", i), "Moin")
		do(t, st, `DELETE FROM river_job WHERE kind <> 'scrub'`)
		must(t, second(st.Erase(ctx, f.Tenant.ID, m.Case, feierabend.EraseDiscarded, f.Owner)))
	}
	check("after three more")
	must(t, st.Close())
	st = storetest.Open(t, dsn, clock)
	check("after a start")
	must(t, os.Remove(copied))
	if n, err := st.ScrubAndVerify(ctx); n != 4 || err != nil {
		t.Errorf("%d verified, %v", n, err)
	}
}

// TestOneScrubs: of the processes on one database one scrubs or rewrites at a time.
func TestOneScrubs(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	a, _ := storetest.Seed(t, st)
	m := typed(t, st, a, "wamid.1", "Moin")
	must(t, second(st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)))
	other := storetest.Owner(t, st)
	_, err := other.Exec(ctx, `SELECT pg_advisory_lock(20261125)`)
	must(t, err)
	short, stop := context.WithTimeout(ctx, 600*time.Millisecond)
	defer stop()
	if n, err := st.ScrubAndVerify(short); n != 0 || feierabend.KindOf(err) != feierabend.Unavailable {
		t.Errorf("%d verified, %v beside another process", n, err)
	}
	if done, err := st.RewriteContent(short); done || err == nil {
		t.Errorf("rewriting %v, %v beside another process", done, err)
	}
	must(t, other.Close(ctx))
	if n, err := st.ScrubAndVerify(ctx); n != 1 || err != nil {
		t.Errorf("%d verified, %v", n, err)
	}
}
