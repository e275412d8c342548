package store

import (
	"context"
	"time"

	"feierabend"
)

// resumeTerm is how long before the agreement a refused message may have come to be
// taken up again (day-one decision 11): so long the provider keeps its file.
const resumeTerm = 7 * 24 * time.Hour

// lockTenant lets one transaction at a time decide by whether the firm has an agreement.
func lockTenant(ctx context.Context, t tx, tenant feierabend.TenantID) error {
	n, err := t.exec(ctx, `UPDATE tenant SET retention_days = retention_days WHERE id = $1`, tenant.String())
	if err == nil && n == 0 {
		err = notFound("tenant")
	}
	return err
}

// stillWithout makes sure, for a message that is being refused, that no agreement was
// concluded in the meantime: it would never be taken up again.
func stillWithout(ctx context.Context, t tx, tenant feierabend.TenantID) error {
	if err := lockTenant(ctx, t, tenant); err != nil {
		return err
	}
	var n int
	if err := t.queryRow(ctx, `SELECT count(*) FROM agreement WHERE tenant_id = $1`, tenant.String()).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return unavailable("busy", textBusy, nil)
	}
	return nil
}

// stillBlocked makes sure, for a message that is being refused, that the firm was not
// let in again in the meantime: it would never be taken up again.
func stillBlocked(ctx context.Context, t tx, tenant feierabend.TenantID) error {
	if err := lockTenant(ctx, t, tenant); err != nil {
		return err
	}
	var at int64
	if err := t.queryRow(ctx, `SELECT blocked_at FROM tenant WHERE id = $1`, tenant.String()).Scan(&at); err != nil {
		return err
	}
	if at == 0 {
		return unavailable("busy", textBusy, nil)
	}
	return nil
}

// resume takes up what the firm was sent and what was refused as code. Of voice notes
// the id of the provider's file was kept: they are fetched now, and their clock
// begins now, with their first content. Of texts nothing was kept: their senders are
// asked to send them again, by the reason resend.
func (s *Store) resume(ctx context.Context, t tx, tenant feierabend.TenantID, code feierabend.OutcomeCode, resend string) error {
	var days int
	if err := t.queryRow(ctx, `SELECT retention_days FROM tenant WHERE id = $1`, tenant.String()).Scan(&days); err != nil {
		return err
	}
	type refused struct {
		messageRow
		sealed []byte
	}
	found, err := collect(ctx, t, func(r row) (refused, error) {
		m, b, err := scanMessage(r, tenant)
		return refused{m, b}, err
	}, `SELECT `+messageColumns+` FROM message m WHERE m.tenant_id = $1 AND m.case_id = '' AND m.reason = $2 AND m.received_at > $3 ORDER BY m.received_at, m.id`,
		tenant.String(), code, micros(s.now().Add(-resumeTerm)))
	if err != nil {
		return err
	}
	asked := map[feierabend.SenderID]feierabend.MessageID{}
	var order []feierabend.SenderID
	for _, f := range found {
		m, sender := f.messageRow, f.Sender.ID
		switch err := s.openMessage(ctx, t, &m, f.sealed, nil); {
		case err != nil:
			return err
		case m.Kind == feierabend.InboundAudio && m.MediaID != "":
			if err := s.takeUp(ctx, t, m, days); err != nil {
				return err
			}
		case m.Kind == feierabend.InboundText:
			if asked[sender] == "" {
				order = append(order, sender)
			}
			asked[sender] = m.ID // the last one is quoted
		}
	}
	for _, sender := range order {
		out := feierabend.Outgoing{Sender: sender, Kind: feierabend.OutFailed, Ref: resend, ReplyTo: asked[sender]}
		if err := s.addOut(ctx, t, tenant, []feierabend.Outgoing{out}); err != nil && !absent(err) { // unlinked since
			return err
		}
	}
	return nil
}

// takeUp gives a refused voice note its case and key, as accepting would have.
func (s *Store) takeUp(ctx context.Context, t tx, m messageRow, days int) error {
	tenant := m.Tenant.String()
	id, v, err := s.beginCase(ctx, t, m.Tenant, m.Sender.ID, days)
	if err != nil {
		return err
	}
	body, err := v.sealJSON(kindMessage, string(m.ID), 0, m.body)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE message SET case_id = $3, state = $4, reason = '', body = $5 WHERE tenant_id = $1 AND id = $2`,
		tenant, m.ID, id, feierabend.MessageReceived, body); err != nil {
		return err
	}
	return t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobFetch, Tenant: tenant, Ref: string(m.ID)}})
}

// beginCase opens a case outside of the accept path, whose statements are for batches; its
// clock begins now.
func (s *Store) beginCase(ctx context.Context, t tx, firm feierabend.TenantID, sender feierabend.SenderID, days int) (feierabend.CaseID, vault, error) {
	tenant, id, now := firm.String(), s.newID(), s.now()
	v := vault{tenant: tenant, caseName: id}
	key, master, wrapped, err := s.keys.NewKey(keyPlace(tenant, id))
	if err != nil {
		return "", v, err
	}
	v.key = key
	var keyID int64
	if err := t.queryRow(ctx, `INSERT INTO content_key(master_id, wrapped) VALUES($1, $2) RETURNING id`, master, wrapped).Scan(&keyID); err != nil {
		return "", v, err
	}
	_, err = t.exec(ctx, `INSERT INTO cases(tenant_id, id, key_id, sender_id, state, version, created_at, changed_at, expires_at, erase_at, held, attention)
		VALUES($1, $2, $3, $4, $5, 0, $6, $6, $7, 0, $8, '')`, tenant, id, keyID, sender, feierabend.CaseOpen, micros(now), micros(feierabend.ExpiresAt(now, days)), false)
	return feierabend.CaseID(id), v, err
}
