package signin

import (
	"context"
	"fmt"
	"time"

	"feierabend"
	"feierabend/internal/address"
)

type changes interface {
	AddAddressChange(ctx context.Context, c feierabend.AddressChange, next ...feierabend.Job) error
	AddressChange(ctx context.Context, id string) (feierabend.AddressChange, error)
	SetAddressSecret(ctx context.Context, id string, hash []byte, expires time.Time) error
	ConfirmAddress(ctx context.Context, user feierabend.UserID, bindHash, codeHash, keep []byte, now time.Time, next func(id string) feierabend.Job) error
	UndoAddress(ctx context.Context, undoHash []byte, now time.Time) error
}

// ChangeAddress asks for another mail address of the session's person. Whether the
// new one is known, unknown or over its limit, the answer is the same (AUTH-06).
func (s *Step) ChangeAddress(ctx context.Context, user feierabend.User, typed string, bindHash []byte, browser string) error {
	to, ok := address.ReadEmail(typed)
	switch {
	case !ok:
		return feierabend.InvalidFields("email", []feierabend.FieldError{{Field: "email", Text: "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de."}})
	case to.Shown == user.Email:
		return feierabend.InvalidFields("email", []feierabend.FieldError{{Field: "email", Text: "Das ist Ihre jetzige Adresse."}})
	}
	if allowed, err := s.within(ctx, "mail-change:"+to.Normal, mailsPerUser, mailWindow); err != nil || !allowed {
		return err
	}
	c := feierabend.AddressChange{ID: s.o.NewID(), User: user.ID, Old: user.Email, New: to.Shown, BindHash: bindHash, Browser: feierabend.BrowserFamily(browser), At: s.o.Now()}
	return s.o.Links.AddAddressChange(ctx, c, feierabend.Job{K: feierabend.JobAddress, Ref: c.ID})
}

// ConfirmAddress changes the address by the code from the new one. The session goes
// on under a new token, all others of the person end (SES-04).
func (s *Step) ConfirmAddress(ctx context.Context, cookie, code string, bindHash []byte) (string, feierabend.Session, error) {
	old, err := s.Session(ctx, cookie)
	if err != nil {
		return "", feierabend.Session{}, err
	}
	code, ok := readCode(code)
	if !ok || len(bindHash) == 0 {
		return "", feierabend.Session{}, errWrongCode()
	}
	err = s.o.Links.ConfirmAddress(ctx, old.User, bindHash, s.keyed("address", code), old.TokenHash, s.o.Now(), func(id string) feierabend.Job {
		return feierabend.Job{K: feierabend.JobAddress, Ref: id}
	})
	if feierabend.CodeOf(err) == "code_wrong" {
		return "", feierabend.Session{}, errWrongCode()
	}
	if err == nil {
		err = s.notLost(ctx, old.User)
	}
	if err != nil {
		return "", feierabend.Session{}, err
	}
	return s.renew(ctx, old, old)
}

// UndoAddress takes a change back, by the link that went to the old address.
func (s *Step) UndoAddress(ctx context.Context, token string) error {
	if len(token) != 43 {
		token = ""
	}
	return s.o.Links.UndoAddress(ctx, Hash(token), s.o.Now())
}

// AddressMail is the handler of JobAddress: the code to the new address, and once it
// is changed the notice to the old one, with the way back.
func (s *Step) AddressMail(ctx context.Context, j feierabend.Job) error {
	c, err := s.o.Links.AddressChange(ctx, j.Ref)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load change of address %s: %w", j.Ref, err)
	}
	now := s.o.Now()
	if !c.ChangedAt.IsZero() {
		token := NewToken()
		if err := s.o.Links.SetAddressSecret(ctx, c.ID, Hash(token), now); err != nil {
			return fmt.Errorf("store way back of %s: %w", c.ID, err)
		}
		return s.o.Mailer.Send(ctx, feierabend.TenantID{}, s.changed(c, token).Mail())
	}
	if now.Sub(c.At) >= LinkTerm {
		return errLate()
	}
	holder, err := s.o.Directory.UserByEmail(ctx, c.New)
	if err == nil && holder.ID != c.User { // somebody else's address: that person is told, and no code exists
		return s.o.Mailer.Send(ctx, feierabend.TenantID{}, feierabend.Letter{
			To: c.New, Subject: "Ihre Adresse gehört schon zu einem Zugang",
			Lines: []string{"Jemand wollte seinen Zugang bei Feierabend auf diese Adresse umstellen. Sie gehört aber schon zu einem Zugang. Geändert hat sich nichts."},
			Small: []string{"Das waren nicht Sie? Dann müssen Sie nichts tun."},
		}.Mail())
	}
	if err != nil && feierabend.KindOf(err) != feierabend.NotFound {
		return fmt.Errorf("look up new address of %s: %w", c.ID, err)
	}
	code := newCode()
	if err := s.o.Links.SetAddressSecret(ctx, c.ID, s.keyed("address", code), now.Add(LinkTerm)); err != nil {
		return fmt.Errorf("store code of %s: %w", c.ID, err)
	}
	shown := showCode(code)
	return s.o.Mailer.Send(ctx, feierabend.TenantID{}, feierabend.Letter{
		To: c.New, Subject: shown + " ist Ihr Code für die neue Adresse", Code: shown, CodeFor: "ist Ihr Code für die neue Adresse.",
		Lines: []string{"Tippen Sie ihn auf der Seite ein, auf der Sie die Adresse ändern. Danach melden Sie sich mit dieser Adresse an."},
		Small: []string{
			fmt.Sprintf("Angefragt um %s Uhr mit %s. Der Code gilt zehn Minuten und nur dort.", c.At.In(s.o.Zone).Format("15:04"), c.Browser),
			"Das waren nicht Sie? Dann müssen Sie nichts tun. Ohne Ihr Postfach ändert sich nichts.",
		},
	}.Mail())
}

func (s *Step) changed(c feierabend.AddressChange, token string) feierabend.Letter {
	return feierabend.Letter{
		To: c.Old, Subject: "Ihre E-Mail-Adresse bei Feierabend wurde geändert",
		Lines: []string{
			fmt.Sprintf("Um %s Uhr wurde die Adresse Ihres Zugangs geändert. Mails zum Anmelden gehen nicht mehr an diese Adresse.", c.ChangedAt.In(s.o.Zone).Format("15:04")),
			"Waren Sie das? Dann müssen Sie nichts tun.",
			"Waren Sie das nicht? Dann machen Sie es hier rückgängig. Alle Geräte werden abgemeldet, und Ihre alte Adresse gilt wieder.",
		},
		Button: "Änderung rückgängig machen", URL: s.o.PublicURL + "/adresse/zurueck?t=" + token,
		Small: []string{"Der Link gilt 24 Stunden."},
	}
}
