package delivery

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"feierabend"
)

// outgoing is a rendered row: the message, and the file that goes with it.
type outgoing struct {
	msg  feierabend.ChatMessage
	file feierabend.File // Name "" = none
	// skip: a newer version of the draft is told by a row of its own.
	skip bool
}

// render loads what a row speaks of and makes the message. NotFound means that
// nothing is left to tell.
func (s *Step) render(ctx context.Context, ob feierabend.Outbox, quoted feierabend.Message) (outgoing, error) {
	link := quoted.Sender
	if link.ID != ob.Sender || link.Standing == "" { // another one, or unlinked
		var err error
		if link, err = s.store.SenderLink(ctx, ob.Tenant, ob.Sender); gone(err) {
			return s.toCustomer(ctx, ob)
		}
		if err != nil {
			return outgoing{}, fmt.Errorf("load recipient: %w", err)
		}
	}
	if link.Standing != feierabend.SenderActive { // nobody knows whose number it is now
		return outgoing{}, &feierabend.Error{Kind: feierabend.NotFound, Code: "recipient", Err: fmt.Errorf("link %s is %s", link.ID, link.Standing)}
	}
	out, err := s.renderKind(ctx, ob, link)
	if err != nil || out.skip {
		return out, err
	}
	out.msg.To, out.msg.ToBSUID, out.msg.Callback = link.Phone, link.BSUID, ob.Callback()
	out.msg.ReplyTo = quoted.ExternalID
	return out, nil
}

func (s *Step) renderKind(ctx context.Context, ob feierabend.Outbox, to feierabend.SenderLink) (outgoing, error) {
	switch ob.Kind {
	case feierabend.OutDraft, feierabend.OutAsk:
		return s.draft(ctx, ob, to)
	case feierabend.OutDocument:
		return s.document(ctx, ob, to)
	case feierabend.OutErased:
		r, err := s.store.Receipt(ctx, ob.Tenant, feierabend.ReceiptID(ob.Ref))
		if err != nil {
			return outgoing{}, fmt.Errorf("load receipt: %w", err)
		}
		if r.Verification == feierabend.VerifyPending && s.now().Sub(ob.CreatedAt) < proofWait {
			return outgoing{}, feierabend.Snooze(proofPoll) // one message with the proof, not two
		}
		return outgoing{msg: s.words.erased(r)}, nil
	case feierabend.OutHeld:
		c, err := s.store.Case(ctx, ob.Tenant, ob.Case)
		if err != nil {
			return outgoing{}, fmt.Errorf("load case: %w", err)
		}
		return outgoing{msg: s.words.held(c)}, nil
	case feierabend.OutWarning:
		c, err := s.store.Case(ctx, ob.Tenant, ob.Case)
		if err != nil {
			return outgoing{}, fmt.Errorf("load case: %w", err)
		}
		// A countdown that has begun since was told when it began.
		return outgoing{msg: s.words.warning(c, s.now()), skip: !c.EraseAt.IsZero()}, nil
	case feierabend.OutFailed:
		return outgoing{msg: s.words.failed(ob.Ref, ob.Case)}, nil
	case feierabend.OutCommand:
		return s.command(ctx, ob, to)
	case feierabend.OutWelcome:
		t, err := s.store.Tenant(ctx, ob.Tenant)
		if err != nil {
			return outgoing{}, fmt.Errorf("load tenant: %w", err)
		}
		return outgoing{msg: s.words.welcome(t)}, nil
	}
	return outgoing{}, &feierabend.Error{Kind: feierabend.NotFound, Code: "out_kind", Err: fmt.Errorf("outbox row of kind %q", ob.Kind)}
}

