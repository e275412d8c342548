package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
		// A job that should have begun by now is lost, or was torn off. The pause since the
		// last scrub holds: else each process that starts would bring one of its own.
		if _, err := t.exec(ctx, `UPDATE clock SET planned_at = 0 WHERE name = 'scrub' AND planned_at <= $1`, micros(s.now())); err != nil {
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
// always runs, whatever the pause between scrubs; of all processes one at a time does
// (Unavailable "busy"). Where something was found, the receipts stay pending with their
// hits, and the error is Unavailable "residue"; where something that passes stands
// against the proof, it is "proof_waits", for a day. Both times the next scrub is planned. Old forms of rotated keys are searched for in the same pass.
func (s *Store) ScrubAndVerify(ctx context.Context) (verified int, err error) {
	f, err := s.scrubAndVerify(ctx)
	return f.verified, err
}

func (s *Store) scrubAndVerify(ctx context.Context) (f finding, err error) {
	s.scrubbed.Lock()
	defer s.scrubbed.Unlock()
	release, err := s.db.lead(ctx)
	if err != nil {
		return f, s.db.explain(err)
	}
	defer release()
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
	f.rotated = len(w.rotatedIDs)
	left, err := s.settle(ctx, w, &f, time.Since(began))
	switch {
	case err != nil:
		return f, err
	case f.waits():
		if left > 0 || f.rotated > 0 {
			err = unavailable("proof_waits", "Die Daten sind gelöscht. Der Nachweis wartet, bis eine ältere Transaktion in der Datenbank zu Ende ist. Er wird wiederholt.",
				fmt.Errorf("%d of %d receipts wait, %d rotated keys", left, len(w.receipts), f.rotated))
		}
		return f, err
	case f.old == 0:
		err = s.forgetRotated(ctx, w.rotatedIDs)
	}
	if err == nil && left+f.old > 0 {
		err = unavailable("residue", "Die Daten sind gelöscht, die Prüfung hat aber noch Reste gefunden. Sie wird wiederholt.",
			fmt.Errorf("%d of %d receipts with residue, %d hits of rotated keys", left, len(w.receipts), f.old))
	}
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
		// One that is planned for later stays so: its job will run, and nobody needs another.
		if _, err := t.exec(ctx, `UPDATE clock SET planned_at = 0 WHERE name = 'scrub' AND planned_at <= $1`, micros(s.now().Add(scrubPause/2))); err != nil {
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

// proofPatience is how long a receipt waits for what passes by itself: then it is
// unverifiable for good, and says why.
const proofPatience = 24 * time.Hour

// waits says that nothing but what passes stands against the proof: transactions that
// may still see what was deleted.
func (f finding) waits() bool {
	_, codes, is := strings.Cut(f.method, ":")
	return is && !f.sure && !slices.ContainsFunc(strings.Split(codes, ","), func(c string) bool { return c != "prepared_transactions" && c != "old_snapshot" })
}

// settle writes the outcome of a scrub into the receipts, in one transaction, and says
// how many of them stay pending. For those, and for rotated keys, it plans the next
// scrub, when the pause is over, with what is erased until then.
func (s *Store) settle(ctx context.Context, w waiting, f *finding, took time.Duration) (left int, err error) {
	err = s.updateAll(ctx, func(t tx) error {
		f.verified, left = 0, 0
		if _, err := t.exec(ctx, `INSERT INTO clock(name, done_at, took, planned_at) VALUES('scrub', $1, $2, 0)
			ON CONFLICT(name) DO UPDATE SET done_at = EXCLUDED.done_at, took = EXCLUDED.took`, micros(s.now()), took.Microseconds()); err != nil {
			return err
		}
		for i, p := range w.receipts {
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
			if r.Hits > 0 || f.waits() && s.now().Before(r.ErasedAt.Add(proofPatience)) {
				left++
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
		if left > 0 || f.old > 0 || f.waits() && f.rotated > 0 {
			return s.planScrub(ctx, t, true)
		}
		return nil
	})
	return left, err
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
