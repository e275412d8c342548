package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"feierabend"
)

// loaded is a case with everything its pages show.
type loaded struct {
	entry
	transcripts map[feierabend.MessageID]feierabend.Transcript
	draft       feierabend.DraftVersion // Version 0 = none yet
}

// caseOf loads the case of the path for the session's firm. Absent, foreign and,
// for staff, other people's cases are the same NotFound (TEN).
func (s *server) caseOf(ctx context.Context, r *http.Request, v *visit) (entry, error) {
	id := r.PathValue("case")
	if !feierabend.ValidID(id) {
		return entry{}, errNotFound()
	}
	c, err := s.Cases.Case(ctx, v.session.Tenant, feierabend.CaseID(id))
	if err != nil {
		return entry{}, err
	}
	return s.entryOf(ctx, v, c)
}

func (s *server) entryOf(ctx context.Context, v *visit, c feierabend.Case) (entry, error) {
	who, err := s.senders(ctx, v, c)
	if err != nil {
		return entry{}, err
	}
	if !who.mayOpen(v, c) {
		return entry{}, errNotFound()
	}
	if v.hidesPrices() {
		c.Summary = c.Summary.WithoutPrices()
	}
	e := entry{Case: c, sender: who.names[c.Sender]}
	if e.messages, err = s.Messages.Messages(ctx, v.session.Tenant, c.ID); err != nil {
		return entry{}, err
	}
	e.stage = feierabend.StageOf(c, e.messages)
	return e, nil
}

// load adds transcripts and the newest draft.
func (s *server) load(ctx context.Context, v *visit, e entry) (loaded, error) {
	l := loaded{entry: e, transcripts: map[feierabend.MessageID]feierabend.Transcript{}}
	for _, m := range e.messages {
		t, err := s.Messages.Transcript(ctx, v.session.Tenant, m.ID)
		switch {
		case err == nil:
			l.transcripts[m.ID] = t
		case absent(err) && m.Kind == feierabend.InboundText:
			l.transcripts[m.ID] = feierabend.Transcript{Text: m.Text, Engine: "text"}
		case !absent(err):
			return l, err
		}
	}
	if e.Version == 0 {
		return l, nil
	}
	var err error
	if l.draft, err = s.Cases.Draft(ctx, v.session.Tenant, e.ID); err != nil {
		return l, err
	}
	if len(l.draft.Draft.Entries) > 0 {
		book, err := s.Cases.Addresses(ctx, v.session.Tenant)
		if err != nil {
			return l, err
		}
		l.draft.Draft = l.draft.Draft.WithEntries(book)
	}
	if v.hidesPrices() {
		l.draft.Draft = l.draft.Draft.WithoutPrices()
	}
	return l, err
}

// caseShow is GET /v/{case}: one page for one case, whatever its state. An erased
// case leads to its receipt.
func (s *server) caseShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	e, err := s.caseOf(r.Context(), r, v)
	if absent(err) {
		return s.toReceipt(w, r, v, err)
	}
	if err != nil {
		return err
	}
	return s.casePage(w, r, v, e, http.StatusOK, problem{})
}

// problem is an answer that was not taken: shown in place, input kept. Without a
// path it is about the whole draft.
type problem struct {
	Path, Text string
	Input      map[string]string
}

func (s *server) casePage(w http.ResponseWriter, r *http.Request, v *visit, e entry, status int, pr problem) error {
	l, err := s.load(r.Context(), v, e)
	if err != nil {
		return err
	}
	p := page{Nav: "start", Detail: true, Live: &live{URL: "/v/" + string(e.ID) + "/stand", Stand: caseStandOf(e), Seconds: 15}}
	switch {
	case e.State == feierabend.CaseIssued || e.State == feierabend.CaseDownloaded:
		return s.documentShow(w, r, v, l, p)
	case e.Version == 0:
		if e.stage.Pending() {
			p.Live.Seconds, p.Live.Refresh = 2, 5
		}
		content := s.waitPage(l, v.session.Role.MayIssue())
		content.CustomerLink = v.mayLinkCustomers() && !content.Customer
		p.View, p.Title, p.Content = "wait", "Nachricht", content
	default:
		p.View, p.Title = "draft", l.draft.Draft.Kind.German()
		if p.Content, err = s.draftPage(r, v, l, pr); err != nil {
			return err
		}
	}
	return s.show(w, v, status, p)
}

// toReceipt leads from an erased case to its receipt; without one the case was
// never this firm's, or never there.
func (s *server) toReceipt(w http.ResponseWriter, r *http.Request, v *visit, cause error) error {
	id := r.PathValue("case")
	if !feierabend.ValidID(id) {
		return errNotFound()
	}
	receipt, err := s.Receipts.ReceiptOf(r.Context(), v.session.Tenant, feierabend.CaseID(id))
	if absent(err) || err == nil && !mayRead(v, receipt) {
		return errNotFound()
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/q/"+string(receipt.ID), http.StatusSeeOther)
	return nil
}

func caseStandOf(e entry) string {
	h := sha256.Sum256([]byte(stand(e.Case, e.messages)))
	return hex.EncodeToString(h[:8])
}

// caseStand is GET /v/{case}/stand. An erased case is news too.
func (s *server) caseStand(w http.ResponseWriter, r *http.Request, v *visit) error {
	e, err := s.caseOf(r.Context(), r, v)
	if absent(err) {
		if id := r.PathValue("case"); feierabend.ValidID(id) {
			if _, err := s.Receipts.ReceiptOf(r.Context(), v.session.Tenant, feierabend.CaseID(id)); err == nil {
				return sendJSON(w, http.StatusOK, standAnswer{"erased"})
			}
		}
		return errNotFound()
	}
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, standAnswer{caseStandOf(e)})
}
