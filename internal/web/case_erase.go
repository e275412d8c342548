package web

import (
	"context"
	"net/http"

	"feierabend"
)

// confirmPage asks once before something final, with the consequence in one
// sentence (UI-06).
type confirmPage struct {
	Case    string
	Saved   bool // confirm "gespeichert"; else discard
	Heading string
	Word    string // "Rechnung"
	Number  string
	Issued  bool
}

// discardForm is GET /v/{case}/verwerfen.
func (s *server) discardForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.confirmForm(w, r, v, false)
}

// savedForm is GET /v/{case}/gespeichert.
func (s *server) savedForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.confirmForm(w, r, v, true)
}

func (s *server) confirmForm(w http.ResponseWriter, r *http.Request, v *visit, saved bool) error {
	e, err := s.caseOf(r.Context(), r, v)
	if absent(err) {
		return s.toReceipt(w, r, v, err)
	}
	if err != nil {
		return err
	}
	if err := mayErase(v); err != nil {
		return err
	}
	c := confirmPage{Case: string(e.ID), Saved: saved, Heading: title(e.Case), Word: e.Summary.Kind.German(), Number: e.Summary.Number, Issued: e.stage >= feierabend.StageIssued}
	if saved && !c.Issued {
		return errNotIssued()
	}
	return s.show(w, v, http.StatusOK, page{View: "confirm", Title: "Jetzt löschen?", Nav: "start", Detail: true, Content: c})
}

func errNotIssued() error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: "not_issued",
		Text: "Hier gibt es noch keine Datei, die Sie gespeichert haben könnten. Am Vorgang hat sich nichts geändert. Bitte stellen Sie ihn erst aus, oder verwerfen Sie ihn.",
	}
}

// mayErase: owner and office (J-15).
func mayErase(v *visit) error {
	if v.session.Role.MayIssue() {
		return nil
	}
	return errMayNot()
}

// caseDiscard is POST /v/{case}/verwerfen.
func (s *server) caseDiscard(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.erase(w, r, v, s.Erasure.Discard, false)
}

// caseSaved is POST /v/{case}/gespeichert: erases at once (J-31).
func (s *server) caseSaved(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.erase(w, r, v, s.Erasure.Confirm, true)
}

func (s *server) erase(w http.ResponseWriter, r *http.Request, v *visit,
	act func(context.Context, feierabend.Actor, feierabend.TenantID, feierabend.CaseID) (feierabend.ErasureReceipt, error), saved bool,
) error {
	e, err := s.caseOf(r.Context(), r, v)
	if absent(err) { // pressed twice: the receipt is there already
		return s.toReceipt(w, r, v, err)
	}
	if err != nil {
		return err
	}
	if err := mayErase(v); err != nil {
		return err
	}
	if saved && e.stage < feierabend.StageIssued {
		return errNotIssued()
	}
	receipt, err := act(r.Context(), v.by(), v.session.Tenant, e.ID)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/q/"+string(receipt.ID)+"?neu=1", http.StatusSeeOther)
	return nil
}

// caseHold is POST /v/{case}/noch-nicht: the countdown stops until day 30 (J-31).
func (s *server) caseHold(w http.ResponseWriter, r *http.Request, v *visit) error {
	e, err := s.caseOf(r.Context(), r, v)
	if absent(err) {
		return s.toReceipt(w, r, v, err)
	}
	if err != nil {
		return err
	}
	if err := s.Delivery.Hold(r.Context(), v.by(), v.session.Tenant, e.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/v/"+string(e.ID), http.StatusSeeOther)
	return nil
}
