package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"feierabend"
)

// entryKey is what goes of an entry.
type entryKey struct {
	id      feierabend.AddressID
	keyID   int64
	created int64
	wrapped []byte
}

func entryKeys(ctx context.Context, t tx, text string, args ...any) ([]entryKey, error) {
	return collect(ctx, t, func(r row) (k entryKey, err error) { return k, r.Scan(&k.id, &k.keyID, &k.created, &k.wrapped) }, text, args...)
}

// EraseAddress takes an entry away for good, as Erase does a case: row and key out, a
// receipt with pending verification in, the scrub planned, all in one transaction. It is
// idempotent: for an entry already erased the receipt is returned.
func (s *Store) EraseAddress(ctx context.Context, tenant feierabend.TenantID, id feierabend.AddressID, reason feierabend.EraseReason, by feierabend.Actor) (rec feierabend.ErasureReceipt, err error) {
	if reason != feierabend.EraseDiscarded && reason != feierabend.EraseExpired {
		return rec, invalid("erase_reason")
	}
	if tenant.IsZero() || id == "" {
		return rec, invalid("address")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		err := touchEntry(ctx, t, tenant, id)
		if feierabend.KindOf(err) == feierabend.NotFound {
			rec, err = scanReceipt(t.queryRow(ctx, `SELECT `+receiptColumns+` FROM receipt r WHERE r.tenant_id = $1 AND r.case_id = $2 AND r.subject = $3`,
				tenant.String(), id, feierabend.SubjectAddress), tenant)
			if absent(err) {
				err = notFound("address")
			}
			return err
		}
		if err != nil {
			return err
		}
		gone, err := entryKeys(ctx, t, `SELECT e.id, e.key_id, e.created_at, k.wrapped FROM address_entry e LEFT JOIN content_key k ON k.id = e.key_id
			WHERE e.tenant_id = $1 AND e.id = $2`, tenant.String(), id)
		if err != nil {
			return err
		}
		if reason == feierabend.EraseExpired {
			// Used since the sweep saw it: then it has not expired.
			var ends int64
			if err := t.queryRow(ctx, `SELECT expires_at FROM address_entry WHERE tenant_id = $1 AND id = $2`, tenant.String(), id).Scan(&ends); err != nil {
				return err
			}
			if ends > micros(s.now()) {
				return notFound("address")
			}
		}
		rec = feierabend.ErasureReceipt{Subject: feierabend.SubjectAddress, Entry: id, Reason: reason, By: by}
		if _, err := t.exec(ctx, `DELETE FROM address_entry WHERE tenant_id = $1 AND id = $2`, tenant.String(), id); err != nil {
			return err
		}
		return s.eraseEntries(ctx, t, tenant, gone, &rec, "address.erased."+string(reason), string(id))
	})
	if err != nil {
		return feierabend.ErasureReceipt{}, err
	}
	return rec, nil
}

// EraseBook ends the firm's instruction to keep an address book and erases all entries,
// with one receipt. Without entries there is nothing to prove, and the receipt is zero.
func (s *Store) EraseBook(ctx context.Context, tenant feierabend.TenantID, by feierabend.Actor) (rec feierabend.ErasureReceipt, err error) {
	if tenant.IsZero() {
		return rec, invalid("tenant")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		rec = feierabend.ErasureReceipt{}
		had, err := lockBook(ctx, t, tenant)
		if err != nil || had == 0 {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE tenant SET book_months = 0 WHERE id = $1`, tenant.String()); err != nil {
			return err
		}
		// Locks the entries, expired ones too, before the head of the records, as EraseAddress does.
		if _, err := t.exec(ctx, `UPDATE address_entry SET version = version WHERE tenant_id = $1`, tenant.String()); err != nil {
			return err
		}
		if err := s.record(ctx, t, tenant.String(), by, "book.set", "0"); err != nil {
			return err
		}
		gone, err := entryKeys(ctx, t, `SELECT e.id, e.key_id, e.created_at, k.wrapped FROM address_entry e LEFT JOIN content_key k ON k.id = e.key_id
			WHERE e.tenant_id = $1 ORDER BY e.created_at, e.id`, tenant.String())
		if err != nil || len(gone) == 0 {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM address_entry WHERE tenant_id = $1`, tenant.String()); err != nil {
			return err
		}
		rec = feierabend.ErasureReceipt{Subject: feierabend.SubjectBook, Reason: feierabend.EraseDiscarded, By: by}
		return s.eraseEntries(ctx, t, tenant, gone, &rec, "book.erased", "")
	})
	if err != nil {
		return feierabend.ErasureReceipt{}, err
	}
	return rec, nil
}

// eraseEntries deletes the keys of entries whose rows have gone, completes the receipt
// and plans its proof. ref is what the audit record names; "" = the receipt.
func (s *Store) eraseEntries(ctx context.Context, t tx, tenant feierabend.TenantID, gone []entryKey, rec *feierabend.ErasureReceipt, act, ref string) error {
	rec.ID, rec.Tenant = feierabend.ReceiptID(s.newID()), tenant
	rec.ErasedAt, rec.Verification = timeOf(micros(s.now())), feierabend.VerifyPending
	rec.Erased = map[string]int{"addresses": len(gone)}
	var check []byte
	missing := false
	for from := 0; from < len(gone); from += maxParams {
		some := gone[from:min(len(gone), from+maxParams)]
		ids := make([]any, len(some))
		for i, k := range some {
			ids[i] = k.keyID
			if at := timeOf(k.created); rec.FirstContentAt.IsZero() || at.Before(rec.FirstContentAt) {
				rec.FirstContentAt = at
			}
			check = append(check, pieces(k.wrapped)...)
			missing = missing || len(k.wrapped) == 0
		}
		earlier, err := earlierForms(ctx, t, ids)
		if err != nil {
			return err
		}
		check = append(check, earlier...)
		n, err := t.exec(ctx, `DELETE FROM content_key WHERE id IN `+idList(len(ids)), ids...)
		if err != nil {
			return err
		}
		rec.Erased["keys"] += int(n)
	}
	if missing { // a search for the others would prove too little
		check = nil
	}
	if err := s.addReceipt(ctx, t, rec, check); err != nil {
		return err
	}
	if ref == "" {
		ref = string(rec.ID)
	}
	if err := s.record(ctx, t, tenant.String(), rec.By, act, ref); err != nil {
		return err
	}
	return s.planScrub(ctx, t, true)
}

// DueAddresses gives entries that the sweep must erase, over all firms, those behind after,
// as Due does.
func (s *Store) DueAddresses(ctx context.Context, now time.Time, after feierabend.DueAddress, limit int) (out []feierabend.DueAddress, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		out = nil
		return eachFirm(ctx, q, `SELECT tenant_id, id, expires_at FROM address_entry WHERE expires_at <= $1 AND (expires_at, id) > ($3, $4) ORDER BY expires_at, id LIMIT $2`,
			[]any{micros(now), limit, micros(after.At), string(after.ID)}, func(r row) error {
				var d feierabend.DueAddress
				var tenant string
				var at int64
				if err := r.Scan(&tenant, &d.ID, &at); err != nil {
					return err
				}
				d.At = timeOf(at)
				var err error
				d.Tenant, err = feierabend.ParseTenantID(tenant)
				out = append(out, d)
				return err
			})
	})
	slices.SortStableFunc(out, func(x, y feierabend.DueAddress) int { return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.ID, y.ID)) })
	return out[:min(len(out), limit)], err
}
