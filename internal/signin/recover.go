package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/address"
)

type recoveries interface {
	AddRecovery(ctx context.Context, r feierabend.Recovery, code string) error
	RecoveryFrom(ctx context.Context, bindHash []byte) (feierabend.Recovery, error)
	Recovery(ctx context.Context, id string) (feierabend.Recovery, error)
	ProveRecovery(ctx context.Context, t feierabend.TenantID, user feierabend.UserID, code string, at, until time.Time) error
	SetRecoveryAddress(ctx context.Context, bindHash []byte, email string, now time.Time, next func(id string) feierabend.Job) error
	SetRecoverySecret(ctx context.Context, id string, codeHash []byte) error
	ConfirmRecovery(ctx context.Context, bindHash, codeHash []byte, now, due time.Time, next func(id string) feierabend.Job) error
	TellRecovery(ctx context.Context, id, token string, now time.Time, next feierabend.Job) (told bool, err error)
	StopRecovery(ctx context.Context, id string) error
	StopRecoveries(ctx context.Context, user feierabend.UserID) error
	FinishRecovery(ctx context.Context, id string, now time.Time) error
}

// lookAgain is how long a job waits that came before the next round of notices.
const lookAgain = 10 * time.Minute

func recoveryJob(id string) feierabend.Job { return feierabend.Job{K: feierabend.JobRecover, Ref: id} }

// BeginRecovery shows a code to a browser whose person has lost the mailbox. Whose it is
// says the number that sends it; token is the browser's cookie.
func (s *Step) BeginRecovery(ctx context.Context, token, browser string) error {
	now := s.o.Now()
	r := feierabend.Recovery{ID: s.o.NewID(), BindHash: Hash(token), Browser: feierabend.BrowserFamily(browser), At: now, ExpiresAt: now.Add(feierabend.RecoveryCodeTerm)}
	return s.o.Recoveries.AddRecovery(ctx, r, recoveryCode(token, r.ID))
}

// recoveryCode is worked out of the browser's cookie, as that of a number's link is of
// the session's: only this browser can show it.
func recoveryCode(token, id string) string {
	h := hmac.New(sha256.New, []byte(token))
	h.Write([]byte("recovery code\x00" + id))
	return feierabend.LinkCode(h.Sum(nil))
}

// Recovering gives the recovery of a browser, or NotFound: none, over, stopped or done.
func (s *Step) Recovering(ctx context.Context, token string) (feierabend.RecoveryShown, error) {
	none := &feierabend.Error{Kind: feierabend.NotFound, Code: "recovery"}
	if len(token) != 43 {
		return feierabend.RecoveryShown{}, none
	}
	r, err := s.o.Recoveries.RecoveryFrom(ctx, Hash(token))
	if err != nil {
		return feierabend.RecoveryShown{}, err
	}
	if r.State != feierabend.RecoveryWaiting && !s.o.Now().Before(r.ExpiresAt) {
		return feierabend.RecoveryShown{}, none
	}
	out := feierabend.RecoveryShown{Recovery: r}
	if r.State == feierabend.RecoveryOpen {
		out.Code = feierabend.ShowLinkCode(recoveryCode(token, r.ID))
	}
	return out, nil
}

// hearRecovery takes the code of a recovery out of a text from a person's own number.
func (s *Step) hearRecovery(ctx context.Context, t feierabend.TenantID, user feierabend.UserID, text string, at time.Time) (answer string, err error) {
	if strings.HasPrefix(strings.ToLower(text), strings.ToLower(strings.TrimSpace(feierabend.RecoveryWords))) {
		answer = feierabend.ProofWrong
	}
	for _, code := range feierabend.FindLinkCodes(text) {
		err := s.o.Recoveries.ProveRecovery(ctx, t, user, code, at, s.o.Now().Add(feierabend.RecoveryFormTerm))
		switch {
		case err == nil:
			return feierabend.RecoveryHeard, nil
		case feierabend.CodeOf(err) == "role":
			return feierabend.RecoveryRefused, nil
		case feierabend.KindOf(err) != feierabend.NotFound:
			return "", fmt.Errorf("take code of a recovery: %w", err)
		}
	}
	return answer, nil
}

// RecoverTo names the new address of a recovery that is proved; a code goes there.
func (s *Step) RecoverTo(ctx context.Context, token, typed, network string) error {
	to, ok := address.ReadEmail(typed)
	if !ok {
		return feierabend.InvalidFields("email", []feierabend.FieldError{{Field: "email", Text: "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de."}})
	}
	if allowed, err := s.Allow(ctx, "recovery", to.Normal, network); err != nil || !allowed {
		return err
	}
	return s.o.Recoveries.SetRecoveryAddress(ctx, Hash(token), to.Shown, s.o.Now(), recoveryJob)
}

