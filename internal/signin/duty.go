package signin

import (
	"context"
	"crypto/hmac"
	"fmt"
	"time"

	"feierabend"
)

// Terms of sessions that run the service (SES-02).
const (
	OperatorIdle = 15 * time.Minute
	OperatorTerm = 8 * time.Hour
)

// entrance is how somebody came in.
type entrance struct {
	way  string              // link, code, passkey
	bind []byte              // hash of the browser's binding cookie
	key  *feierabend.Passkey // nil = by mail
}

// Operator gives the person as an operator of the service, or NotFound.
func (s *Step) Operator(ctx context.Context, user feierabend.UserID) (feierabend.Operator, error) {
	if s.o.Keys == nil {
		return feierabend.Operator{}, &feierabend.Error{Kind: feierabend.NotFound, Code: "operator"}
	}
	return s.o.Keys.Operator(ctx, user)
}

// dutyOf says whether the person runs the service, and what for their session is where
// it is not for a firm. By mail alone nobody runs it (AUTH-12): a mail leads to the first
// passkey, in the browser that answered the invitation.
func (s *Step) dutyOf(ctx context.Context, user feierabend.UserID, from entrance) (duty feierabend.Duty, operator bool, err error) {
	o, err := s.Operator(ctx, user)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("is %s an operator: %w", user, err)
	}
	switch {
	case len(from.bind) > 0 && hmac.Equal(from.bind, o.Bind) && s.o.Now().Before(o.InvitedUntil):
		return feierabend.DutyInvited, true, nil
	case from.key != nil && from.key.Duty == feierabend.DutyOperator, s.o.OperatorByMail:
		return feierabend.DutyOperator, true, nil
	}
	return "", true, nil
}

// AnswerOperator takes up the invitation of an operator in the browser that asks: it
// sends the mail by which they sign in there. A token that is not good any more is NotFound.
func (s *Step) AnswerOperator(ctx context.Context, token string, from feierabend.Asking) error {
	if s.o.Keys == nil || len(token) != 43 {
		return &feierabend.Error{Kind: feierabend.NotFound, Code: "operator"}
	}
	email, err := s.o.Keys.AnswerOperator(ctx, Hash(token), from.BindHash, s.o.Now())
	if err != nil {
		return err
	}
	return s.Request(ctx, email, from)
}

// EnterOperator turns the session of a cookie into one that runs the service, and leaves
// its firm: answer is that of the person's operator passkey. Only a demonstration lets an
// operator in without one (nil). Whoever is none is NotFound.
func (s *Step) EnterOperator(ctx context.Context, cookie string, answer []byte) (string, feierabend.Session, error) {
	old, err := s.Session(ctx, cookie)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	if _, err := s.Operator(ctx, old.User); err != nil {
		return "", feierabend.Session{}, err
	}
	if answer != nil || !s.o.OperatorByMail {
		key, err := s.check(ctx, old.User, old.TokenHash, answer)
		if err != nil {
			return "", feierabend.Session{}, err
		}
		if key.Duty != feierabend.DutyOperator {
			return "", feierabend.Session{}, errPasskey(fmt.Errorf("a passkey without the duty"))
		}
	}
	now := s.o.Now()
	next := old
	next.Tenant, next.Role, next.Stay, next.Duty = feierabend.TenantID{}, "", false, feierabend.DutyOperator
	next.CreatedAt, next.ProvedAt, next.ExpiresAt = now, now, now.Add(OperatorTerm)
	return s.renew(ctx, old, next)
}
