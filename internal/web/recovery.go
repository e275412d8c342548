package web

import (
	"context"
	"net/http"
	"time"

	"feierabend"
)

// recoverer leads an owner back in who lost the mailbox (J-42).
type recoverer interface {
	BeginRecovery(ctx context.Context, token, browser string) error
	Recovering(ctx context.Context, token string) (feierabend.RecoveryShown, error)
	RecoverTo(ctx context.Context, token, typed, network string) error
	ConfirmRecovery(ctx context.Context, token, code string) error
	StopRecovery(ctx context.Context, token string) error
}

const recoveryPath = "/anmelden/kein-zugang"

// recoveryRoutes are the rows of the way back without the mailbox.
func recoveryRoutes() []route {
	return []route{
		on("GET", recoveryPath, anyone, "", classPage, noBody, (*server).recovery),
		on("POST", recoveryPath, anyone, "", classPage, formBody, (*server).recoveryBegin),
		on("GET", recoveryPath+"/stand", anyone, "", classData, noBody, (*server).recoveryState),
		on("POST", recoveryPath+"/adresse", anyone, "", classPage, formBody, (*server).recoveryAddress),
		on("POST", recoveryPath+"/code", anyone, "", classPage, formBody, (*server).recoveryCode),
		on("GET", recoveryPath+"/stopp", anyone, "", classPage, noBody, (*server).recoveryStopForm),
		on("POST", recoveryPath+"/stopp", anyone, "", classPage, formBody, (*server).recoveryStop),
	}
}

// recoveryPage is the way back in one of its states.
type recoveryPage struct {
	State    string // "", open, proved, mailed, waiting; stop, stopped
	ByNumber bool   // there is a number of ours that a code can be sent to
	Code     string
	Chat     string // link that opens the chat with the text
	Number   string // ours, for people
	Until    string // clock of the code, or day and clock of the change
	Form     form
	Token    string
	Error    string
}

func recoveryMail() form {
	return newForm(field{Name: "email", Label: "Ihre neue E-Mail-Adresse", Hint: "Dorthin kommt ein Code.", Kind: "email", Auto: "email", Max: 254, Focus: true})
}

func recoveryTyped() form {
	return newForm(field{Name: "code", Label: "Code aus der Mail an die neue Adresse", Auto: "one-time-code", Max: 20, Focus: true})
}

// recovery is GET /anmelden/kein-zugang: where this browser stands.
func (s *server) recovery(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.recoveryPage(w, r, v, http.StatusOK, nil)
}

func (s *server) recoveryPage(w http.ResponseWriter, r *http.Request, v *visit, status int, wrong *form) error {
	c, err := s.SignIn.Recovering(r.Context(), s.cookie(r, "recover"))
	if err != nil && !absent(err) {
		return err
	}
	p := recoveryPage{State: string(c.State), ByNumber: s.Number != "", Code: c.Code}
	out := page{View: "recovery", Title: "Kein Zugang mehr"}
	f := format{s.Zone}
	switch c.State {
	case feierabend.RecoveryOpen:
		p.Until, p.Chat, p.Number = f.clock(c.ExpiresAt), s.chatLink("", feierabend.RecoveryWords+c.Code), phone(s.Number)
		out.Live = &live{URL: recoveryPath + "/stand", Stand: recoveryStand(c), Seconds: 1, Refresh: 10}
	case feierabend.RecoveryProved:
		p.Form = recoveryMail()
	case feierabend.RecoveryMailed:
		p.Form = recoveryTyped()
	case feierabend.RecoveryWaiting:
		p.Until = f.minute(c.Due)
	}
	if wrong != nil {
		p.Form = *wrong
	}
	out.Content = p
	return s.show(w, v, status, out)
}

// recoveryBegin is POST /anmelden/kein-zugang: a code for this browser.
func (s *server) recoveryBegin(w http.ResponseWriter, r *http.Request, v *visit) error {
	if v.limited = !s.mailAllowed(r); !v.limited && s.Number != "" {
		token := newToken()
		if err := s.SignIn.BeginRecovery(r.Context(), token, r.UserAgent()); err != nil {
			return err
		}
		s.setCookie(w, "recover", token, feierabend.RecoveryWait+24*time.Hour, http.SameSiteStrictMode)
	}
	http.Redirect(w, r, recoveryPath, http.StatusSeeOther)
	return nil
}

func recoveryStand(c feierabend.RecoveryShown) string { return c.ID + " " + string(c.State) }

// recoveryState is GET /anmelden/kein-zugang/stand.
func (s *server) recoveryState(w http.ResponseWriter, r *http.Request, _ *visit) error {
	c, err := s.SignIn.Recovering(r.Context(), s.cookie(r, "recover"))
	if err != nil && !absent(err) {
		return err
	}
	return sendJSON(w, http.StatusOK, standAnswer{recoveryStand(c)})
}

// recoveryAddress is POST /anmelden/kein-zugang/adresse. Known, unknown and over the
// limit look the same (AUTH-06).
func (s *server) recoveryAddress(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f := recoveryMail()
	f.read(r.PostForm)
	if v.limited = !s.mailAllowed(r); v.limited {
		f.fail("email", "Von diesem Anschluss kamen zu viele Anfragen. Es ging kein Code hinaus, geändert hat sich nichts. Bitte versuchen Sie es in einer Stunde noch einmal; reicht die Zeit nicht, beginnen Sie neu.")
		return s.recoveryPage(w, r, v, http.StatusUnprocessableEntity, &f)
	}
	network, _ := networkOf(r)
	err := s.SignIn.RecoverTo(r.Context(), s.cookie(r, "recover"), f.value("email"), network)
	if f.take(err) {
		return s.recoveryPage(w, r, v, http.StatusUnprocessableEntity, &f)
	}
	if err != nil && !absent(err) { // over: the page says where it stands
		return err
	}
	http.Redirect(w, r, recoveryPath, http.StatusSeeOther)
	return nil
}

// recoveryCode is POST /anmelden/kein-zugang/code: the three days begin.
func (s *server) recoveryCode(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	err := s.SignIn.ConfirmRecovery(r.Context(), s.cookie(r, "recover"), r.PostForm.Get("code"))
	if code := feierabend.CodeOf(err); code == "code" || code == "recovery_waits" {
		f := recoveryTyped()
		f.fail("code", feierabend.TextOf(err))
		return s.recoveryPage(w, r, v, http.StatusUnprocessableEntity, &f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, recoveryPath, http.StatusSeeOther)
	return nil
}

// recoveryStopForm is GET …/stopp?t=…: a button, nothing happens before it.
func (s *server) recoveryStopForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.show(w, v, http.StatusOK, page{View: "recovery", Title: "Umstellung anhalten", Content: recoveryPage{State: "stop", Token: r.URL.Query().Get("t")}})
}

// recoveryStop is POST …/stopp.
func (s *server) recoveryStop(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	err := s.SignIn.StopRecovery(r.Context(), r.PostForm.Get("t"))
	if feierabend.CodeOf(err) == "link_invalid" {
		return s.show(w, v, http.StatusUnprocessableEntity, page{View: "recovery", Title: "Umstellung anhalten", Content: recoveryPage{State: "stop", Error: feierabend.TextOf(err)}})
	}
	if err != nil {
		return err
	}
	return s.show(w, v, http.StatusOK, page{View: "recovery", Title: "Angehalten", Content: recoveryPage{State: "stopped"}})
}
