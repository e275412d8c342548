package web

import (
	"net/http"

	"feierabend"
)

// accountPage is the person's own access.
type accountPage struct {
	Form   form
	Email  string
	Firm   string
	Role   string
	Notice string
}

// account is GET /konto.
func (s *server) account(w http.ResponseWriter, r *http.Request, v *visit) error {
	p := accountPage{Form: nameFields(v.user.Name)}
	switch r.URL.Query().Get("ok") {
	case "name":
		p.Notice = "Gespeichert."
	case "adresse":
		p.Notice = "Ihre neue Adresse gilt. An die alte haben wir eine Nachricht geschickt."
	}
	return s.accountPage(w, v, http.StatusOK, p)
}

func (s *server) accountPage(w http.ResponseWriter, v *visit, status int, p accountPage) error {
	p.Email = v.user.Email
	if !v.session.Tenant.IsZero() {
		p.Firm, p.Role = v.tenant.Name, v.session.Role.German()
	}
	return s.show(w, v, status, page{View: "account", Title: "Mein Zugang", Nav: s.navOf(v), Content: p})
}

// accountName is POST /konto/name.
func (s *server) accountName(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f := nameFields(r.PostForm.Get("name"))
	err := s.Team.Rename(r.Context(), v.session.User, r.PostForm.Get("name"))
	if f.take(err) {
		return s.accountPage(w, v, http.StatusUnprocessableEntity, accountPage{Form: f})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/konto?ok=name", http.StatusSeeOther)
	return nil
}

// leavePage says what leaving means.
type leavePage struct{ Firm, Error string }

// leaveForm is GET /konto/verlassen.
func (s *server) leaveForm(w http.ResponseWriter, _ *http.Request, v *visit) error {
	return s.leavePage(w, v, http.StatusOK, "")
}

func (s *server) leavePage(w http.ResponseWriter, v *visit, status int, problem string) error {
	return s.show(w, v, status, page{View: "leave", Title: "Firma verlassen", Nav: "einstellungen", Content: leavePage{v.tenant.Name, problem}})
}

// leave is POST /konto/verlassen. All sessions of the person end.
func (s *server) leave(w http.ResponseWriter, r *http.Request, v *visit) error {
	err := s.Team.Leave(r.Context(), v.by(), v.session.Tenant)
	if feierabend.CodeOf(err) == "last_owner" {
		return s.leavePage(w, v, http.StatusConflict, feierabend.TextOf(err))
	}
	if err != nil {
		return err
	}
	return s.signOut(w, r, v)
}
