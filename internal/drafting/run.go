package drafting

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"feierabend"
)

const (
	leaseFor  = 30 * time.Second       // a draft takes milliseconds; a dead process frees the sender soon
	leaseWait = 200 * time.Millisecond // another note of the sender is being drafted
	orderWait = 500 * time.Millisecond // an older note of the sender is still being transcribed
	orderFor  = 2 * time.Minute        // longer nobody waits for an older note
	gateWait  = 10 * time.Minute       // no agreement yet: looked at again, nothing is read meanwhile
)

// note is a message with what drafting needs of it.
type note struct {
	feierabend.Message
	text     string // transcript, or as typed
	words    []feierabend.Word
	duration time.Duration
	profile  feierabend.Profile
	book     []feierabend.BookEntry
	by       feierabend.Actor
	cases    []feierabend.Case // the sender's other open cases, newest change first
	drafted  *bool             // set with the draft, which ends the lease
}

// Run drafts a message: its transcript, or its text (JobDraft).
func (s *Step) Run(ctx context.Context, j feierabend.Job) error {
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
	case m.State == feierabend.MessageDone || m.State == feierabend.MessageFailed || m.Kind == feierabend.InboundButton:
		return nil // done by an earlier run, or turned into a button
	}
	if _, err := s.policy.Providers(ctx, t, feierabend.PurposeDrafting); feierabend.CodeOf(err) == "agreement_missing" {
		return feierabend.Snooze(gateWait)
	} else if err != nil {
		return fmt.Errorf("ask policy: %w", err)
	}
	if m.Customer { // no person of the firm speaks: there is no turn to keep
		err = s.linked(ctx, m)
		if gone(err) && !s.pending(ctx, m) {
			return nil
		}
		return err
	}
	ok, err := s.store.Lease(ctx, t, m.Sender.ID, string(m.ID), leaseFor)
	switch {
	case gone(err):
		return nil // the sender was unlinked
	case err != nil:
		return fmt.Errorf("take lease: %w", err)
	case !ok:
		return feierabend.Snooze(leaseWait)
	}
	drafted := false
	defer func() {
		if drafted {
			return
		}
		if err := s.store.Release(context.WithoutCancel(ctx), t, m.Sender.ID, string(m.ID)); err != nil {
			s.log.Warn("lease not released", "message", string(m.ID), "code", feierabend.CodeOf(err))
		}
	}()
	err = s.work(ctx, m, &drafted)
	if gone(err) && !s.pending(ctx, m) {
		return nil
	}
	return err
}

// pending says that a message is still there without an outcome: what has gone is
// another case, into which it would have been joined. The next run sees that.
func (s *Step) pending(ctx context.Context, m feierabend.Message) bool {
	now, err := s.store.Message(ctx, m.Tenant, m.ID)
	return err == nil && now.State != feierabend.MessageDone && now.State != feierabend.MessageFailed
}

// work takes the first way that fits (see the package comment).
func (s *Step) work(ctx context.Context, m feierabend.Message, drafted *bool) error {
	n, err := s.load(ctx, m)
	if err != nil {
		return err
	}
	n.drafted = drafted
	if m.Forwarded {
		return s.customer(ctx, n)
	}
	word := plain(n.text)
	if c, ok := commands[word]; ok {
		return s.dismiss(ctx, m, feierabend.Outgoing{Sender: m.Sender.ID, Kind: feierabend.OutCommand, Ref: c, ReplyTo: m.ID})
	}
	if thanks[word] {
		return s.dismiss(ctx, m)
	}
	if m.Kind == feierabend.InboundText && !m.Forwarded && s.proofs != nil {
		answer, err := s.proofs.Prove(ctx, m.Tenant, m.Sender.User, m.Text, sent(m))
		if err != nil {
			return fmt.Errorf("look for a code of the step-up: %w", err)
		}
		if answer != "" {
			return s.dismiss(ctx, m, feierabend.Outgoing{Sender: m.Sender.ID, Kind: feierabend.OutCommand, Ref: answer, ReplyTo: m.ID})
		}
	}
	if m.Kind == feierabend.InboundText {
		code, err := s.store.LinkCodeWaits(ctx, m.Text)
		if err != nil {
			return fmt.Errorf("look for a link code: %w", err)
		}
		if code == feierabend.CodeOfCustomer { // for the firm's customer, not for its own people
			return s.dismiss(ctx, m, feierabend.Outgoing{Sender: m.Sender.ID, Kind: feierabend.OutCommand, Ref: commandCustomerCode, ReplyTo: m.ID})
		}
		if code != "" { // of another account: this number is linked, and what was sent is no dictation
			return s.dismiss(ctx, m, feierabend.Outgoing{Sender: m.Sender.ID, Kind: feierabend.OutCommand, Ref: commandTaken, ReplyTo: m.ID})
		}
	}
	if payload, err := s.typedForward(ctx, n, word); err != nil || payload != "" {
		if err == nil {
			err = s.store.PressFor(ctx, m.Tenant, m.ID, payload)
		}
		return err
	}
	if wait, err := s.olderPending(ctx, n); err != nil {
		return err
	} else if wait {
		return feierabend.Snooze(orderWait)
	}
	newest, err := s.newest(ctx, n)
	if err != nil {
		return err
	}
	if payload, ok := typedButton(n.text, n.cases, newest, n.book); ok {
		if payload == "" { // „Gespeichert“ with nothing to save: say what is open
			return s.dismiss(ctx, m, feierabend.Outgoing{Sender: m.Sender.ID, Kind: feierabend.OutCommand, Ref: commandStatus, ReplyTo: m.ID})
		}
		if err := s.store.PressFor(ctx, m.Tenant, m.ID, payload); err != nil {
			return fmt.Errorf("press for %s: %w", m.ID, err)
		}
		return nil
	}
	fresh := s.dictate(n)
	if newest != nil {
		if done, err := s.join(ctx, n, *newest, fresh); done || err != nil {
			return err
		}
	}
	if n.moved() { // by an earlier run, into a draft that takes no words any more
		return s.refuse(ctx, m, n.Case, feierabend.ReasonStale)
	}
	return s.begin(ctx, n, fresh)
}

