package signin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

// ProofTerm is how long a proof of the person lasts for what is sensitive (AUTH-13).
const ProofTerm = 10 * time.Minute

// Confirm is the step-up by mail: the code of a fresh sign-in mail, typed into the
// browser of the session that asked for it. The session goes on under a new token.
func (s *Step) Confirm(ctx context.Context, cookie, code string, bindHash []byte) (string, feierabend.Session, error) {
	old, err := s.Session(ctx, cookie)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	code, ok := readCode(code)
	if !ok || len(bindHash) == 0 {
		return "", feierabend.Session{}, errWrongCode()
	}
	user, err := s.o.Links.ConsumeSignInCode(ctx, bindHash, s.codeHash(code), s.o.Now())
	if err != nil && isRefusal(err) || err == nil && user != old.User {
		return "", feierabend.Session{}, errWrongCode()
	}
	if err != nil {
		return "", feierabend.Session{}, fmt.Errorf("consume code of the step-up: %w", err)
	}
	return s.proved(ctx, old)
}

func (s *Step) proved(ctx context.Context, old feierabend.Session) (string, feierabend.Session, error) {
	if old.Duty == feierabend.DutyOperator && !s.o.OperatorByMail { // whoever took over session and mailbox stays out
		return "", feierabend.Session{}, errPasskey(errors.New("an operator is proved by passkey"))
	}
	next := old
	next.ProvedAt = s.o.Now()
	return s.renew(ctx, old, next)
}

// ShowCode begins the step-up by chat: it gives the code that this session shows and
// that the person sends from their verified number within ProofTerm. A newer code
// voids the one before.
func (s *Step) ShowCode(ctx context.Context, session feierabend.Session) (string, error) {
	code := newCode()
	err := s.o.Proofs.AddStepUp(ctx, feierabend.StepUp{
		Session: session.TokenHash, User: session.User, Tenant: session.Tenant,
		CodeHash: s.stepHash(code), ExpiresAt: s.o.Now().Add(ProofTerm),
	})
	if err != nil {
		return "", fmt.Errorf("store code of the step-up: %w", err)
	}
	return showCode(code), nil
}

// Prove takes a text that came from a verified number of the person at the time at.
// Where it is the code that a session of theirs in this firm shows, the session is
// proved; else NotFound, and the text is something else.
func (s *Step) Prove(ctx context.Context, t feierabend.TenantID, user feierabend.UserID, text string, at time.Time) error {
	code, ok := readCode(text)
	if !ok {
		return &feierabend.Error{Kind: feierabend.NotFound, Code: "step_up"}
	}
	return s.o.Proofs.ProveStepUp(ctx, t, user, s.stepHash(code), at)
}

// ConfirmChat ends the step-up by chat: where the shown code has come from the
// person's number, the session goes on under a new token; else Conflict "not_yet".
func (s *Step) ConfirmChat(ctx context.Context, cookie string) (string, feierabend.Session, error) {
	old, err := s.Session(ctx, cookie)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	if err := s.o.Proofs.TakeStepUp(ctx, old.TokenHash, s.o.Now().Add(-ProofTerm)); err != nil {
		return "", feierabend.Session{}, err
	}
	return s.proved(ctx, old)
}

func (s *Step) stepHash(code string) []byte { return s.keyed("step-up", code) }
