package web

import (
	"net/http"

	"feierabend"
)

// mayRead: owner and office see all receipts, staff those of their own acts.
func mayRead(v *visit, r feierabend.ErasureReceipt) bool {
	return v.session.Role.MayIssue() || r.By.User == v.session.User
}

// receiptPage is a receipt on paper. It holds no name and no amount (DEL-07).
type receiptPage struct {
	ID, URL   string
	Fresh     bool // just now, by this person
	Book      bool // of the address book, not of a case
	Pending   bool
	Verified  bool
	Facts     []fact
	Erased    []string
	Proof     string
	Files     string
	Hits      int
	Copies    []copyView
	Signature string
	Stamp     string
}

type copyView struct{ Who, Until string }

func (s *server) receiptOf(r *http.Request, v *visit) (feierabend.ErasureReceipt, error) {
	id := r.PathValue("receipt")
	if !feierabend.ValidID(id) {
		return feierabend.ErasureReceipt{}, errNotFound()
	}
	receipt, err := s.Receipts.Receipt(r.Context(), v.session.Tenant, feierabend.ReceiptID(id))
	if err == nil && !mayRead(v, receipt) {
		return feierabend.ErasureReceipt{}, errNotFound()
	}
	return receipt, err
}

// receiptShow is GET /q/{receipt}; while the proof is outstanding it looks again.
func (s *server) receiptShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	receipt, err := s.receiptOf(r, v)
	if err != nil {
		return err
	}
	p := page{View: "receipt", Title: "Löschquittung", Nav: "quittungen", Detail: true, Content: s.receiptPage(receipt, r.URL.Query().Has("neu"))}
	if receipt.Verification == feierabend.VerifyPending {
		p.Live = &live{URL: "/q/" + string(receipt.ID) + "/stand", Stand: string(receipt.Verification), Seconds: 1, Refresh: 5}
	}
	return s.show(w, v, http.StatusOK, p)
}

func (s *server) receiptPage(r feierabend.ErasureReceipt, fresh bool) receiptPage {
	f := format{s.Zone}
	p := receiptPage{
		ID: groups(string(r.ID)[:12]), URL: "/q/" + string(r.ID) + "/quittung.json", Fresh: fresh, Book: r.Subject != feierabend.SubjectCase,
		Pending: r.Verification == feierabend.VerifyPending, Verified: r.Verification == feierabend.VerifyVerified, Erased: erasedWords(r.Erased), Hits: r.Hits,
	}
	p.Facts = []fact{
		{"Quittung", groups(string(r.ID))},
		subjectFact(f, r),
		{"Gelöscht", f.stamp(r.ErasedAt)},
		{"Regel", ruleWords(r)},
	}
	switch {
	case p.Pending:
		p.Stamp = "Gelöscht, Prüfung läuft"
	case p.Verified:
		p.Stamp = "Gelöscht und geprüft"
		p.Facts = append(p.Facts, fact{"Geprüft", f.stamp(r.VerifiedAt)})
	default:
		p.Stamp = "Gelöscht, nicht prüfbar"
	}
	p.Proof = proofWords(r.Method)
	if r.SearchedFiles > 0 {
		p.Files = count(r.SearchedFiles, "Datei", "Dateien") + " (" + size(r.SearchedBytes) + ")"
	}
	for _, c := range r.Copies {
		cv := copyView{Who: s.RecipientName(c.Recipient), Until: "liegt bei Ihnen"}
		if !c.Until.IsZero() {
			cv.Until = f.date(c.Until)
		}
		p.Copies = append(p.Copies, cv)
	}
	if len(r.Signature) > 0 {
		p.Signature = groups(hexOf(r.Signature))
	}
	return p
}

// receiptStand is GET /q/{receipt}/stand.
func (s *server) receiptStand(w http.ResponseWriter, r *http.Request, v *visit) error {
	receipt, err := s.receiptOf(r, v)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, standAnswer{string(receipt.Verification)})
}

// receiptSend is GET /q/{receipt}/quittung.json: the receipt to keep, as
// `feierabend receipt verify` checks it offline.
func (s *server) receiptSend(w http.ResponseWriter, r *http.Request, v *visit) error {
	receipt, err := s.receiptOf(r, v)
	if err != nil {
		return err
	}
	b, err := s.ReceiptJSON(receipt)
	if err != nil {
		return err
	}
	attach(w, "Quittung-"+string(receipt.ID)[:12]+".json", "application/json")
	w.Write(b)
	return nil
}

// receiptsPage lists the receipts, newest first.
type receiptsPage struct{ Rows []receiptRow }

type receiptRow struct {
	URL, When, Rule, What string
	Tag                   tag
}

// receiptList is GET /quittungen.
func (s *server) receiptList(w http.ResponseWriter, r *http.Request, v *visit) error {
	list, err := s.Receipts.Receipts(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	var p receiptsPage
	f := format{s.Zone}
	for _, e := range list {
		if !mayRead(v, e) {
			continue
		}
		row := receiptRow{URL: "/q/" + string(e.ID), When: f.date(e.ErasedAt) + ", " + f.clock(e.ErasedAt), Rule: ruleWords(e), Tag: tag{"done", "check", "Geprüft"}}
		switch e.Verification {
		case feierabend.VerifyPending:
			row.Tag = tag{"", "edit", "Prüfung läuft"}
		case feierabend.VerifyUnverifiable:
			row.Tag = tag{"late", "alert", "Nicht prüfbar"}
		}
		p.Rows = append(p.Rows, row)
	}
	return s.show(w, v, http.StatusOK, page{View: "receipts", Title: "Quittungen", Nav: "quittungen", Content: p})
}
