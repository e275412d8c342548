package store

import (
	"context"
	"slices"
	"time"

	"feierabend"
)

// sendWait is how long a row that was handed over, but whose answer was lost, waits
// for its status before it is sent again (design §4.1).
const sendWait = 90 * time.Second

const outboxColumns = `o.id, o.case_id, o.sender_id, o.kind, o.ref, o.reply_to, o.state, o.code, o.tries, o.created_at, o.attempted_at, o.external, o.media`

// AddOut stores messages to be sent, each with its send job.
func (s *Store) AddOut(ctx context.Context, tenant feierabend.TenantID, out ...feierabend.Outgoing) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error { return s.addOut(ctx, t, tenant, out) })
}

func (s *Store) addOut(ctx context.Context, t tx, tenant feierabend.TenantID, out []feierabend.Outgoing) error {
	if len(out) == 0 {
		return nil
	}
	known := make([]bool, len(out))
	if err := t.run(ctx, recipients(tenant, out, known)); err != nil {
		return err
	}
	steps, jobs, err := s.outgoing(ctx, t, tenant, out, known, "")
	if err != nil {
		return err
	}
	if err := t.run(ctx, steps); err != nil {
		return err
	}
	return t.enqueue(ctx, jobs)
}

// outgoing locks the cases that messages to be sent are about, but not the one that the
// caller has locked, and gives the steps and the jobs that store them.
func (s *Store) outgoing(ctx context.Context, t tx, tenant feierabend.TenantID, out []feierabend.Outgoing, known []bool, locked feierabend.CaseID) (steps []step, jobs []feierabend.Job, err error) {
	for i, o := range out {
		if !known[i] { // perhaps a customer
			if err := s.recipient(ctx, t, tenant, o); err != nil {
				return nil, nil, err
			}
		}
		if o.Case != "" && o.Case != locked {
			if _, err := s.lockCase(ctx, t, tenant, o.Case); err != nil {
				return nil, nil, err
			}
		}
		id := s.newID()
		steps = append(steps, step{text: `INSERT INTO outbox(tenant_id, id, case_id, sender_id, kind, ref, reply_to, state, code, tries, created_at, attempted_at)
			VALUES($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, 0)`, args: []any{
			tenant.String(), id, o.Case, o.Sender, o.Kind, o.Ref, o.ReplyTo, feierabend.SendWaiting, micros(s.now()) + int64(i),
		}})
		jobs = append(jobs, feierabend.Job{K: feierabend.JobSend, Tenant: tenant.String(), Ref: id})
	}
	return steps, jobs, nil
}

// recipients gives the steps that find out which recipients are known.
func recipients(tenant feierabend.TenantID, out []feierabend.Outgoing, known []bool) (steps []step) {
	for i, o := range out {
		steps = append(steps, step{text: `SELECT id FROM sender_link WHERE tenant_id = $1 AND id = $2`, args: []any{tenant.String(), o.Sender}, scan: func(r row) error {
			known[i] = true
			var id string
			return r.Scan(&id)
		}})
	}
	return steps
}

// recipient says that whom a message is for is there: a member's link, or for what
// customers are told a customer's.
func (s *Store) recipient(ctx context.Context, t tx, tenant feierabend.TenantID, o feierabend.Outgoing) error {
	_, err := s.sender(ctx, t, tenant, o.Sender)
	if !absent(err) || o.Kind != feierabend.OutCustomer && o.Kind != feierabend.OutFailed {
		return err
	}
	var id string
	err = t.queryRow(ctx, `SELECT id FROM customer_link WHERE tenant_id = $1 AND id = $2`, tenant.String(), string(o.Sender)).Scan(&id)
	return err
}

// Outbox gives one row.
func (s *Store) Outbox(ctx context.Context, tenant feierabend.TenantID, id feierabend.OutboxID) (o feierabend.Outbox, err error) {
	if tenant.IsZero() {
		return o, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		o, _, err = s.outbox(ctx, q, tenant, id)
		return err
	})
	return o, err
}

// oneOutbox is a row with its case and key.
const oneOutbox = `SELECT ` + outboxColumns + `, ` + itsCaseColumns + ` FROM outbox o
	LEFT JOIN cases c ON c.tenant_id = o.tenant_id AND c.id = o.case_id LEFT JOIN content_key k ON k.id = c.key_id WHERE o.tenant_id = $1 AND o.id = $2`

// sealedOutbox is a row as it was read.
type sealedOutbox struct {
	feierabend.Outbox
	external, media []byte
	its             sealedCase
}

