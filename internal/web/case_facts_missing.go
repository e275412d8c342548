package web

import (
	"net/http"
	"strconv"

	"feierabend"
)

// caseForFacts loads a case that somebody may issue.
func (s *server) caseForFacts(w http.ResponseWriter, r *http.Request, v *visit) (e entry, done bool, err error) {
	e, err = s.caseOf(r.Context(), r, v)
	switch {
	case absent(err):
		return e, true, s.toReceipt(w, r, v, err)
	case err != nil:
		return e, true, err
	case !v.session.Role.MayIssue():
		return e, true, errMayNot()
	case e.Version == 0 || e.stage >= feierabend.StageIssued:
		http.Redirect(w, r, "/v/"+string(e.ID), http.StatusSeeOther)
		return e, true, nil
	}
	return e, false, nil
}

// factsForm is GET /v/{case}/angaben: what the first invoice needs of the firm, asked when
// it is needed (J-02).
func (s *server) factsForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	e, done, err := s.caseForFacts(w, r, v)
	if done {
		return err
	}
	p, names, err := s.factsPage(r, v, e)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		http.Redirect(w, r, "/v/"+string(e.ID), http.StatusSeeOther)
		return nil
	}
	if s.needsProof(v, p) {
		http.Redirect(w, r, "/bestaetigung"+nextQuery(r.URL.Path), http.StatusSeeOther)
		return nil
	}
	var values map[string]string
	if values, p.Stand, err = s.Profile.Values(r.Context(), v.session.Tenant, names); err != nil {
		return err
	}
	for name, value := range values {
		p.Form.set(name, value)
	}
	return s.show(w, v, http.StatusOK, page{View: "profilepart", Title: p.Title, Nav: "start", Detail: true, Content: p})
}

// needsProof: the first bank data are as sensitive as other ones (AUTH-13), and whoever
// enters them proves to be themselves.
func (s *server) needsProof(v *visit, p profilePartPage) bool {
	_, err := p.Form.At("iban")
	return err == nil && p.MayEdit && s.Now().Sub(v.session.ProvedAt) >= proofTerm
}

// factsSave is POST /v/{case}/angaben: it saves what was missing and issues at once, unless
// the draft reads otherwise now: then a person looks at it first.
func (s *server) factsSave(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	e, done, err := s.caseForFacts(w, r, v)
	if done {
		return err
	}
	p, names, err := s.factsPage(r, v, e)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return &feierabend.Error{Kind: feierabend.Invalid, Code: "version"}
	}
	if len(names) > 0 { // else all of it was said elsewhere meanwhile
		p.Stand = r.PostForm.Get("stand")
		p.Form.read(r.PostForm)
		status := http.StatusUnprocessableEntity
		switch {
		case s.needsProof(v, p):
			status, p.Prove = http.StatusForbidden, "/bestaetigung"+nextQuery(r.URL.Path)
		case !p.MayEdit || p.requireFacts():
			if status, err = s.profileTake(r, v, &p, names); err != nil {
				return err
			}
		}
		if status != 0 {
			p.Hidden = []option{{"version", strconv.Itoa(version)}}
			return s.show(w, v, status, page{View: "profilepart", Title: p.Title, Nav: "start", Detail: true, Content: p})
		}
	}
	if p.Form.value("sprechweise") == "gross" {
		n, err := s.grossNow(r, v, e, version)
		switch {
		case feierabend.KindOf(err) == feierabend.Conflict:
			return s.conflict(w, r, v, e, version, nil)
		case err != nil:
			return err
		case n != version:
			http.Redirect(w, r, "/v/"+string(e.ID)+"?neu=brutto", http.StatusSeeOther)
			return nil
		}
	}
	return s.issue(w, r, v, e, version)
}

// grossNow turns the prices that were said in this draft to a private person into gross
// ones, as the firm has just said of its habit; the version that holds then.
func (s *server) grossNow(r *http.Request, v *visit, e entry, version int) (int, error) {
	d, err := s.Cases.Draft(r.Context(), v.session.Tenant, e.ID)
	if err != nil {
		return 0, err
	}
	b := d.Draft.Buyer
	_, explicit := d.Draft.Evidence["prices"]
	said := false
	for i, l := range d.Draft.Lines {
		said = said || l.Price != nil && l.Source == "" && d.Draft.Evidence[feierabend.PathOfLine(i, "price")].Source == "said"
	}
	if d.Version != version || b == nil || b.Company != "" || explicit || !said || d.Draft.Prices != "" || d.Draft.VATScheme != "" {
		return d.Version, nil
	}
	return s.Drafting.Answer(r.Context(), v.by(), v.session.Tenant, e.ID, version, "prices", "gross")
}
