package web

import (
	"net/http"

	"feierabend"
)

// invitePage asks whom to invite.
type invitePage struct {
	Form  form
	Roles []roleChoice
}

func inviteFields() form {
	f := newForm(
		field{Name: "email", Label: "E-Mail-Adresse", Hint: "Dorthin geht die Einladung. Den Namen gibt die Person selbst ein.", Kind: "email", Max: 254, Focus: true},
		field{Name: "rolle", Label: "Rolle", Kind: "select", Options: []option{{"", "Bitte wählen"}, {"staff", "Mitarbeiter"}, {"office", "Büro"}, {"owner", "Inhaber"}}},
	)
	return f
}

// inviteForm is GET /team/einladen.
func (s *server) inviteForm(w http.ResponseWriter, _ *http.Request, v *visit) error {
	return s.invitePage(w, v, http.StatusOK, inviteFields())
}

func (s *server) invitePage(w http.ResponseWriter, v *visit, status int, f form) error {
	return s.show(w, v, status, page{View: "invite", Title: "Einladen", Nav: "einstellungen", Content: invitePage{f, roleChoices()}})
}

// invite is POST /team/einladen.
func (s *server) invite(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f := inviteFields()
	f.read(r.PostForm)
	err := s.Team.Invite(r.Context(), v.by(), v.session.Tenant, f.value("email"), feierabend.Role(f.value("rolle")))
	if f.take(err) {
		return s.invitePage(w, v, http.StatusUnprocessableEntity, f)
	}
	if feierabend.CodeOf(err) == "member" {
		f.fail("email", feierabend.TextOf(err))
		return s.invitePage(w, v, http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/team?ok=eingeladen", http.StatusSeeOther)
	return nil
}

// inviteWithdraw is POST /team/einladung/{invitation}/zurueck.
func (s *server) inviteWithdraw(w http.ResponseWriter, r *http.Request, v *visit) error {
	id := r.PathValue("invitation")
	if !feierabend.ValidID(id) {
		return errNotFound()
	}
	if err := s.Team.Withdraw(r.Context(), v.by(), v.session.Tenant, id); err != nil {
		return err
	}
	http.Redirect(w, r, "/team?ok=zurueck", http.StatusSeeOther)
	return nil
}

// offerPage is what the link of an invitation shows: one button, nothing happens
// before it is pressed (AUTH-03).
type offerPage struct {
	Token, Firm, Role, Until string
}

// offerShow is GET /einladung?t=…
func (s *server) offerShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	token := r.URL.Query().Get("t")
	o, err := s.Team.Show(r.Context(), token)
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusOK, page{View: "offer", Title: "Einladung", Content: offerPage{token, o.Firm, o.Role.German(), format{s.Zone}.minute(o.ExpiresAt)}})
}

// offerAnswer is POST /einladung: a sign-in mail goes to the invited address, for
// this browser. The address is not shown: whoever holds the link need not know it.
func (s *server) offerAnswer(w http.ResponseWriter, r *http.Request, _ *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	email, err := s.Team.Answer(r.Context(), r.PostForm.Get("t"))
	if err != nil {
		return err
	}
	bind := newToken()
	if s.mailAllowed(r) {
		if err := s.SignIn.Request(r.Context(), email, s.asking(r, bind)); err != nil {
			return err
		}
	}
	s.setCookie(w, "bind", bind, bindTerm, http.SameSiteStrictMode)
	http.Redirect(w, r, "/anmelden/code?weiter=%2Ffirma", http.StatusSeeOther)
	return nil
}

// offerAccept is POST /firma/annehmen: the person becomes a member and goes in.
func (s *server) offerAccept(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	t, err := feierabend.ParseTenantID(r.PostForm.Get("firma"))
	id := r.PostForm.Get("einladung")
	if err != nil || !feierabend.ValidID(id) {
		return errNotFound()
	}
	f := nameFields(r.PostForm.Get("name"))
	err = s.Team.Accept(r.Context(), v.session.User, t, id, r.PostForm.Get("name"))
	if f.take(err) {
		return s.firmPage(w, r, v, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	cookie, session, err := s.SignIn.Choose(r.Context(), v.cookie, t)
	if err != nil {
		return err
	}
	return s.enterFirm(w, r, cookie, session, "")
}

func nameFields(value string) form {
	f := newForm(field{Name: "name", Label: "Ihr Vor- und Nachname", Auto: "name", Max: 100})
	f.set("name", value)
	return f
}
