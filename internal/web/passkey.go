package web

import (
	"context"
	"errors"
	"net/http"

	"feierabend"
)

// passkeys are the device keys of people, and who runs the service by one (AUTH-12).
type passkeys interface {
	Passkeys(ctx context.Context, u feierabend.UserID) ([]feierabend.Passkey, error)
	AskPasskey(ctx context.Context, session feierabend.Session) ([]byte, error)
	MakePasskey(ctx context.Context, session feierabend.Session, name string, answer []byte) error
	RemovePasskey(ctx context.Context, session feierabend.Session, handle string) error
	AskSignIn(ctx context.Context, bindHash []byte) ([]byte, error)
	RedeemPasskey(ctx context.Context, answer, bindHash []byte, stay bool, userAgent string) (string, feierabend.Session, error)
	AskProof(ctx context.Context, session feierabend.Session) ([]byte, error)
	ConfirmPasskey(ctx context.Context, cookie string, answer []byte) (string, feierabend.Session, error)
	Operator(ctx context.Context, u feierabend.UserID) (feierabend.Operator, error)
	AnswerOperator(ctx context.Context, token string, from feierabend.Asking) error
	EnterOperator(ctx context.Context, cookie string, answer []byte) (string, feierabend.Session, error)
}

// passkeyScript talks to the device; pages with a passkeyForm name it.
const passkeyScript = "passkey.js"

// passkeyForm is a button that asks the device, then sends its answer like any form
// (views/part_passkey.html). It shows with the script only.
type passkeyForm struct {
	Ask    string // address of the question
	Action string // where the answer goes
	Next   string
	Button string
	Main   bool   // the one primary button of its page
	Field  *field // the name of a new one
	Error  string
	// Without says what to do where there is no script.
	Without string
}

const (
	withoutMail  = "Der Passkey braucht JavaScript. Der Code per Mail geht auch ohne."
	withoutOther = "Der Passkey braucht JavaScript. Bitte schalten Sie es in diesem Browser für Feierabend ein oder nehmen Sie einen anderen."
)

// askLimit is how many questions a network may have an hour before anybody is known.
const askLimit = 120

// passkeyError gives the text of an answer that did not fit; "" = another error.
func passkeyError(err error) string {
	switch feierabend.CodeOf(err) {
	case "passkey", "passkey_count", "passkey_host", "passkey_taken", "passkey_limit":
		return feierabend.TextOf(err)
	}
	return ""
}

func sendOptions(w http.ResponseWriter, options []byte, err error) error {
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(options)
	return nil
}

// deviceAnswer is what the device answered, as the script put it into the form; nil = nothing.
func deviceAnswer(r *http.Request) []byte {
	if s := r.PostForm.Get("antwort"); s != "" {
		return []byte(s)
	}
	return nil
}

// signInAsk is POST /anmelden/passkey/frage.
func (s *server) signInAsk(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if network, loopback := networkOf(r); network != "" && !(loopback && s.Mode == ModeDemo) && !s.asks.allow(network, askLimit, s.Now()) {
		v.limited = true
		return &feierabend.Error{Kind: feierabend.Unavailable, Code: "passkey_limit", Err: errors.New("too many questions of one network")}
	}
	bind := s.bindSecret(r)
	options, err := s.Passkeys.AskSignIn(r.Context(), hashToken(bind))
	if err == nil {
		s.setCookie(w, "bind", bind, bindTerm, http.SameSiteStrictMode)
	}
	return sendOptions(w, options, err)
}

// signInPasskey is POST /anmelden/passkey.
func (s *server) signInPasskey(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	next := s.localPage(r.PostForm.Get("weiter"))
	cookie, session, err := s.Passkeys.RedeemPasskey(r.Context(), deviceAnswer(r), hashToken(s.cookie(r, "bind")), false, r.UserAgent())
	if text := passkeyError(err); text != "" {
		return s.mailForm(w, v, http.StatusUnprocessableEntity, mailForm{Form: addressForm(), Next: next, PasskeyError: text})
	}
	if err != nil {
		return err
	}
	if err := s.endOld(r); err != nil {
		return err
	}
	return s.enterFirm(w, r, cookie, session, next)
}

// proofAsk is POST /bestaetigung/passkey/frage.
func (s *server) proofAsk(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	options, err := s.Passkeys.AskProof(r.Context(), v.session)
	return sendOptions(w, options, err)
}

// proofPasskey is POST /bestaetigung/passkey.
func (s *server) proofPasskey(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := parseForm(r); err != nil {
		return err
	}
	next := s.localPage(r.PostForm.Get("weiter"))
	cookie, session, err := s.Passkeys.ConfirmPasskey(r.Context(), v.cookie, deviceAnswer(r))
	if text := passkeyError(err); text != "" {
		return s.proofPage(w, r, v, http.StatusUnprocessableEntity, proofPage{Next: next, Error: text})
	}
	if err != nil {
		return err
	}
	return s.enterFirm(w, r, cookie, session, next)
}
