package store

import (
	"context"
	"fmt"
	"time"

	"feierabend"
)

// Manners of a rotation towards the rest of the service.
const (
	rotateBatch  = 50                     // cases of one transaction: SQLite's one writer waits behind it
	rotateLock   = "200ms"                // PostgreSQL: it gives way long before anybody looks for a deadlock
	rotateNap    = 50 * time.Millisecond  // after a batch that others were in the way of
	rotateTries  = 200                    // of one batch
	rotateRounds = 3                      // over all firms, where a process still wraps with the old key
	rotatePause  = 250 * time.Millisecond // longest rest after a batch
)

// RotateKeys wraps every data key that another master key wraps with the current one,
// scrubs, and searches all files for the old forms (storage.md §5.6). Rows are
// replaced, never changed: content_key only grows at its end, which is what makes its
// scrub complete. A batch is one transaction, so that a call that breaks off anywhere
// is taken up by the next one; of each old form fingerprints stay until a search has
// missed it. Whatever comes in meanwhile is wrapped with the current key already.
//
// tell hears how many of all are done, after each batch; nil = nobody.
//
// The error is Conflict "old_master_in_use" where a living process wraps with another
// master key (nothing was done, or it began meanwhile), and Unavailable "residue"
// where an old form was found: the next call looks again.
func (s *Store) RotateKeys(ctx context.Context, tell func(done, all int)) (r feierabend.Rotation, err error) {
	if tell == nil {
		tell = func(int, int) {}
	}
	r, err = s.rotateKeys(ctx, tell)
	return r, s.db.explain(err)
}

func (s *Store) rotateKeys(ctx context.Context, tell func(done, all int)) (r feierabend.Rotation, err error) {
	r.To = s.keys.Current()
	for range rotateRounds {
		if err := s.allWrapWith(ctx, r.To); err != nil {
			return r, err
		}
		if err := s.rotateFirms(ctx, &r, tell); err != nil {
			return r, err
		}
		left, err := s.oldKeys(ctx, r.To)
		if err != nil {
			return r, err
		}
		if left > 0 {
			continue
		}
		if err := s.allWrapWith(ctx, r.To); err != nil {
			return r, err
		}
		return r, s.proveRotation(ctx, &r)
	}
	return r, &feierabend.Error{Kind: feierabend.Conflict, Code: "old_master_returns", Text: "Es kommen noch Schlüssel hinzu, die ein alter Hauptschlüssel verschließt. " +
		"Nichts ist verloren. Bitte prüfen, dass alle Prozesse mit der neuen Einstellung laufen, und feierabend key rotate noch einmal starten."}
}

// allWrapWith refuses while a living process wraps with another master key: its rows
// would never end, and it may not be able to open ours.
func (s *Store) allWrapWith(ctx context.Context, master int16) error {
	var using map[int16]int
	err := s.viewAll(ctx, func(q querier) (err error) {
		using, err = s.wrapping(ctx, q)
		return err
	})
	if err != nil {
		return err
	}
	for id, n := range using {
		if id != master {
			return &feierabend.Error{Kind: feierabend.Conflict, Code: "old_master_in_use", Err: fmt.Errorf("%d processes wrap with %d", n, id), Text: fmt.Sprintf(
				"%d laufende Prozesse verschließen noch mit Hauptschlüssel %d, nicht mit %d. Nichts ist verloren. "+
					"Bitte alle Prozesse mit der neuen Einstellung starten (feierabend key list zeigt sie) und dann feierabend key rotate noch einmal.", n, id, master)}
		}
	}
	return nil
}

// processAlive is the age of the last beat that counts as living (design §4.1).
const processAlive = 20 * time.Second

