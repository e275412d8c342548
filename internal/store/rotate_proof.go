package store

import (
	"context"

	"feierabend"
)

// proveRotation scrubs and searches for the old forms, where there are any: those of
// calls that broke off too.
func (s *Store) proveRotation(ctx context.Context, r *feierabend.Rotation) error {
	var waits int
	if err := s.viewAll(ctx, func(q querier) error {
		return q.queryRow(ctx, `SELECT count(*) FROM rotated_key`).Scan(&waits)
	}); err != nil {
		return err
	}
	if waits == 0 {
		return nil
	}
	f, err := s.scrubAndVerify(ctx)
	r.Searched, r.Method, r.Sure, r.Files, r.Bytes, r.Hits = f.rotated, f.method, f.sure, f.result.Files, f.result.Bytes, f.old
	if err != nil {
		return err
	}
	return s.updateAll(ctx, func(t tx) error {
		return s.record(ctx, t, "", feierabend.Actor{Via: feierabend.ViaCLI}, "keys.rotated", itoa(int(r.To)))
	})
}

// forgetRotated takes the fingerprints of old forms away that a search has missed,
// or that cannot be searched for on this database.
func (s *Store) forgetRotated(ctx context.Context, ids []any) error {
	for len(ids) > 0 {
		n := min(len(ids), maxParams)
		if err := s.updateAll(ctx, func(t tx) error {
			_, err := t.exec(ctx, `DELETE FROM rotated_key WHERE id IN `+idList(n), ids[:n]...)
			return err
		}); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// allForms gives the pieces of a case's wrapped key, and of the forms that it had
// before a rotation and that no search has missed yet: the case is erased when all
// of them are gone.
func allForms(ctx context.Context, t tx, c caseRow) ([]byte, error) {
	earlier, err := earlierForms(ctx, t, []any{c.keyID})
	return append(pieces(c.wrapped), earlier...), err
}

// earlierForms gives the pieces of the forms that keys had before a rotation.
func earlierForms(ctx context.Context, t tx, keyIDs []any) (check []byte, err error) {
	err = t.run(ctx, []step{{text: `SELECT pieces FROM rotated_key WHERE key_id IN ` + idList(len(keyIDs)), args: keyIDs, scan: func(r row) error {
		var p []byte
		err := r.Scan(&p)
		check = append(check, p...)
		return err
	}}})
	return check, err
}
