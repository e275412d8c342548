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
