package store

import (
	"context"

	"feierabend"
)

// SetReason notes why a message waits, e.g. ReasonWaitsModel; its state stays. A
// job that comes back with the same reason tells nothing twice.
func (s *Store) SetReason(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, reason string, out ...feierabend.Outgoing) error {
	return s.onMessage(ctx, tenant, id, func(t tx, m messageRow) error {
		if finished(m.State) || m.Reason == reason {
			return nil
		}
		if err := setState(ctx, t, m, m.State, reason); err != nil {
			return err
		}
		if out, err := s.reachable(ctx, t, m, out); err != nil || len(out) == 0 {
			return err
		}
		return s.addOut(ctx, t, tenant, out)
	})
}

// FinishMessage gives a message its visible outcome and stores what is to be told
// in the same transaction. A failed message marks its case for attention.
// Finishing a finished message again is no error and tells nothing twice. Where it
// spoke of another case that has just been erased, the outcome and what is told is
// that: a message never stays without one.
func (s *Store) FinishMessage(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error {
	if state != feierabend.MessageDone && state != feierabend.MessageFailed {
		return invalid("message_state")
	}
	return s.onMessage(ctx, tenant, id, func(t tx, m messageRow) error {
		if finished(m.State) {
			return nil
		}
		state, reason, out, err := s.aboutLiving(ctx, t, m, state, reason, out)
		if err != nil {
			return err
		}
		if err := setState(ctx, t, m, state, reason); err != nil {
			return err
		}
		if m.Case != "" {
			attention := m.caseRow.Attention
			if state == feierabend.MessageFailed || reason == feierabend.ReasonCustomer {
				attention = reason
			}
			if _, err := t.exec(ctx, `UPDATE cases SET attention = $3, changed_at = $4 WHERE tenant_id = $1 AND id = $2`,
				tenant.String(), m.Case, attention, micros(s.now())); err != nil {
				return err
			}
		}
		if out, err = s.reachable(ctx, t, m, out); err != nil {
			return err
		}
		return s.addOut(ctx, t, tenant, out)
	})
}

// reachable leaves out what is for a customer whose link has gone since: the outcome
// stands, and nobody knows any more whom to tell.
func (s *Store) reachable(ctx context.Context, t tx, m messageRow, out []feierabend.Outgoing) (left []feierabend.Outgoing, err error) {
	if !m.Customer {
		return out, nil
	}
	for _, o := range out {
		if err := s.recipient(ctx, t, m.Tenant, o); absent(err) {
			continue
		} else if err != nil {
			return nil, err
		}
		left = append(left, o)
	}
	return left, nil
}

// aboutLiving replaces an outcome that speaks of a case that has gone.
func (s *Store) aboutLiving(ctx context.Context, t tx, m messageRow, state feierabend.MessageState, reason string, out []feierabend.Outgoing) (feierabend.MessageState, string, []feierabend.Outgoing, error) {
	for _, o := range out {
		if o.Case == "" || o.Case == m.Case {
			continue
		}
		_, err := s.lockCase(ctx, t, m.Tenant, o.Case)
		if feierabend.KindOf(err) == feierabend.NotFound {
			told := feierabend.Outgoing{Sender: o.Sender, Kind: feierabend.OutFailed, Ref: feierabend.ReasonGone, ReplyTo: m.ID}
			return feierabend.MessageFailed, feierabend.ReasonGone, []feierabend.Outgoing{told}, nil
		}
		if err != nil {
			return state, reason, out, err
		}
	}
	return state, reason, out, nil
}

func finished(st feierabend.MessageState) bool {
	return st == feierabend.MessageDone || st == feierabend.MessageFailed
}

// onMessage runs fn with a locked message.
func (s *Store) onMessage(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, fn func(tx, messageRow) error) error {
	if tenant.IsZero() || id == "" {
		return invalid("message")
	}
	return s.update(ctx, tenant, func(t tx) error {
		m, err := s.lockMessage(ctx, t, tenant, id)
		if err != nil {
			return err
		}
		return fn(t, m)
	})
}

func setState(ctx context.Context, t tx, m messageRow, state feierabend.MessageState, reason string) error {
	_, err := t.exec(ctx, `UPDATE message SET state = $3, reason = $4 WHERE tenant_id = $1 AND id = $2`, m.Tenant.String(), m.ID, state, reason)
	return err
}

// Dismiss finishes a message that is no content, e.g. „Hilfe“: its text goes at
// once, with its case and key where it was alone there; the outcome row stays.
func (s *Store) Dismiss(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, reason string, out ...feierabend.Outgoing) error {
	return s.onMessage(ctx, tenant, id, func(t tx, m messageRow) error {
		if finished(m.State) {
			return nil
		}
		gone, err := s.strip(ctx, t, m)
		if err != nil {
			return err
		}
		if gone {
			out = detach(out, m.Case)
		}
		if err := setState(ctx, t, m, feierabend.MessageDone, reason); err != nil {
			return err
		}
		return s.addOut(ctx, t, tenant, out)
	})
}

// PressFor turns a typed „Ausstellen“ into the button it stands for: the text goes
// as in Dismiss, the job of the button is enqueued. payload is a Button.
func (s *Store) PressFor(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, payload string) error {
	b, ok := feierabend.ParseButton(payload)
	if !ok {
		return invalid("button")
	}
	return s.onMessage(ctx, tenant, id, func(t tx, m messageRow) error {
		if m.Kind == feierabend.InboundButton || finished(m.State) {
			return nil
		}
		if _, err := s.strip(ctx, t, m); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE message SET kind = $3, button = $4, state = $5, reason = '' WHERE tenant_id = $1 AND id = $2`,
			tenant.String(), id, feierabend.InboundButton, payload, feierabend.MessageReceived); err != nil {
			return err
		}
		return t.enqueue(ctx, []feierabend.Job{{K: b.Act.Job(), Tenant: tenant.String(), Ref: string(id)}})
	})
}

// strip takes a message out of its case and its content away, and says whether the
// case went with it. Only the provider's id of the message stays, sealed under the
// account key, so that a reply can quote it; it goes with the outcome row.
func (s *Store) strip(ctx context.Context, t tx, m messageRow) (gone bool, err error) {
	if m.Case == "" {
		return false, nil
	}
	own, err := s.account(m.Tenant.String())
	if err != nil {
		return false, err
	}
	body, err := own.sealJSON(kindMessage, string(m.ID), 0, messageBody{ExternalID: m.ExternalID})
	if err != nil {
		return false, err
	}
	if err := dropAudio(ctx, t, m); err != nil {
		return false, err
	}
	if _, err := t.exec(ctx, `UPDATE message SET case_id = '', body = $3, media_size = 0, audio_type = '', audio_bytes = 0, audio_length = 0, audio_complete = $4
		WHERE tenant_id = $1 AND id = $2`, m.Tenant.String(), m.ID, body, false); err != nil {
		return false, err
	}
	return s.dropEmpty(ctx, t, *m.caseRow, own)
}

// dropAudio deletes the audio and the transcript of a message.
func dropAudio(ctx context.Context, t tx, m messageRow) error {
	if _, err := t.exec(ctx, `DELETE FROM audio_chunk WHERE tenant_id = $1 AND message_id = $2`, m.Tenant.String(), m.ID); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM transcript WHERE tenant_id = $1 AND message_id = $2`, m.Tenant.String(), m.ID)
	return err
}

// detach clears the case of outgoing messages where that case has gone.
func detach(out []feierabend.Outgoing, gone feierabend.CaseID) []feierabend.Outgoing {
	cleared := make([]feierabend.Outgoing, len(out))
	for i, o := range out {
		if o.Case == gone {
			o.Case = ""
		}
		cleared[i] = o
	}
	return cleared
}
