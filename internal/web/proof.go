package web

import (
	"net/http"
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
	Next   string
	Email  string
	Phone  string // number that can prove this person, masked; "" = none is linked
	Code   string // to be sent from it, once it was asked for
	Until  string // when the code ends
	Proved bool   // it has come
	Chat   string // link that opens the chat with the code
	To     string // the number it goes to
	Error  string

	Passkey *passkeyForm // nil = the person has none
	Only    bool         // nothing else counts
}

// proofForm is GET /bestaetigung. It changes nothing: a code is made by the button.
func (s *server) proofForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.proofPage(w, r, v, http.StatusOK, proofPage{Next: s.localPage(r.URL.Query().Get("weiter"))})
}

func (s *server) proofPage(w http.ResponseWriter, r *http.Request, v *visit, status int, p proofPage) error {
	p.Email = v.user.Email
	out := page{View: "proof", Title: "Bestätigen, dass Sie es sind", Nav: s.navOf(v), Scripts: []string{passkeyScript}}
	if err := s.proofKey(r, v, &p); err != nil {
		return err
	}
	own, err := s.ownNumber(r, v)
	if err != nil {
		return err
	}
	if own != "" {
		c, err := s.StepUp.Shown(r.Context(), v.cookie, v.session)
		if err != nil && !absent(err) {
			return err
		}
		p.Phone, p.To = feierabend.MaskPhone(own), phone(s.Number)
		if p.Code, p.Proved = c.Code, c.Proved; c.Code != "" {
			p.Until, p.Chat = format{s.Zone}.clock(c.ExpiresAt), s.chatLink(own, feierabend.ProofWords+c.Code)
		}
		if c.Code != "" && !c.Proved {
			out.Live = &live{URL: "/bestaetigung/stand", Stand: proofStand(c), Seconds: 1, Refresh: 10}
		}
	}
	out.Content = p
	return s.show(w, v, status, out)
}

// proofKey offers the person's passkey; in a session that runs the service nothing else counts.
func (s *server) proofKey(r *http.Request, v *visit, p *proofPage) error {
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
	return nil
}

// ownNumber is the number of the person that can prove them, "" = none: one that is
// suspended proves nobody.
func (s *server) ownNumber(r *http.Request, v *visit) (string, error) {
	if s.Number == "" || v.session.Tenant.IsZero() {
		return "", nil
	}
	links, err := s.Directory.SenderLinks(r.Context(), v.session.Tenant)
	if err != nil {
		return "", err
	}
	for _, l := range links {
		if l.User == v.session.User && l.Phone != "" && l.Standing == feierabend.SenderActive {
			return l.Phone, nil
		}
	}
	return "", nil
}

// proofCodeBegin is POST /bestaetigung/telefon: a code for this session, which the page
// then shows.
func (s *server) proofCodeBegin(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	own, err := s.ownNumber(r, v)
	if err != nil {
		return err
	}
	if own != "" {
		if err := s.StepUp.ShowCode(r.Context(), v.cookie, v.session); err != nil {
			return err
		}
	}
	http.Redirect(w, r, "/bestaetigung"+nextQuery(s.localPage(r.PostForm.Get("weiter"))), http.StatusSeeOther)
	return nil
}

// proofStand names what the page shows; another one means news.
func proofStand(c feierabend.ProofShown) string {
	switch {
	case c.Code == "":
		return "none"
	case c.Proved:
		return "proved"
	}
	return "waits " + c.ExpiresAt.UTC().Format(time.RFC3339)
}

// proofState is GET /bestaetigung/stand.
func (s *server) proofState(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := s.StepUp.Shown(r.Context(), v.cookie, v.session)
	if err != nil && !absent(err) {
		return err
	}
	return sendJSON(w, http.StatusOK, standAnswer{proofStand(c)})
}

// proofMail is POST /bestaetigung/mail: a fresh mail to the person's own address,
// bound to this browser.
func (s *server) proofMail(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	next := s.localPage(r.PostForm.Get("weiter"))
	bind := newToken()
	err := s.StepUp.ProofMail(r.Context(), v.session, s.asking(r, bind))
	if feierabend.CodeOf(err) == "mail_limit" {
		return s.proofPage(w, r, v, http.StatusTooManyRequests, proofPage{Next: next, Error: feierabend.TextOf(err)})
	}
	if err != nil {
		return err
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
