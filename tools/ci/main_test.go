package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCountsPerEngine: a test counts for the database that its name has as one of
// its parts, and a block that ran less on one than its floor has failed.
func TestCountsPerEngine(t *testing.T) {
	const events = `{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA/sqlite"}
{"Action":"pass","Package":"p","Test":"TestA/postgres"}
{"Action":"pass","Package":"p","Test":"TestB/kind/sqlite/deep"}
{"Action":"pass","Package":"p","Test":"TestC/not_sqlite"}
{"Action":"pass","Package":"p"}
{"Action":"skip","Package":"p","Test":"TestD/postgres"}
{"Action":"fail","Package":"p","Test":"TestE/postgres"}
`
	for _, c := range []struct {
		name, floors string
		failed       int
	}{
		{"reached", "go tests: sqlite=2\ngo tests: postgres=1\n", 1},
		{"one is below", "go tests: sqlite=3\ngo tests: postgres=1\n", 2},
		{"both are below", "go tests: sqlite=3\ngo tests: postgres=2\n", 3},
		{"of another block", "survival: sqlite=9\n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "floors")
			if err := os.WriteFile(path, []byte(c.floors), 0o600); err != nil {
				t.Fatal(err)
			}
			var w strings.Builder
			got, err := count(strings.NewReader(events), &w)
			if err != nil {
				t.Fatal(err)
			}
			if got.passed != 5 || got.on["sqlite"] != 2 || got.on["postgres"] != 1 {
				t.Errorf("%+v", got)
			}
			if err := got.measure("go tests", path, &w); err != nil {
				t.Fatal(err)
			}
			if got.failed != c.failed {
				t.Errorf("%d failed, want %d: %s", got.failed, c.failed, &w)
			}
		})
	}
}

// TestEngineThatNeverRan: a block whose floors name one engine wants the other too.
func TestEngineThatNeverRan(t *testing.T) {
	path := filepath.Join(t.TempDir(), "floors")
	if err := os.WriteFile(path, []byte("go tests: sqlite=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var w strings.Builder
	c := counts{on: map[string]int{"sqlite": 1}}
	if err := c.measure("go tests", path, &w); err != nil || c.failed != 1 || !strings.Contains(w.String(), "postgres") {
		t.Errorf("%d failed, %v: %s", c.failed, err, &w)
	}
}

// TestFloorsAreRead: a line that says nothing is an error, not no floor.
func TestFloorsAreRead(t *testing.T) {
	for _, bad := range []string{"go tests", "go tests: sqlite", "go tests: sqlite=x", "go tests: mysql=3"} {
		path := filepath.Join(t.TempDir(), "floors")
		if err := os.WriteFile(path, []byte(bad+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := floors(path, "go tests"); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
