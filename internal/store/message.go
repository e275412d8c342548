package store

import (
	"context"
	"time"

	"feierabend"
)

// messageRow is a message with the vault of its body.
type messageRow struct {
	feierabend.Message
	body     messageBody
	caseRow  *caseRow // nil where the message belongs to no case
	complete bool     // all audio chunks are there
}

const messageColumns = `m.id, m.case_id, m.sender_id, m.channel, m.kind, m.state, m.reason, m.button, m.media_size, m.voice, m.forwarded,
	m.audio_type, m.audio_bytes, m.audio_length, m.audio_complete, m.at, m.received_at, m.customer, m.body`

// scanMessage reads messageColumns; the body is still sealed.
func scanMessage(r row, tenant feierabend.TenantID) (m messageRow, sealed []byte, err error) {
	var length, at, received int64
	err = r.Scan(&m.ID, &m.Case, &m.Sender.ID, &m.Channel, &m.Kind, &m.State, &m.Reason, &m.Button, &m.MediaSize, &m.Voice, &m.Forwarded,
		&m.Audio.Type, &m.Audio.Bytes, &length, &m.complete, &at, &received, &m.Customer, &sealed)
	m.Tenant = tenant
	m.Audio.Duration, m.At, m.ReceivedAt = time.Duration(length)*time.Microsecond, timeOf(at), timeOf(received)
	if !m.complete {
		m.Audio = feierabend.AudioInfo{}
	}
	return m, sealed, err
}

// message gives one message, opened; that of an expired case is NotFound.
func (s *Store) message(ctx context.Context, q querier, tenant feierabend.TenantID, id feierabend.MessageID) (messageRow, error) {
	m, sealed, err := scanMessage(q.queryRow(ctx, `SELECT `+messageColumns+` FROM message m WHERE m.tenant_id = $1 AND m.id = $2`, tenant.String(), id), tenant)
	if err != nil {
		if absent(err) {
			err = notFound("message")
		}
		return m, err
	}
	return m, s.openMessage(ctx, q, &m, sealed, nil)
}

// openMessage opens the body with the key of its case (looked up unless given) or the account key.
func (s *Store) openMessage(ctx context.Context, q querier, m *messageRow, sealed []byte, c *caseRow) (err error) {
	var v vault
	if m.Case == "" {
		if err := s.alive(m.ReceivedAt.Add(outcomeTerm), notFound("message")); err != nil {
			return err
		}
		v, err = s.account(m.Tenant.String())
	} else {
		if c == nil {
			var live caseRow
			live, err = s.liveCase(ctx, q, m.Tenant, m.Case)
			c = &live
		}
		m.caseRow, v = c, c.vault
	}
	if err != nil {
		return err
	}
	if err := v.openJSON(kindMessage, string(m.ID), 0, sealed, &m.body); err != nil {
		return err
	}
	m.ExternalID, m.MediaID, m.MediaType, m.SHA256, m.Text = m.body.ExternalID, m.body.MediaID, m.body.MediaType, m.body.SHA256, m.body.Text
	if m.Sender.ID == "" || m.Customer {
		return nil
	}
	link, err := s.sender(ctx, q, m.Tenant, m.Sender.ID)
	if absent(err) {
		return nil // unlinked since: the id stays
	}
	m.Sender = link
	return err
}

// Message gives one message with its sender.
func (s *Store) Message(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID) (out feierabend.Message, err error) {
	if tenant.IsZero() {
		return out, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		m, err := s.message(ctx, q, tenant, id)
		out = m.Message
		return err
	})
	return out, err
}

// Messages gives the messages of a case in the order of their arrival.
func (s *Store) Messages(ctx context.Context, tenant feierabend.TenantID, id feierabend.CaseID) (out []feierabend.Message, err error) {
	if tenant.IsZero() {
		return nil, invalid("tenant")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		c, err := s.liveCase(ctx, q, tenant, id)
		if err != nil {
			return err
		}
		rows, err := s.caseMessages(ctx, q, &c)
		for _, m := range rows {
			out = append(out, m.Message)
		}
		return err
	})
	return out, err
}

func (s *Store) caseMessages(ctx context.Context, q querier, c *caseRow) ([]messageRow, error) {
	type sealedRow struct {
		messageRow
		sealed []byte
	}
	found, err := collect(ctx, q, func(r row) (sealedRow, error) {
		m, b, err := scanMessage(r, c.Tenant)
		return sealedRow{m, b}, err
	}, `SELECT `+messageColumns+` FROM message m WHERE m.tenant_id = $1 AND m.case_id = $2 ORDER BY m.received_at, m.id`, c.vault.tenant, c.caseName)
	if err != nil {
		return nil, err
	}
	out := make([]messageRow, len(found))
	for i, f := range found {
		out[i] = f.messageRow
		if err := s.openMessage(ctx, q, &out[i], f.sealed, c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// LastHeard is when a person last wrote, by the provider's clock; zero where no
// message of theirs is left.
func (s *Store) LastHeard(ctx context.Context, tenant feierabend.TenantID, sender feierabend.SenderID) (at time.Time, err error) {
	if tenant.IsZero() || sender == "" {
		return at, invalid("sender")
	}
	err = s.view(ctx, tenant, func(q querier) error {
		var us int64
		err := q.queryRow(ctx, `SELECT COALESCE(max(at), 0) FROM message WHERE tenant_id = $1 AND sender_id = $2`, tenant.String(), sender).Scan(&us)
		at = timeOf(us)
		return err
	})
	return at, err
}

// lockMessage gives a message for writing. Its case, if any, is locked first, so
// that nothing is added to a case that is being erased.
func (s *Store) lockMessage(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.MessageID) (messageRow, error) {
	var in feierabend.CaseID
	err := t.queryRow(ctx, `SELECT case_id FROM message WHERE tenant_id = $1 AND id = $2`, tenant.String(), id).Scan(&in)
	if absent(err) {
		return messageRow{}, notFound("message")
	}
	if err != nil {
		return messageRow{}, err
	}
	if in != "" {
		if err := touch(ctx, t, tenant, in); err != nil {
			return messageRow{}, err
		}
	}
	m, err := s.message(ctx, t, tenant, id)
	if err == nil && m.Case != in { // moved between the two statements
		err = unavailable("busy", textBusy, nil)
	}
	return m, err
}
