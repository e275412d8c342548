package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/seal"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestPragmas: every connection of both pools has the settings that the proof and
// the durability rest on. secure_delete FAST (2) would leave keys behind.
func TestPragmas(t *testing.T) {
	st, _ := storetest.New(t)
	ctx := context.Background()
	deleting := "1"
	if noScrub {
		deleting = "0"
	}
	for i, pool := range st.Pools() {
		for range pool.Stats().MaxOpenConnections {
			conn, err := pool.Conn(ctx)
			must(t, err)
			defer conn.Close()
			for pragma, want := range map[string]string{"secure_delete": deleting, "synchronous": "2", "journal_mode": "wal", "busy_timeout": "10000", "temp_store": "2", "foreign_keys": "1"} {
				var got string
				must(t, conn.QueryRowContext(ctx, `PRAGMA `+pragma).Scan(&got))
				if got != want {
					t.Errorf("pool %d: %s is %s, want %s", i, pragma, got, want)
				}
			}
		}
	}
}

// TestNewerSchema: a database of a newer program is refused, unchanged.
func TestNewerSchema(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			clock, dsn := storetest.NewClock(), e.DSN(t)
			st, err := store.Open(context.Background(), storetest.Options(t, dsn, clock))
			must(t, err)
			do(t, st, `INSERT INTO goose_db_version(version_id, is_applied) VALUES(99, $1)`, true)
			if st.SQL() == nil {
				do(t, st, `CREATE TABLE content.of_the_future(n int)`) // of no class that this program knows
			}
			must(t, st.Close())
			_, err = store.Open(context.Background(), storetest.Options(t, dsn, clock))
			wantCode(t, err, feierabend.Invalid, "schema_newer")
			if !strings.Contains(feierabend.TextOf(err), "99") {
				t.Errorf("sentence %q", feierabend.TextOf(err))
			}
		})
	}
}

// TestWrongKeys: other keys than those of the data are refused at start; with the
// right ones everything is there.
func TestWrongKeys(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			ctx := context.Background()
			clock, dsn := storetest.NewClock(), e.DSN(t)
			good := storetest.Options(t, dsn, clock)
			st, err := store.Open(ctx, good)
			must(t, err)
			a, _ := storetest.Seed(t, st)
			m := typed(t, st, a, "wamid.1", "Moin")
			must(t, st.Close())

			other := good
			other.Keys, err = seal.ParseKeys("1:" + seal.RandomKey())
			must(t, err)
			wantCode(t, second(store.Open(ctx, other)), feierabend.Invalid, "master_key")
			other.Keys, err = seal.ParseKeys("2:" + storetest.MasterKey)
			must(t, err)
			wantCode(t, second(store.Open(ctx, other)), feierabend.Invalid, "master_key")
			other = good
			other.Root, err = seal.ParseRoot(seal.RandomKey())
			must(t, err)
			wantCode(t, second(store.Open(ctx, other)), feierabend.Invalid, "root_key")

			rotated := good // a new first key wraps, the old one still opens
			rotated.Keys, err = seal.ParseKeys("2:" + seal.RandomKey() + ",1:" + storetest.MasterKey)
			must(t, err)
			st, err = store.Open(ctx, rotated)
			must(t, err)
			defer st.Close()
			if got, err := st.Message(ctx, a.Tenant.ID, m.ID); err != nil || got.Text != "Moin" {
				t.Errorf("old message: %v", err)
			}
			n := typed(t, st, a, "wamid.2", "Hallo")
			if got := ask(t, st, `SELECT master_id FROM content_key ORDER BY id`); got[0][0] != "1" || got[1][0] != "2" {
				t.Errorf("master ids %v of %s", got, n.ID)
			}
		})
	}
}

// TestMovedRow: a sealed value does not open at another place.
func TestMovedRow(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, _ := storetest.Seed(t, st)
		m1, m2 := typed(t, st, a, "wamid.1", "eins"), typed(t, st, a, "wamid.2", "zwei")
		do(t, st, `UPDATE message SET body = (SELECT body FROM message WHERE id = $1) WHERE id = $2`, string(m1.ID), string(m2.ID))
		_, err := st.Message(context.Background(), a.Tenant.ID, m2.ID)
		wantCode(t, err, feierabend.Unavailable, "sealed")
	})
}

// TestBadAddress and files that are no database.
func TestBadAddress(t *testing.T) {
	clock := storetest.NewClock()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "text.db"), bytes.Repeat([]byte("kein SQLite. "), 1000), 0o600))
	for _, tc := range []struct {
		dsn  string
		kind feierabend.Kind
		code string
	}{
		{"mysql://x", feierabend.Invalid, "database_url"},
		{"postgres://%zz", feierabend.Invalid, "database_url"},
		{"postgres://nobody@127.0.0.1:1/none", feierabend.Unavailable, "database_down"},
		{"sqlite:" + dir + "/missing/feierabend.db", feierabend.Unavailable, "folder_not_writable"},
		{"sqlite:" + dir + "/text.db", feierabend.Invalid, "damaged"},
	} {
		_, err := store.Open(context.Background(), storetest.Options(t, tc.dsn, clock))
		wantCode(t, err, tc.kind, tc.code)
		if err != nil && strings.Contains(err.Error(), dir) && tc.code == "damaged" {
			t.Errorf("error names the path: %v", err)
		}
	}
}

