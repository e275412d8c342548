package delivery

import (
	"context"
	"fmt"

	"feierabend"
)

// Hold stops the countdown of a case until its day 30: „Noch nicht gespeichert“.
func (s *Step) Hold(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, c feierabend.CaseID) error {
	if !by.Role.MayIssue() {
		return notAllowed()
	}
	if err := s.store.StopCountdown(ctx, t, c, by); err != nil {
		return fmt.Errorf("stop countdown of %s: %w", c, err)
	}
	return nil
}

// Press works off the button „Noch nicht“ (JobHold). A second run stops a
// stopped countdown, which changes nothing.
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
	if !ok || b.Act != feierabend.ActNotYet {
		return s.refuse(ctx, m, "", feierabend.ReasonStale)
	}
	by := feierabend.Actor{User: m.Sender.User, Via: feierabend.ViaChat}
	member, err := s.store.Member(ctx, t, m.Sender.User)
	if err != nil && !gone(err) {
		return fmt.Errorf("look up member: %w", err)
	}
	by.Role = member.Role
	err = s.Hold(ctx, by, t, b.Case)
	switch {
	case gone(err):
		return s.refuse(ctx, m, "", feierabend.ReasonGone)
	case feierabend.CodeOf(err) == feierabend.ReasonNotAllowed:
		return s.refuse(ctx, m, b.Case, feierabend.ReasonNotAllowed)
	case feierabend.KindOf(err) == feierabend.Conflict || feierabend.KindOf(err) == feierabend.Invalid:
		return s.refuse(ctx, m, b.Case, feierabend.ReasonStale)
	case err != nil:
		return err
	}
	return s.finish(ctx, m, feierabend.MessageDone, feierabend.ReasonAnswered, feierabend.Outgoing{
		Sender: m.Sender.ID, Case: b.Case, Kind: feierabend.OutHeld, Ref: string(b.Case), ReplyTo: m.ID,
	})
}

// refuse closes the message with a reason and tells the sender.
func (s *Step) refuse(ctx context.Context, m feierabend.Message, c feierabend.CaseID, reason string) error {
	return s.finish(ctx, m, feierabend.MessageFailed, reason, feierabend.Outgoing{
		Sender: m.Sender.ID, Case: c, Kind: feierabend.OutFailed, Ref: reason, ReplyTo: m.ID,
	})
}

func (s *Step) finish(ctx context.Context, m feierabend.Message, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error {
	err := s.store.FinishMessage(ctx, m.Tenant, m.ID, state, reason, out...)
	if err != nil && !gone(err) {
		return fmt.Errorf("finish message %s: %w", m.ID, err)
	}
	return nil
}
