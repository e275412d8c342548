package store

import (
	"context"
	"time"

	"feierabend"
)

// Lease gives holder the right to draft for a sender until ttl has passed, so that
// one note at a time is drafted per sender (design §4.1). The same holder may
// renew; false means that somebody else holds it.
func (s *Store) Lease(ctx context.Context, tenant feierabend.TenantID, sender feierabend.SenderID, holder string, ttl time.Duration) (ok bool, err error) {
	if tenant.IsZero() || sender == "" || holder == "" {
		return false, invalid("lease")
	}
	now := s.now()
	err = s.update(ctx, tenant, func(t tx) error {
		if _, err := s.sender(ctx, t, tenant, sender); err != nil {
			return err
		}
		n, err := t.exec(ctx, `INSERT INTO lease(tenant_id, sender_id, holder, until) VALUES($1, $2, $3, $4)
			ON CONFLICT(tenant_id, sender_id) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
			WHERE lease.holder = EXCLUDED.holder OR lease.until <= $5`, tenant.String(), sender, holder, micros(now.Add(ttl)), micros(now))
		ok = n == 1
		return err
	})
	return ok, err
}

// Release ends a lease of holder; another holder's stays.
func (s *Store) Release(ctx context.Context, tenant feierabend.TenantID, sender feierabend.SenderID, holder string) error {
	if tenant.IsZero() {
		return invalid("lease")
	}
	return s.update(ctx, tenant, func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM lease WHERE tenant_id = $1 AND sender_id = $2 AND holder = $3`, tenant.String(), sender, holder)
		return err
	})
}
