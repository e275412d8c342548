package drafting

import (
	"context"
	"fmt"
	"strconv"

	"feierabend"
)

// Press works off the buttons that answer, approve or change a draft (JobAnswer).
// A tap may come days later or twice: case, version and right are looked at again.
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
		return s.refuse(ctx, m, "", feierabend.ReasonStale)
	}
	c, err := s.store.Case(ctx, t, b.Case)
	if gone(err) {
		return s.refuse(ctx, m, "", feierabend.ReasonGone)
	}
	if err != nil {
		return fmt.Errorf("load case %s: %w", b.Case, err)
	}
	v, err := s.store.Draft(ctx, t, b.Case)
	if gone(err) {
		return s.refuse(ctx, m, b.Case, feierabend.ReasonStale)
	}
	if err != nil {
		return fmt.Errorf("load draft of %s: %w", b.Case, err)
	}
	by, err := s.actor(ctx, m)
	if err != nil {
		return err
	}
	if may, err := s.may(ctx, by, c); err != nil {
		return err
	} else if !may {
		return s.refuse(ctx, m, c.ID, feierabend.ReasonNotAllowed)
	}
	return s.pressed(ctx, m, b, c, v, by)
}

func (s *Step) pressed(ctx context.Context, m feierabend.Message, b feierabend.Button, c feierabend.Case, v feierabend.DraftVersion, by feierabend.Actor) error {
	issued := c.State == feierabend.CaseIssued || c.State == feierabend.CaseDownloaded
	if issued || b.Version != v.Version {
		if b.Act == feierabend.ActAnswer && doubleTap(b, v) {
			return s.finish(ctx, m, feierabend.MessageDone, feierabend.ReasonAnswered)
		}
		return s.refuse(ctx, m, c.ID, feierabend.ReasonStale)
	}
	out := feierabend.Outgoing{Sender: m.Sender.ID, Case: c.ID, Kind: feierabend.OutCommand, ReplyTo: m.ID}
	switch b.Act {
	case feierabend.ActChange:
		out.Ref = commandChange
	case feierabend.ActApprove:
		if !v.Draft.Kind.Issuable() {
			return s.refuse(ctx, m, c.ID, feierabend.ReasonStale)
		}
		if len(v.Draft.Questions) == 0 && !by.Role.MayIssue() {
			return s.refuse(ctx, m, c.ID, feierabend.ReasonNotAllowed)
		}
		// With a question left the draft is shown again, which asks it.
		out.Kind, out.Ref = feierabend.OutAsk, strconv.Itoa(v.Version)
		if len(v.Draft.Questions) > 0 {
			out.Kind = feierabend.OutDraft
		}
	case feierabend.ActAnswer:
		if b.Answer != feierabend.ChoiceOther {
			return s.choose(ctx, m, b, c, v, by)
		}
		out.Ref = commandAskFree + b.Question
	default: // ActSplit has no buttons yet
		return s.refuse(ctx, m, c.ID, feierabend.ReasonStale)
	}
	return s.finish(ctx, m, feierabend.MessageDone, feierabend.ReasonAnswered, out)
}

// choose writes the choice of a button into a new version.
func (s *Step) choose(ctx context.Context, m feierabend.Message, b feierabend.Button, c feierabend.Case, v feierabend.DraftVersion, by feierabend.Actor) error {
	p, book, err := s.profile(ctx, m.Tenant)
	if err != nil {
		return err
	}
	ed := s.edit(v.Draft, p, book, m.At, origin{message: m.ID})
	if err := ed.set(b.Question, b.Answer); err != nil {
		return s.refuse(ctx, m, c.ID, feierabend.ReasonStale) // no choice of this draft
	}
	d := ed.done()
	switch err := s.keepScheme(ctx, by, m.Tenant, v.Draft, d, &p); {
	case feierabend.KindOf(err) == feierabend.Unauthorized:
		return s.refuse(ctx, m, c.ID, feierabend.ReasonOwner)
	case err != nil:
		return err
	}
	_, err = s.store.AddDraft(ctx, m.Tenant, feierabend.NewDraft{
		Case: c.ID, Base: v.Version, Draft: d, By: by, Engine: enginePerson, State: stateOf(d),
		Summary: s.summaryAfter([]feierabend.Case{c}, c.ID, d, p),
		Message: m.ID, Reason: feierabend.ReasonAnswered, Out: tellDraft(m.Sender.ID, c.ID, v.Version+1, m.ID),
		Entry: used(book, v.Draft, d),
	})
	switch {
	case err == nil, feierabend.CodeOf(err) == "message_done":
		return nil
	case feierabend.KindOf(err) == feierabend.Conflict, entryGone(err):
		return feierabend.Snooze(leaseWait) // looked at again with what is there then
	case gone(err): // the case, in this very moment
		return s.refuse(ctx, m, "", feierabend.ReasonGone)
	}
	return fmt.Errorf("add draft to %s: %w", c.ID, err)
}

// doubleTap says that the same answer was already given by the version before:
// two taps on one button are one answer, and nobody is told twice.
func doubleTap(b feierabend.Button, v feierabend.DraftVersion) bool {
	return b.Version == v.Version-1 && v.Draft.Evidence[b.Question].Source == sourceAnswered && !asks(v.Draft, b.Question)
}

// may says whether a person may change a case: owner and office all, staff their own (J-15).
func (s *Step) may(ctx context.Context, by feierabend.Actor, c feierabend.Case) (bool, error) {
	if by.Role.MayIssue() {
		return true, nil
	}
	if by.Role != feierabend.RoleStaff || c.Sender == "" {
		return false, nil
	}
	l, err := s.store.SenderLink(ctx, c.Tenant, c.Sender)
	if gone(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up sender: %w", err)
	}
	return l.User == by.User, nil
}
