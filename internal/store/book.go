package store

import (
	"context"

	"feierabend"
	"feierabend/internal/seal"
)

// addressKeyPlace binds a wrapped data key to its entry of the address book: with
// another kind than a case's, so that neither opens as the other.
func addressKeyPlace(tenant, entry string) seal.Place {
	return seal.Place{Tenant: tenant, Case: entry, Kind: kindEntryKey}
}

// entryColumns are read by scanEntry.
const entryColumns = `e.id, e.version, e.created_at, e.used_at, e.expires_at, e.body, k.master_id, k.wrapped`

// scanEntry reads an entry and opens its key and its body.
func (s *Store) scanEntry(r row, tenant feierabend.TenantID) (e feierabend.BookEntry, v vault, err error) {
	var created, used, expires int64
	var body, wrapped []byte
	var master int16
	if err = r.Scan(&e.ID, &e.Version, &created, &used, &expires, &body, &master, &wrapped); err != nil {
		return e, v, err
	}
	e.Tenant, e.CreatedAt, e.UsedAt, e.ExpiresAt = tenant, timeOf(created), timeOf(used), timeOf(expires)
	v = vault{tenant: tenant.String(), caseName: string(e.ID)}
	if v.key, err = s.keys.Unwrap(master, wrapped, addressKeyPlace(v.tenant, v.caseName)); err != nil {
		return e, v, sealError(err)
	}
	return e, v, v.openJSON(kindEntry, string(e.ID), 0, body, &e.AddressEntry)
}

// Addresses gives the entries of a firm's address book that have not expired, oldest
// first; none where the firm keeps none.
func (s *Store) Addresses(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.BookEntry, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = s.liveEntries(ctx, q, tenant)
		return err
	})
	return out, err
}

func (s *Store) liveEntries(ctx context.Context, q querier, tenant feierabend.TenantID) ([]feierabend.BookEntry, error) {
	return collect(ctx, q, func(r row) (feierabend.BookEntry, error) {
		e, _, err := s.scanEntry(r, tenant)
		return e, err
	}, `SELECT `+entryColumns+` FROM address_entry e JOIN content_key k ON k.id = e.key_id WHERE e.tenant_id = $1 AND e.expires_at > $2 ORDER BY e.created_at, e.id`,
		tenant.String(), micros(s.clock.look().strict))
}

// Address gives one entry, NotFound once it has expired, however late the sweep is.
func (s *Store) Address(ctx context.Context, tenant feierabend.TenantID, id feierabend.AddressID) (e feierabend.BookEntry, err error) {
	if tenant.IsZero() {
		return e, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		e, _, err = s.liveEntry(ctx, q, tenant, id)
		return err
	})
	return e, err
}

func (s *Store) liveEntry(ctx context.Context, q querier, tenant feierabend.TenantID, id feierabend.AddressID) (e feierabend.BookEntry, v vault, err error) {
	e, v, err = s.scanEntry(q.queryRow(ctx, `SELECT `+entryColumns+` FROM address_entry e JOIN content_key k ON k.id = e.key_id WHERE e.tenant_id = $1 AND e.id = $2`,
		tenant.String(), id), tenant)
	if absent(err) {
		return feierabend.BookEntry{}, v, notFound("address")
	}
	if err == nil {
		err = s.alive(e.ExpiresAt, notFound("address"))
	}
	if err != nil {
		e = feierabend.BookEntry{}
	}
	return e, v, err
}

// lockBook keeps the instruction to keep an address book as it is until the transaction
// ends, and gives its term in months; 0 = none is kept.
func lockBook(ctx context.Context, t tx, tenant feierabend.TenantID) (months int, err error) {
	err = t.queryRow(ctx, `UPDATE tenant SET book_months = book_months WHERE id = $1 RETURNING book_months`, tenant.String()).Scan(&months)
	if absent(err) {
		err = notFound("tenant")
	}
	return months, err
}

func bookOff() error {
	return conflict("book_off", "Das Adressbuch ist ausgeschaltet. Gespeichert wurde nichts. Einschalten kann es, wer Inhaberin oder Inhaber ist.")
}

// AddAddress stores an entry under a key of its own. Conflict "book_off" where the firm
// keeps no address book, "book_full" beyond MaxBookEntries.
func (s *Store) AddAddress(ctx context.Context, tenant feierabend.TenantID, a feierabend.AddressEntry, by feierabend.Actor) (e feierabend.BookEntry, err error) {
	if tenant.IsZero() || a.Label() == "" {
		return e, invalid("address")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		months, err := lockBook(ctx, t, tenant)
		if err == nil {
			e, err = s.addEntry(ctx, t, tenant, months, a, by)
		}
		return err
	})
	if err != nil {
		return feierabend.BookEntry{}, err
	}
	return e, nil
}

