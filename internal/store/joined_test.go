package store_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"feierabend/internal/store"
)

// TestJoinedLog writes through the file layer of the writer, in transactions that do
// not fit into SQLite's memory, with savepoints, rollbacks, checkpoints and commits
// without a sync. After each end another connection, and a copy of the files opened by
// SQLite alone, hold exactly what was committed.
func TestJoinedLog(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	w := store.OpenJoined(t, "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(10)&_pragma=wal_autocheckpoint(0)&_txlock=immediate")
	w.SetMaxOpenConns(1)
	_, err := w.Exec(`CREATE TABLE t(id INTEGER PRIMARY KEY, body BLOB NOT NULL)`)
	must(t, err)
	reader, err := store.OpenPool("file:" + path + "?mode=ro")
	must(t, err)
	defer reader.Close()
	rnd := rand.New(rand.NewPCG(1, 2))
	want := map[int]string{}
	for round := range 60 {
		if round%7 == 3 {
			_, err := w.Exec(fmt.Sprintf(`PRAGMA synchronous(%s)`, []string{"OFF", "FULL"}[round/7%2]))
			must(t, err)
		}
		if round%5 == 4 {
			mode := []string{"PASSIVE", "RESTART", "TRUNCATE"}[rnd.IntN(3)]
			must(t, second(w.Exec(`PRAGMA wal_checkpoint(`+mode+`)`)))
		}
		next, commit := change(t, w, rnd, want)
		if commit {
			want = next
		}
		same(t, fmt.Sprint("round ", round, " by another connection"), reader, want)
		if round%10 == 0 {
			alone := copied(t, path)
			same(t, fmt.Sprint("round ", round, " in a copy of the files"), alone, want)
			var ok string
			must(t, alone.QueryRow(`PRAGMA integrity_check`).Scan(&ok))
			if ok != "ok" {
				t.Fatal(ok)
			}
			alone.Close()
		}
	}
}

// change works in one transaction and says what would hold after it, and whether it
// was committed.
func change(t *testing.T, w *sql.DB, rnd *rand.Rand, have map[int]string) (map[int]string, bool) {
	t.Helper()
	tx, err := w.Begin()
	must(t, err)
	defer tx.Rollback()
	next := map[int]string{}
	for k, v := range have {
		next[k] = v
	}
	for range 1 + rnd.IntN(4) {
		must(t, second(tx.Exec(`SAVEPOINT s`)))
		tried := map[int]string{}
		for range 1 + rnd.IntN(60) {
			id, body := rnd.IntN(400), fmt.Sprintf("%0*d", 1+rnd.IntN(3000), rnd.IntN(1000))
			must(t, second(tx.Exec(`INSERT OR REPLACE INTO t(id, body) VALUES($1, $2)`, id, body)))
			tried[id] = body
		}
		if rnd.IntN(3) == 0 {
			must(t, second(tx.Exec(`ROLLBACK TO s`)))
		} else {
			for k, v := range tried {
				next[k] = v
			}
		}
		must(t, second(tx.Exec(`RELEASE s`)))
	}
	if rnd.IntN(4) == 0 {
		return nil, false
	}
	must(t, tx.Commit())
	return next, true
}

// copied opens a copy of the files as a crash of the process would leave them.
func copied(t *testing.T, path string) *sql.DB {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy.db")
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		must(t, err)
		must(t, os.WriteFile(to+end, b, 0o600))
	}
	db, err := store.OpenPool("file:" + to)
	must(t, err)
	return db
}

func same(t *testing.T, what string, db *sql.DB, want map[int]string) {
	t.Helper()
	rows, err := db.Query(`SELECT id, body FROM t`)
	must(t, err)
	defer rows.Close()
	n := 0
	for rows.Next() {
		var id int
		var body string
		must(t, rows.Scan(&id, &body))
		if want[id] != body {
			t.Fatalf("%s: row %d differs", what, id)
		}
		n++
	}
	must(t, rows.Err())
	if n != len(want) {
		t.Fatalf("%s: %d rows, want %d", what, n, len(want))
	}
}
