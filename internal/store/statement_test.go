package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"feierabend/internal/store"
)

func TestUnnumbered(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`SELECT 1`, `SELECT 1`},
		{`INSERT INTO t VALUES ($1,$2),($3,$4)`, `INSERT INTO t VALUES (?,?),(?,?)`},
		{`SELECT a FROM t WHERE b = $1`, `SELECT a FROM t WHERE b = ?`},
		{`SELECT a FROM t WHERE b = $2 AND c = $1`, `SELECT a FROM t WHERE b = $2 AND c = $1`},
		{`SELECT a FROM t WHERE b = $1 OR c = $1`, `SELECT a FROM t WHERE b = $1 OR c = $1`},
		{`SELECT a FROM t WHERE b = $10`, `SELECT a FROM t WHERE b = $10`},
		{`SELECT a FROM t WHERE b = 'x $1'`, `SELECT a FROM t WHERE b = 'x $1'`},
		{`SELECT a FROM t WHERE b = '' AND c = $1`, `SELECT a FROM t WHERE b = '' AND c = ?`},
		{`SELECT a -> '$.x' FROM t WHERE b = $1`, `SELECT a -> '$.x' FROM t WHERE b = $1`},
		{`SELECT a FROM t WHERE b = ?1 AND c = $1`, `SELECT a FROM t WHERE b = ?1 AND c = $1`},
		{`SELECT a FROM t WHERE b = $`, `SELECT a FROM t WHERE b = $`},
	} {
		if got := store.Unnumbered(c.text); got != c.want {
			t.Errorf("%s: got %s", c.text, got)
		}
	}
}

func TestPortions(t *testing.T) {
	for n := range 200 {
		got := store.Portions(n)
		last := 0
		for _, to := range got {
			if size := to - last; size < 1 || size > 16 || size&(size-1) != 0 {
				t.Fatalf("%d rows: a portion of %d", n, size)
			}
			last = to
		}
		if last != n || len(got) > n/16+4 {
			t.Fatalf("%d rows: portions end at %v", n, got)
		}
	}
}

func TestPadded(t *testing.T) {
	for n := range 70 {
		var args []any
		for i := range n {
			args = append(args, i)
		}
		got := store.Padded(slices.Clone(args))
		if len(got) < n || len(got) >= 2*max(n, 1) || len(got)&(len(got)-1) != 0 || !slices.Equal(got[:n], args) || (n > 0 && got[len(got)-1] != args[n-1]) {
			t.Fatalf("%d values: %v", n, got)
		}
	}
}

// TestStatementsAreKept: what a kept statement gives is what a fresh one would give.
func TestStatementsAreKept(t *testing.T) {
	db, err := store.OpenPool("file:" + filepath.Join(t.TempDir(), "a.db"))
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	run := func(q string, args ...any) {
		t.Helper()
		_, err := db.Exec(q, args...)
		must(t, err)
	}
	run(`CREATE TABLE t(a BIGINT, b TEXT)`)
	for i := range 3 {
		run(`INSERT INTO t(a, b) VALUES ($1,$2),($3,$4)`, 2*i, fmt.Sprint(2*i), 2*i+1, fmt.Sprint(2*i+1))
	}

	// The same text again while its rows are read.
	outer, err := db.Conn(t.Context())
	must(t, err)
	rows, err := outer.QueryContext(t.Context(), `SELECT a FROM t WHERE a < $1 ORDER BY a`, 3)
	must(t, err)
	var got []int
	for rows.Next() {
		var a, n int
		must(t, rows.Scan(&a))
		must(t, outer.QueryRowContext(t.Context(), `SELECT a FROM t WHERE a < $1 ORDER BY a`, 9).Scan(&n))
		got = append(got, a, n)
	}
	must(t, rows.Err())
	must(t, rows.Close())
	if fmt.Sprint(got) != "[0 0 1 0 2 0]" {
		t.Errorf("nested: %v", got)
	}

	// A pragma acts each time, and is not kept.
	before := store.Kept(t, outer)
	for i := range 3 {
		_, err := outer.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA busy_timeout = %d`, 100+i%2))
		must(t, err)
		var now int
		must(t, outer.QueryRowContext(t.Context(), `PRAGMA busy_timeout`).Scan(&now))
		if now != 100+i%2 {
			t.Errorf("busy_timeout is %d", now)
		}
	}
	if now := store.Kept(t, outer); now != before {
		t.Errorf("%d statements kept after pragmas, %d before", now, before)
	}
	must(t, outer.Close())

	// The table changes under a kept statement.
	var b string
	read := func() error { return db.QueryRow(`SELECT b FROM t WHERE a = $1`, 4).Scan(&b) }
	must(t, read())
	run(`ALTER TABLE t ADD COLUMN c BIGINT NOT NULL DEFAULT 7`)
	run(`UPDATE t SET b = 'neu' WHERE a = $1`, 4)
	must(t, read())
	if b != "neu" {
		t.Errorf("read %q", b)
	}
	run(`DROP TABLE t`)
	if err := read(); err == nil {
		t.Error("read from a table that is gone")
	}
	run(`CREATE TABLE t(a BIGINT, b TEXT)`)
	if err := read(); err != sql.ErrNoRows {
		t.Errorf("read from the new table: %v", err)
	}

	// More texts than are kept.
	for i := range 2 * store.MaxStatements {
		var n int
		must(t, db.QueryRow(fmt.Sprintf(`SELECT $1 + %d`, i%(store.MaxStatements+40)), 1).Scan(&n))
		if n != 1+i%(store.MaxStatements+40) {
			t.Fatalf("statement %d gave %d", i, n)
		}
	}
	last, err := db.Conn(t.Context())
	must(t, err)
	defer last.Close()
	if n := store.Kept(t, last); n != store.MaxStatements {
		t.Errorf("%d statements kept, want %d", n, store.MaxStatements)
	}
}
