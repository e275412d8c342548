package web

import (
	"net/http"

	"feierabend"
)

// errDuty keeps an operator out of what belongs to a firm (ADM-01).
func errDuty() error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "duty",
		Text: "Sie sind gerade für den Betrieb angemeldet. Was einer Firma gehört, zeigt der Betrieb nicht. Es ist nichts geändert worden. Gehören Sie zu einer Firma, melden Sie sich dort neu an.",
	}
}

// offDuty answers whoever is not on duty: an operator is led to the passkey, for
// everybody else there is nothing here. done = the answer is written.
func (s *server) offDuty(w http.ResponseWriter, r *http.Request, v *visit, rt route) (done bool, err error) {
	if _, err := s.Passkeys.Operator(r.Context(), v.session.User); feierabend.KindOf(err) == feierabend.NotFound {
		return false, errNotFound()
	} else if err != nil {
		return false, err
	}
	if rt.method == http.MethodGet && rt.class.isPage() {
		http.Redirect(w, r, "/betrieb/anmelden", http.StatusSeeOther)
		return true, nil
	}
	return false, &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "off_duty",
		Text: "Sie sind nicht für den Betrieb angemeldet. Es ist nichts geändert worden. Bitte öffnen Sie die Seite „Betrieb“ und melden Sie sich dort mit Ihrem Passkey an.",
	}
}

// dutyInvitePage is what the link of an operator's invitation shows: one button.
type dutyInvitePage struct{ Token string }

// dutyInvite is GET /betrieb/einladung?t=…: the same for every token (AUTH-03).
func (s *server) dutyInvite(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.show(w, v, http.StatusOK, page{View: "duty_invite", Title: "Einladung", Content: dutyInvitePage{r.URL.Query().Get("t")}})
}

// dutyAnswer is POST /betrieb/einladung: a sign-in mail goes to the invited address. The
// browser that pressed the button is the one that may make the first passkey.
func (s *server) dutyAnswer(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	bind := newToken()
	if v.limited = !s.mailAllowed(r); !v.limited {
		if err := s.Passkeys.AnswerOperator(r.Context(), r.PostForm.Get("t"), s.asking(r, bind)); err != nil {
			return err
		}
	}
	s.setCookie(w, "bind", bind, bindTerm, http.SameSiteStrictMode)
	http.Redirect(w, r, "/anmelden/code?weiter=%2Fbetrieb", http.StatusSeeOther)
	return nil
}

// dutyPage is the way to the operator's pages: by passkey, or to the first one.
type dutyPage struct {
	Notice string
	Enter  *passkeyForm // asks for the passkey
	First  *passkeyForm // makes the first one
	Demo   bool         // a demonstration lets in without one
}

// dutyForm is GET /betrieb/anmelden. Who is no operator finds nothing here.
func (s *server) dutyForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	if v.session.Duty == feierabend.DutyOperator {
		http.Redirect(w, r, "/betrieb", http.StatusSeeOther)
		return nil
	}
	return s.dutyPage(w, r, v, http.StatusOK, "")
}

func (s *server) dutyPage(w http.ResponseWriter, r *http.Request, v *visit, status int, problem string) error {
	o, err := s.Passkeys.Operator(r.Context(), v.session.User)
	if err != nil {
		return err
	}
	p := dutyPage{Demo: s.Mode == ModeDemo}
	if r.URL.Query().Get("ok") == "passkey" {
		p.Notice = "Der Passkey ist angelegt. Jetzt einmal damit anmelden."
	}
	switch {
	case v.session.Duty == feierabend.DutyInvited && s.Now().Before(o.InvitedUntil):
		f := makePasskey("/betrieb", deviceName(v.session), "", problem)
		p.First = &f
	case o.Passkeys > 0:
		p.Enter = &passkeyForm{Ask: "/bestaetigung/passkey/frage", Action: "/betrieb/anmelden", Button: "Mit Passkey anmelden", Main: true, Error: problem, Without: withoutOther}
	}
	return s.show(w, v, status, page{View: "duty", Title: "Betrieb", Scripts: []string{passkeyScript}, Content: p})
}

// dutyEnter is POST /betrieb/anmelden.
func (s *server) dutyEnter(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	cookie, session, err := s.Passkeys.EnterOperator(r.Context(), v.cookie, deviceAnswer(r))
	if text := passkeyError(err); text != "" {
		return s.dutyPage(w, r, v, http.StatusUnprocessableEntity, text)
	}
	if err != nil {
		return err
	}
	return s.enterFirm(w, r, cookie, session, "")
}
