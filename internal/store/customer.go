package store

import (
	"context"

	"feierabend"
)

// SetCustomers stores the firm's instructions about its customers' own words (J-20,
// J-21). Switched off, what a person once answered is forgotten, and what waits for an
// answer has its outcome; all Kundenlinks end, and whoever has agreed to one can still
// take back what they said.
func (s *Store) SetCustomers(ctx context.Context, tenant feierabend.TenantID, v feierabend.CustomerVoices, by feierabend.Actor) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		firm, err := customersOf(ctx, t, tenant)
		if err != nil {
			return err
		}
		had := firm.Customers
		if _, err := t.exec(ctx, `UPDATE tenant SET forwarded = $2, customer_links = $3 WHERE id = $1`, tenant.String(), oneIf(v.Forwarded), oneIf(v.Links)); err != nil {
			return err
		}
		for _, one := range []struct {
			had, on bool
			name    string
			off     func(context.Context, tx, feierabend.TenantID) error
		}{
			{had.Forwarded, v.Forwarded, "forwarded", s.endForwarded},
			{had.Links, v.Links, "customers", s.endLinks},
		} {
			if one.had == one.on {
				continue
			}
			act := one.name + ".on"
			if !one.on {
				act = one.name + ".off"
				if err := one.off(ctx, t, tenant); err != nil {
					return err
				}
			}
			if err := s.record(ctx, t, tenant.String(), by, act, tenant.String()); err != nil {
				return err
			}
		}
		return nil
	})
}

func oneIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// endLinks ends the firm's Kundenlinks; those by which nothing came leave no row.
func (s *Store) endLinks(ctx context.Context, t tx, tenant feierabend.TenantID) error {
	if _, err := t.exec(ctx, `DELETE FROM customer_link WHERE tenant_id = $1 AND state IN ('open', 'asked')`, tenant.String()); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE customer_link SET `+ending+`, state = 'ended' WHERE tenant_id = $1 AND state = 'agreed'`, tenant.String()); err != nil {
		return err
	}
	return s.planForget(ctx, t)
}

// endForwarded forgets what the firm's people once answered. What waits for an answer is
// dismissed as if it came now: not evaluated, nothing fetched, nothing kept.
func (s *Store) endForwarded(ctx context.Context, t tx, tenant feierabend.TenantID) error {
	if _, err := t.exec(ctx, `UPDATE sender_link SET forwarded = '' WHERE tenant_id = $1`, tenant.String()); err != nil {
		return err
	}
	waiting, err := collect(ctx, t, func(r row) (id feierabend.MessageID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM message WHERE tenant_id = $1 AND reason = $2 AND state = $3 ORDER BY received_at, id`, tenant.String(), feierabend.ReasonForwardAsk, feierabend.MessageReceived)
	if err != nil {
		return err
	}
	for _, id := range waiting {
		if err := s.dropForwarded(ctx, t, tenant, id, feierabend.MessageFailed, feierabend.ReasonForwarded); err != nil {
			return err
		}
	}
	return nil
}