// outbox gives a row opened, and the vault that seals its columns. before is done in
// the same round trip.
func (s *Store) outbox(ctx context.Context, q querier, tenant feierabend.TenantID, id feierabend.OutboxID, before ...step) (o feierabend.Outbox, v vault, err error) {
	var x sealedOutbox
	found := false
	if err := q.run(ctx, append(before, step{text: oneOutbox, args: []any{tenant.String(), id}, scan: func(r row) (err error) {
		found = true
		x.Outbox, x.external, x.media, err = scanOutbox(r, tenant, x.its.columns()...)
		return err
	}})); err != nil {
		return o, v, err
	}
	if !found {
		return o, v, notFound("outbox")
	}
	return s.openOutbox(&x)
}

func (s *Store) openOutbox(x *sealedOutbox) (o feierabend.Outbox, v vault, err error) {
	o = x.Outbox
	if o.Case == "" {
		if err := s.alive(o.CreatedAt.Add(outcomeTerm), notFound("outbox")); err != nil {
			return o, v, err
		}
		v, err = s.account(o.Tenant.String())
	} else {
		var c caseRow
		c, err = s.openLive(&x.its, o.Tenant)
		v = c.vault
	}
	if err != nil {
		return o, v, err
	}
	if o.ExternalID, err = v.openText(kindExternal, string(o.ID), x.external); err != nil {
		return o, v, err
	}
	o.MediaID, err = v.openText(kindMedia, string(o.ID), x.media)
	return o, v, err
}

// scanOutbox reads outboxColumns, and what is joined to them.
func scanOutbox(r row, tenant feierabend.TenantID, joined ...any) (o feierabend.Outbox, external, media []byte, err error) {
	var created, attempted int64
	err = r.Scan(append([]any{&o.ID, &o.Case, &o.Sender, &o.Kind, &o.Ref, &o.ReplyTo, &o.State, &o.Code, &o.Tries, &created, &attempted, &external, &media}, joined...)...)
	o.Tenant, o.CreatedAt, o.AttemptedAt = tenant, timeOf(created), timeOf(attempted)
	return o, external, media, err
}

// changing is one statement as the last of a transaction.
func changing(text string, args ...any) []step { return []step{{text: text, args: args}} }

// onOutbox runs fn with a locked row; what it gives is done last.
func (s *Store) onOutbox(ctx context.Context, tenant feierabend.TenantID, id feierabend.OutboxID, fn func(feierabend.Outbox, vault) ([]step, error)) error {
	if tenant.IsZero() {
		return invalid("tenant")
	}
	return s.update(ctx, tenant, func(t tx) error {
		o, v, err := s.outbox(ctx, t, tenant, id, step{text: `UPDATE outbox SET tries = tries WHERE tenant_id = $1 AND id = $2`, args: []any{tenant.String(), id}})
		if err != nil {
			return err
		}
		last, err := fn(o, v)
		if err != nil || len(last) == 0 {
			return err
		}
		return t.conclude(ctx, last, nil)
	})
}

// BeginSend takes a row for sending: waiting becomes sending. A row whose sending
// began less than 90 s ago and got no answer gives a *SnoozeError: its status may
// still come. A row that has been sent, or has failed for good, is Conflict "sent".
func (s *Store) BeginSend(ctx context.Context, tenant feierabend.TenantID, id feierabend.OutboxID) (out feierabend.Outbox, err error) {
	now := s.now()
	err = s.onOutbox(ctx, tenant, id, func(o feierabend.Outbox, _ vault) ([]step, error) {
		switch o.State {
		case feierabend.SendWaiting:
		case feierabend.SendSending:
			if wait := o.AttemptedAt.Add(sendWait).Sub(now); wait > 0 {
				return nil, feierabend.Snooze(wait)
			}
		default:
			return nil, conflict("sent", "Diese Nachricht ist schon gesendet.")
		}
		o.State, o.Tries, o.AttemptedAt = feierabend.SendSending, o.Tries+1, timeOf(micros(now))
		out = o
		return changing(`UPDATE outbox SET state = $3, tries = $4, attempted_at = $5 WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, o.State, o.Tries, micros(now)), nil
	})
	if err != nil {
		return feierabend.Outbox{}, err
	}
	return out, nil
}

// SentAs notes the provider's ids of a message that it has accepted. "" leaves an
// id as it is. A status that came before stays.
func (s *Store) SentAs(ctx context.Context, tenant feierabend.TenantID, id feierabend.OutboxID, externalID, mediaID string) error {
	return s.onOutbox(ctx, tenant, id, func(o feierabend.Outbox, v vault) ([]step, error) {
		if externalID != "" {
			o.ExternalID = externalID
			if rank(feierabend.SendAccepted) > rank(o.State) {
				o.State = feierabend.SendAccepted
			}
		}
		if mediaID != "" {
			o.MediaID = mediaID
		}
		return changing(`UPDATE outbox SET state = $3, external = $4, media = $5 WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, o.State,
			v.sealText(kindExternal, string(id), o.ExternalID), v.sealText(kindMedia, string(id), o.MediaID)), nil
	})
}

