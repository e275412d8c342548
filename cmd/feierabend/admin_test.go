package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"feierabend"
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
		stop, err := serveAdmin(dir, st, nil)
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

// TestAdminAnswers: what a command prints comes at once and piece by piece, its error
// last; an answer that breaks off is no success.
func TestAdminAnswers(t *testing.T) {
	st, _ := storetest.New(t)
	storetest.Seed(t, st)
	dir := t.TempDir()
	cfg := config{Mode: "live", Data: dir}
	stop, err := serveAdmin(dir, st, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	var out bytes.Buffer
	if err := forward(context.Background(), cfg, adminRequest{Command: "key", Args: []string{"list"}}, &out); err != nil || !strings.HasPrefix(out.String(), "Hauptschlüssel 1: verschließt hier") {
		t.Errorf("%q, %v", out.String(), err)
	}
	err = forward(context.Background(), cfg, adminRequest{Command: "key", Args: []string{"rotate", "--wraps=2"}}, &out)
	if feierabend.CodeOf(err) != "old_master_in_use" || !strings.Contains(feierabend.TextOf(err), "verschließt noch mit Hauptschlüssel 1") {
		t.Errorf("a service that has the old setting: %v", err)
	}
	for name, tc := range map[string]struct{ body, out, code string }{
		"two pieces":       {`{"stdout":"QQ=="}{"stdout":"Qg=="}{"done":true}`, "AB", ""},
		"error at the end": {`{"stdout":"QQ=="}{"done":true,"kind":"conflict","code":"x","text":"nein"}`, "A", "x"},
		"broken off":       {`{"stdout":"QQ=="}`, "A", "busy"},
		"nothing":          {``, "", "busy"},
	} {
		out.Reset()
		err := readAnswer(strings.NewReader(tc.body), &out)
		if out.String() != tc.out || feierabend.CodeOf(err) != tc.code && !(tc.code == "" && err == nil) {
			t.Errorf("%s: %q, %v", name, out.String(), err)
		}
	}
}