// wrapping counts the living processes by the master key that they wrap with. On
// SQLite one process owns the file: this one.
func (s *Store) wrapping(ctx context.Context, q querier) (map[int16]int, error) {
	if !q.fenced() {
		return map[int16]int{s.keys.Current(): 1}, nil
	}
	now, err := s.clockOf(ctx, q)
	if err != nil {
		return nil, err
	}
	out := map[int16]int{}
	_, err = collect(ctx, q, func(r row) (struct{}, error) {
		var id int16
		var n int
		err := r.Scan(&id, &n)
		out[id] = n
		return struct{}{}, err
	}, `SELECT master_id, count(*) FROM process WHERE seen_at > $1 GROUP BY master_id`, now-processAlive.Microseconds())
	return out, err
}

// oldKeys counts the data keys that another master key wraps.
func (s *Store) oldKeys(ctx context.Context, master int16) (n int, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		return q.queryRow(ctx, `SELECT count(*) FROM content_key WHERE master_id <> $1`, master).Scan(&n)
	})
	return n, err
}

// rotateFirms goes once over the cases of all firms, and then throws away old keys
// that no case has.
func (s *Store) rotateFirms(ctx context.Context, r *feierabend.Rotation, tell func(done, all int)) error {
	left, err := s.oldKeys(ctx, r.To)
	if err != nil || left == 0 {
		return err
	}
	all := r.Keys + left
	tell(r.Keys, all)
	firms, err := s.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, f := range firms {
		for _, what := range keyHolders() {
			if err := s.rotateFirm(ctx, f.ID, what, func(n int) {
				r.Keys += n
				tell(r.Keys, max(all, r.Keys))
			}); err != nil {
				return err
			}
		}
	}
	n, err := s.dropOrphans(ctx, r.To)
	r.Orphans += n
	return err
}

// rotateFirm goes over the keys of one kind of a firm, batch by batch.
func (s *Store) rotateFirm(ctx context.Context, tenant feierabend.TenantID, what keyHolder, did func(n int)) error {
	for after := ""; ; {
		began := time.Now() // a duration, not a date
		n, last, err := s.rotatePatiently(ctx, tenant, what, after)
		if err != nil || n == 0 {
			return err
		}
		after = last
		did(n)
		// As much rest as work: the other half belongs to what comes in.
		if err := nap(ctx, min(time.Since(began), rotatePause)); err != nil {
			return err
		}
	}
}

// dropOrphans deletes old keys that neither a case nor an entry of an address book has: nobody can open anything with them,
// and they would keep their master key in use for ever. A key and its case come and
// go in one transaction, so that a key seen without its case has none.
func (s *Store) dropOrphans(ctx context.Context, master int16) (n int, err error) {
	err = s.updateAll(ctx, func(t tx) error {
		left, err := collect(ctx, t, func(r row) (*oldKey, error) {
			k := &oldKey{}
			return k, r.Scan(&k.id, &k.master, &k.wrapped)
		}, `SELECT id, master_id, wrapped FROM content_key WHERE master_id <> $1 ORDER BY id LIMIT $2`, master, maxParams)
		if err != nil || len(left) == 0 {
			return err
		}
		ids := make([]any, len(left))
		byID := map[int64]*oldKey{}
		for i, k := range left {
			ids[i], byID[k.id] = k.id, k
		}
		held := func(r row) error {
			var id int64
			err := r.Scan(&id)
			delete(byID, id)
			return err
		}
		if err := eachFirm(ctx, t, `SELECT key_id FROM cases WHERE key_id IN `+idList(len(ids)), ids, held); err != nil {
			return err
		}
		if err := eachFirm(ctx, t, `SELECT key_id FROM address_entry WHERE key_id IN `+idList(len(ids)), ids, held); err != nil || len(byID) == 0 {
			return err
		}
		orphans := make([]*oldKey, 0, len(byID))
		for _, k := range byID {
			orphans = append(orphans, k)
		}
		n = len(orphans)
		return retire(ctx, t, orphans)
	})
	return n, err
}

// maxParams is the number of ids in one statement.
const maxParams = 1000

// idList writes "($1,$2,$3)".
func idList(n int) string { return values(1, n, 1) }

// nap rests, or gives the context's error.
func nap(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
