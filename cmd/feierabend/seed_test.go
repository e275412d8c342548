package main

import (
	"log/slog"
	"testing"
	"time"

	"feierabend/internal/storetest"
)

// TestSeedAfterACut: a demo that was killed after its first firm makes the second
// one at the next start, and a complete one makes nothing twice.
func TestSeedAfterACut(t *testing.T) {
	st, _ := storetest.New(t)
	ctx := t.Context()
	first := newTenant{Name: "Deichgrün Haustechnik", Owner: "Hauke Deichgrün", Email: demoEmail, Phone: demoOwner}
	if _, err := first.create(ctx, st); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := seedDemo(ctx, st); err != nil {
			t.Fatal(err)
		}
		if ts, err := st.Tenants(ctx); err != nil || len(ts) != 2 || ts[1].Name != "Malerbetrieb Nordlicht" {
			t.Fatalf("firms %+v, %v", ts, err)
		}
	}
}

// TestFirstNoteOnce: a demo whose folder is kept speaks its first note only once,
// however often it is started.
func TestFirstNoteOnce(t *testing.T) {
	vars := []string{
		"FEIERABEND_MODE=demo", "FEIERABEND_LISTEN=localhost:0", "FEIERABEND_SIMULATOR_LISTEN=127.0.0.1:0",
		"FEIERABEND_DATA=" + t.TempDir(), "FEIERABEND_MODELS=" + t.TempDir(),
	}
	for round, want := range []int{1, 0} {
		cfg, err := loadConfig(lookup(vars))
		if err != nil {
			t.Fatal(err)
		}
		r, err := start(t.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.firstNote(t.Context()); err != nil {
			t.Error(err)
		}
		if got := len(r.demo.sim.Chat(demoOwner)); got != want {
			t.Errorf("start %d: %d notes, want %d", round+1, got, want)
		}
		var n int
		stored := waitFor(20*time.Second, func() bool {
			return r.store.SQL().QueryRow(`SELECT count(*) FROM message`).Scan(&n) == nil && n == 1
		})
		r.close()
		if !stored {
			t.Fatalf("start %d: %d messages", round+1, n)
		}
	}
}
