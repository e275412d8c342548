package store

import (
	"context"

	"feierabend"
)

// WaitingMessages gives the messages of all cases that have no draft yet, in the order
// of their arrival and in one query, for lists: what stands in plain columns only (kind,
// state, reason, times). Nothing sealed is opened, so text and sender's number are empty.
func (s *Store) WaitingMessages(ctx context.Context, tenant feierabend.TenantID) (out []feierabend.Message, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		out, err = collect(ctx, q, func(r row) (feierabend.Message, error) {
			m, _, err := scanMessage(r, tenant)
			return m.Message, err
		}, `SELECT `+messageColumns+` FROM message m JOIN cases c ON c.tenant_id = m.tenant_id AND c.id = m.case_id
			WHERE m.tenant_id = $1 AND c.tenant_id = $1 AND c.version = 0 AND c.expires_at > $2 AND (c.erase_at = 0 OR c.erase_at > $2)
			ORDER BY m.received_at, m.id`, tenant.String(), micros(s.clock.look().strict))
		return err
	})
	return out, err
}
