package signin

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"feierabend"
)

// AskSignIn begins a sign-in by whatever passkey the browser has for this service: the
// answer counts in the browser with bindHash only.
func (s *Step) AskSignIn(ctx context.Context, bindHash []byte) ([]byte, error) {
	if s.o.Keys == nil || s.rp == nil {
		return nil, errNoPasskeys()
	}
	options, data, err := s.rp.BeginDiscoverableLogin()
	if err != nil {
		return nil, fmt.Errorf("begin sign-in by passkey: %w", err)
	}
	return s.question(ctx, data.Challenge, feierabend.PasskeyAsk{Purpose: feierabend.PasskeySign, Bind: bindHash}, options)
}

// RedeemPasskey turns the answer of a device into a session. An operator of no firm
// comes to the operator's pages.
func (s *Step) RedeemPasskey(ctx context.Context, answer, bindHash []byte, stay bool, userAgent string) (string, feierabend.Session, error) {
	if len(bindHash) == 0 {
		return "", feierabend.Session{}, errPasskey(errors.New("no binding cookie"))
	}
	key, err := s.check(ctx, "", bindHash, answer)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	session := feierabend.Session{Stay: stay, Browser: feierabend.BrowserFamily(userAgent), System: systemName(userAgent)}
	return s.open(ctx, key.User, nil, session, entrance{way: "passkey", key: &key})
}

// AskProof begins a proof of the session's person by one of their passkeys.
func (s *Step) AskProof(ctx context.Context, session feierabend.Session) ([]byte, error) {
	h, err := s.holder(ctx, session.User)
	if err != nil {
		return nil, err
	}
	if len(h.keys) == 0 {
		return nil, &feierabend.Error{Kind: feierabend.Conflict, Code: "no_passkey", Text: "Für Ihren Zugang ist kein Passkey eingetragen. Es ist nichts geändert worden. Bitte bestätigen Sie auf dem anderen Weg."}
	}
	options, data, err := s.rp.BeginLogin(h)
	if err != nil {
		return nil, fmt.Errorf("begin proof by passkey: %w", err)
	}
	return s.question(ctx, data.Challenge, feierabend.PasskeyAsk{Purpose: feierabend.PasskeySign, User: session.User, Bind: session.TokenHash}, options)
}

// ConfirmPasskey is the step-up by passkey: the session goes on under a new token. In a
// session that runs the service only an operator's passkey counts.
func (s *Step) ConfirmPasskey(ctx context.Context, cookie string, answer []byte) (string, feierabend.Session, error) {
	old, err := s.Session(ctx, cookie)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	key, err := s.check(ctx, old.User, old.TokenHash, answer)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	if old.Duty == feierabend.DutyOperator && key.Duty != feierabend.DutyOperator {
		return "", feierabend.Session{}, errPasskey(errors.New("a passkey without the duty"))
	}
	if err := s.notLost(ctx, old.User); err != nil {
		return "", feierabend.Session{}, err
	}
	next := old
	next.ProvedAt = s.o.Now()
	return s.renew(ctx, old, next)
}

// check verifies the answer of a device: challenge, origin, host, that the person was
// verified by the device, signature and count. user is who was asked, "" = whoever
// answers; bind is the browser that asked.
func (s *Step) check(ctx context.Context, user feierabend.UserID, bind, answer []byte) (key feierabend.Passkey, err error) {
	if s.o.Keys == nil || s.rp == nil {
		return key, errNoPasskeys()
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return key, errPasskey(err)
	}
	challenge := parsed.Response.CollectedClientData.Challenge
	if err := s.take(ctx, challenge, feierabend.PasskeySign, user, bind); err != nil {
		return key, err
	}
	data := webauthn.SessionData{Challenge: challenge, UserVerification: protocol.VerificationRequired}
	var h holder
	var used *webauthn.Credential
	if user == "" {
		_, used, err = s.rp.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
			h, err = s.holder(ctx, feierabend.UserID(handle))
			return h, err
		}, data, parsed)
	} else {
		if h, err = s.holder(ctx, user); err != nil {
			return key, err
		}
		data.UserID = h.WebAuthnID()
		used, err = s.rp.ValidateLogin(h, data, parsed)
	}
	if err != nil {
		return key, errPasskey(err)
	}
	for _, k := range h.keys {
		if bytes.Equal(k.ID, used.ID) {
			key = k
		}
	}
	// The count is compared and noted in one statement: of two copies of a key one comes in.
	return key, s.o.Keys.UsePasskey(ctx, key.ID, key.User, parsed.Response.AuthenticatorData.Counter, s.o.Now())
}
