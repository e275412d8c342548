package store

import (
	"context"
	"fmt"
	"time"

	"feierabend"
)

// Rewriting of content tables on PostgreSQL (decision 0013): at the earliest an hour
// after an erasure, and at most once per max(1 h, 100 × last duration): it locks table
// by table and copies all that lives.
const (
	rewritePause  = time.Hour
	rewriteFactor = 100
)

// planForget plans that what the transaction has deleted, or overwritten, leaves the
// files too where no receipt waits for it: numbers, addresses, rows without a case. A
// key that lives on opens them, so they must not stay as noise does (DEL-05).
func (s *Store) planForget(ctx context.Context, t tx) error {
	if t.fenced() {
		return s.planRewrite(ctx, t)
	}
	return s.planScrub(ctx, t, false)
}

// planRewrite enqueues a rewriting in the transaction, unless one is on its way. On
// SQLite the scrub itself clears everything.
func (s *Store) planRewrite(ctx context.Context, t tx) error {
	if !t.fenced() {
		return nil
	}
	if _, err := t.exec(ctx, `INSERT INTO clock(name, done_at, took, planned_at) VALUES('rewrite', 0, 0, 0) ON CONFLICT(name) DO NOTHING`); err != nil {
		return err
	}
	var done, took, planned int64
	if err := t.queryRow(ctx, `SELECT done_at, took, planned_at FROM clock WHERE name = 'rewrite'`).Scan(&done, &took, &planned); err != nil {
		return err
	}
	now := s.now()
	if planned > micros(now.Add(-scrubLost)) {
		return nil
	}
	at := now.Add(rewritePause)
	if next := timeOf(done).Add(max(rewritePause, rewriteFactor*time.Duration(took)*time.Microsecond)); done > 0 && next.After(at) {
		at = next
	}
	if _, err := t.exec(ctx, `UPDATE clock SET planned_at = $1 WHERE name = 'rewrite'`, micros(at)); err != nil {
		return err
	}
	return t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobRewrite, At: s.onWall(at)}})
}

// RewriteContent takes away what deleted rows of the content tables left in the files
// of PostgreSQL: sealed bytes whose key is gone (the proof of an erasure does not wait
// for it), and those of account tables whose key lives on. While a transaction may
// still see deleted rows it is Unavailable "busy", and the job comes back. done says that every table was rewritten; where the role that scrubs may
// not do that, nothing happens. On SQLite there is nothing to do: each scrub does it.
func (s *Store) RewriteContent(ctx context.Context) (done bool, err error) {
	s.scrubbed.Lock()
	defer s.scrubbed.Unlock()
	release, err := s.db.lead(ctx)
	if err != nil {
		return false, s.db.explain(err)
	}
	defer release()
	// Before it begins: what is erased meanwhile plans the next one.
	if err := s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `UPDATE clock SET planned_at = 0 WHERE name = 'rewrite'`)
		return err
	}); err != nil {
		return false, err
	}
	began := time.Now() // a duration of this machine, not a date of ours
	if done, err = s.db.rewriteContent(ctx); err != nil {
		return false, s.db.explain(fmt.Errorf("rewrite content: %w", err))
	}
	return done, s.updateAll(ctx, func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO clock(name, done_at, took, planned_at) VALUES('rewrite', $1, $2, 0)
			ON CONFLICT(name) DO UPDATE SET done_at = EXCLUDED.done_at, took = EXCLUDED.took`, micros(s.now()), time.Since(began).Microseconds())
		return err
	})
}

// lead has nothing to do on SQLite: one process owns the file.
func (e *sqlite) lead(context.Context) (func(), error) { return func() {}, nil }

// rewriteContent has nothing to do on SQLite.
func (e *sqlite) rewriteContent(context.Context) (bool, error) { return true, nil }
