package store

import (
	"context"
	"crypto/subtle"
	"fmt"
	"slices"

	"feierabend"
	"feierabend/internal/seal"
)

// checkMasters refuses to start unless every master key that wraps a data key is
// there and opens the newest and the oldest of them.
func (s *Store) checkMasters(ctx context.Context, t tx) error {
	probes, err := keyProbes(ctx, t)
	if err != nil {
		return err
	}
	for _, p := range probes {
		if !s.keys.Has(p.master) {
			return wrongMaster(p.master, fmt.Errorf("it is not in the settings"))
		}
		if p.holder == "" { // a key without a case opens nothing
			continue
		}
		if _, err := s.keys.Unwrap(p.master, p.wrapped, p.place(p.tenant, p.holder)); err != nil {
			return wrongMaster(p.master, err)
		}
	}
	return nil
}

func wrongMaster(id int16, err error) error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: "master_key", Err: fmt.Errorf("master key %d: %w", id, err),
		Text: fmt.Sprintf("Der Hauptschlüssel Nummer %d (FEIERABEND_MASTER_KEYS) fehlt oder ist ein anderer als der, mit dem die Inhalte verschlüsselt sind. "+
			"Es wurde nichts verändert und nichts ist verloren. Bitte den richtigen Schlüssel angeben.", id),
	}
}

// probe is a data key with the case, or the entry of an address book, that it belongs
// to, if it has one.
type probe struct {
	master         int16
	wrapped        []byte
	tenant, holder string
	place          func(tenant, id string) seal.Place
}

// keyProbes gives the newest and the oldest data key of each master key.
func keyProbes(ctx context.Context, t tx) ([]*probe, error) {
	byID, ids, out := map[int64]*probe{}, []any(nil), []*probe(nil)
	_, err := collect(ctx, t, func(r row) (p *probe, err error) {
		var id int64
		p = &probe{}
		err = r.Scan(&id, &p.master, &p.wrapped)
		byID[id], ids, out = p, append(ids, id), append(out, p)
		return p, err
	}, `SELECT id, master_id, wrapped FROM content_key WHERE id IN (SELECT max(id) FROM content_key GROUP BY master_id UNION SELECT min(id) FROM content_key GROUP BY master_id)`)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	held := func(place func(tenant, id string) seal.Place) func(r row) error {
		return func(r row) error {
			var tenant, name string
			var key int64
			err := r.Scan(&tenant, &name, &key)
			if p := byID[key]; p != nil {
				p.tenant, p.holder, p.place = tenant, name, place
			}
			return err
		}
	}
	if err := eachFirm(ctx, t, `SELECT tenant_id, id, key_id FROM cases WHERE key_id IN `+idList(len(ids)), ids, held(keyPlace)); err != nil {
		return nil, err
	}
	return out, eachFirm(ctx, t, `SELECT tenant_id, id, key_id FROM address_entry WHERE key_id IN `+idList(len(ids)), ids, held(addressKeyPlace))
}

// markMaster notes a check value of the master key that wraps, and refuses another
// key of the same number beside a living process: what one wraps the other could not
// open. Where nobody wraps with it and nothing is wrapped by it, the number is free.
func (s *Store) markMaster(ctx context.Context, t tx) error {
	id := s.keys.Current()
	name, mark := "master/"+itoa(int(id)), s.keys.Mark(id)
	var have []byte
	err := t.queryRow(ctx, `SELECT value FROM meta WHERE name = $1`, name).Scan(&have)
	if err != nil && !absent(err) {
		return err
	}
	if subtle.ConstantTimeCompare(have, mark) == 1 {
		return nil
	}
	if have != nil && t.fenced() {
		using, err := s.wrapping(ctx, t)
		if err != nil {
			return err
		}
		if using[id] > 0 {
			return wrongMaster(id, fmt.Errorf("%d living processes wrap with another one", using[id]))
		}
	}
	_, err = t.exec(ctx, `INSERT INTO meta(name, value) VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = EXCLUDED.value`, name, mark)
	return err
}

// MasterKeys gives the master keys of this process, of the living processes and of
// the data, by number.
func (s *Store) MasterKeys(ctx context.Context) (out []feierabend.MasterKey, err error) {
	all := map[int16]*feierabend.MasterKey{}
	of := func(id int16) *feierabend.MasterKey {
		if all[id] == nil {
			all[id] = &feierabend.MasterKey{ID: id, Known: s.keys.Has(id), Wraps: s.keys.Current() == id}
		}
		return all[id]
	}
	for _, id := range s.keys.IDs() {
		of(id)
	}
	err = s.viewAll(ctx, func(q querier) error {
		using, err := s.wrapping(ctx, q)
		if err != nil {
			return err
		}
		for id, n := range using {
			of(id).Processes = n
		}
		return q.run(ctx, []step{
			{text: `SELECT master_id, count(*) FROM content_key GROUP BY master_id`, scan: func(r row) error {
				return scanCount(r, func(id int16, n int) { of(id).Keys = n })
			}},
			{text: `SELECT master_id, count(*) FROM rotated_key GROUP BY master_id`, scan: func(r row) error {
				return scanCount(r, func(id int16, n int) { of(id).Unproved = n })
			}},
		})
	})
	for _, k := range all {
		out = append(out, *k)
	}
	slices.SortFunc(out, func(a, b feierabend.MasterKey) int { return int(a.ID) - int(b.ID) })
	return out, err
}

func scanCount(r row, set func(int16, int)) error {
	var id int16
	var n int
	err := r.Scan(&id, &n)
	set(id, n)
	return err
}
