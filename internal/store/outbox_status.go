package store

import (
	"context"
	"slices"
	"strings"

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

// later is the condition that a row's state is before one of rank $5, as rank orders them.
const later = `CASE state WHEN 'waiting' THEN 0 WHEN 'sending' THEN 1 WHEN 'accepted' THEN 2 WHEN 'sent' THEN 3 WHEN 'failed' THEN 4 WHEN 'delivered' THEN 5 ELSE 6 END < $5`

// ReceiveStatuses notes the provider's reports by their callback. They come in any
// order and more than once: a row's state only moves forward. Reports on rows that
// are gone, or that are not ours, change nothing. Rows are taken in the order of
// their callbacks, so that two batches never wait for each other.
func (s *Store) ReceiveStatuses(ctx context.Context, in []feierabend.DeliveryStatus) error {
	in = slices.Clone(in)
	slices.SortStableFunc(in, func(a, b feierabend.DeliveryStatus) int { return strings.Compare(a.Callback, b.Callback) })
	return s.updateAll(ctx, func(t tx) error {
		bound := ""
		for _, d := range in {
			tenant, id, ok := feierabend.ParseCallback(d.Callback)
			if !ok {
				continue
			}
			if bound != tenant.String() {
				bound = tenant.String()
				if err := t.bind(ctx, bound); err != nil {
					return err
				}
			}
			var external []byte
			err := t.queryRow(ctx, `UPDATE outbox SET state = $3, code = $4 WHERE tenant_id = $1 AND id = $2 AND `+later+` RETURNING external`,
				tenant.String(), id, d.State, d.Code, rank(d.State)).Scan(&external)
			switch {
			case absent(err):
				continue
			case err != nil:
				return err
			case len(external) > 0:
				continue
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
