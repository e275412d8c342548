package main

import (
	"testing"

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
