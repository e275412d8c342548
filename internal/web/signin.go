package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"feierabend"
)

// bindTerm is the life of the binding cookie: that of a link (AUTH-04).
const bindTerm = 10 * time.Minute

// mailForm asks for the address.
type mailForm struct {
	Form form
	Next string
	Demo bool
	// Register says that firms can register.
	Register bool
	Try      bool // strangers may try first
	Passkey  passkeyForm
	// PasskeyError is why a passkey did not let in.
	PasskeyError string
}

func addressForm() form {
	return newForm(field{Name: "email", Label: "Ihre E-Mail-Adresse", Kind: "email", Auto: "email", Max: 254, Focus: true})
}

// signInForm is GET /anmelden.
func (s *server) signInForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.mailForm(w, v, http.StatusOK, mailForm{Form: addressForm(), Next: s.localPage(r.URL.Query().Get("weiter"))})
}

func (s *server) mailForm(w http.ResponseWriter, v *visit, status int, f mailForm) error {
	f.Demo, f.Register, f.Try = s.Mode == ModeDemo, s.Registration.Open(), s.Try != nil
	f.Passkey = signInKey(f.Next, f.PasskeyError)
	return s.show(w, v, status, page{View: "signin", Title: "Anmelden", Scripts: []string{passkeyScript}, Content: f})
}

// signInKey is the button of the sign-in page that asks for a passkey.
func signInKey(next, problem string) passkeyForm {
	return passkeyForm{Ask: "/anmelden/passkey/frage", Action: "/anmelden/passkey", Next: next, Button: "Mit Passkey anmelden", Error: problem, Without: withoutMail}
}

// signInRequest is POST /anmelden. Known, unknown and over the limit look the
// same (AUTH-06, AUTH-07); only a malformed address is said.
func (s *server) signInRequest(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	next := s.localPage(r.PostForm.Get("weiter"))
	bind := s.bindSecret(r)
	f := addressForm()
	f.read(r.PostForm)
	if v.limited = !s.mailAllowed(r); !v.limited {
		err := s.SignIn.Request(r.Context(), f.value("email"), s.asking(r, bind))
		if f.take(err) {
			return s.mailForm(w, v, http.StatusUnprocessableEntity, mailForm{Form: f, Next: next})
		}
		if err != nil {
			return err
		}
	}
	s.setCookie(w, "bind", bind, bindTerm, http.SameSiteStrictMode)
	http.Redirect(w, r, "/anmelden/code"+nextQuery(next), http.StatusSeeOther)
	return nil
}

func nextQuery(next string) string {
	if next == "" {
		return ""
	}
	return "?weiter=" + url.QueryEscape(next)
}

// mailAllowed: 10 mails an hour per address of the network, /64 for IPv6
// (AUTH-07). A demo on this machine is not limited.
func (s *server) mailAllowed(r *http.Request) bool {
	network, loopback := networkOf(r)
	if network == "" || loopback && s.Mode == ModeDemo {
		return true
	}
	return s.flood.allow(network, 10, s.Now())
}

// knownTerm is how long a browser is remembered in which somebody signed in.
const knownTerm = 180 * 24 * time.Hour

// asking says where a wish for a mail comes from.
func (s *server) asking(r *http.Request, bind string) feierabend.Asking {
	network, _ := networkOf(r)
	return feierabend.Asking{BindHash: hashToken(bind), Browser: r.UserAgent(), Network: network, Known: s.cookie(r, "known")}
}

// codePage asks for the code of the mail, in the browser that asked for it.
type codePage struct {
	Error string
	Next  string
	New   bool // of a registration
	Again bool // the mail was sent once more
	Demo  bool
}

// codeForm is GET /anmelden/code: the same for everyone.
func (s *server) codeForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.codePage(w, v, http.StatusOK, codePage{Next: s.localPage(r.URL.Query().Get("weiter"))})
}

func (s *server) codePage(w http.ResponseWriter, v *visit, status int, c codePage) error {
	c.Demo = s.Mode == ModeDemo && s.MailURL != ""
	return s.show(w, v, status, page{View: "code", Title: "Code eingeben", Content: c})
}

// codeRedeem is POST /anmelden/code.
func (s *server) codeRedeem(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	next := s.localPage(r.PostForm.Get("weiter"))
	cookie, session, err := s.SignIn.RedeemCode(r.Context(), r.PostForm.Get("code"), hashToken(s.cookie(r, "bind")), r.PostForm.Get("bleiben") != "", r.UserAgent())
	if feierabend.KindOf(err) == feierabend.Unauthorized && feierabend.CodeOf(err) != "blocked" {
		return s.codePage(w, v, http.StatusUnprocessableEntity, codePage{Error: feierabend.TextOf(err), Next: next, New: r.PostForm.Get("neu") != ""})
	}
	if err != nil {
		return err
	}
	if err := s.endOld(r); err != nil {
		return err
	}
	s.setCookie(w, "known", s.SignIn.Remember(session.User), knownTerm, http.SameSiteStrictMode)
	return s.enterFirm(w, r, cookie, session, next)
}