// TestDiskFull fills the database up by its page limit: what was accepted stays,
// what is refused says so, and with space it goes on.
func TestDiskFull(t *testing.T) {
	st, _ := storetest.New(t)
	ctx := context.Background()
	a, _ := storetest.Seed(t, st)
	first := typed(t, st, a, "wamid.0", "Moin")
	pages := ask(t, st, `PRAGMA page_count`)[0][0]
	do(t, st, `PRAGMA max_page_count = `+pages)
	accepted, full := 1, 0
	for i := range 60 {
		_, err := st.Receive(ctx, []feierabend.Inbound{a.Inbound(fmt.Sprint("wamid.", i+1), strings.Repeat("Moin ", 200))})
		if err == nil {
			accepted++
			continue
		}
		full++
		wantCode(t, err, feierabend.Unavailable, "disk_full")
	}
	if full == 0 {
		t.Fatal("never full")
	}
	m := first
	wantCode(t, st.AddAudio(ctx, a.Tenant.ID, m.ID, feierabend.AudioInfo{}, make([]byte, 1<<20)), feierabend.Unavailable, "disk_full")
	do(t, st, `PRAGMA max_page_count = 1000000`)
	if got := count(t, st, "message"); got != fmt.Sprint(accepted) {
		t.Errorf("%s stored, %d acknowledged", got, accepted)
	}
	typed(t, st, a, "wamid.end", "Moin")
	must(t, st.AddAudio(ctx, a.Tenant.ID, m.ID, feierabend.AudioInfo{}, make([]byte, 1<<20)))
	if ask(t, st, `PRAGMA integrity_check`)[0][0] != "ok" {
		t.Error("integrity")
	}
}

// TestRealDisk runs TestOnSmallDisk as root on a file system of 4 MB of its own, full
// and then read-only; chmod does not stop root. Without root the page limit of
// TestDiskFull has to do.
func TestRealDisk(t *testing.T) {
	if os.Getenv("FEIERABEND_SMALL_DISK") != "" {
		return
	}
	if os.Geteuid() != 0 {
		t.Log("not root: no file system of its own")
		return
	}
	dir := t.TempDir()
	cmd := exec.Command("unshare", "-m", "sh", "-c", `mount -t tmpfs -o size=4m none "$1" && exec "$2" -test.run '^TestOnSmallDisk$' -test.v`, "sh", dir, os.Args[0])
	cmd.Env = append(os.Environ(), "FEIERABEND_SMALL_DISK="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestOnSmallDisk")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestOnSmallDisk is the part of TestRealDisk inside the small file system.
func TestOnSmallDisk(t *testing.T) {
	dir := os.Getenv("FEIERABEND_SMALL_DISK")
	if dir == "" {
		return
	}
	ctx := context.Background()
	clock := storetest.NewClock()
	dsn := "sqlite:" + dir + "/feierabend.db"
	st, err := store.Open(ctx, storetest.Options(t, dsn, clock))
	must(t, err)
	a, _ := storetest.Seed(t, st)
	accepted := map[feierabend.MessageID]bool{}
	full := 0
	for i := 0; full < 5 && i < 5000; i++ {
		out, err := st.Receive(ctx, []feierabend.Inbound{a.Inbound(fmt.Sprint("wamid.", i), strings.Repeat("Moin ", 2000))})
		if err != nil {
			full++
			wantCode(t, err, feierabend.Unavailable, "")
			continue
		}
		accepted[out[0].Message] = true
	}
	if full == 0 {
		t.Fatal("4 MB never full")
	}
	check := func(st *store.Store) {
		t.Helper()
		for id := range accepted {
			if _, err := st.Message(ctx, a.Tenant.ID, id); err != nil {
				t.Fatalf("acknowledged message lost: %v", err)
			}
		}
	}
	check(st)
	must(t, exec.Command("mount", "-o", "remount,size=64m", dir).Run())
	typed(t, st, a, "wamid.after", "Moin")
	must(t, st.Close())

	must(t, exec.Command("mount", "-o", "remount,ro", dir).Run())
	wantCode(t, second(store.Open(ctx, storetest.Options(t, dsn, clock))), feierabend.Unavailable, "folder_not_writable")
	must(t, exec.Command("mount", "-o", "remount,rw", dir).Run())
	st = storetest.Open(t, dsn, clock)
	check(st)
}
