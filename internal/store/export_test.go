package store

import (
	"context"
	"database/sql"
	"testing"
	"time"
)

// HoldReader opens a reading transaction on SQLite and gives the way to end it.
func (s *Store) HoldReader(t testing.TB) (release func()) {
	t.Helper()
	tx, err := s.db.(*sqlite).reader.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM cases`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return func() { tx.Rollback() }
}

// Pools gives SQLite's pools, writer first.
func (s *Store) Pools() []*sql.DB {
	e := s.db.(*sqlite)
	return []*sql.DB{e.writer, e.reader}
}

// Patience sets the age of an old snapshot on PostgreSQL.
func (s *Store) Patience(d time.Duration) { s.db.(*postgres).patience = d }

// OpenPool opens a pool of SQLite connections that keep their statements.
func OpenPool(dsn string) (*sql.DB, error) { return openPool(dsn) }

// Kept is the number of statements that a connection of OpenPool keeps.
func Kept(t testing.TB, conn *sql.Conn) (n int) {
	t.Helper()
	if err := conn.Raw(func(c any) error {
		n = c.(*connection).used.Len()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// Unnumbered is a text as it is given to SQLite.
func Unnumbered(text string) string { return unnumbered(text) }

// MaxStatements is how many statements a connection keeps.
const MaxStatements = maxStatements

// Portions gives the ends of the portions of n rows.
func Portions(n int) (ends []int) {
	for _, to := range portions(n) {
		ends = append(ends, to)
	}
	return ends
}

// Padded is a list as it stands after IN.
func Padded(args []any) []any { return padded(args) }
