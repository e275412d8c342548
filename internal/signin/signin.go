// Package signin lets people in without a password: a mail with a link and a
// typed code becomes a Session (AUTH-01 … AUTH-10, SES-01, SES-02).
//
// Link and code work only in the browser that asked for them (AUTH-04): it holds
// a binding cookie whose hash stands with the link. A scanner that opens or even
// submits a link therefore neither steals nor burns it.
//
// Known and unknown addresses get the same work and the same answer (AUTH-06):
// the request is stored and its mail job enqueued in both cases; the job of an
// unknown address ends without a mail. Tokens and codes are made inside the job
// handler, so a retry makes new ones and no queue row ever holds a secret.
//
// What it does not do: HTTP, cookies and limits per IP address are web's.
package signin

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"feierabend"
)

// Terms of links and sessions (AUTH-02, SES-02).
const (
	LinkTerm     = 10 * time.Minute
	IdleTerm     = 12 * time.Hour      // session without „Angemeldet bleiben“
	SessionTerm  = 7 * 24 * time.Hour  // the same, whatever the browser does with its session cookie
	StayTerm     = 30 * 24 * time.Hour // with it: idle and absolute
	touchEvery   = time.Minute         // „zuletzt gesehen“ is written no more often
	mailsPerUser = 3                   // per mailWindow and network, known browser or step-up (AUTH-07)
	mailWindow   = 15 * time.Minute
	mailsInTotal = 200 // per hour and kind

	mailsPerAddress = 9 // per mailWindow, of all networks
)

type directory interface {
	UserByEmail(ctx context.Context, email string) (feierabend.User, error)
	User(ctx context.Context, id feierabend.UserID) (feierabend.User, error)
	Memberships(ctx context.Context, id feierabend.UserID) ([]feierabend.Membership, error)
	InvitationsOf(ctx context.Context, id feierabend.UserID, now time.Time) ([]feierabend.Invitation, error)
	Allow(ctx context.Context, key string, limit int, per time.Duration, now time.Time) (bool, error)
}

type links interface {
	changes
	AddSignInRequest(ctx context.Context, r feierabend.SignInRequest, next ...feierabend.Job) error
	SignInRequest(ctx context.Context, id string) (feierabend.SignInRequest, error)
	AddSignInLink(ctx context.Context, l feierabend.SignInLink) error
	ConsumeSignInToken(ctx context.Context, tokenHash, bindHash []byte, now time.Time) (feierabend.UserID, error)
	ConsumeSignInCode(ctx context.Context, bindHash, codeHash []byte, now time.Time) (feierabend.UserID, error)
}

type sessions interface {
	AddSession(ctx context.Context, s feierabend.Session) error
	Session(ctx context.Context, tokenHash []byte, now time.Time) (feierabend.Session, error)
	TouchSession(ctx context.Context, tokenHash []byte, now time.Time) error
	EndSession(ctx context.Context, tokenHash []byte) error
	RenewSession(ctx context.Context, oldHash []byte, n feierabend.Session) error
	Sessions(ctx context.Context, user feierabend.UserID, now time.Time) ([]feierabend.Session, error)
	EndSessions(ctx context.Context, user feierabend.UserID, except []byte) (int, error)
	EndDevice(ctx context.Context, user feierabend.UserID, device string, now time.Time) error
}

type proofs interface {
	AddStepUp(ctx context.Context, p feierabend.StepUp) error
	ProveStepUp(ctx context.Context, t feierabend.TenantID, user feierabend.UserID, codeHash []byte, at time.Time) error
	StepUpOf(ctx context.Context, sessionHash []byte) (feierabend.StepUp, error)
	StepUpWaits(ctx context.Context, t feierabend.TenantID, user feierabend.UserID, at time.Time) (bool, error)
	TakeStepUp(ctx context.Context, sessionHash []byte, since time.Time) error
	AddNumberCode(ctx context.Context, user feierabend.UserID, phone string, codeHash []byte, expires time.Time) error
	ConsumeNumberCode(ctx context.Context, user feierabend.UserID, phone string, codeHash []byte, now time.Time) error
}

// codeSender sends a code of six digits to a verified number, e.g. as a message or
// by voice (OTP-04: not by SMS unless the operator chooses it).
type codeSender interface {
	SendCode(ctx context.Context, t feierabend.TenantID, phone, code string) error
}

type mailer interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.Mail) error
}

// Options are what the step needs.
type Options struct {
	Directory directory
	Links     links
	Sessions  sessions
	Proofs    proofs
	// Recoveries are owners on the way back in who lost the mailbox.
	Recoveries recoveries
	Mailer     mailer
	// Keys holds passkeys and who runs the service; nil = there are neither.
	Keys keys
	// OperatorByMail lets operators in without a passkey: for a demonstration only (AUTH-12).
	OperatorByMail bool
	// Numbers sends codes to numbers; nil = this way is not there.
	Numbers codeSender
	// Arrive is told whose link or code was redeemed, before the session begins, and
	// gives the person who is in: a registration becomes a firm here. nil = as it is.
	Arrive func(ctx context.Context, user feierabend.UserID) (feierabend.UserID, error)
	// CodeKey keys the hash of the typed code: 40 bits are too few for a plain one (AUTH-05).
	CodeKey []byte
	// PublicURL is the address people see, without a slash at the end.
	PublicURL string
	Zone      *time.Location // of the times in mails; nil = Europe/Berlin where known, else UTC
	Now       func() time.Time
	NewID     func() string
	Log       *slog.Logger // nil = discard
}

// Step is the sign-in step.
type Step struct {
	o  Options
	rp *webauthn.WebAuthn // nil = passkeys cannot be bound to this address
}

// New makes the step.
func New(o Options) (*Step, error) {
	switch {
	case o.Directory == nil || o.Links == nil || o.Sessions == nil || o.Proofs == nil || o.Recoveries == nil || o.Mailer == nil:
		return nil, errors.New("signin: Directory, Links, Sessions, Proofs, Recoveries and Mailer are needed")
	case len(o.CodeKey) < 32:
		return nil, errors.New("signin: CodeKey of at least 32 bytes is needed")
	case o.PublicURL == "" || o.Now == nil || o.NewID == nil:
		return nil, errors.New("signin: PublicURL, Now and NewID are needed")
	}
	if o.Zone == nil {
		if z, err := time.LoadLocation("Europe/Berlin"); err == nil {
			o.Zone = z
		} else {
			o.Zone = time.UTC
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	rp, err := relyingParty(o.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("signin: passkeys: %w", err)
	}
	return &Step{o: o, rp: rp}, nil
}

// NewToken makes a secret for a cookie or link: 32 random bytes as 43
// characters of base64url (AUTH-01, SES-01).
func NewToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Hash is the form in which tokens are stored: SHA-256, enough for 256 random
// bits (ASVS 6.5.2).
func Hash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

func (s *Step) codeHash(code string) []byte { return s.keyed("signin-code", code) }

// keyed is the form in which a code is stored, one form for each purpose.
func (s *Step) keyed(purpose, code string) []byte {
	h := hmac.New(sha256.New, s.o.CodeKey)
	h.Write([]byte(purpose + "\x00" + code))
	return h.Sum(nil)
}
