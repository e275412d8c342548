package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"feierabend/internal/simulator"
)

// TestHandshake: only the bare challenge for the right word is taken.
func TestHandshake(t *testing.T) {
	b := newBench(t, nil)
	for name, tc := range map[string]struct {
		h  http.HandlerFunc
		ok bool
	}{
		"challenge": {func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.FormValue("hub.challenge")) }, true},
		"newline":   {func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, r.FormValue("hub.challenge")) }, false},
		"quoted":    {func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%q", r.FormValue("hub.challenge")) }, false},
		"status":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			srv := newServer(t, tc.h)
			if err := b.sim.Connect(t.Context(), srv+"/x"); (err == nil) != tc.ok {
				t.Errorf("Connect: %v, want ok %v", err, tc.ok)
			}
		})
	}
	if err := b.sim.Connect(t.Context(), "http://93.184.216.34/x"); err == nil || !strings.Contains(err.Error(), "loopback") {
		t.Errorf("a public address was dialled: %v", err)
	}
}

// TestDuplicatesAndOrder: at-least-once, in any order, with the same bytes.
func TestDuplicatesAndOrder(t *testing.T) {
	b := newBench(t, nil)
	b.sim.SetFaults(simulator.Faults{Duplicate: true, Reorder: true, Forge: true})
	for i := range 5 {
		if _, err := b.sim.SendText(hauke, fmt.Sprint("Text ", i)); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	for _, m := range b.inbound(10) {
		seen[m.ExternalID]++
	}
	if len(seen) != 5 {
		t.Errorf("%d different messages, want 5", len(seen))
	}
	for id, n := range seen {
		if n != 2 {
			t.Errorf("%s came %d times, want 2", id, n)
		}
	}
	b.until("forged copies", func() bool { return b.refused >= 5 })
}

// TestWebhookRetry: only 200 counts, and nothing is lost or held up meanwhile.
func TestWebhookRetry(t *testing.T) {
	b := newBench(t, nil)
	b.mu.Lock()
	b.answer = func(n int) int { return []int{503, 201, 500, 200}[min(n-1, 3)] }
	b.mu.Unlock()
	id, err := b.sim.SendText(hauke, "bleibt nicht liegen")
	if err != nil {
		t.Fatal(err)
	}
	if in := b.inbound(1); in[0].ExternalID != id {
		t.Errorf("got %s", in[0].ExternalID)
	}
	if b.n != 4 {
		t.Errorf("%d tries, want 4", b.n)
	}
}

// TestUnsigned: without a signature nothing is taken, and it arrives afterwards.
func TestUnsigned(t *testing.T) {
	b := newBench(t, nil)
	b.sim.SetFaults(simulator.Faults{Unsigned: true})
	if _, err := b.sim.SendText(hauke, "x"); err != nil {
		t.Fatal(err)
	}
	b.until("refusals", func() bool { return b.refused >= 2 })
	b.sim.SetFaults(simulator.Faults{})
	b.inbound(1)
}

// TestBacklog is conformance 3: an outage, then 1,000 updates in one delivery.
func TestBacklog(t *testing.T) {
	b := newBench(t, nil)
	b.sim.SetFaults(simulator.Faults{Hold: true})
	for i := range 1000 {
		if _, err := b.sim.SendText([]string{hauke, inken}[i%2], fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if c := b.sim.Chat(hauke); c[0].State != simulator.StateWaiting {
		t.Errorf("state during the outage: %s", c[0].State)
	}
	b.sim.SetFaults(simulator.Faults{Batch: 1000})
	in := b.inbound(1000)
	for i, m := range in {
		if m.Text != fmt.Sprint(i) || m.From != []string{hauke, inken}[i%2] {
			t.Fatalf("message %d is %q", i, m.Text)
		}
	}
	if b.n != 1 {
		t.Errorf("%d deliveries, want 1", b.n)
	}
	err := b.sim.Wait(t.Context(), inken, func(c []simulator.Bubble) bool { return c[499].State == simulator.StateDelivered })
	if err != nil {
		t.Error(err)
	}
}
