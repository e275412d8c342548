package web

import (
	"net/http"
	"strconv"

	"feierabend"
)

// caseIssue is POST /v/{case}/ausstellen for the version the person has seen.
func (s *server) caseIssue(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	e, err := s.caseOf(r.Context(), r, v)
	if absent(err) {
		return s.toReceipt(w, r, v, err)
	}
	if err != nil {
		return err
	}
	if !v.session.Role.MayIssue() {
		return errMayNot()
	}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return &feierabend.Error{Kind: feierabend.Invalid, Code: "version"}
	}
	return s.issue(w, r, v, e, version)
}

// issue makes the document of the version that the person has seen. What the first one
// needs of the firm is asked first (J-02); a draft that reads otherwise since the firm
// changed its Stammdaten is shown first.
func (s *server) issue(w http.ResponseWriter, r *http.Request, v *visit, e entry, version int) error {
	if n, err := s.Drafting.Renew(r.Context(), v.by(), v.session.Tenant, e.ID, version); err == nil && n != version {
		return s.conflict(w, r, v, e, version, nil)
	} // other errors are those of issuing too
	_, err := s.Invoicing.Issue(r.Context(), v.by(), v.session.Tenant, e.ID, version)
	if feierabend.CodeOf(err) == "missing_facts" {
		http.Redirect(w, r, "/v/"+string(e.ID)+"/angaben", http.StatusSeeOther)
		return nil
	}
	if feierabend.KindOf(err) == feierabend.Conflict {
		if again, err := s.caseOf(r.Context(), r, v); err == nil && again.stage >= feierabend.StageIssued { // pressed twice: it is issued
			http.Redirect(w, r, "/v/"+string(e.ID), http.StatusSeeOther)
			return nil
		}
		return s.conflict(w, r, v, e, version, nil)
	}
	if t := feierabend.TextOf(err); t != "" && feierabend.KindOf(err) == feierabend.Invalid && e.Version > 0 {
		return s.casePage(w, r, v, e, http.StatusUnprocessableEntity, problem{Text: t}) // what is missing, beside the draft
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/v/"+string(e.ID), http.StatusSeeOther)
	return nil
}

func errMayNot() error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "role",
		Text: "Ausstellen und löschen dürfen nur Inhaber und Büro. Am Vorgang hat sich nichts geändert. Bitte geben Sie dort Bescheid.",
	}
}