// endOld ends the session that this browser had before a new sign-in (SES-03).
func (s *server) endOld(r *http.Request) error {
	if old := s.cookie(r, "s"); old != "" {
		return s.SignIn.SignOut(r.Context(), old)
	}
	return nil
}

// linkPage is the page behind the mailed link: one button, nothing happens before
// it is pressed (AUTH-03), no script submits it.
type linkPage struct {
	Token string
	Error string
}

// linkForm is GET /anmelden/link?t=…
func (s *server) linkForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.show(w, v, http.StatusOK, page{View: "link", Title: "Anmelden", Content: linkPage{Token: r.URL.Query().Get("t")}})
}

// linkRedeem is POST /anmelden/link.
func (s *server) linkRedeem(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	cookie, session, err := s.SignIn.Redeem(r.Context(), r.PostForm.Get("t"), hashToken(s.cookie(r, "bind")), r.PostForm.Get("bleiben") != "", r.UserAgent())
	if feierabend.KindOf(err) == feierabend.Unauthorized && feierabend.CodeOf(err) != "blocked" {
		return s.show(w, v, http.StatusUnprocessableEntity, page{View: "link", Title: "Anmelden", Content: linkPage{Error: feierabend.TextOf(err)}})
	}
	if err != nil {
		return err
	}
	if err := s.endOld(r); err != nil {
		return err
	}
	s.setCookie(w, "known", s.SignIn.Remember(session.User), knownTerm, http.SameSiteStrictMode)
	return s.enterFirm(w, r, cookie, session, "")
}

// enterFirm sets the session cookie, drops the binding one and leads in.
func (s *server) enterFirm(w http.ResponseWriter, r *http.Request, cookie string, session feierabend.Session, next string) error {
	s.setSession(w, cookie, session)
	s.setCookie(w, "bind", "", -1, http.SameSiteStrictMode)
	if v, ok := r.Context().Value(visitKey{}).(*visit); ok { // the security log names who came in
		v.session = session
	}
	switch {
	case session.Duty == feierabend.DutyInvited, session.Duty == feierabend.DutyOperator && next == "":
		next = "/betrieb"
	case session.Duty == "" && session.Tenant.IsZero():
		next = "/firma"
	}
	if next == "" {
		next = "/"
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// firmPage lets a person of several firms choose one (day-one decision 15), and
// accept what they are invited to.
type firmPage struct {
	Firms    []feierabend.Tenant
	Offers   []feierabend.Offer
	Form     form // the person's name
	Operator bool // the person runs the service, too
	AskName  bool // of people without one
}

// firmForm is GET /firma.
func (s *server) firmForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.firmPage(w, r, v, http.StatusOK, nameFields(""))
}

func (s *server) firmPage(w http.ResponseWriter, r *http.Request, v *visit, status int, name form) error {
	members, err := s.Directory.Memberships(r.Context(), v.session.User)
	if err != nil {
		return err
	}
	f := firmPage{Form: name, AskName: v.user.Name == ""}
	for _, m := range members {
		t, err := s.Directory.Tenant(r.Context(), m.Tenant)
		if err != nil {
			return err
		}
		f.Firms = append(f.Firms, t)
	}
	if f.Offers, err = s.Team.Offers(r.Context(), v.session.User); err != nil {
		return err
	}
	if _, err := s.Passkeys.Operator(r.Context(), v.session.User); err == nil {
		if f.Operator = true; len(f.Firms)+len(f.Offers) == 0 && status == http.StatusOK { // nothing to choose
			http.Redirect(w, r, "/betrieb", http.StatusSeeOther)
			return nil
		}
	} else if feierabend.KindOf(err) != feierabend.NotFound {
		return err
	}
	if len(f.Offers) > 1 && f.AskName { // one form at a time: each would ask for the name
		f.Offers = f.Offers[:1]
	}
	return s.show(w, v, status, page{View: "firm", Title: "Firma wählen", Content: f})
}

// firmChoose is POST /firma.
func (s *server) firmChoose(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	t, err := feierabend.ParseTenantID(r.PostForm.Get("firma"))
	if err != nil {
		return errNotFound()
	}
	cookie, session, err := s.SignIn.Choose(r.Context(), v.cookie, t)
	if err != nil {
		return err
	}
	return s.enterFirm(w, r, cookie, session, "")
}

// signOut is POST /abmelden. It works without a session too.
func (s *server) signOut(w http.ResponseWriter, r *http.Request, _ *visit) error {
	if cookie := s.cookie(r, "s"); cookie != "" {
		if err := s.SignIn.SignOut(r.Context(), cookie); err != nil {
			return err
		}
	}
	s.setCookie(w, "s", "", -1, http.SameSiteLaxMode)
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`) // SES-03
	http.Redirect(w, r, "/anmelden", http.StatusSeeOther)
	return nil
}

// parseForm reads a form body within its limit; a broken one is Invalid.
func parseForm(r *http.Request) error {
	err := r.ParseForm()
	var tooLarge *http.MaxBytesError
	if err == nil || errors.As(err, &tooLarge) {
		return err
	}
	return &feierabend.Error{Kind: feierabend.Invalid, Code: "form"}
}
