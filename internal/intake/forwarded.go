package intake

import (
	"context"
	"fmt"

	"feierabend"
)

// What delivery tells about forwarded messages, as Ref of a command.
const (
	commandAsk     = "weitergeleitet" // the question
	commandDropped = "verworfen"      // one was dropped as remembered
	commandTakes   = "auswerten"      // the next ones are taken
	commandDrops   = "verwerfen"      // the answer was to drop
)

// forwarded says whether a forwarded message may be fetched now (J-20). Off, it is
// answered as ever; on, its sender is asked once before anything is fetched, and the
// answer is remembered for them.
func (s *Step) forwarded(ctx context.Context, m feierabend.Message) (fetch bool, err error) {
	t, err := s.store.Tenant(ctx, m.Tenant)
	if err != nil {
		return false, fmt.Errorf("load firm: %w", err)
	}
	if !t.Customers.Forwarded || m.Kind == feierabend.InboundButton { // a tap is nobody else's word
		return false, s.fail(ctx, m, feierabend.ReasonForwarded)
	}
	if m.Kind == feierabend.InboundUnsupported {
		return true, nil // told as such: there is nothing to ask
	}
	choice := m.Sender.Forwarded
	if choice == "" {
		choice, err = s.store.HoldForwarded(ctx, m.Tenant, m.ID, told(m, m.Case, commandAsk))
		if gone(err) {
			return false, nil
		}
		if feierabend.CodeOf(err) == "forwarded_off" { // switched off a moment ago
			return false, s.fail(ctx, m, feierabend.ReasonForwarded)
		}
		if err != nil {
			return false, fmt.Errorf("hold message %s: %w", m.ID, err)
		}
	}
	switch choice {
	case feierabend.ForwardDrop:
		err = s.store.Dismiss(ctx, m.Tenant, m.ID, feierabend.ReasonForwardDrop, told(m, "", commandDropped))
	case feierabend.ForwardTake:
		if m.Kind == feierabend.InboundAudio {
			return true, nil
		}
		err = s.store.Enqueue(ctx, feierabend.Job{K: feierabend.JobDraft, Tenant: m.Tenant.String(), Ref: string(m.ID)})
	}
	if err != nil && !gone(err) {
		return false, fmt.Errorf("go on with message %s: %w", m.ID, err)
	}
	return false, nil
}

func told(m feierabend.Message, c feierabend.CaseID, ref string) feierabend.Outgoing {
	return feierabend.Outgoing{Sender: m.Sender.ID, Case: c, Kind: feierabend.OutCommand, Ref: ref, ReplyTo: m.ID}
}

// Press works off „Auswerten“ and „Verwerfen“ (JobForwarded). The answer is the
// presser's own: it moves nobody else's messages.
func (s *Step) Press(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(err)
	}
	m, err := s.store.Message(ctx, t, feierabend.MessageID(j.Ref))
	switch {
	case gone(err):
		return nil
	case err != nil:
		return fmt.Errorf("load message %s: %w", j.Ref, err)
	case m.State == feierabend.MessageDone || m.State == feierabend.MessageFailed:
		return nil
	}
	b, ok := feierabend.ParseButton(m.Button)
	if !ok {
		return s.fail(ctx, m, feierabend.ReasonForwarded)
	}
	choice, word := feierabend.ForwardDrop, commandDrops
	if b.Act == feierabend.ActTake {
		choice, word = feierabend.ForwardTake, commandTakes
	}
	by := feierabend.Actor{User: m.Sender.User, Via: feierabend.ViaChat}
	err = s.store.DecideForwarded(ctx, t, m.ID, choice, by, told(m, "", word))
	if feierabend.CodeOf(err) == "forwarded_off" {
		return s.fail(ctx, m, feierabend.ReasonForwarded)
	}
	if err != nil && !gone(err) {
		return fmt.Errorf("decide for %s: %w", m.ID, err)
	}
	return nil
}
