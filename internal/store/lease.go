package store

import (
	"context"
	"database/sql"
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
	now, there := s.now(), false
	err = s.update(ctx, tenant, func(t tx) error {
		ok, there = false, false
		of := []any{tenant.String(), sender}
		if err := t.conclude(ctx, []step{
			{text: `SELECT id FROM sender_link WHERE tenant_id = $1 AND id = $2`, args: of, scan: func(row) error {
				there = true
				return nil
			}},
			{text: `INSERT INTO lease(tenant_id, sender_id, holder, until) SELECT l.tenant_id, l.id, CAST($3 AS TEXT), CAST($4 AS BIGINT) FROM sender_link l WHERE l.tenant_id = $1 AND l.id = $2
				ON CONFLICT(tenant_id, sender_id) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
				WHERE lease.holder = EXCLUDED.holder OR lease.until <= $5 RETURNING holder`, args: append(of, holder, micros(now.Add(ttl)), micros(now)), scan: func(row) error {
				ok = true
				return nil
			}},
		}, nil); err != nil {
			return err
		}
		if !there {
			return sql.ErrNoRows
		}
		return nil
	})
	return ok, err
}

// releasing is the step that ends a lease of holder.
func releasing(tenant string, sender feierabend.SenderID, holder string) step {
	return step{text: `DELETE FROM lease WHERE tenant_id = $1 AND sender_id = $2 AND holder = $3`, args: []any{tenant, sender, holder}}
}

// Release ends a lease of holder; another holder's stays.
func (s *Store) Release(ctx context.Context, tenant feierabend.TenantID, sender feierabend.SenderID, holder string) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		return t.conclude(ctx, []step{releasing(tenant.String(), sender, holder)}, nil)
	})
}
