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

// scanMessage reads messageColumns, and what is joined to them; the body is still sealed.
func scanMessage(r row, tenant feierabend.TenantID, joined ...any) (m messageRow, sealed []byte, err error) {
	var length, at, received int64
	err = r.Scan(append([]any{
		&m.ID, &m.Case, &m.Sender.ID, &m.Channel, &m.Kind, &m.State, &m.Reason, &m.Button, &m.MediaSize, &m.Voice, &m.Forwarded,
		&m.Audio.Type, &m.Audio.Bytes, &length, &m.complete, &at, &received, &m.Customer, &sealed,
	}, joined...)...)
	m.Tenant = tenant
	m.Audio.Duration, m.At, m.ReceivedAt = time.Duration(length)*time.Microsecond, timeOf(at), timeOf(received)
	if !m.complete {
		m.Audio = feierabend.AudioInfo{}
	}
	return m, sealed, err
}

// oneMessage is a message with its case, key and sender: they are asked for with each
// message, and one statement costs a third of three.
const oneMessage = `SELECT ` + messageColumns + `, ` + itsCaseColumns + `, ` + itsSenderColumns + ` FROM message m
	LEFT JOIN cases c ON c.tenant_id = m.tenant_id AND c.id = m.case_id LEFT JOIN content_key k ON k.id = c.key_id
	LEFT JOIN sender_link l ON l.tenant_id = m.tenant_id AND l.id = m.sender_id WHERE m.tenant_id = $1 AND m.id = $2`

// message gives one message, opened; that of an expired case is NotFound.
func (s *Store) message(ctx context.Context, q querier, tenant feierabend.TenantID, id feierabend.MessageID) (messageRow, error) {
	var c sealedCase
	var link sealedSender
	m, sealed, err := scanMessage(q.queryRow(ctx, oneMessage, tenant.String(), id), tenant, append(c.columns(), link.columns()...)...)
	if err != nil {
		if absent(err) {
			err = notFound("message")
		}
		return m, err
	}
	if m.Case != "" {
		live, err := s.openLive(&c, tenant)
		if err != nil {
			return m, err
		}
		m.caseRow = &live
	}
	if err := s.openBody(&m, sealed); err != nil || link.ID == "" { // unlinked since: the id stays
		return m, err
	}
	m.Sender, err = s.openSender(&link, tenant)
	return m, err
}

// openMessage opens the body of a message, with the key of its case where it has one
// that is known, and looks its sender up.
func (s *Store) openMessage(ctx context.Context, q querier, m *messageRow, sealed []byte, c *caseRow) error {
	m.caseRow = c
	if err := s.openBody(m, sealed); err != nil || m.Sender.ID == "" {
		return err
	}
	link, err := s.sender(ctx, q, m.Tenant, m.Sender.ID)
	if absent(err) {
		return nil
	}
	m.Sender = link
	return err
}

// openBody opens the body with the key of its case or the account key.
func (s *Store) openBody(m *messageRow, sealed []byte) (err error) {
	var v vault
	if m.caseRow != nil {
		v = m.caseRow.vault
	} else {
		if err := s.alive(m.ReceivedAt.Add(outcomeTerm), notFound("message")); err != nil {
			return err
		}
		v, err = s.account(m.Tenant.String())
	}
	if err != nil {
		return err
	}
	if err := v.openJSON(kindMessage, string(m.ID), 0, sealed, &m.body); err != nil {
		return err
	}
	m.ExternalID, m.MediaID, m.MediaType, m.SHA256, m.Text = m.body.ExternalID, m.body.MediaID, m.body.MediaType, m.body.SHA256, m.body.Text
	return nil
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
