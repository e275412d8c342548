package store

import (
	"context"
	"strconv"
	"time"

	"feierabend"
)

// SetBook records the firm's instruction to keep an address book whose entries live
// months after their last use, one of feierabend.BookTerms. A shorter term holds for the
// entries that are there too, with a day's grace, and never puts an end off; a longer
// one holds from an entry's next use on. shortened counts the entries that end sooner.
func (s *Store) SetBook(ctx context.Context, tenant feierabend.TenantID, months int, by feierabend.Actor) (shortened int, err error) {
	if tenant.IsZero() || !feierabend.ValidBookTerm(months) {
		return 0, invalid("book_term")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		shortened = 0
		had, err := lockBook(ctx, t, tenant)
		if err != nil || had == months {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE tenant SET book_months = $2 WHERE id = $1`, tenant.String(), months); err != nil {
			return err
		}
		if months < had { // locks the entries before the head of the records, as EraseAddress does
			if shortened, err = s.shortenBook(ctx, t, tenant, months); err != nil {
				return err
			}
		}
		return s.record(ctx, t, tenant.String(), by, "book.set", strconv.Itoa(months))
	})
	return shortened, err
}

func (s *Store) shortenBook(ctx context.Context, t tx, tenant feierabend.TenantID, months int) (shortened int, err error) {
	now := s.now()
	soonest := now.Add(feierabend.Grace)
	type span struct {
		id         string
		used, ends int64
	}
	all, err := collect(ctx, t, func(r row) (e span, err error) { return e, r.Scan(&e.id, &e.used, &e.ends) },
		`SELECT id, used_at, expires_at FROM address_entry WHERE tenant_id = $1 AND expires_at > $2`, tenant.String(), micros(now))
	if err != nil {
		return 0, err
	}
	var steps []step
	for _, e := range all {
		end := feierabend.BookExpiresAt(timeOf(e.used), months)
		if end.Before(soonest) {
			end = soonest
		}
		if micros(end) < e.ends {
			shortened++
			steps = append(steps, step{text: `UPDATE address_entry SET expires_at = $3 WHERE tenant_id = $1 AND id = $2 AND expires_at > $3`, args: []any{tenant.String(), e.id, micros(end)}})
		}
	}
	return shortened, t.run(ctx, steps)
}

// capBooks makes no entry outlive the term of its own firm, counted from at: after the
// clock was set back, uses lie in the future.
func capBooks(ctx context.Context, t tx, at time.Time) error {
	for _, months := range feierabend.BookTerms() {
		if err := eachFirm(ctx, t, `UPDATE address_entry SET expires_at = $1 WHERE expires_at > $1 AND tenant_id IN (SELECT id FROM tenant WHERE book_months = $2)`,
			[]any{micros(feierabend.BookExpiresAt(at, months)), months}, nil); err != nil {
			return err
		}
	}
	return eachFirm(ctx, t, `UPDATE address_entry SET used_at = $1 WHERE used_at > $1`, []any{micros(at)}, nil)
}
