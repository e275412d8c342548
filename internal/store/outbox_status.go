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

// ReceiveStatuses notes the provider's reports by their callback. They come in any
// order and more than once: a row's state only moves forward. Reports on rows that
// are gone, whose case has ended, or that are not ours, change nothing. The first
// report that a document has arrived starts the countdown of its case (J-31). Rows are
// taken in the order of their callbacks, so that two batches never wait for each other.
func (s *Store) ReceiveStatuses(ctx context.Context, in []feierabend.DeliveryStatus) error {
	in = slices.Clone(in)
	slices.SortStableFunc(in, func(a, b feierabend.DeliveryStatus) int { return strings.Compare(a.Callback, b.Callback) })
	return s.updateAll(ctx, func(t tx) error {
		for _, d := range in {
			tenant, id, ok := feierabend.ParseCallback(d.Callback)
			if !ok {
				continue
			}
			if err := t.bind(ctx, tenant.String()); err != nil {
				return err
			}
			err := s.receiveStatus(ctx, t, tenant, id, d)
			if err != nil && feierabend.KindOf(err) != feierabend.NotFound {
				return err
			}
		}
		return nil
	})
}

func (s *Store) receiveStatus(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.OutboxID, d feierabend.DeliveryStatus) error {
	var in feierabend.CaseID
	var kind feierabend.OutKind
	err := t.queryRow(ctx, `SELECT case_id, kind FROM outbox WHERE tenant_id = $1 AND id = $2`, tenant.String(), id).Scan(&in, &kind)
	if absent(err) {
		return notFound("outbox")
	}
	if err != nil {
		return err
	}
	arrived := kind == feierabend.OutDocument && in != "" && (d.State == feierabend.SendDelivered || d.State == feierabend.SendRead)
	var c caseRow
	if arrived { // the case before the row: so does everybody who locks both
		if c, err = s.lockCase(ctx, t, tenant, in); err != nil {
			return err
		}
	}
	var have feierabend.SendState
	err = t.queryRow(ctx, `UPDATE outbox SET tries = tries WHERE tenant_id = $1 AND id = $2 RETURNING state`, tenant.String(), id).Scan(&have)
	if absent(err) {
		return notFound("outbox")
	}
	if err != nil || rank(d.State) <= rank(have) {
		return err
	}
	o, v, err := s.outbox(ctx, t, tenant, id)
	if err != nil {
		return err
	}
	external := o.ExternalID
	if external == "" { // the answer to our sending was lost
		external = d.ExternalID
	}
	if _, err := t.exec(ctx, `UPDATE outbox SET state = $3, code = $4, external = $5 WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, d.State, d.Code,
		v.sealText(kindExternal, string(id), external)); err != nil {
		return err
	}
	if arrived && rank(have) < rank(feierabend.SendDelivered) {
		return s.documentArrived(ctx, t, c, o)
	}
	return nil
}

// documentArrived starts the countdown, unless it runs or was stopped, once the chat
// has brought the document to a person who may say that it is stored, and with the
// file that its kind needs: of an XRechnung the chat brings only the PDF.
func (s *Store) documentArrived(ctx context.Context, t tx, c caseRow, o feierabend.Outbox) error {
	if !c.EraseAt.IsZero() || c.held {
		return nil
	}
	tenant := c.vault.tenant
	var body []byte
	if err := t.queryRow(ctx, `SELECT body FROM document WHERE tenant_id = $1 AND id = $2 AND case_id = $3`, tenant, o.Ref, c.ID).Scan(&body); err != nil {
		if absent(err) {
			err = nil
		}
		return err
	}
	var doc feierabend.Document
	if err := c.openJSON(kindDocument, o.Ref, 0, body, &doc); err != nil || !doc.Completes(feierabend.ChatFile) {
		return err
	}
	by := feierabend.Actor{Via: feierabend.ViaChat}
	err := t.queryRow(ctx, `SELECT m.user_id, m.role FROM sender_link l JOIN membership m ON m.user_id = l.user_id AND m.tenant_id = l.tenant_id WHERE l.tenant_id = $1 AND l.id = $2`,
		tenant, o.Sender).Scan(&by.User, &by.Role)
	if err != nil && !absent(err) {
		return err
	}
	if !by.Role.MayIssue() {
		return nil
	}
	firm, err := scanTenant(t.queryRow(ctx, `SELECT id, name, created_at, retention_days, countdown, staff_prices FROM tenant WHERE id = $1`, tenant))
	if err != nil {
		return err
	}
	return s.downloaded(ctx, t, c, feierabend.DocumentID(o.Ref), by, firm.CountdownEnd(s.now()), "document.delivered")
}
