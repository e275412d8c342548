package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
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
	if err := s.notLost(ctx, old.User); err != nil {
		return "", feierabend.Session{}, err
	}
	next := old
	next.ProvedAt = s.o.Now()
	return s.renew(ctx, old, next)
}

// ShowCode begins the step-up by chat: the code that Shown gives proves the session once
// the person sends it from their verified number, within ProofTerm. A newer code voids
// the one before. cookie is the session's.
func (s *Step) ShowCode(ctx context.Context, cookie string, session feierabend.Session) error {
	p := feierabend.StepUp{Session: session.TokenHash, User: session.User, Tenant: session.Tenant, ExpiresAt: s.o.Now().Add(ProofTerm).Truncate(time.Microsecond)}
	p.CodeHash = s.stepHash(stepCode(cookie, p.ExpiresAt))
	if err := s.o.Proofs.AddStepUp(ctx, p); err != nil {
		return fmt.Errorf("store code of the step-up: %w", err)
	}
	return nil
}

// Shown gives the code that the session shows, or NotFound: none, or its time is over.
// It changes nothing, however often it is asked.
func (s *Step) Shown(ctx context.Context, cookie string, session feierabend.Session) (feierabend.ProofShown, error) {
	p, err := s.o.Proofs.StepUpOf(ctx, session.TokenHash)
	if err != nil {
		return feierabend.ProofShown{}, err
	}
	if !s.o.Now().Before(p.ExpiresAt) || !hmac.Equal(p.CodeHash, s.stepHash(stepCode(cookie, p.ExpiresAt))) {
		return feierabend.ProofShown{}, &feierabend.Error{Kind: feierabend.NotFound, Code: "step_up"}
	}
	return feierabend.ProofShown{Code: showCode(stepCode(cookie, p.ExpiresAt)), ExpiresAt: p.ExpiresAt, Proved: !p.ProvedAt.IsZero()}, nil
}

// stepCode is the code of a session that shows one until a time: whoever holds the
// session's token can work it out, and nobody else. It is stored nowhere.
func stepCode(cookie string, until time.Time) string {
	h := hmac.New(sha256.New, []byte(cookie))
	fmt.Fprintf(h, "step-up\x00%d", until.UnixMicro())
	return feierabend.ProofCode(h.Sum(nil))
}

// triesPerProof is how many texts that could be a code are looked up for a person in
// ProofTerm while one waits, whichever codes were shown (OTP-03).
const triesPerProof = 5

// Prove takes a text that came from a verified number of the person at the time at.
// Where it is the code that a session of theirs in this firm shows, the session is
// proved. The answer is what the chat says to it: feierabend.ProofDone or ProofWrong;
// "" = the text is something else.
func (s *Step) Prove(ctx context.Context, t feierabend.TenantID, user feierabend.UserID, text string, at time.Time) (answer string, err error) {
	if answer, err := s.hearRecovery(ctx, t, user, text, at); answer != "" || err != nil {
		return answer, err
	}
	codes, sure := feierabend.FindProofCodes(text)
	if sure {
		answer = feierabend.ProofWrong
	}
	if len(codes) == 0 {
		return answer, nil
	}
	waits, err := s.o.Proofs.StepUpWaits(ctx, t, user, at)
	if err != nil || !waits {
		return answer, err
	}
	allowed, err := s.o.Directory.Allow(ctx, "step-up:"+t.String()+string(user), triesPerProof, ProofTerm, s.o.Now())
	if err != nil || !allowed {
		return answer, err
	}
	for _, code := range codes {
		err := s.o.Proofs.ProveStepUp(ctx, t, user, s.stepHash(code), at)
		if feierabend.KindOf(err) == feierabend.NotFound {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("take code of the step-up: %w", err)
		}
		return feierabend.ProofDone, nil
	}
	return answer, nil
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
