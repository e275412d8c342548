package store

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feierabend"
)

func put(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, name); err != nil {
		t.Fatal(err)
	}
}

// TestClusterFiles: of a cluster's folder that is a link, with log and tablespaces by
// links, every file is read under its name from that folder; other links are not
// entered.
func TestClusterFiles(t *testing.T) {
	base := t.TempDir()
	put(t, base+"/real/global/pg_control", "control")
	put(t, base+"/real/base/1/2", "heap")
	put(t, base+"/real/models/m", "model")
	put(t, base+"/log/000000010000000000000001", "log")
	put(t, base+"/space/PG_15/1/3", "space")
	put(t, base+"/other/o", "other")
	link(t, base+"/log", base+"/real/pg_wal")
	link(t, base+"/space", base+"/real/pg_tblspc/17")
	link(t, base+"/gone", base+"/real/pg_tblspc/18")
	link(t, base+"/other", base+"/real/elsewhere")
	link(t, base+"/other", base+"/real/base/pg_wal")
	link(t, base+"/real", base+"/cluster")
	list, err := walk(base+"/cluster", clusterLink, noKeep)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range list {
		r, done, err := f.open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		done()
		got = append(got, strings.TrimPrefix(f.name, base+"/cluster/")+"="+string(b))
	}
	slices.Sort(got)
	want := []string{"base/1/2=heap", "global/pg_control=control", "pg_tblspc/17/PG_15/1/3=space", "pg_wal/000000010000000000000001=log"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestSearchComplete: a search proves nothing where it did not read what it had to.
func TestSearchComplete(t *testing.T) {
	base := t.TempDir()
	put(t, base+"/a", "aa")
	list, err := walk(base, noLink, noKeep)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		all  dataFiles
		code string
	}{
		{"all there", dataFiles{list, []string{base + "/a"}}, ""},
		{"one missing", dataFiles{list, []string{base + "/a", base + "/b"}}, "search_incomplete"},
		{"none", dataFiles{}, "search_incomplete"},
	} {
		_, err := scan(context.Background(), c.all, 0, func([]byte, int) {})
		if feierabend.CodeOf(err) != c.code || c.code == "" && err != nil {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
}
