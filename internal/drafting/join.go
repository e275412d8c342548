package drafting

import (
	"context"
	"fmt"
	"time"

	"feierabend"
)

const (
	// joinFor is how long after its last change a draft takes answers and
	// corrections: the chat's own window.
	joinFor = 24 * time.Hour
	// addFor is how long more lines without a name belong to the same job.
	addFor = 10 * time.Minute
)

// newest gives the draft that an answer or correction can mean: the one of the
// sender's open or ready cases that changed last. Notes take none. nil = there is none.
func (s *Step) newest(ctx context.Context, n note) (*feierabend.DraftVersion, error) {
	for _, c := range n.cases {
		// A message that was moved by an earlier run belongs where it is.
		moved := c.ID == n.Case
		if c.Version == 0 || c.State != feierabend.CaseOpen && c.State != feierabend.CaseReady || c.Summary.Kind == feierabend.KindNote && !moved {
			continue
		}
		if !moved && (n.moved() || s.now().Sub(c.ChangedAt) > joinFor) {
			continue
		}
		v, err := s.store.Draft(ctx, n.Tenant, c.ID)
		if gone(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("load draft of %s: %w", c.ID, err)
		}
		return &v, nil
	}
	return nil, nil
}

// moved says that an earlier run already moved the message into a case with a draft.
func (n note) moved() bool {
	for _, c := range n.cases {
		if c.ID == n.Case {
			return c.Version > 0
		}
	}
	return false
}

// join tries to read the message as answer, correction or addition to the draft.
// fresh is what the message would be alone. done is false for a new dictation.
func (s *Step) join(ctx context.Context, n note, prev feierabend.DraftVersion, fresh feierabend.Draft) (done bool, err error) {
	d, reason, ok := s.joined(n, prev, fresh)
	switch {
	case !ok && n.moved():
		// The draft changed between two runs so that the words fit no more.
		return true, s.refuse(ctx, n.Message, n.Case, feierabend.ReasonStale)
	case !ok:
		return false, nil
	case unchanged(prev.Draft, d) && n.Case != prev.Case:
		// Understood as a change, but nothing is different: ask again, in one sentence.
		return true, s.dismiss(ctx, n.Message, feierabend.Outgoing{Sender: n.Sender.ID, Case: prev.Case, Kind: feierabend.OutCommand, Ref: commandChange, ReplyTo: n.ID})
	}
	switch err := s.keepScheme(ctx, n.by, n.Tenant, prev.Draft, d, &n.profile); {
	case feierabend.KindOf(err) == feierabend.Unauthorized:
		return true, s.refuse(ctx, n.Message, prev.Case, feierabend.ReasonOwner)
	case err != nil:
		return true, err
	}
	if n.Case != prev.Case {
		if err := s.store.MoveMessage(ctx, n.Tenant, n.ID, prev.Case); err != nil {
			return true, fmt.Errorf("move message %s: %w", n.ID, err)
		}
	}
	engine := engineLocal
	if reason == feierabend.ReasonAnswered {
		engine = enginePerson
	}
	return true, s.add(ctx, n, feierabend.NewDraft{
		Case: prev.Case, Base: prev.Version, Draft: d, By: n.by, Engine: engine, State: stateOf(d),
		Summary: s.summaryAfter(n.cases, prev.Case, d, n.profile),
		Message: n.ID, Reason: reason, Out: tellDraft(n.Sender.ID, prev.Case, prev.Version+1, n.ID),
		Entry: used(n.book, prev.Draft, d),
	})
}

