package store

import (
	"context"

	"feierabend"
)

// rank orders the states of a row; only forward moves count, and failed only
// before delivered.
func rank(st feierabend.SendState) int {
	switch st {
	case feierabend.SendWaiting:
		return 0
	case feierabend.SendSending:
		return 1
	case feierabend.SendAccepted:
		return 2
	case feierabend.SendSent:
		return 3
	case feierabend.SendFailed:
		return 4
	case feierabend.SendDelivered:
		return 5
	case feierabend.SendRead:
		return 6
	}
	return -1
}

// ReceiveStatuses notes the provider's reports by their callback. They come in any
// order and more than once: a row's state only moves forward. Reports on rows that
// are gone, or that are not ours, change nothing.
func (s *Store) ReceiveStatuses(ctx context.Context, in []feierabend.DeliveryStatus) error {
	return s.updateAll(ctx, func(t tx) error {
		for _, d := range in {
			tenant, id, ok := feierabend.ParseCallback(d.Callback)
			if !ok {
				continue
			}
			if err := t.bind(ctx, tenant.String()); err != nil {
				return err
			}
			var have feierabend.SendState
			err := t.queryRow(ctx, `UPDATE outbox SET tries = tries WHERE tenant_id = $1 AND id = $2 RETURNING state`, tenant.String(), id).Scan(&have)
			if absent(err) || err == nil && rank(d.State) <= rank(have) {
				continue
			}
			if err != nil {
				return err
			}
			if _, err := t.exec(ctx, `UPDATE outbox SET state = $3, code = $4 WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, d.State, d.Code); err != nil {
				return err
			}
			if err := s.noteExternal(ctx, t, tenant, id, d.ExternalID); err != nil {
				return err
			}
		}
		return nil
	})
}

// noteExternal keeps the provider's id where the answer to our sending was lost.
func (s *Store) noteExternal(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.OutboxID, external string) error {
	o, v, err := s.outbox(ctx, t, tenant, id)
	if feierabend.KindOf(err) == feierabend.NotFound { // the case has just expired
		return nil
	}
	if err != nil || o.ExternalID != "" || external == "" {
		return err
	}
	_, err = t.exec(ctx, `UPDATE outbox SET external = $3 WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, v.sealText(kindExternal, string(id), external))
	return err
}
