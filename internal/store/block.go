package store

import (
	"context"
	"time"

	"feierabend"
)

// BlockUser keeps a person out from now on, in all their firms, and ends their
// sessions; a zero time lets them in again. Whoever is unknown is NotFound.
func (s *Store) BlockUser(ctx context.Context, user feierabend.UserID, at time.Time, by feierabend.Actor) error {
	return s.updateAll(ctx, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE person SET blocked_at = $2 WHERE id = $1`, user, micros(at))
		if err != nil {
			return err
		}
		if n == 0 {
			return notFound("user")
		}
		act := "user.unblocked"
		if !at.IsZero() {
			act = "user.blocked"
			if _, err := s.endSessions(ctx, t, user, nil); err != nil {
				return err
			}
		}
		return s.record(ctx, t, "", by, act, string(user))
	})
}

// BlockTenant keeps everybody out of a firm from now on; a zero time lets them in
// again. Their sessions stand still: they show why. What it is sent meanwhile gets an
// outcome and no content; when it is let in again, the voice notes of the last seven days
// are taken up. Its retention clock goes on.
func (s *Store) BlockTenant(ctx context.Context, tenant feierabend.TenantID, at time.Time, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		n, err := t.exec(ctx, `UPDATE tenant SET blocked_at = $2 WHERE id = $1`, tenant.String(), micros(at))
		if err != nil {
			return err
		}
		if n == 0 {
			return notFound("tenant")
		}
		act := "tenant.unblocked"
		if !at.IsZero() {
			act = "tenant.blocked"
		}
		if err := s.record(ctx, t, tenant.String(), by, act, tenant.String()); err != nil || !at.IsZero() {
			return err
		}
		return s.resume(ctx, t, tenant, feierabend.FirmBlocked, feierabend.ReasonUnblocked)
	})
}