// draft renders a draft or the last question before issuing. A row for an older
// version is skipped where the newest came by chat and so has a row of its own;
// where it was changed on a page, the newest is what is told.
func (s *Step) draft(ctx context.Context, ob feierabend.Outbox, to feierabend.SenderLink) (outgoing, error) {
	c, err := s.store.Case(ctx, ob.Tenant, ob.Case)
	if err != nil {
		return outgoing{}, fmt.Errorf("load case: %w", err)
	}
	v, err := s.store.Draft(ctx, ob.Tenant, ob.Case)
	if err != nil {
		return outgoing{}, fmt.Errorf("load draft: %w", err)
	}
	if n, err := strconv.Atoi(ob.Ref); err == nil && n > 0 && n < v.Version && v.By.Via == feierabend.ViaChat {
		return outgoing{skip: true}, nil
	}
	if c.State == feierabend.CaseIssued || c.State == feierabend.CaseDownloaded {
		return outgoing{skip: true}, nil
	}
	if len(v.Draft.Entries) > 0 {
		book, err := s.store.Addresses(ctx, ob.Tenant)
		if err != nil {
			return outgoing{}, fmt.Errorf("list address book: %w", err)
		}
		v.Draft = v.Draft.WithEntries(book)
	}
	hide, err := s.hidesPrices(ctx, to)
	if err != nil {
		return outgoing{}, err
	}
	if hide {
		v.Draft, c.Summary = v.Draft.WithoutPrices(), c.Summary.WithoutPrices()
		return outgoing{msg: s.words.draft(c, v)}, nil
	}
	if ob.Kind == feierabend.OutDraft || len(v.Draft.Questions) > 0 {
		return outgoing{msg: s.words.draft(c, v)}, nil
	}
	number, err := s.store.PeekNumber(ctx, ob.Tenant, feierabend.SeriesOf(v.Draft.Kind, s.now().In(s.words.zone)))
	if err != nil {
		return outgoing{}, fmt.Errorf("look at next number: %w", err)
	}
	return outgoing{msg: s.words.ask(c, v, number)}, nil
}

// document renders an issued document with its PDF.
func (s *Step) document(ctx context.Context, ob feierabend.Outbox, to feierabend.SenderLink) (outgoing, error) {
	d, err := s.store.Document(ctx, ob.Tenant, feierabend.DocumentID(ob.Ref))
	if err != nil {
		return outgoing{}, fmt.Errorf("load document: %w", err)
	}
	c, err := s.store.Case(ctx, ob.Tenant, d.Case)
	if err != nil {
		return outgoing{}, fmt.Errorf("load case: %w", err)
	}
	tenant, err := s.store.Tenant(ctx, ob.Tenant)
	if err != nil {
		return outgoing{}, fmt.Errorf("load tenant: %w", err)
	}
	hide, err := s.hidesPrices(ctx, to)
	if err != nil {
		return outgoing{}, err
	}
	if hide { // the file is all prices
		return outgoing{msg: s.words.issuedByOffice(d)}, nil
	}
	files, err := s.store.Files(ctx, ob.Tenant, d.ID)
	if err != nil {
		return outgoing{}, fmt.Errorf("list files: %w", err)
	}
	name, ok := chatFile(files)
	if !ok {
		return outgoing{}, &feierabend.Error{Kind: feierabend.NotFound, Code: "no_file", Err: fmt.Errorf("document %s has no file for the chat", d.ID)}
	}
	f, err := s.store.File(ctx, ob.Tenant, d.ID, name)
	if err != nil {
		return outgoing{}, fmt.Errorf("load file: %w", err)
	}
	var end time.Time // of the countdown that begins when this message arrives
	if d.Completes(name) {
		end = tenant.CountdownEnd(s.now())
	}
	return outgoing{msg: s.words.document(c, d, end), file: f}, nil
}

// chatFile is the file that a person can read: the PDF.
func chatFile(files []feierabend.File) (string, bool) {
	for _, f := range files {
		if f.Type == "application/pdf" {
			return f.Name, true
		}
	}
	return "", false
}

// hidesPrices says whether a recipient may see no prices (J-15).
func (s *Step) hidesPrices(ctx context.Context, to feierabend.SenderLink) (bool, error) {
	m, err := s.store.Member(ctx, to.Tenant, to.User)
	if err != nil && feierabend.KindOf(err) != feierabend.NotFound {
		return false, fmt.Errorf("load role of recipient: %w", err)
	}
	t, err := s.store.Tenant(ctx, to.Tenant)
	if err != nil {
		return false, fmt.Errorf("load tenant: %w", err)
	}
	return t.HidesPrices(m.Role), nil
}
