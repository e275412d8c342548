package erasure

import (
	"context"
	"fmt"

	"feierabend"
)

// commandErase makes the chat ask „Jetzt löschen?“ about the case of its row.
const commandErase = "loeschen"

// Press works off the buttons „Gespeichert“ and „Ja, löschen“ (JobConfirm), and
// „2 löschen“, which names a case and erases nothing yet. A tap may come days later or twice: right and case are checked again, and a case
// that is gone is told as gone.
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
	if !ok || b.Act != feierabend.ActSaved && b.Act != feierabend.ActDiscard && b.Act != feierabend.ActErase {
		return s.refuse(ctx, m, "", feierabend.ReasonStale)
	}
	by, err := s.actor(ctx, m)
	if err != nil {
		return err
	}
	if b.Act == feierabend.ActErase {
		return s.ask(ctx, m, by, b.Case)
	}
	why := feierabend.EraseConfirmed
	if b.Act == feierabend.ActDiscard {
		why = feierabend.EraseDiscarded
	}
	return s.press(ctx, m, by, b.Case, why)
}

// ask has the chat ask once more about the case that was picked.
func (s *Step) ask(ctx context.Context, m feierabend.Message, by feierabend.Actor, id feierabend.CaseID) error {
	switch c, err := s.store.Case(ctx, m.Tenant, id); {
	case gone(err):
		return s.refuse(ctx, m, "", feierabend.ReasonGone)
	case err != nil:
		return fmt.Errorf("load case %s: %w", id, err)
	case !by.Role.MayIssue():
		return s.refuse(ctx, m, c.ID, feierabend.ReasonNotAllowed)
	}
	return s.finish(ctx, m, feierabend.MessageDone, feierabend.ReasonAnswered, feierabend.Outgoing{
		Sender: m.Sender.ID, Case: id, Kind: feierabend.OutCommand, Ref: commandErase, ReplyTo: m.ID,
	})
}

func (s *Step) press(ctx context.Context, m feierabend.Message, by feierabend.Actor, id feierabend.CaseID, why feierabend.EraseReason) error {
	t := m.Tenant
	c, err := s.store.Case(ctx, t, id)
	switch {
	case gone(err):
		// Either it was erased before this tap, or by this job's first run: then
		// the receipt was already told, and the message is only closed here.
		if r, err := s.store.ReceiptOf(ctx, t, id); err == nil && r.By.User == by.User && r.By.Via == by.Via && !r.ErasedAt.Before(m.ReceivedAt) {
			return s.finish(ctx, m, feierabend.MessageDone, feierabend.ReasonAnswered)
		}
		return s.refuse(ctx, m, "", feierabend.ReasonGone)
	case err != nil:
		return fmt.Errorf("load case %s: %w", id, err)
	case !by.Role.MayIssue():
		return s.refuse(ctx, m, c.ID, feierabend.ReasonNotAllowed)
	}
	_, err = s.erase(ctx, by, t, id, why, m.ID)
	switch {
	case feierabend.CodeOf(err) == "not_issued":
		return s.refuse(ctx, m, c.ID, feierabend.ReasonStale)
	case gone(err):
		return s.refuse(ctx, m, "", feierabend.ReasonGone)
	case err != nil:
		return err
	}
	// The receipt was told by the transaction that erased; this message only needs
	// its outcome, also where the case came by a page and no row was written.
	var out []feierabend.Outgoing
	if c.Sender == "" {
		if r, err := s.store.ReceiptOf(ctx, t, id); err == nil {
			out = append(out, feierabend.Outgoing{Sender: m.Sender.ID, Kind: feierabend.OutErased, Ref: string(r.ID), ReplyTo: m.ID})
		}
	}
	return s.finish(ctx, m, feierabend.MessageDone, feierabend.ReasonAnswered, out...)
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

// actor says who tapped. A person who is no longer a member has no role.
func (s *Step) actor(ctx context.Context, m feierabend.Message) (feierabend.Actor, error) {
	by := feierabend.Actor{User: m.Sender.User, Via: feierabend.ViaChat}
	member, err := s.store.Member(ctx, m.Tenant, m.Sender.User)
	if err != nil && !gone(err) {
		return by, fmt.Errorf("look up member: %w", err)
	}
	by.Role = member.Role
	return by, nil
}

// gone says that the thing is erased or never was: for a job that is success.
func gone(err error) bool {
	k := feierabend.KindOf(err)
	return k == feierabend.NotFound || k == feierabend.Gone
}
