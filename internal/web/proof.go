package web

import (
	"net/http"
	"net/url"
	"time"

	"feierabend"
)

// proofTerm is how long a proof of the person lasts for what is sensitive (AUTH-13).
const proofTerm = 10 * time.Minute

// fresh marks a row as sensitive: the person must have proved within ten minutes that
// they are themselves.
func (rt route) fresh() route {
	rt.stepUp = true
	return rt
}

// proved lets a person pass whose proof is fresh. A page leads to the proof and back;
// a form that comes too late is told so, and nothing of it is kept. done = answered.
func (s *server) proved(w http.ResponseWriter, r *http.Request, v *visit, rt route) (done bool, err error) {
	if !rt.stepUp || s.Now().Sub(v.session.ProvedAt) < proofTerm {
		return false, nil
	}
	if rt.method == http.MethodGet && rt.class.isPage() {
		http.Redirect(w, r, "/bestaetigung"+nextQuery(s.localPage(r.URL.Path)), http.StatusSeeOther)
		return true, nil
	}
	return false, &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "step_up",
		Text: "Das ist heikel, und Ihre letzte Bestätigung ist mehr als zehn Minuten her. Die Eingabe wurde nicht übernommen, gespeichert ist alles wie zuvor. Bitte bestätigen Sie, dass Sie es sind, und versuchen Sie es noch einmal.",
	}
}

// proofPage shows the ways: by the person's own verified number, or by mail.
type proofPage struct {
	Next    string
	Email   string
	Code    string // to be sent from the number, "" = no number of this person is linked
	Phone   string // that number, masked
	Chat    string // link that opens the chat with the code
	To      string // the number it goes to
	Error   string
	Passkey *passkeyForm // nil = the person has none
	Only    bool         // nothing else counts
}

// proofForm is GET /bestaetigung.
func (s *server) proofForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.proofPage(w, r, v, http.StatusOK, proofPage{Next: s.localPage(r.URL.Query().Get("weiter"))})
}

func (s *server) proofPage(w http.ResponseWriter, r *http.Request, v *visit, status int, p proofPage) error {
	p.Email = v.user.Email
	keys, err := s.Passkeys.Passkeys(r.Context(), v.session.User)
	if err != nil {
		return err
	}
	p.Only = v.session.Duty == feierabend.DutyOperator && s.Mode != ModeDemo
	if len(keys) > 0 {
		p.Passkey = &passkeyForm{Ask: "/bestaetigung/passkey/frage", Action: "/bestaetigung/passkey", Next: p.Next, Button: "Mit Passkey bestätigen", Main: true, Without: withoutMail}
		if p.Only {
			p.Passkey.Without = withoutOther
		}
	}
	mask, err := s.ownNumber(r, v)
	if err != nil {
		return err
	}
	if mask != "" {
		if p.Code, err = s.StepUp.ShowCode(r.Context(), v.session); err != nil {
			return err
		}
		p.Phone, p.To = mask, phone(s.Number)
		p.Chat = "https://wa.me/" + s.Number[1:] + "?text=" + url.QueryEscape(p.Code)
	}
	return s.show(w, v, status, page{View: "proof", Title: "Bestätigen, dass Sie es sind", Nav: s.navOf(v), Scripts: []string{passkeyScript}, Content: p})
}

// ownNumber is the masked number of the person that can prove them, "" = none.
func (s *server) ownNumber(r *http.Request, v *visit) (string, error) {
	if !s.ProofByChat || s.Number == "" || v.session.Tenant.IsZero() {
		return "", nil
	}
	links, err := s.Directory.SenderLinks(r.Context(), v.session.Tenant)
	if err != nil {
		return "", err
	}
	for _, l := range links {
		if l.User == v.session.User && l.Phone != "" {
			return l.Mask(), nil
		}
	}
	return "", nil
}

// proofMail is POST /bestaetigung/mail: a fresh mail to the person's own address,
// bound to this browser.
func (s *server) proofMail(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	next := s.localPage(r.PostForm.Get("weiter"))
	bind := newToken()
	if s.mailAllowed(r) {
		if err := s.SignIn.Request(r.Context(), v.user.Email, hashToken(bind), r.UserAgent()); err != nil {
			return err
		}
	}
	s.setCookie(w, "bind", bind, bindTerm, http.SameSiteStrictMode)
	http.Redirect(w, r, "/bestaetigung/code"+nextQuery(next), http.StatusSeeOther)
	return nil
}

// proofCodePage asks for the code of that mail.
type proofCodePage struct{ Next, Email, Error string }

// proofCodeForm is GET /bestaetigung/code.
func (s *server) proofCodeForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.proofCodePage(w, v, http.StatusOK, proofCodePage{Next: s.localPage(r.URL.Query().Get("weiter"))})
}

func (s *server) proofCodePage(w http.ResponseWriter, v *visit, status int, p proofCodePage) error {
	p.Email = v.user.Email
	return s.show(w, v, status, page{View: "proofcode", Title: "Code eingeben", Nav: s.navOf(v), Content: p})
}

// proofCode is POST /bestaetigung/code.
func (s *server) proofCode(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	next := s.localPage(r.PostForm.Get("weiter"))
	cookie, session, err := s.StepUp.Confirm(r.Context(), v.cookie, r.PostForm.Get("code"), hashToken(s.cookie(r, "bind")))
	if feierabend.CodeOf(err) == "code" {
		return s.proofCodePage(w, v, http.StatusUnprocessableEntity, proofCodePage{Next: next, Error: feierabend.TextOf(err)})
	}
	if err != nil {
		return err
	}
	return s.enterFirm(w, r, cookie, session, next)
}

// proofChat is POST /bestaetigung/chat: the code has been sent.
func (s *server) proofChat(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	next := s.localPage(r.PostForm.Get("weiter"))
	cookie, session, err := s.StepUp.ConfirmChat(r.Context(), v.cookie)
	if feierabend.CodeOf(err) == "not_yet" {
		p := proofPage{Next: next, Error: feierabend.TextOf(err)}
		return s.proofPage(w, r, v, http.StatusConflict, p)
	}
	if err != nil {
		return err
	}
	return s.enterFirm(w, r, cookie, session, next)
}
