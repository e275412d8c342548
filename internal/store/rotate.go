package store

import (
	"context"
	"errors"
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
		for after := ""; ; {
			began := time.Now() // a duration, not a date
			n, last, err := s.rotatePatiently(ctx, f.ID, after)
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
			r.Keys, after = r.Keys+n, last
			tell(r.Keys, max(all, r.Keys))
			// As much rest as work: the other half belongs to what comes in.
			if err := nap(ctx, min(time.Since(began), rotatePause)); err != nil {
				return err
			}
		}
	}
	n, err := s.dropOrphans(ctx, r.To)
	r.Orphans += n
	return err
}

// rotatePatiently repeats a batch that others were in the way of.
func (s *Store) rotatePatiently(ctx context.Context, tenant feierabend.TenantID, after string) (n int, last string, err error) {
	for range rotateTries {
		if n, last, err = s.rotateSome(ctx, tenant, after); feierabend.CodeOf(err) != "busy" {
			return n, last, err
		}
		if err := nap(ctx, rotateNap); err != nil {
			return 0, "", err
		}
	}
	return 0, "", err
}

// oldKey is a data key to be wrapped anew.
type oldKey struct {
	caseName   string
	id         int64
	master     int16
	wrapped    []byte
	newID      int64 // its new row, 0 for none
	nextMaster int16
	next       []byte // its new form
	stillThere bool
}

// rotateSome wraps the keys of the firm's next cases in one transaction: new rows in,
// cases led over, old rows out, what the search needs kept. A case that is changed
// or erased at the same time is waited for; where it went, all is done again.
func (s *Store) rotateSome(ctx context.Context, tenant feierabend.TenantID, after string) (n int, last string, err error) {
	err = s.update(ctx, tenant, func(t tx) error {
		n, last = 0, ""
		if t.fenced() {
			var set string
			if err := t.queryRow(ctx, `SELECT set_config('lock_timeout', $1, true)`, rotateLock).Scan(&set); err != nil {
				return err
			}
		}
		old, err := collect(ctx, t, func(r row) (*oldKey, error) {
			k := &oldKey{}
			return k, r.Scan(&k.caseName, &k.id, &k.master, &k.wrapped)
		}, `SELECT c.id, c.key_id, k.master_id, k.wrapped FROM cases c JOIN content_key k ON k.id = c.key_id
			WHERE c.tenant_id = $1 AND c.id > $2 AND k.master_id <> $3 ORDER BY c.id LIMIT $4`, tenant.String(), after, s.keys.Current(), rotateBatch)
		if err != nil || len(old) == 0 {
			return err
		}
		if err := s.wrapAnew(ctx, t, tenant, old); err != nil {
			return err
		}
		if err := leadOver(ctx, t, tenant, old); err != nil {
			return err
		}
		n, last = len(old), old[len(old)-1].caseName
		if err := retire(ctx, t, old); err != nil {
			return err
		}
		return s.planScrub(ctx, t, false) // proves it even if this call breaks off
	})
	return n, last, err
}

// wrapAnew inserts the new rows.
func (s *Store) wrapAnew(ctx context.Context, t tx, tenant feierabend.TenantID, old []*oldKey) error {
	byForm, args := map[string]*oldKey{}, []any(nil)
	for _, k := range old {
		var err error
		if k.nextMaster, k.next, err = s.keys.Rewrap(k.master, k.wrapped, keyPlace(tenant.String(), k.caseName)); err != nil {
			return sealError(err)
		}
		byForm[string(k.next)] = k
		args = append(args, k.nextMaster, k.next)
	}
	_, err := collect(ctx, t, func(r row) (struct{}, error) {
		var id int64
		var form []byte
		err := r.Scan(&id, &form)
		if k := byForm[string(form)]; k != nil {
			k.newID = id
		}
		return struct{}{}, err
	}, `INSERT INTO content_key(master_id, wrapped) VALUES `+values(len(old), 2, 1)+` RETURNING id, wrapped`, args...)
	return err
}

// errMoved says that a case went, or got another key, while its batch was made.
var errMoved = unavailable("busy", textBusy, errors.New("a case changed while its key was rotated"))

// leadOver gives the cases their new keys.
func leadOver(ctx context.Context, t tx, tenant feierabend.TenantID, old []*oldKey) error {
	var steps []step
	for _, k := range old {
		steps = append(steps, step{
			text: `UPDATE cases SET key_id = $3 WHERE tenant_id = $1 AND id = $2 AND key_id = $4 RETURNING id`,
			args: []any{tenant.String(), k.caseName, k.newID, k.id},
			scan: func(r row) error {
				k.stillThere = true
				var id string
				return r.Scan(&id)
			},
		})
	}
	if err := t.run(ctx, steps); err != nil {
		return err
	}
	for _, k := range old {
		if !k.stillThere {
			return errMoved
		}
	}
	return nil
}

// retire deletes old rows and keeps of them what the search needs. Fingerprints of
// earlier rotations follow the case, so that its erasure looks for them too.
func retire(ctx context.Context, t tx, old []*oldKey) error {
	var steps []step
	var ids, kept []any
	for _, k := range old {
		steps = append(steps, step{text: `UPDATE rotated_key SET key_id = $1 WHERE key_id = $2`, args: []any{k.newID, k.id}})
		ids = append(ids, k.id)
		kept = append(kept, k.newID, k.master, pieces(k.wrapped))
	}
	steps = append(steps,
		step{text: `INSERT INTO rotated_key(key_id, master_id, pieces) VALUES ` + values(len(old), 3, 1), args: kept},
		step{text: `DELETE FROM content_key WHERE id IN ` + idList(len(ids)), args: ids})
	return t.run(ctx, steps)
}

// dropOrphans deletes old keys that no case has: nobody can open anything with them,
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
		if err := eachFirm(ctx, t, `SELECT key_id FROM cases WHERE key_id IN `+idList(len(ids)), ids, func(r row) error {
			var id int64
			err := r.Scan(&id)
			delete(byID, id)
			return err
		}); err != nil || len(byID) == 0 {
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
