package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"feierabend/internal/storetest"
)

// TestAdminSocket: commands reach the running service, nobody but its owner may
// knock, and after stop the socket is gone at once: a service that starts right
// then on the same folder keeps its own.
func TestAdminSocket(t *testing.T) {
	st, _ := storetest.New(t)
	storetest.Seed(t, st)
	dir := t.TempDir()
	cfg := config{Mode: "live", Data: dir}
	for round := range 20 {
		stop, err := serveAdmin(dir, st)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(adminSocket(dir)); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("round %d: socket %v %v", round, info, err)
		}
		var out bytes.Buffer
		if err := forward(context.Background(), cfg, adminRequest{Command: "tenant", Args: []string{"list"}}, &out); err != nil || !strings.Contains(out.String(), "Malerbetrieb Nordlicht") {
			t.Fatalf("round %d: %q, %v", round, out.String(), err)
		}
		stop()
		if _, err := os.Stat(adminSocket(dir)); !os.IsNotExist(err) {
			t.Fatalf("round %d: the socket is left: %v", round, err)
		}
	}
}
