package web

import (
	"context"
	"net/http"

	"feierabend"
)

// addressChanger changes the mail address of a person (AUTH-11).
type addressChanger interface {
	ChangeAddress(ctx context.Context, user feierabend.User, typed string, bindHash []byte, browser string) error
	ConfirmAddress(ctx context.Context, cookie, code string, bindHash []byte) (string, feierabend.Session, error)
	UndoAddress(ctx context.Context, token string) error
}

// addressRoutes are the rows of the mail address: change, code, way back.
func addressRoutes() []route {
	return []route{
		on("GET", "/konto/adresse", member, "", classPage, noBody, (*server).addressForm).fresh(),
		on("POST", "/konto/adresse", member, "", classPage, formBody, (*server).addressChange).fresh(),
		on("GET", "/konto/adresse/code", member, "", classPage, noBody, (*server).addressCodeForm).fresh(),
		on("POST", "/konto/adresse/code", member, "", classPage, formBody, (*server).addressConfirm).fresh(),
		on("GET", "/adresse/zurueck", anyone, "", classPage, noBody, (*server).addressUndoForm),
		on("POST", "/adresse/zurueck", anyone, "", classPage, formBody, (*server).addressUndo),
	}
}

// addressPage is the form of the new address, of its code, or the way back.
type addressPage struct {
	Form  form
	Email string // the address now
	Step  string // "", code, undo or undone
	Token string
	Error string // why the way back did not work
}

func newAddressForm() form {
	return newForm(field{Name: "email", Label: "Neue E-Mail-Adresse", Hint: "Dorthin kommt ein Code. Erst danach ändert sich etwas.", Kind: "email", Auto: "email", Max: 254, Focus: true})
}

func addressCode() form {
	return newForm(field{Name: "code", Label: "Code aus der Mail an die neue Adresse", Auto: "one-time-code", Max: 20, Focus: true})
}

func (s *server) addressPage(w http.ResponseWriter, v *visit, status int, p addressPage) error {
	p.Email = v.user.Email
	nav := ""
	if p.Step == "" || p.Step == "code" {
		nav = "einstellungen"
	}
	return s.show(w, v, status, page{View: "address", Title: "E-Mail-Adresse ändern", Nav: nav, Content: p})
}

// addressForm is GET /konto/adresse.
func (s *server) addressForm(w http.ResponseWriter, _ *http.Request, v *visit) error {
	return s.addressPage(w, v, http.StatusOK, addressPage{Form: newAddressForm()})
}

// addressChange is POST /konto/adresse.
func (s *server) addressChange(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p := addressPage{Form: newAddressForm()}
	p.Form.read(r.PostForm)
	secret := s.bindSecret(r)
	if s.mailAllowed(r) {
		err := s.SignIn.ChangeAddress(r.Context(), v.user, p.Form.value("email"), hashToken(secret), r.UserAgent())
		if p.Form.take(err) {
			return s.addressPage(w, v, http.StatusUnprocessableEntity, p)
		}
		if err != nil {
			return err
		}
	}
	s.setCookie(w, "bind", secret, bindTerm, http.SameSiteStrictMode)
	http.Redirect(w, r, "/konto/adresse/code", http.StatusSeeOther)
	return nil
}

// addressCodeForm is GET /konto/adresse/code.
func (s *server) addressCodeForm(w http.ResponseWriter, _ *http.Request, v *visit) error {
	return s.addressPage(w, v, http.StatusOK, addressPage{Form: addressCode(), Step: "code"})
}

// addressConfirm is POST /konto/adresse/code: the address changes, this session goes
// on, all others end.
func (s *server) addressConfirm(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	cookie, session, err := s.SignIn.ConfirmAddress(r.Context(), v.cookie, r.PostForm.Get("code"), hashToken(s.cookie(r, "bind")))
	if k := feierabend.KindOf(err); k == feierabend.Conflict || k == feierabend.Unauthorized && feierabend.CodeOf(err) == "code" {
		p := addressPage{Form: addressCode(), Step: "code"}
		p.Form.fail("code", feierabend.TextOf(err))
		return s.addressPage(w, v, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	s.setSession(w, cookie, session)
	s.setCookie(w, "bind", "", -1, http.SameSiteStrictMode)
	http.Redirect(w, r, "/konto?ok=adresse", http.StatusSeeOther)
	return nil
}

// addressUndoForm is GET /adresse/zurueck?t=…: a button, nothing happens before it.
func (s *server) addressUndoForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.addressPage(w, v, http.StatusOK, addressPage{Step: "undo", Token: r.URL.Query().Get("t")})
}

// addressUndo is POST /adresse/zurueck: the old address counts again, every session
// of the person has ended.
func (s *server) addressUndo(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	err := s.SignIn.UndoAddress(r.Context(), r.PostForm.Get("t"))
	if k := feierabend.KindOf(err); k == feierabend.Conflict || k == feierabend.Unauthorized {
		return s.addressPage(w, v, http.StatusUnprocessableEntity, addressPage{Step: "undo", Error: feierabend.TextOf(err)})
	}
	if err != nil {
		return err
	}
	return s.addressPage(w, v, http.StatusOK, addressPage{Step: "undone"})
}