// sent is when the message was sent, by the provider's clock where it says so.
func sent(m feierabend.Message) time.Time {
	if m.At.IsZero() || m.At.After(m.ReceivedAt) {
		return m.ReceivedAt
	}
	return m.At
}

// load gets what was said, the profile and the person's other cases.
func (s *Step) load(ctx context.Context, m feierabend.Message) (note, error) {
	n := note{Message: m, text: m.Text}
	if m.Kind == feierabend.InboundAudio {
		tr, err := s.store.Transcript(ctx, m.Tenant, m.ID)
		if err != nil {
			return n, fmt.Errorf("load transcript of %s: %w", m.ID, err)
		}
		n.text, n.words, n.duration = tr.Text, tr.Words, tr.Duration
	}
	var err error
	if n.profile, n.book, err = s.profile(ctx, m.Tenant); err != nil {
		return n, err
	}
	if m.Customer { // nobody of the firm
		return n, nil
	}
	if n.by, err = s.actor(ctx, m); err != nil {
		return n, err
	}
	if n.cases, err = s.store.OpenCases(ctx, m.Tenant, m.Sender.ID); err != nil {
		return n, fmt.Errorf("list cases: %w", err)
	}
	return n, nil
}

// olderPending says whether an older note of the person has no draft yet: an
// answer or correction must not overtake what it speaks of (whatsapp.md §10).
func (s *Step) olderPending(ctx context.Context, n note) (bool, error) {
	for _, c := range n.cases {
		if c.Version > 0 || c.ID == n.Case || !c.CreatedAt.Before(n.ReceivedAt) || s.now().Sub(c.CreatedAt) > orderFor || c.Attention != "" {
			continue
		}
		all, err := s.store.Messages(ctx, n.Tenant, c.ID)
		if gone(err) {
			continue
		}
		if err != nil {
			return false, fmt.Errorf("load messages: %w", err)
		}
		for _, m := range all {
			if m.State != feierabend.MessageDone && m.State != feierabend.MessageFailed && m.Reason == "" {
				return true, nil
			}
		}
	}
	return false, nil
}

// begin makes the first draft of the message's own case.
func (s *Step) begin(ctx context.Context, n note, d feierabend.Draft) error {
	if empty(d) {
		return s.refuse(ctx, n.Message, n.Case, feierabend.ReasonNothing)
	}
	reason := feierabend.ReasonDrafted
	if d.Kind == feierabend.KindNote {
		reason = feierabend.ReasonNote
	}
	summary := Summary(d, n.profile)
	summary.Seconds = int(n.duration.Round(time.Second) / time.Second)
	return s.add(ctx, n, feierabend.NewDraft{
		Case: n.Case, Draft: d, By: n.by, Engine: engineLocal, State: stateOf(d), Summary: summary,
		Message: n.ID, Reason: reason, Out: tellDraft(n.Sender.ID, n.Case, 1, n.ID),
		Entry: used(n.book, feierabend.Draft{}, d),
	})
}

// add stores a version. A newer one in the meantime is no fault, and neither is an entry
// of the address book that has gone: the job runs again on what is there then.
func (s *Step) add(ctx context.Context, n note, d feierabend.NewDraft) error {
	_, err := s.store.AddDraft(ctx, n.Tenant, d)
	switch {
	case err == nil:
		*n.drafted = true
		return nil
	case feierabend.CodeOf(err) == "message_done":
		return nil
	case feierabend.KindOf(err) == feierabend.Conflict, entryGone(err):
		return feierabend.Snooze(leaseWait)
	}
	return fmt.Errorf("add draft to %s: %w", d.Case, err)
}

func (s *Step) dismiss(ctx context.Context, m feierabend.Message, out ...feierabend.Outgoing) error {
	if err := s.store.Dismiss(ctx, m.Tenant, m.ID, feierabend.ReasonCommand, out...); err != nil {
		return fmt.Errorf("dismiss %s: %w", m.ID, err)
	}
	return nil
}

// tellDraft is the one message about a version.
func tellDraft(to feierabend.SenderID, c feierabend.CaseID, version int, reply feierabend.MessageID) []feierabend.Outgoing {
	if to == "" {
		return nil
	}
	return []feierabend.Outgoing{{Sender: to, Case: c, Kind: feierabend.OutDraft, Ref: strconv.Itoa(version), ReplyTo: reply}}
}

// stateOf is ready without a required question.
func stateOf(d feierabend.Draft) feierabend.CaseState {
	if len(d.Questions) > 0 {
		return feierabend.CaseOpen
	}
	return feierabend.CaseReady
}

// empty says that nothing usable was said: no line, nobody, no task, no hours,
// and not what it should become. „Rechnung“ alone is a start.
func empty(d feierabend.Draft) bool {
	return !(spokenKind(d) && d.Kind != feierabend.KindNote) && len(d.Lines) == 0 && len(d.Tasks) == 0 && len(d.People) == 0 && d.Buyer.Label() == "" && (d.Totals == nil || d.Totals.Gross == nil)
}
