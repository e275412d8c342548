package store

import (
	"context"
	"errors"

	"feierabend"
	"feierabend/internal/seal"
)

// keyHolder is a kind of rows with a data key each.
type keyHolder struct {
	list  string // the next ones with another master key: tenant, id after, master, how many
	lead  string // gives a row its new key: tenant, id, new key, old key
	place func(tenant, id string) seal.Place
}

// keyHolders are the cases and the entries of the address book.
func keyHolders() []keyHolder {
	return []keyHolder{
		{
			`SELECT c.id, c.key_id, k.master_id, k.wrapped FROM cases c JOIN content_key k ON k.id = c.key_id
			WHERE c.tenant_id = $1 AND c.id > $2 AND k.master_id <> $3 ORDER BY c.id LIMIT $4`,
			`UPDATE cases SET key_id = $3 WHERE tenant_id = $1 AND id = $2 AND key_id = $4 RETURNING id`, keyPlace,
		},
		{
			`SELECT e.id, e.key_id, k.master_id, k.wrapped FROM address_entry e JOIN content_key k ON k.id = e.key_id
			WHERE e.tenant_id = $1 AND e.id > $2 AND k.master_id <> $3 ORDER BY e.id LIMIT $4`,
			`UPDATE address_entry SET key_id = $3 WHERE tenant_id = $1 AND id = $2 AND key_id = $4 RETURNING id`, addressKeyPlace,
		},
	}
}

// rotatePatiently repeats a batch that others were in the way of.
func (s *Store) rotatePatiently(ctx context.Context, tenant feierabend.TenantID, what keyHolder, after string) (n int, last string, err error) {
	for range rotateTries {
		if n, last, err = s.rotateSome(ctx, tenant, what, after); feierabend.CodeOf(err) != "busy" {
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
	holder     string // id of the case or the entry
	id         int64
	master     int16
	wrapped    []byte
	newID      int64 // its new row, 0 for none
	nextMaster int16
	next       []byte // its new form
	stillThere bool
}

// rotateSome wraps the keys of the firm's next cases, or entries, in one transaction: new
// rows in, cases led over, old rows out, what the search needs kept. A case that is changed
// or erased at the same time is waited for; where it went, all is done again.
func (s *Store) rotateSome(ctx context.Context, tenant feierabend.TenantID, what keyHolder, after string) (n int, last string, err error) {
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
			return k, r.Scan(&k.holder, &k.id, &k.master, &k.wrapped)
		}, what.list, tenant.String(), after, s.keys.Current(), rotateBatch)
		if err != nil || len(old) == 0 {
			return err
		}
		if err := s.wrapAnew(ctx, t, tenant, what, old); err != nil {
			return err
		}
		if err := leadOver(ctx, t, tenant, what, old); err != nil {
			return err
		}
		n, last = len(old), old[len(old)-1].holder
		if err := retire(ctx, t, old); err != nil {
			return err
		}
		return s.planScrub(ctx, t, false) // proves it even if this call breaks off
	})
	return n, last, err
}

// wrapAnew inserts the new rows.
func (s *Store) wrapAnew(ctx context.Context, t tx, tenant feierabend.TenantID, what keyHolder, old []*oldKey) error {
	byForm, args := map[string]*oldKey{}, []any(nil)
	for _, k := range old {
		var err error
		if k.nextMaster, k.next, err = s.keys.Rewrap(k.master, k.wrapped, what.place(tenant.String(), k.holder)); err != nil {
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
func leadOver(ctx context.Context, t tx, tenant feierabend.TenantID, what keyHolder, old []*oldKey) error {
	var steps []step
	for _, k := range old {
		steps = append(steps, step{
			text: what.lead,
			args: []any{tenant.String(), k.holder, k.newID, k.id},
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
