package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

// Coalescing of scrubs (design §3): at most one per max(1 min, 20 × last duration).
const (
	scrubPause  = time.Minute
	scrubFactor = 20
	scrubLost   = 10 * time.Minute // a planned scrub that has not begun by then is planned again
)

// planScrub enqueues a scrub in the transaction, unless one that has not begun yet
// is on its way in time: it will take this erasure along. A deleted key for whose
// proof no receipt waits (a message that joined another case) is not urgent: it
// leaves the next scrub to those who wait.
func (s *Store) planScrub(ctx context.Context, t tx, urgent bool) error {
	if err := s.planRewrite(ctx, t); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `INSERT INTO clock(name, done_at, took, planned_at) VALUES('scrub', 0, 0, 0) ON CONFLICT(name) DO UPDATE SET took = clock.took`); err != nil {
		return err
	}
	var done, took, planned int64
	if err := t.queryRow(ctx, `SELECT done_at, took, planned_at FROM clock WHERE name = 'scrub'`).Scan(&done, &took, &planned); err != nil {
		return err
	}
	now := s.now()
	at := now
	if !urgent {
		at = now.Add(scrubPause)
	}
	if done > 0 {
		pause := max(scrubPause, scrubFactor*time.Duration(took)*time.Microsecond)
		if next := timeOf(done).Add(pause); next.After(at) {
			at = next
		}
	}
	if planned > micros(now.Add(-scrubLost)) && planned <= micros(at) {
		return nil
	}
	if _, err := t.exec(ctx, `UPDATE clock SET planned_at = $1 WHERE name = 'scrub'`, micros(at)); err != nil {
		return err
	}
	job := feierabend.Job{K: feierabend.JobScrub}
	if at.After(now) {
		job.At = s.onWall(at)
	}
	return t.enqueue(ctx, []feierabend.Job{job})
}

