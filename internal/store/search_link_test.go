//go:build !noscrub

package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestProofThroughLinks: a data folder or a database that is a link is searched, and
// its log zeroed, as one that is none. What is beside the link is searched too.
func TestProofThroughLinks(t *testing.T) {
	for name, lay := range map[string]func(t *testing.T, base string) (dir string){
		"folder": func(t *testing.T, base string) string {
			must(t, os.Symlink(filepath.Join(base, "real"), filepath.Join(base, "link")))
			return filepath.Join(base, "link")
		},
		"file": func(t *testing.T, base string) string {
			must(t, os.Mkdir(filepath.Join(base, "data"), 0o700))
			must(t, os.Symlink(filepath.Join(base, "real", "feierabend.db"), filepath.Join(base, "data", "feierabend.db")))
			return filepath.Join(base, "data")
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, base := t.Context(), t.TempDir()
			must(t, os.Mkdir(filepath.Join(base, "real"), 0o700))
			dir := lay(t, base)
			st := storetest.Open(t, "sqlite:"+filepath.Join(dir, "feierabend.db"), storetest.NewClock())
			a, b := storetest.Seed(t, st)
			m, other := typed(t, st, a, "wamid.1", "Moin"), typed(t, st, b, "wamid.2", "Moin")
			key, _, err := st.Fingerprints(ctx, a.Tenant.ID, m.Case)
			must(t, err)
			stays, _, err := st.Fingerprints(ctx, b.Tenant.ID, other.Case)
			must(t, err)
			must(t, os.WriteFile(filepath.Join(dir, "beside"), []byte("beside it"), 0o600))
			before, err := st.Search(ctx, [][]byte{key, []byte("beside it")})
			must(t, err)
			if before.Hits[0] == 0 || before.Hits[1] != 1 {
				t.Errorf("before: %+v", before)
			}
			rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)
			must(t, err)
			must(t, second(st.ScrubAndVerify(ctx)))
			rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID)
			must(t, err)
			if rec.Verification != feierabend.VerifyVerified || rec.SearchedFiles < 3 {
				t.Errorf("receipt %+v", rec)
			}
			found := map[string]int{}
			for _, f := range []string{"feierabend.db", "feierabend.db-wal", "feierabend.db-shm"} {
				content, err := os.ReadFile(filepath.Join(base, "real", f))
				must(t, err)
				found["erased"] += bytes.Count(content, key)
				found["living"] += bytes.Count(content, stays)
			}
			if found["erased"] != 0 || found["living"] == 0 {
				t.Errorf("in the files: %v", found)
			}
		})
	}
}

// TestProofWithoutItsFile: where the database is not among what was searched, nothing
// is proved, and the receipt waits.
func TestProofWithoutItsFile(t *testing.T) {
	ctx, base := t.Context(), t.TempDir()
	must(t, os.Mkdir(filepath.Join(base, "data"), 0o700))
	file := filepath.Join(base, "data", "feierabend.db")
	st := storetest.Open(t, "sqlite:"+file, storetest.NewClock())
	a, b := storetest.Seed(t, st)
	m := typed(t, st, a, "wamid.1", "Moin")
	typed(t, st, b, "wamid.2", "Moin")
	rec, err := st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)
	must(t, err)
	must(t, os.Rename(file, filepath.Join(base, "feierabend.db")))
	_, err = st.ScrubAndVerify(ctx)
	wantCode(t, err, feierabend.Unavailable, "search_incomplete")
	rec, err = st.Receipt(ctx, a.Tenant.ID, rec.ID)
	must(t, err)
	if rec.Verification != feierabend.VerifyPending {
		t.Errorf("receipt %+v", rec)
	}
	must(t, os.Rename(filepath.Join(base, "feierabend.db"), file))
	if n, err := st.ScrubAndVerify(ctx); n != 1 || err != nil {
		t.Errorf("%d verified, %v", n, err)
	}
}

// TestLinkedLogIsSearched: the log of the test cluster is a link (test/pg.sh). A key
// that only the log still holds is found.
func TestLinkedLogIsSearched(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := t.Context()
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	a, b := storetest.Seed(t, st)
	m := typed(t, st, a, "wamid.1", "Moin")
	typed(t, st, b, "wamid.2", "Moin")
	key, _, err := st.Fingerprints(ctx, a.Tenant.ID, m.Case)
	must(t, err)
	must(t, second(st.Erase(ctx, a.Tenant.ID, m.Case, feierabend.EraseDiscarded, a.Owner)))
	do(t, st, `VACUUM FULL content.content_key`)
	do(t, st, `CHECKPOINT`)
	log, err := os.Readlink(filepath.Join(ask(t, st, `SHOW data_directory`)[0][0], "pg_wal"))
	must(t, err)
	in := 0
	files, err := os.ReadDir(log)
	must(t, err)
	for _, f := range files {
		if content, err := os.ReadFile(filepath.Join(log, f.Name())); err == nil {
			in += bytes.Count(content, key)
		}
	}
	res, err := st.Search(ctx, [][]byte{key})
	must(t, err)
	if in == 0 || res.Hits[0] < in {
		t.Errorf("%d hits, %d of them in the log", res.Hits[0], in)
	}
}

// TestFolderOfAnotherCluster: a folder under the path of the cluster's that is not the
// cluster's proves nothing.
func TestFolderOfAnotherCluster(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := t.Context()
	st := storetest.Open(t, storetest.Postgres(t), storetest.NewClock())
	a, _ := storetest.Seed(t, st)
	if rec := proof(t, st, a, "wamid.1"); rec.Verification != feierabend.VerifyVerified {
		t.Fatalf("receipt %+v", rec)
	}
	own := ask(t, st, `SHOW data_directory`)[0][0]
	control, err := os.ReadFile(filepath.Join(own, "global", "pg_control"))
	must(t, err)
	twin := t.TempDir()
	must(t, os.Mkdir(filepath.Join(twin, "global"), 0o700))
	for name, c := range map[string]struct {
		control []byte
		method  string
		code    string
	}{
		"another one": {append(bytes.Repeat([]byte{7}, 8), control[8:]...), "postgres_vacuum_full_checkpoint", "not_searchable"},
		"a copy":      {control, "", "search_incomplete"},
		"nothing":     {nil, "postgres_vacuum_full_checkpoint", "not_searchable"},
	} {
		t.Run(name, func(t *testing.T) {
			must(t, os.WriteFile(filepath.Join(twin, "global", "pg_control"), c.control, 0o600))
			store.Elsewhere(st, twin)
			_, err := st.Search(ctx, [][]byte{[]byte("x")})
			wantCode(t, err, feierabend.Unavailable, c.code)
			if c.method == "" {
				return
			}
			rec := proof(t, st, a, "wamid."+name)
			if rec.Verification != feierabend.VerifyUnverifiable || rec.Method != c.method || rec.SearchedFiles != 0 {
				t.Errorf("receipt %+v", rec)
			}
		})
	}
}