// joined works out the new draft, without the database.
func (s *Step) joined(n note, prev feierabend.DraftVersion, fresh feierabend.Draft) (d feierabend.Draft, reason string, ok bool) {
	if namesAnother(prev.Draft, fresh) || len(fresh.Tasks) > 0 && len(fresh.Lines) == 0 {
		return d, "", false
	}
	if d, ok := s.answered(n, prev.Draft, fresh); ok {
		return d, feierabend.ReasonAnswered, true
	}
	if d, ok := s.corrected(n, prev.Draft); ok && !chance(n.text, prev.Draft, d, fresh) {
		return d, feierabend.ReasonCorrected, true
	}
	switch asked := asks(prev.Draft, "lines"); {
	case (asked || s.now().Sub(prev.At) <= addFor && brief(n.text)) && extends(prev.Draft, fresh) && !elsewhere(n.text) && !n.failedSince(prev.At):
		reason := feierabend.ReasonCorrected
		if asked {
			reason = feierabend.ReasonAnswered
		}
		return check(merge(prev.Draft, fresh), n.profile), reason, true
	case refines(prev.Draft, fresh):
		return check(refine(prev.Draft, fresh), n.profile), feierabend.ReasonCorrected, true
	}
	return d, "", false
}

// failedSince says that another note of the person came to nothing after a draft:
// more lines may then be a second try of that one, not of the draft.
func (n note) failedSince(at time.Time) bool {
	for _, c := range n.cases {
		if c.Version == 0 && c.ID != n.Case && c.Attention != "" && c.CreatedAt.After(at) {
			return true
		}
	}
	return false
}

// answered reads the whole message as the value that was asked for first, or as
// a value whose form only one open question has (a date, an address).
func (s *Step) answered(n note, prev, fresh feierabend.Draft) (feierabend.Draft, bool) {
	for i, path := range prev.Questions {
		q := prev.Question(path)
		place := q.Asks == feierabend.AskDate || q.Asks == feierabend.AskAddress
		if i > 0 && !place {
			continue
		}
		if place && (len(fresh.Lines) > 0 || len(plainWords(n.text)) > 12) {
			continue // „gestern bei Claasen zwei Stunden“ is work, not a date
		}
		if i == 0 && q.Asks == feierabend.AskText && len(plainWords(n.text)) > 6 {
			continue // a whole sentence is no name or number
		}
		ed := s.edit(prev, n.profile, n.book, n.At, said(n))
		ed.heard = true
		if err := ed.set(path, n.text); err != nil {
			continue
		}
		return ed.done(), true
	}
	return prev, false
}

// merge appends the lines and tasks of fresh, and takes facts that were open.
func merge(prev, fresh feierabend.Draft) feierabend.Draft {
	d := clone(prev)
	base, tasks := len(d.Lines), len(d.Tasks)
	for i, l := range fresh.Lines {
		if d.Prices == "gross" && fresh.Prices != "gross" {
			l.Price, l.Source = nil, "" // a net list price in a gross draft: asked, not guessed
		}
		d.Lines = append(d.Lines, l)
		moveEvidence(&d, fresh, feierabend.PathOfLine(i, ""), feierabend.PathOfLine(base+i, ""))
	}
	for i, t := range fresh.Tasks {
		d.Tasks = append(d.Tasks, t)
		moveEvidence(&d, fresh, fmt.Sprintf("tasks[%d]", i), fmt.Sprintf("tasks[%d]", tasks+i))
	}
	if d.Supply == nil && fresh.Supply != nil {
		d.Supply = fresh.Supply
		moveEvidence(&d, fresh, "supply", "supply")
	}
	if d.DueDays == nil && fresh.DueDays != nil {
		d.DueDays = fresh.DueDays
		moveEvidence(&d, fresh, "due_days", "due_days")
	}
	if d.Paid == nil && fresh.Paid != nil {
		d.Paid = fresh.Paid
		moveEvidence(&d, fresh, "paid", "paid")
	}
	if d.CashDiscount == nil && fresh.CashDiscount != nil {
		d.CashDiscount = fresh.CashDiscount
		moveEvidence(&d, fresh, "cash_discount", "cash_discount")
	}
	if d.Site == "" && fresh.Site != "" {
		d.Site = fresh.Site
		moveEvidence(&d, fresh, "site", "site")
	}
	d.Withhold = append(d.Withhold, fresh.Withhold...)
	for _, q := range fresh.Questions {
		if i, field, ok := feierabend.LinePath(q); ok {
			d.Questions = append(d.Questions, feierabend.PathOfLine(base+i, field))
		}
	}
	return d
}