// resumeScrub plans a scrub at start where receipts or rotated keys wait for one: a
// crash between erasing and proving is finished.
func (s *Store) resumeScrub(ctx context.Context) error {
	return s.updateAll(ctx, func(t tx) error {
		var n int
		if err := t.queryRow(ctx, `SELECT count(*) FROM rotated_key`).Scan(&n); err != nil {
			return err
		}
		if err := eachFirm(ctx, t, `SELECT count(*) FROM receipt_check`, nil, func(r row) error {
			var own int
			err := r.Scan(&own)
			n += own
			return err
		}); err != nil || n == 0 {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE clock SET planned_at = 0, done_at = 0 WHERE name = 'scrub'`); err != nil {
			return err
		}
		return s.planScrub(ctx, t, true)
	})
}

// pending is a receipt whose proof is outstanding.
type pending struct {
	tenant feierabend.TenantID
	id     feierabend.ReceiptID
	pieces []byte
}

// ScrubAndVerify scrubs the database, searches all its files for the wrapped keys of
// the receipts that wait, and settles those receipts: verified where nothing was
// found, unverifiable where this database cannot be searched, both signed. It
// always runs, whatever the pause between scrubs. Where something was found, the
// receipts stay pending with their hits, and the error is Unavailable "residue":
// the job comes back. Old forms of rotated keys are searched for in the same pass.
func (s *Store) ScrubAndVerify(ctx context.Context) (verified int, err error) {
	f, err := s.scrubAndVerify(ctx)
	return f.verified, err
}

func (s *Store) scrubAndVerify(ctx context.Context) (f finding, err error) {
	s.scrubbed.Lock()
	defer s.scrubbed.Unlock()
	w, err := s.waiting(ctx)
	if err != nil {
		return f, err
	}
	began := time.Now() // a duration of this machine, not a date of ours
	f.method, f.sure, err = s.db.scrub(ctx)
	if err != nil {
		return f, s.db.explain(fmt.Errorf("scrub: %w", err))
	}
	if f.sure {
		if f.result, err = s.searchPieces(ctx, append(w.receipts, pending{pieces: w.rotated})); err != nil {
			return f, s.db.explain(fmt.Errorf("search after scrub: %w", err))
		}
		f.old = f.result.Hits[len(w.receipts)]
	}
	residue, err := s.settle(ctx, w.receipts, &f, time.Since(began))
	if err == nil && f.old == 0 {
		err = s.forgetRotated(ctx, w.rotatedIDs)
	}
	if err == nil && residue+f.old > 0 {
		err = unavailable("residue", "Die Daten sind gelöscht, die Prüfung hat aber noch Reste gefunden. Sie wird wiederholt.",
			fmt.Errorf("%d of %d receipts with residue, %d hits of rotated keys", residue, len(w.receipts), f.old))
	}
	f.rotated = len(w.rotatedIDs)
	return f, err
}

// waiting is what a scrub shall prove gone.
type waiting struct {
	receipts   []pending
	rotatedIDs []any  // rows of rotated_key
	rotated    []byte // and their pieces
}

// waiting reads what waits before the scrub begins: what comes later is not proved by it.
func (s *Store) waiting(ctx context.Context) (w waiting, err error) {
	err = s.updateAll(ctx, func(t tx) error {
		w = waiting{}
		if _, err := t.exec(ctx, `UPDATE clock SET planned_at = 0 WHERE name = 'scrub'`); err != nil {
			return err
		}
		if err := t.run(ctx, []step{{text: `SELECT id, pieces FROM rotated_key`, scan: func(r row) error {
			var id int64
			var p []byte
			err := r.Scan(&id, &p)
			w.rotatedIDs, w.rotated = append(w.rotatedIDs, id), append(w.rotated, p...)
			return err
		}}}); err != nil {
			return err
		}
		return eachFirm(ctx, t, `SELECT tenant_id, receipt_id, pieces FROM receipt_check`, nil, func(r row) error {
			var p pending
			var tenant string
			if err := r.Scan(&tenant, &p.id, &p.pieces); err != nil {
				return err
			}
			var err error
			p.tenant, err = feierabend.ParseTenantID(tenant)
			w.receipts = append(w.receipts, p)
			return err
		})
	})
	return w, err
}

// finding is what a scrub came to.
type finding struct {
	method   string
	sure     bool                    // the files could be searched
	result   feierabend.SearchResult // Hits per pending receipt
	verified int                     // receipts
	rotated  int                     // old forms of rotated keys that were searched for
	old      int                     // and how often they were found
}

// settle writes the outcome of a scrub into the receipts, in one transaction.
func (s *Store) settle(ctx context.Context, wait []pending, f *finding, took time.Duration) (residue int, err error) {
	err = s.updateAll(ctx, func(t tx) error {
		f.verified, residue = 0, 0
		if _, err := t.exec(ctx, `INSERT INTO clock(name, done_at, took, planned_at) VALUES('scrub', $1, $2, 0)
			ON CONFLICT(name) DO UPDATE SET done_at = EXCLUDED.done_at, took = EXCLUDED.took`, micros(s.now()), took.Microseconds()); err != nil {
			return err
		}
		for i, p := range wait {
			if err := t.bind(ctx, p.tenant.String()); err != nil {
				return err
			}
			r, err := scanReceipt(t.queryRow(ctx, `SELECT `+receiptColumns+` FROM receipt r WHERE r.tenant_id = $1 AND r.id = $2`, p.tenant.String(), p.id), p.tenant)
			if err != nil {
				return err
			}
			if r.Verification != feierabend.VerifyPending {
				continue
			}
			r.Method, r.SearchedFiles, r.SearchedBytes = f.method, f.result.Files, f.result.Bytes
			r.Verification, r.VerifiedAt = feierabend.VerifyUnverifiable, timeOf(micros(s.now()))
			if f.sure {
				r.Hits = f.result.Hits[i]
				r.Verification = feierabend.VerifyVerified
			}
			if r.Hits > 0 {
				residue++
				r.Verification, r.VerifiedAt = feierabend.VerifyPending, time.Time{}
			} else if err := s.root.Sign(&r); err != nil {
				return err
			} else if f.sure {
				f.verified++
			}
			if err := updateReceipt(ctx, t, r); err != nil {
				return err
			}
		}
		return nil
	})
	return residue, err
}

// updateReceipt writes what the proof found; a settled receipt needs no check any more.
func updateReceipt(ctx context.Context, t tx, r feierabend.ErasureReceipt) error {
	if _, err := t.exec(ctx, `UPDATE receipt SET verification = $3, verified_at = $4, method = $5, searched_files = $6, searched_bytes = $7, hits = $8,
		signature = $9, public_key = $10 WHERE tenant_id = $1 AND id = $2`, r.Tenant.String(), r.ID, r.Verification, micros(r.VerifiedAt), r.Method,
		r.SearchedFiles, r.SearchedBytes, r.Hits, orNull(r.Signature), orNull(r.PublicKey)); err != nil {
		return err
	}
	if r.Verification == feierabend.VerifyPending {
		return nil
	}
	_, err := t.exec(ctx, `DELETE FROM receipt_check WHERE tenant_id = $1 AND receipt_id = $2`, r.Tenant.String(), r.ID)
	return err
}

var errBusy = errors.New("readers were in the way")