// FailSend notes that the provider refused: for good, or until the next try.
func (s *Store) FailSend(ctx context.Context, tenant feierabend.TenantID, id feierabend.OutboxID, code int, final bool) error {
	return s.onOutbox(ctx, tenant, id, func(o feierabend.Outbox, _ vault) ([]step, error) {
		if o.State != feierabend.SendSending && o.State != feierabend.SendWaiting {
			return nil, nil
		}
		state := feierabend.SendWaiting
		if final {
			state = feierabend.SendFailed
		}
		return changing(`UPDATE outbox SET state = $3, code = $4 WHERE tenant_id = $1 AND id = $2`, tenant.String(), id, state, code), nil
	})
}

// Forgotten notes that our uploaded file is deleted at the provider. A row that
// was kept for this alone goes.
func (s *Store) Forgotten(ctx context.Context, tenant feierabend.TenantID, id feierabend.OutboxID) error {
	return s.onOutbox(ctx, tenant, id, func(o feierabend.Outbox, _ vault) ([]step, error) {
		if o.Case == "" && o.Kind == feierabend.OutDocument {
			return changing(`DELETE FROM outbox WHERE tenant_id = $1 AND id = $2`, tenant.String(), id), nil
		}
		return changing(`UPDATE outbox SET media = NULL WHERE tenant_id = $1 AND id = $2`, tenant.String(), id), nil
	})
}

// rehome seals what the outbox rows of a case hold under another vault, before the
// case goes. With onlyMedia just those rows stay whose uploaded file must still be
// deleted at the provider, as far as they open; their ids are returned.
func (s *Store) rehome(ctx context.Context, t tx, c caseRow, to vault, onlyMedia bool) (kept []feierabend.OutboxID, err error) {
	if err := lockOutbox(ctx, t, c); err != nil {
		return nil, err
	}
	type sealedRow struct {
		feierabend.Outbox
		external, media []byte
	}
	found, err := collect(ctx, t, func(r row) (sealedRow, error) {
		o, external, media, err := scanOutbox(r, c.Tenant)
		return sealedRow{o, external, media}, err
	}, `SELECT `+outboxColumns+` FROM outbox o WHERE o.tenant_id = $1 AND o.case_id = $2`, c.vault.tenant, c.caseName)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if onlyMedia && len(f.media) == 0 {
			continue
		}
		id := string(f.ID)
		media, err := c.openText(kindMedia, id, f.media)
		if err != nil && onlyMedia {
			continue // of a damaged row nobody can say what to delete: it goes with the case
		}
		if err != nil {
			return nil, err
		}
		external := ""
		if !onlyMedia {
			if external, err = c.openText(kindExternal, id, f.external); err != nil {
				return nil, err
			}
		}
		if _, err := t.exec(ctx, `UPDATE outbox SET case_id = $3, external = $4, media = $5 WHERE tenant_id = $1 AND id = $2`, c.vault.tenant, id, to.caseName,
			to.sealText(kindExternal, id, external), to.sealText(kindMedia, id, media)); err != nil {
			return nil, err
		}
		kept = append(kept, f.ID)
	}
	return kept, nil
}

// lockOutbox takes the outbox rows of a locked case, by their ids: reports on them are
// taken in the same order.
func lockOutbox(ctx context.Context, t tx, c caseRow) error {
	ids, err := collect(ctx, t, func(r row) (id feierabend.OutboxID, err error) { return id, r.Scan(&id) },
		`SELECT id FROM outbox WHERE tenant_id = $1 AND case_id = $2`, c.vault.tenant, c.caseName)
	if err != nil || len(ids) == 0 {
		return err
	}
	slices.Sort(ids)
	var steps []step
	for _, id := range ids {
		steps = append(steps, step{text: `UPDATE outbox SET tries = tries WHERE tenant_id = $1 AND id = $2`, args: []any{c.vault.tenant, id}})
	}
	return t.run(ctx, steps)
}
