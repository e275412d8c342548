package signin

import (
	"context"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/address"
)

// Request asks for a sign-in mail. bindHash is the hash of the asking browser's
// binding cookie, browser its family for the mail text. A malformed address is
// an Invalid error; everything else, known, unknown or over the limit, is nil
// and looks the same from outside (AUTH-06, AUTH-07).
func (s *Step) Request(ctx context.Context, email string, bindHash []byte, browser string) error {
	to, ok := address.ReadEmail(email)
	if !ok {
		return feierabend.InvalidFields("email", []feierabend.FieldError{{Field: "email", Text: "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de."}})
	}
	now := s.o.Now()
	for _, l := range []struct {
		key   string
		limit int
		per   time.Duration
	}{{"mail:" + to.Normal, mailsPerUser, mailWindow}, {"mail", mailsInTotal, time.Hour}} {
		allowed, err := s.o.Directory.Allow(ctx, l.key, l.limit, l.per, now)
		if err != nil {
			return err
		}
		if !allowed {
			s.o.Log.WarnContext(ctx, "sign-in mail over the limit", "code", "mail_limit")
			return nil
		}
	}
	user, err := s.o.Directory.UserByEmail(ctx, to.Normal)
	if err != nil && feierabend.KindOf(err) != feierabend.NotFound {
		return err
	}
	r := feierabend.SignInRequest{ID: s.o.NewID(), User: user.ID, BindHash: bindHash, Browser: browserFamily(browser), At: now}
	return s.o.Links.AddSignInRequest(ctx, r, feierabend.Job{K: feierabend.JobMail, Ref: r.ID})
}

// browserFamily reads the family from a User-Agent header: no version, no
// system, nothing that marks a person (AUTH-09).
func browserFamily(userAgent string) string {
	for _, f := range []struct{ mark, name string }{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser", "Samsung Internet"},
		{"FxiOS", "Firefox"},
		{"Firefox", "Firefox"},
		{"CriOS", "Chrome"},
		{"Chrome", "Chrome"},
		{"Chromium", "Chrome"},
		{"Safari", "Safari"},
	} {
		if strings.Contains(userAgent, f.mark) {
			return f.name
		}
	}
	return "einem Browser"
}
