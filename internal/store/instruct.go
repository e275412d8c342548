package store

import (
	"context"
	"strconv"
	"time"

	"feierabend"
)

// Instruct stores what a firm lays down about its content and records it. A shorter
// retention holds for the cases that are there too: it may bring their end closer,
// with a day's grace, and never puts it off. Their senders are warned at once where
// a warning is due. shortened counts those cases.
func (s *Store) Instruct(ctx context.Context, tenant feierabend.TenantID, n feierabend.Instruction, by feierabend.Actor) (shortened int, err error) {
	if tenant.IsZero() || n.RetentionDays < 1 || n.RetentionDays > feierabend.MaxRetentionDays || !feierabend.ValidCountdown(n.Countdown) {
		return 0, invalid("instruction")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		had, err := scanTenant(t.queryRow(ctx, `UPDATE tenant SET retention_days = retention_days WHERE id = $1 RETURNING `+tenantColumns, tenant.String()))
		if absent(err) {
			return notFound("tenant")
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE tenant SET retention_days = $2, countdown = $3 WHERE id = $1`, tenant.String(), n.RetentionDays, n.Countdown.Microseconds()); err != nil {
			return err
		}
		if had.RetentionDays != n.RetentionDays {
			if err := s.record(ctx, t, tenant.String(), by, "retention.set", strconv.Itoa(n.RetentionDays)); err != nil {
				return err
			}
		}
		if had.Countdown != n.Countdown {
			if err := s.record(ctx, t, tenant.String(), by, "countdown.set", strconv.FormatInt(int64(n.Countdown/time.Second), 10)); err != nil {
				return err
			}
		}
		shortened, err = s.shorten(ctx, t, tenant, n)
		return err
	})
	return shortened, err
}

// shorten brings the end of the firm's cases closer.
func (s *Store) shorten(ctx context.Context, t tx, tenant feierabend.TenantID, n feierabend.Instruction) (shortened int, err error) {
	now := s.now()
	all, err := collect(ctx, t, func(r row) (id feierabend.CaseID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM cases WHERE tenant_id = $1 AND expires_at > $2`, tenant.String(), micros(now))
	if err != nil {
		return 0, err
	}
	for _, id := range all {
		c, err := s.lockCase(ctx, t, tenant, id)
		if feierabend.KindOf(err) == feierabend.NotFound {
			continue // its countdown has just ended
		}
		if err != nil {
			return 0, err
		}
		end := n.Shorten(c.CreatedAt, c.ExpiresAt, now)
		if !end.Before(c.ExpiresAt) {
			continue
		}
		if _, err := t.exec(ctx, `UPDATE cases SET expires_at = $3 WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, micros(end)); err != nil {
			return 0, err
		}
		c.ExpiresAt = end
		if _, err := s.warn(ctx, t, c); err != nil {
			return 0, err
		}
		shortened++
	}
	return shortened, nil
}
