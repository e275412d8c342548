package store

import (
	"context"

	"feierabend"
)

// HoldForwarded lets a forwarded message wait for its sender's word. Where the sender
// has given one meanwhile, that is the answer and nothing changes. What is to be told is
// stored once, however many messages wait. Switched off meanwhile it is Conflict
// "forwarded_off": nobody would ever answer.
func (s *Store) HoldForwarded(ctx context.Context, tenant feierabend.TenantID, id feierabend.MessageID, out ...feierabend.Outgoing) (choice feierabend.ForwardChoice, err error) {
	if tenant.IsZero() || id == "" {
		return "", invalid("message")
	}
	err = s.update(ctx, tenant, func(t tx) error {
		firm, err := customersOf(ctx, t, tenant)
		if err != nil {
			return err
		}
		var sender feierabend.SenderID
		if sender, choice, err = lockForwarder(ctx, t, tenant, id); err != nil || choice != "" {
			return err
		}
		m, err := s.lockMessage(ctx, t, tenant, id)
		if err != nil || finished(m.State) || m.Reason == feierabend.ReasonForwardAsk {
			return err
		}
		if !firm.Customers.Forwarded {
			return forwardedOff()
		}
		waiting, err := s.waitingForwarded(ctx, t, tenant, sender)
		if err != nil {
			return err
		}
		if err := setState(ctx, t, m, m.State, feierabend.ReasonForwardAsk); err != nil || len(waiting) > 0 {
			return err
		}
		return s.addOut(ctx, t, tenant, out)
	})
	return choice, err
}

// lockForwarder gives the sender of a message and what they want done with what they
// forward; until the transaction ends nobody else asks or answers.
func lockForwarder(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.MessageID) (sender feierabend.SenderID, choice feierabend.ForwardChoice, err error) {
	err = t.queryRow(ctx, `SELECT sender_id FROM message WHERE tenant_id = $1 AND id = $2`, tenant.String(), id).Scan(&sender)
	if absent(err) {
		return "", "", notFound("message")
	}
	if err != nil {
		return "", "", err
	}
	err = t.queryRow(ctx, `UPDATE sender_link SET forwarded = forwarded WHERE tenant_id = $1 AND id = $2 RETURNING forwarded`, tenant.String(), sender).Scan(&choice)
	if absent(err) {
		return "", "", notFound("sender_link")
	}
	return sender, choice, err
}

// waitingForwarded gives the messages of a sender that wait for their word.
func (s *Store) waitingForwarded(ctx context.Context, t tx, tenant feierabend.TenantID, sender feierabend.SenderID) ([]feierabend.MessageID, error) {
	return collect(ctx, t, func(r row) (id feierabend.MessageID, err error) { return id, r.Scan(&id) },
		`SELECT m.id FROM message m JOIN cases c ON c.tenant_id = m.tenant_id AND c.id = m.case_id WHERE m.tenant_id = $1 AND c.tenant_id = $1 AND m.sender_id = $2
			AND m.reason = $3 AND m.state = $4 AND c.expires_at > $5 ORDER BY m.received_at, m.id`, tenant.String(), sender, feierabend.ReasonForwardAsk, feierabend.MessageReceived,
		micros(s.clock.look().strict))
}

// DecideForwarded remembers what the sender of a button wants done with what they
// forward, and does so with all that waits: it goes on to be fetched, or it goes with
// its case. out is told unless something goes on, whose result will tell. The button's
// own message ends with it; a repeated job changes nothing. Switched off it is Conflict
// "forwarded_off", and nothing is remembered.
func (s *Store) DecideForwarded(ctx context.Context, tenant feierabend.TenantID, press feierabend.MessageID, choice feierabend.ForwardChoice, by feierabend.Actor, out ...feierabend.Outgoing) error {
	if tenant.IsZero() || choice != feierabend.ForwardTake && choice != feierabend.ForwardDrop {
		return invalid("forward_choice")
	}
	return s.update(ctx, tenant, func(t tx) error {
		firm, err := customersOf(ctx, t, tenant)
		if err != nil {
			return err
		}
		sender, had, err := lockForwarder(ctx, t, tenant, press)
		if err != nil {
			return err
		}
		p, err := s.lockMessage(ctx, t, tenant, press)
		if err != nil || finished(p.State) {
			return err
		}
		if !firm.Customers.Forwarded {
			return forwardedOff()
		}
		if had != choice {
			if _, err := t.exec(ctx, `UPDATE sender_link SET forwarded = $3 WHERE tenant_id = $1 AND id = $2`, tenant.String(), sender, choice); err != nil {
				return err
			}
			if err := s.record(ctx, t, tenant.String(), by, "forwarded."+string(choice), string(sender)); err != nil {
				return err
			}
		}
		waiting, err := s.waitingForwarded(ctx, t, tenant, sender)
		if err != nil {
			return err
		}
		for _, id := range waiting {
			if err := s.goOn(ctx, t, tenant, id, choice); err != nil {
				return err
			}
		}
		if err := setState(ctx, t, p, feierabend.MessageDone, feierabend.ReasonAnswered); err != nil || choice == feierabend.ForwardTake && len(waiting) > 0 {
			return err
		}
		return s.addOut(ctx, t, tenant, out)
	})
}

// goOn does with one waiting message what its sender has chosen.
func (s *Store) goOn(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.MessageID, choice feierabend.ForwardChoice) error {
	if choice == feierabend.ForwardDrop {
		return s.dropForwarded(ctx, t, tenant, id, feierabend.MessageDone, feierabend.ReasonForwardDrop)
	}
	m, err := s.lockMessage(ctx, t, tenant, id)
	if feierabend.KindOf(err) == feierabend.NotFound { // its time has just run out
		return nil
	}
	if err != nil {
		return err
	}
	if err := setState(ctx, t, m, m.State, ""); err != nil {
		return err
	}
	return t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobFetch, Tenant: tenant.String(), Ref: string(id)}})
}

// dropForwarded gives one waiting message its outcome: content, case and key go at once.
func (s *Store) dropForwarded(ctx context.Context, t tx, tenant feierabend.TenantID, id feierabend.MessageID, state feierabend.MessageState, reason string) error {
	m, err := s.lockMessage(ctx, t, tenant, id)
	if feierabend.KindOf(err) == feierabend.NotFound { // its time has just run out
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := s.strip(ctx, t, m); err != nil {
		return err
	}
	return setState(ctx, t, m, state, reason)
}

func forwardedOff() error {
	return conflict("forwarded_off", "Weitergeleitete Nachrichten werden in Ihrer Firma nicht ausgewertet. Abgeholt wurde nichts. Einschalten kann das, wer Inhaberin oder Inhaber ist.")
}
