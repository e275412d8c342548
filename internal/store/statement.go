package store

import (
	"context"
	"database/sql"
	"sync"
)

// Bounds of the statement cache: texts of large batches are long and rare.
const (
	maxStatements = 512
	maxText       = 4096
)

// statements keeps prepared statements of a SQLite pool: parsing costs more than
// running for most of ours. A statement can only be prepared outside of a
// transaction (the writer pool has one connection), so a text that came up is
// prepared before the next one. pgx does the same by itself.
type statements struct {
	db    *sql.DB
	mu    sync.Mutex
	ready map[string]*sql.Stmt
	asked map[string]bool // came up, not yet prepared
}

func newStatements(db *sql.DB) *statements {
	return &statements{db: db, ready: map[string]*sql.Stmt{}, asked: map[string]bool{}}
}

// prepare takes in the texts that came up since the last time. The lock is not held
// meanwhile: preparing waits for a connection, and who has it may be asking. A text
// that cannot be prepared stays unprepared: its error shows where it is run.
func (c *statements) prepare(ctx context.Context) {
	c.mu.Lock()
	asked := c.asked
	if len(asked) == 0 {
		c.mu.Unlock()
		return
	}
	c.asked = map[string]bool{}
	c.mu.Unlock()
	for q := range asked {
		st, err := c.db.PrepareContext(ctx, q)
		if err != nil {
			continue
		}
		c.mu.Lock()
		if c.ready[q] == nil && len(c.ready) < maxStatements {
			c.ready[q], st = st, nil
		}
		c.mu.Unlock()
		if st != nil { // somebody was faster
			st.Close()
		}
	}
}

// in gives the prepared statement of a text for a transaction, or nil.
func (c *statements) in(ctx context.Context, t *sql.Tx, q string) *sql.Stmt {
	c.mu.Lock()
	st := c.ready[q]
	if st == nil && len(q) <= maxText && len(c.ready) < maxStatements {
		c.asked[q] = true
	}
	c.mu.Unlock()
	if st == nil {
		return nil
	}
	return t.StmtContext(ctx, st)
}
