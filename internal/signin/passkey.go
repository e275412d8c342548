package signin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"feierabend"
)

// PasskeyTerm is how long a challenge waits for its answer.
const PasskeyTerm = 5 * time.Minute

// keys is what the store keeps of passkeys and operators.
type keys interface {
	Operator(ctx context.Context, user feierabend.UserID) (feierabend.Operator, error)
	AnswerOperator(ctx context.Context, tokenHash, bindHash []byte, now time.Time) (string, error)
	AddPasskey(ctx context.Context, p feierabend.Passkey, invited bool, by feierabend.Actor) error
	Passkeys(ctx context.Context, user feierabend.UserID) ([]feierabend.Passkey, error)
	UsePasskey(ctx context.Context, id []byte, user feierabend.UserID, count uint32, now time.Time) error
	RemovePasskey(ctx context.Context, user feierabend.UserID, handle string, duty feierabend.Duty, by feierabend.Actor) error
	AddPasskeyAsk(ctx context.Context, a feierabend.PasskeyAsk) error
	TakePasskeyAsk(ctx context.Context, hash []byte, purpose feierabend.PasskeyPurpose, user feierabend.UserID, bind []byte, now time.Time) error
}

// relyingParty is this service as passkeys know it: its host and its origin, from the
// public address. nil where that names no host that a passkey can be bound to: an IP
// address.
func relyingParty(publicURL string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(publicURL)
	if err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return nil, nil
	}
	term := webauthn.TimeoutConfig{Timeout: PasskeyTerm, TimeoutUVD: PasskeyTerm}
	yes := true
	return webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Feierabend", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation, // we ask no device who made it
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &yes, ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: term, Registration: term},
	})
}

// holder is a person with passkeys, as the library sees one.
type holder struct {
	user feierabend.User
	keys []feierabend.Passkey
}

func (h holder) WebAuthnID() []byte          { return []byte(h.user.ID) }
func (h holder) WebAuthnName() string        { return h.user.Email }
func (h holder) WebAuthnDisplayName() string { return h.user.Email }

func (h holder) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, len(h.keys))
	for i, k := range h.keys {
		out[i] = webauthn.Credential{ID: k.ID, PublicKey: k.PublicKey, Flags: webauthn.CredentialFlags{BackupEligible: k.Synced}, Authenticator: webauthn.Authenticator{SignCount: k.Count}}
	}
	return out
}

func (s *Step) holder(ctx context.Context, user feierabend.UserID) (h holder, err error) {
	if s.o.Keys == nil || s.rp == nil {
		return h, errNoPasskeys()
	}
	if h.user, err = s.o.Directory.User(ctx, user); err != nil {
		return h, fmt.Errorf("load user %s: %w", user, err)
	}
	h.keys, err = s.o.Keys.Passkeys(ctx, user)
	return h, err
}

func errNoPasskeys() error {
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "passkey_host",
		Text: "Unter dieser Adresse gehen keine Passkeys: Sie brauchen einen Namen wie app.beispiel.de. Es ist nichts geändert worden. Bitte melden Sie sich mit einer Mail an.",
	}
}

// errPasskey is the one answer for every answer of a device that does not fit.
func errPasskey(err error) error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "passkey", Err: err,
		Text: "Das hat mit diesem Passkey nicht geklappt: Er ist hier nicht eingetragen, oder es hat länger als fünf Minuten gedauert. Es ist nichts geändert worden. Bitte versuchen Sie es noch einmal.",
	}
}

// question stores a challenge and gives the options for the browser as JSON.
func (s *Step) question(ctx context.Context, challenge string, a feierabend.PasskeyAsk, options any) ([]byte, error) {
	a.Hash, a.ExpiresAt = Hash(challenge), s.o.Now().Add(PasskeyTerm)
	if err := s.o.Keys.AddPasskeyAsk(ctx, a); err != nil {
		return nil, fmt.Errorf("store challenge: %w", err)
	}
	return json.Marshal(options)
}

// take uses up the challenge that an answer names.
func (s *Step) take(ctx context.Context, challenge string, purpose feierabend.PasskeyPurpose, user feierabend.UserID, bind []byte) error {
	err := s.o.Keys.TakePasskeyAsk(ctx, Hash(challenge), purpose, user, bind, s.o.Now())
	if feierabend.KindOf(err) == feierabend.NotFound {
		return errPasskey(err)
	}
	return err
}

// Passkeys gives the passkeys of a person, the oldest first.
func (s *Step) Passkeys(ctx context.Context, user feierabend.UserID) ([]feierabend.Passkey, error) {
	if s.o.Keys == nil || s.rp == nil {
		return nil, nil
	}
	return s.o.Keys.Passkeys(ctx, user)
}

// AskPasskey begins a new passkey of the session's person: options for the browser.
func (s *Step) AskPasskey(ctx context.Context, session feierabend.Session) ([]byte, error) {
	h, err := s.holder(ctx, session.User)
	if err != nil {
		return nil, err
	}
	options, data, err := s.rp.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return nil, fmt.Errorf("begin passkey: %w", err)
	}
	return s.question(ctx, data.Challenge, feierabend.PasskeyAsk{Purpose: feierabend.PasskeyMake, User: session.User, Bind: session.TokenHash}, options)
}

// MakePasskey stores the passkey that the browser made. In a session that runs the
// service, and in one that came by an operator's invitation, it opens the operator's pages.
func (s *Step) MakePasskey(ctx context.Context, session feierabend.Session, name string, answer []byte) error {
	h, err := s.holder(ctx, session.User)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return errPasskey(err)
	}
	challenge := parsed.Response.CollectedClientData.Challenge
	if err := s.take(ctx, challenge, feierabend.PasskeyMake, session.User, session.TokenHash); err != nil {
		return err
	}
	made, err := s.rp.CreateCredential(h, webauthn.SessionData{
		Challenge: challenge, UserID: h.WebAuthnID(), UserVerification: protocol.VerificationRequired, CredParams: webauthn.CredentialParametersDefault(),
	}, parsed)
	if err != nil {
		return errPasskey(err)
	}
	p := feierabend.Passkey{
		ID: made.ID, User: session.User, Name: name, PublicKey: made.PublicKey, Count: made.Authenticator.SignCount, Synced: made.Flags.BackupEligible, CreatedAt: s.o.Now(),
	}
	if session.Duty != "" {
		p.Duty = feierabend.DutyOperator
	}
	err = s.o.Keys.AddPasskey(ctx, p, session.Duty == feierabend.DutyInvited, feierabend.Actor{User: session.User, Role: session.Role, Via: feierabend.ViaSession})
	if feierabend.KindOf(err) == feierabend.NotFound {
		return errPasskey(errors.New("the invitation is used up"))
	}
	return err
}

// RemovePasskey takes a passkey from the session's person.
func (s *Step) RemovePasskey(ctx context.Context, session feierabend.Session, handle string) error {
	if s.o.Keys == nil {
		return &feierabend.Error{Kind: feierabend.NotFound, Code: "passkey"}
	}
	return s.o.Keys.RemovePasskey(ctx, session.User, handle, session.Duty, feierabend.Actor{User: session.User, Role: session.Role, Via: feierabend.ViaSession})
}