// ConfirmRecovery begins the three days, by the code from the new address.
func (s *Step) ConfirmRecovery(ctx context.Context, token, code string) error {
	code, ok := readCode(code)
	if !ok {
		return errWrongCode()
	}
	now := s.o.Now()
	err := s.o.Recoveries.ConfirmRecovery(ctx, Hash(token), s.keyed("recovery", code), now, now.Add(feierabend.RecoveryWait), recoveryJob)
	if feierabend.CodeOf(err) == "code_wrong" {
		return errWrongCode()
	}
	return err
}

// notLost stops what waits for a person who has just proved to be here.
func (s *Step) notLost(ctx context.Context, user feierabend.UserID) error {
	if err := s.o.Recoveries.StopRecoveries(ctx, user); err != nil {
		return fmt.Errorf("stop recovery of %s: %w", user, err)
	}
	return nil
}

// stopToken is what the link of a notice carries: whoever has it may stop the recovery,
// which changes nothing for anybody else. All notices of one carry the same.
func (s *Step) stopToken(id string) string {
	return id + "." + base64.RawURLEncoding.EncodeToString(s.keyed("recovery-stop", id))
}

// StopURL is the page that stops a recovery.
func (s *Step) StopURL(id string) string {
	return s.o.PublicURL + "/anmelden/kein-zugang/stopp?t=" + s.stopToken(id)
}

// StopRecovery ends a recovery by the link of a notice. A link that is none, or comes too
// late, is Unauthorized "link_invalid".
func (s *Step) StopRecovery(ctx context.Context, token string) error {
	over := &feierabend.Error{Kind: feierabend.Unauthorized, Code: "link_invalid", Text: "Hier wartet nichts mehr: Es ist schon angehalten oder schon geschehen. Kommen Sie nicht mehr hinein, wenden Sie sich an den Betreiber."}
	id, _, _ := strings.Cut(token, ".")
	if !hmac.Equal([]byte(token), []byte(s.stopToken(id))) {
		return over
	}
	err := s.o.Recoveries.StopRecovery(ctx, id)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return over
	}
	return err
}

// Recover is the handler of JobRecover: the code to the new address; then the notices,
// once a day; then the change.
func (s *Step) Recover(ctx context.Context, j feierabend.Job) error {
	r, err := s.o.Recoveries.Recovery(ctx, j.Ref)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load recovery %s: %w", j.Ref, err)
	}
	now := s.o.Now()
	switch {
	case r.State == feierabend.RecoveryMailed && now.Before(r.ExpiresAt):
		return s.mailRecovery(ctx, r)
	case r.State != feierabend.RecoveryWaiting:
		return nil
	case now.Before(r.Due) || r.Told.IsZero():
		next := recoveryJob(r.ID)
		if next.At = now.Add(feierabend.RecoveryEvery); now.Before(r.Due) && next.At.After(r.Due) {
			next.At = r.Due
		}
		told, err := s.o.Recoveries.TellRecovery(ctx, r.ID, s.stopToken(r.ID), now, next)
		if err == nil && !told { // a moment too early, or a second job: looked at again, so that none is the last
			return feierabend.Snooze(lookAgain)
		}
		return err
	}
	err = s.o.Recoveries.FinishRecovery(ctx, r.ID, now)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil
	}
	return err
}

func (s *Step) mailRecovery(ctx context.Context, r feierabend.Recovery) error {
	_, err := s.o.Directory.UserByEmail(ctx, r.New)
	if err == nil { // somebody's address already: no code exists, and the page looks the same
		return nil
	}
	if feierabend.KindOf(err) != feierabend.NotFound {
		return fmt.Errorf("look up new address of %s: %w", r.ID, err)
	}
	if allowed, err := s.Spend(ctx, "recovery"); err != nil {
		return err
	} else if !allowed { // it goes out as soon as it may, while the form waits for it; the page says what to do till then
		return feierabend.Snooze(lookAgain)
	}
	code := newCode()
	if err := s.o.Recoveries.SetRecoverySecret(ctx, r.ID, s.keyed("recovery", code)); err != nil {
		return fmt.Errorf("store code of %s: %w", r.ID, err)
	}
	// Another address may have been named meanwhile: this code must not confirm it.
	now, err := s.o.Recoveries.Recovery(ctx, r.ID)
	if feierabend.KindOf(err) == feierabend.NotFound || err == nil && now.New != r.New {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load recovery %s again: %w", r.ID, err)
	}
	shown := showCode(code)
	return s.o.Mailer.Send(ctx, feierabend.TenantID{}, feierabend.Letter{
		To: r.New, Subject: shown + " ist Ihr Code für die neue Adresse", Code: shown, CodeFor: "ist Ihr Code für die neue Adresse.",
		Lines: []string{"Tippen Sie ihn auf der Seite ein, auf der Sie gerade waren. Danach beginnen drei Tage Wartezeit. Erst dann melden Sie sich mit dieser Adresse an."},
		Small: []string{"Angefragt mit " + r.Browser + ". Der Code gilt nur dort.", "Das waren nicht Sie? Dann müssen Sie nichts tun. Ohne Ihr Postfach geschieht nichts."},
	}.Mail())
}