// TakeAddress stores what choose makes of the entries there are: one of them, changed, or
// one without an id, which is added. The book is locked meanwhile: of two at once the
// second sees what the first has added.
func (s *Store) TakeAddress(ctx context.Context, tenant feierabend.TenantID, choose func([]feierabend.BookEntry) feierabend.BookEntry, by feierabend.Actor) (id feierabend.AddressID, err error) {
	if tenant.IsZero() {
		return "", invalid("tenant")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		months, err := lockBook(ctx, t, tenant)
		if err != nil {
			return err
		}
		all, err := s.liveEntries(ctx, t, tenant)
		if err != nil {
			return err
		}
		e := choose(all)
		if e.Label() == "" {
			return invalid("address")
		}
		if id = e.ID; id != "" {
			return s.changeEntry(ctx, t, tenant, months, id, e.Version, e.AddressEntry, by)
		}
		e, err = s.addEntry(ctx, t, tenant, months, e.AddressEntry, by)
		id = e.ID
		return err
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// addEntry adds an entry to a book that is locked.
func (s *Store) addEntry(ctx context.Context, t tx, tenant feierabend.TenantID, months int, a feierabend.AddressEntry, by feierabend.Actor) (e feierabend.BookEntry, err error) {
	if months == 0 {
		return e, bookOff()
	}
	var have int
	if err := t.queryRow(ctx, `SELECT count(*) FROM address_entry WHERE tenant_id = $1`, tenant.String()).Scan(&have); err != nil {
		return e, err
	}
	if have >= feierabend.MaxBookEntries {
		return e, conflict("book_full", "Das Adressbuch ist voll. Gespeichert wurde nichts. Bitte löschen Sie zuerst Einträge, die Sie nicht mehr brauchen.")
	}
	now := timeOf(micros(s.now()))
	e = feierabend.BookEntry{
		ID: feierabend.AddressID(s.newID()), Tenant: tenant, Version: 1, CreatedAt: now, UsedAt: now,
		ExpiresAt: feierabend.BookExpiresAt(now, months), AddressEntry: a,
	}
	v := vault{tenant: tenant.String(), caseName: string(e.ID)}
	var master int16
	var wrapped []byte
	if v.key, master, wrapped, err = s.keys.NewKey(addressKeyPlace(v.tenant, v.caseName)); err != nil {
		return e, err
	}
	body, err := v.sealJSON(kindEntry, v.caseName, 0, a)
	if err != nil {
		return e, err
	}
	var keyID int64
	if err := t.queryRow(ctx, `INSERT INTO content_key(master_id, wrapped) VALUES($1, $2) RETURNING id`, master, wrapped).Scan(&keyID); err != nil {
		return e, err
	}
	if _, err := t.exec(ctx, `INSERT INTO address_entry(tenant_id, id, key_id, version, created_at, used_at, expires_at, body) VALUES($1, $2, $3, 1, $4, $4, $5, $6)`,
		v.tenant, e.ID, keyID, micros(now), micros(e.ExpiresAt), body); err != nil {
		return e, err
	}
	return e, s.record(ctx, t, v.tenant, by, "address.added", v.caseName)
}

// ChangeAddress replaces an entry that version was read of; where another change came
// first it is Conflict "address_version". A change is a use: the term begins anew.
func (s *Store) ChangeAddress(ctx context.Context, tenant feierabend.TenantID, id feierabend.AddressID, version int, a feierabend.AddressEntry, by feierabend.Actor) error {
	if tenant.IsZero() || a.Label() == "" {
		return invalid("address")
	}
	return s.update(ctx, tenant, func(t tx) error {
		months, err := lockBook(ctx, t, tenant)
		if err != nil {
			return err
		}
		return s.changeEntry(ctx, t, tenant, months, id, version, a, by)
	})
}

// changeEntry replaces an entry of a book that is locked.
func (s *Store) changeEntry(ctx context.Context, t tx, tenant feierabend.TenantID, months int, id feierabend.AddressID, version int, a feierabend.AddressEntry, by feierabend.Actor) error {
	if err := touchEntry(ctx, t, tenant, id); err != nil {
		return err
	}
	e, v, err := s.liveEntry(ctx, t, tenant, id)
	if err != nil {
		return err
	}
	if e.Version != version {
		return conflict("address_version", "Dieser Eintrag ist inzwischen an anderer Stelle geändert worden. Ihre Eingabe steht noch da, gespeichert ist sie nicht. Bitte vergleichen Sie und speichern Sie dann noch einmal.")
	}
	body, err := v.sealJSON(kindEntry, v.caseName, 0, a)
	if err != nil {
		return err
	}
	now := s.now()
	if _, err := t.exec(ctx, `UPDATE address_entry SET body = $3, version = version + 1, used_at = $4, expires_at = $5 WHERE tenant_id = $1 AND id = $2`,
		v.tenant, id, body, micros(now), micros(feierabend.BookExpiresAt(now, months))); err != nil {
		return err
	}
	return s.record(ctx, t, v.tenant, by, "address.changed", v.caseName)
}

// useEntry notes that an entry is taken over into a draft: its term begins anew. It is
// part of the draft's transaction and goes before the lock on the case, so that an entry
// erased in between is not taken over, and a draft that is not stored begins no term.
func (s *Store) useEntry(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.AddressID) error {
	months, err := lockBook(ctx, t, tenant)
	if err != nil {
		return err
	}
	if err := touchEntry(ctx, t, tenant, id); err != nil {
		return err
	}
	if _, _, err := s.liveEntry(ctx, t, tenant, id); err != nil {
		return err
	}
	now := s.now()
	_, err = t.exec(ctx, `UPDATE address_entry SET used_at = $3, expires_at = $4 WHERE tenant_id = $1 AND id = $2`,
		tenant.String(), id, micros(now), micros(feierabend.BookExpiresAt(now, months)))
	return err
}

// touchEntry locks an entry until the transaction ends.
func touchEntry(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.AddressID) error {
	n, err := t.exec(ctx, `UPDATE address_entry SET version = version WHERE tenant_id = $1 AND id = $2`, tenant.String(), id)
	if err == nil && n == 0 {
		err = notFound("address")
	}
	return err
}
