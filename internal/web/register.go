package web

import (
	"context"
	"net/http"

	"feierabend"
)

// registrar lets firms in and concludes their contract.
type registrar interface {
	Open() bool
	Trades() []string
	Check(f feierabend.RegistrationForm) (*feierabend.PlaceQuestion, error)
	Request(ctx context.Context, f feierabend.RegistrationForm, from feierabend.Asking) error
	Again(ctx context.Context, from feierabend.Asking) error
	Concluded(ctx context.Context, t feierabend.TenantID) (bool, error)
	Contract() feierabend.ContractText
	Conclude(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, hash []byte) error
}

// registerTerm is the life of the binding cookie of a registration: as long as the
// application waits, so that its mail can be asked for again.
const registerTerm = feierabend.RegistrationTerm

// registerPage is the form of a firm.
type registerPage struct {
	Form   form
	Place  *feierabend.PlaceQuestion // asked, with what may be meant instead
	Marked string                    // the pair that is asked about
	Demo   bool
}

func registerForm(trades []string) form {
	legal := []option{{"", "Bitte wählen"}}
	for _, f := range feierabend.LegalForms() {
		legal = append(legal, option{string(f), f.German()})
	}
	work := []option{{"", "Bitte wählen"}}
	for _, t := range trades {
		work = append(work, option{t, t})
	}
	return newForm(
		field{Name: "betrieb", Label: "Name des Betriebs", Hint: "So, wie er auf Ihren Rechnungen stehen soll.", Auto: "organization", Max: 120},
		field{Name: "rechtsform", Label: "Rechtsform", Kind: "select", Options: legal},
		field{Name: "gewerk", Label: "Gewerk", Kind: "select", Options: work},
		field{Name: "anderes-gewerk", Label: "Anderes Gewerk", Hint: "Nur, wenn Ihres nicht in der Liste steht.", Optional: true, Max: 80},
		field{Name: "strasse", Label: "Straße und Hausnummer", Auto: "street-address", Max: 120},
		field{Name: "plz", Label: "PLZ", Auto: "postal-code", Mode: "numeric", Max: 10},
		field{Name: "ort", Label: "Ort", Auto: "address-level2", Max: 80},
		field{Name: "vorname", Label: "Vorname", Auto: "given-name", Max: 60},
		field{Name: "nachname", Label: "Nachname", Auto: "family-name", Max: 60},
		field{Name: "email", Label: "E-Mail-Adresse", Hint: "Dorthin kommt der Code. Ein Passwort gibt es nicht.", Kind: "email", Auto: "email", Max: 254},
		field{Name: "telefon", Label: "Mobilnummer", Hint: "Die Nummer, von der Sie sprechen werden. Auch aus dem Ausland, dann mit +43 oder +41 davor.", Kind: "tel", Auto: "tel", Max: 40},
		field{Name: "unternehmer", Label: "Ich handle für einen Betrieb, nicht als Verbraucher.", Kind: "checkbox", Max: 1},
	)
}

// typed gives what was typed to the step.
func (f form) typed(confirmed string) feierabend.RegistrationForm {
	return feierabend.RegistrationForm{
		Firm: f.value("betrieb"), LegalForm: f.value("rechtsform"), Street: f.value("strasse"), Postcode: f.value("plz"), City: f.value("ort"),
		FirstName: f.value("vorname"), LastName: f.value("nachname"), Email: f.value("email"), Phone: f.value("telefon"),
		Trade: f.value("gewerk"), OtherTrade: f.value("anderes-gewerk"), Business: f.value("unternehmer") != "", PlaceConfirmed: confirmed,
	}
}

// registerShow is GET /registrieren.
func (s *server) registerShow(w http.ResponseWriter, r *http.Request, v *visit) error {
	if !s.Registration.Open() {
		return s.show(w, v, http.StatusOK, page{View: "closed", Title: "Noch nicht geöffnet"})
	}
	s.bind(w, r) // at the form already: a form that is sent twice comes from one browser
	return s.registerPage(w, v, http.StatusOK, registerPage{Form: registerForm(s.Registration.Trades())})
}

func (s *server) registerPage(w http.ResponseWriter, v *visit, status int, p registerPage) error {
	p.Demo = s.Mode == ModeDemo
	return s.show(w, v, status, page{View: "register", Title: "Betrieb registrieren", Content: p})
}

// bind gives the browser's binding secret; one that is there already is kept and
// lives on.
func (s *server) bind(w http.ResponseWriter, r *http.Request) string {
	secret := s.bindSecret(r)
	s.setCookie(w, "bind", secret, registerTerm, http.SameSiteStrictMode)
	return secret
}

// bindSecret gives the secret that the browser has, else a new one: a form that is
// sent twice belongs to one browser, whichever answer arrives.
func (s *server) bindSecret(r *http.Request) string {
	if secret := s.cookie(r, "bind"); len(secret) == 43 {
		return secret
	}
	return newToken()
}

// registerRequest is POST /registrieren. What is missing is said for each field,
// and nothing is stored; else known, unknown and over the limit look the same
// (AUTH-06, AUTH-07).
func (s *server) registerRequest(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if !s.Registration.Open() {
		return s.show(w, v, http.StatusForbidden, page{View: "closed", Title: "Noch nicht geöffnet"})
	}
	p := registerPage{Form: registerForm(s.Registration.Trades())}
	p.Form.read(r.PostForm)
	if choice := r.PostForm.Get("vorschlag-ort"); choice != "" { // the button of a suggestion
		p.Form.set("ort", choice)
	}
	if choice := r.PostForm.Get("vorschlag-plz"); choice != "" {
		p.Form.set("plz", choice)
	}
	secret := s.bind(w, r)
	typed := p.Form.typed(r.PostForm.Get("ort-bestaetigt"))
	ask, err := s.Registration.Check(typed)
	if p.Form.take(err) {
		p.Place, p.Marked = ask, typed.PlaceMark()
		return s.registerPage(w, v, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	if s.mailAllowed(r) {
		if err := s.Registration.Request(r.Context(), typed, s.asking(r, secret)); err != nil {
			return err
		}
	}
	http.Redirect(w, r, "/registrieren/code", http.StatusSeeOther)
	return nil
}

// registerCode is GET /registrieren/code: the same for everyone.
func (s *server) registerCode(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.codePage(w, v, http.StatusOK, codePage{New: true, Again: r.URL.Query().Get("mail") == "neu"})
}

// registerAgain is POST /registrieren/mail: the mail once more.
func (s *server) registerAgain(w http.ResponseWriter, r *http.Request, _ *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if s.mailAllowed(r) {
		if err := s.Registration.Again(r.Context(), s.asking(r, s.cookie(r, "bind"))); err != nil {
			return err
		}
	}
	http.Redirect(w, r, "/registrieren/code?mail=neu", http.StatusSeeOther)
	return nil
}
