package store

import (
	"context"
	"strconv"
	"time"

	"feierabend"
	"feierabend/internal/seal"
)

// Warnings gives cases for which the moment of a warning came since the last sweep,
// over all tenants, at most limit a firm. Where the service stood still, a case is
// listed for the most urgent one only, once Warn has been called for it. Where the clock
// was set back after now, the time that holds since counts, as it does for Warn.
func (s *Store) Warnings(ctx context.Context, now time.Time, limit int) (out []feierabend.DueWarning, err error) {
	now = s.until(now)
	err = s.viewAll(ctx, func(q querier) error {
		out = nil
		var last int64
		if err := q.queryRow(ctx, `SELECT COALESCE(max(done_at), 0) FROM clock WHERE name = 'warn'`).Scan(&last); err != nil {
			return err
		}
		for _, days := range feierabend.WarningDays() {
			before := time.Duration(days) * 24 * time.Hour
			// What ends by now plus before, and did not at the last sweep: a narrow
			// strip of the index, however many cases there are.
			from := max(last+before.Microseconds(), micros(now))
			if err := eachFirm(ctx, q, `SELECT tenant_id, id FROM cases WHERE expires_at > $1 AND expires_at <= $2 AND (warned = 0 OR warned > $3) AND (erase_at = 0 OR erase_at > $5) ORDER BY expires_at, id LIMIT $4`,
				[]any{from, micros(now.Add(before)), days, limit, micros(now)}, func(r row) error {
					var w feierabend.DueWarning
					var tenant string
					if err := r.Scan(&tenant, &w.Case); err != nil {
						return err
					}
					var err error
					w.Tenant, err = feierabend.ParseTenantID(tenant)
					out = append(out, w)
					return err
				}); err != nil {
				return err
			}
			if len(out) > 0 { // the most urgent first: its mark takes the case out of the others
				return nil
			}
		}
		return nil
	})
	return out, err
}

// Warn notes that the moment of a warning has come for a case and, in the same
// transaction, stores the message to its sender. Nobody is told while a countdown
// runs (its end was said when it began), where nobody can be, or where the case does not open.
func (s *Store) Warn(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID) (told bool, err error) {
	if tenant.IsZero() || id == "" {
		return false, invalid("case")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		if err := touch(ctx, t, tenant, id); err != nil {
			return err
		}
		c, err := s.rawCase(ctx, t, tenant, id)
		if err == nil {
			err = s.alive(c.EndsAt(), notFound("case"))
		}
		if err != nil {
			return err
		}
		told, err = s.warn(ctx, t, c)
		return err
	})
	return told, err
}

func (s *Store) warn(ctx context.Context, t tx, c caseRow) (told bool, err error) {
	now := s.now()
	days := 0
	for _, d := range feierabend.WarningDays() {
		if days == 0 && !now.Before(c.ExpiresAt.Add(-time.Duration(d)*24*time.Hour)) {
			days = d
		}
	}
	if days == 0 || c.warned > 0 && c.warned <= days {
		return false, nil
	}
	if _, err := t.exec(ctx, `UPDATE cases SET warned = $3 WHERE tenant_id = $1 AND id = $2`, c.vault.tenant, c.ID, days); err != nil {
		return false, err
	}
	if c.key == (seal.Key{}) || !c.EraseAt.IsZero() || c.Sender == "" || feierabend.WarningDue(c.CreatedAt, c.ExpiresAt, now) != days {
		return false, nil
	}
	if _, err := s.sender(ctx, t, c.Tenant, c.Sender); err != nil {
		if absent(err) { // unlinked since
			err = nil
		}
		return false, err
	}
	out := feierabend.Outgoing{Sender: c.Sender, Case: c.ID, Kind: feierabend.OutWarning, Ref: strconv.Itoa(days)}
	return true, s.addOut(ctx, t, c.Tenant, []feierabend.Outgoing{out})
}
