package drafting

import (
	"context"
	"fmt"
	"strings"
	"time"

	"feierabend"
)

// wordsLen is how many characters of a customer's words stand in the note's first
// task; the page shows all of them beside it.
const wordsLen = 120

// customer drafts a customer's own words (J-20): always a note. What they say is the
// customer's word, not the firm's: no command, no answer to a question, no code, no
// correction of a draft, and no price of theirs becomes one of ours.
func (s *Step) customer(ctx context.Context, n note) error {
	d := s.customerNote(n)
	if len(d.Tasks) == 0 {
		return s.refuse(ctx, n.Message, n.Case, feierabend.ReasonNothing)
	}
	summary := Summary(d, n.profile)
	summary.Seconds = int(n.duration.Round(time.Second) / time.Second)
	return s.add(ctx, n, feierabend.NewDraft{
		Case: n.Case, Draft: d, By: n.by, Engine: engineLocal, State: stateOf(d), Summary: summary,
		Message: n.ID, Reason: feierabend.ReasonNote, Out: tellDraft(n.Sender.ID, n.Case, 1, n.ID),
	})
}

// linked takes what a customer has said through a Kundenlink (J-21): in a case of their
// own it becomes a note, or more of one; in a case of the firm's it stands beside the
// draft, which it never changes. What the firm's person is told names no words.
func (s *Step) linked(ctx context.Context, m feierabend.Message) error {
	n, err := s.load(ctx, m)
	if err != nil {
		return err
	}
	n.drafted = new(bool) // no lease is held
	c, err := s.store.Case(ctx, m.Tenant, m.Case)
	if err != nil {
		return fmt.Errorf("load case of %s: %w", m.ID, err)
	}
	all, err := s.store.Messages(ctx, m.Tenant, m.Case)
	if err != nil {
		return fmt.Errorf("load messages: %w", err)
	}
	v, err := s.store.Draft(ctx, m.Tenant, m.Case)
	if err != nil && !gone(err) {
		return fmt.Errorf("load draft of %s: %w", m.Case, err)
	}
	fresh := s.customerNote(n)
	own := c.State == feierabend.CaseOpen || c.State == feierabend.CaseReady
	for _, other := range all {
		own = own && other.Customer
	}
	own = own && (v.Version == 0 || v.Draft.Customer && v.Draft.Kind == feierabend.KindNote)
	if !own || len(fresh.Tasks) == 0 {
		return s.finish(ctx, m, feierabend.MessageDone, feierabend.ReasonCustomer, tellCustomers(c)...)
	}
	d := fresh
	if v.Version > 0 {
		d = clone(v.Draft)
		for i, t := range fresh.Tasks {
			moveEvidence(&d, fresh, fmt.Sprintf("tasks[%d]", i), fmt.Sprintf("tasks[%d]", len(d.Tasks)))
			d.Tasks = append(d.Tasks, t)
		}
	}
	summary := Summary(d, n.profile)
	summary.Seconds = c.Summary.Seconds + int(n.duration.Round(time.Second)/time.Second)
	return s.add(ctx, n, feierabend.NewDraft{
		Case: c.ID, Base: v.Version, Draft: d, By: feierabend.Actor{Via: feierabend.ViaChat}, Engine: engineLocal, State: stateOf(d), Summary: summary,
		Message: n.ID, Reason: feierabend.ReasonNote,
	})
}

// tellCustomers has the person told who has begun the case, where one has.
func tellCustomers(c feierabend.Case) []feierabend.Outgoing {
	if c.Sender == "" {
		return nil
	}
	return []feierabend.Outgoing{{Sender: c.Sender, Case: c.ID, Kind: feierabend.OutCommand, Ref: commandCustomer}}
}

// customerNote is what was said, then what the engine found to do with a day or as a call.
func (s *Step) customerNote(n note) feierabend.Draft {
	text := strings.Join(strings.Fields(n.text), " ")
	if text == "" {
		return feierabend.Draft{Kind: feierabend.KindNote, Customer: true}
	}
	if r := []rune(text); len(r) > wordsLen {
		text = string(r[:wordsLen-1]) + "…"
	}
	d := feierabend.Draft{
		Kind: feierabend.KindNote, Customer: true, Tasks: []feierabend.Task{{Text: text}},
		Evidence: map[string]feierabend.Evidence{"tasks[0]": {Source: sourceSaid, Message: n.ID, To: len([]rune(n.text))}},
	}
	fresh := s.dictate(n)
	for i, t := range fresh.Tasks {
		if t.Due == "" && t.Kind == "" {
			continue
		}
		moveEvidence(&d, fresh, fmt.Sprintf("tasks[%d]", i), fmt.Sprintf("tasks[%d]", len(d.Tasks)))
		d.Tasks = append(d.Tasks, t)
	}
	return check(d, n.profile)
}

// forwardWords are the typed titles of the question about a forwarded message.
var forwardWords = map[string]feierabend.ButtonAct{"auswerten": feierabend.ActTake, "verwerfen": feierabend.ActDrop}

// typedForward gives the button that a typed „Auswerten“ or „Verwerfen“ stands for,
// while a forwarded message of the person waits for it.
func (s *Step) typedForward(ctx context.Context, n note, word string) (payload string, err error) {
	act, ok := forwardWords[word]
	if !ok {
		return "", nil
	}
	for _, c := range n.cases {
		if c.Version > 0 || c.ID == n.Case {
			continue
		}
		all, err := s.store.Messages(ctx, n.Tenant, c.ID)
		if err != nil && !gone(err) {
			return "", fmt.Errorf("load messages: %w", err)
		}
		for _, m := range all {
			if m.Reason == feierabend.ReasonForwardAsk {
				return feierabend.Button{Act: act, Case: c.ID}.String(), nil
			}
		}
	}
	return "", nil
}
