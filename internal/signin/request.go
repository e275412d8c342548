package signin

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"feierabend"
)

// Request asks for a sign-in mail. bindHash is the hash of the asking browser's
// binding cookie, browser its family for the mail text. A malformed address is
// an Invalid error; everything else, known, unknown or over the limit, is nil
// and looks the same from outside (AUTH-06, AUTH-07).
func (s *Step) Request(ctx context.Context, email string, bindHash []byte, browser string) error {
	address, ok := readAddress(email)
	if !ok {
		return feierabend.InvalidFields("email", []feierabend.FieldError{{Field: "email", Text: "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de."}})
	}
	now := s.o.Now()
	for _, l := range []struct {
		key   string
		limit int
		per   time.Duration
	}{{"mail:" + address, mailsPerUser, mailWindow}, {"mail", mailsInTotal, time.Hour}} {
		allowed, err := s.o.Directory.Allow(ctx, l.key, l.limit, l.per, now)
		if err != nil {
			return err
		}
		if !allowed {
			s.o.Log.WarnContext(ctx, "sign-in mail over the limit", "code", "mail_limit")
			return nil
		}
	}
	user, err := s.o.Directory.UserByEmail(ctx, address)
	if err != nil && feierabend.KindOf(err) != feierabend.NotFound {
		return err
	}
	r := feierabend.SignInRequest{ID: s.o.NewID(), User: user.ID, BindHash: bindHash, Browser: browserFamily(browser), At: now}
	return s.o.Links.AddSignInRequest(ctx, r, feierabend.Job{K: feierabend.JobMail, Ref: r.ID})
}

// readAddress gives the form in which addresses are compared (AUTH-10): local
// part and domain lower-cased, the domain in its ASCII form, no provider's tricks.
func readAddress(typed string) (string, bool) {
	s := feierabend.NormalEmail(typed)
	at := strings.LastIndexByte(s, '@')
	if len(s) > 254 || at < 1 || at > 64 || strings.ContainsAny(s, " \t\r\n\x00<>,;\"()") {
		return "", false
	}
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil || !strings.Contains(domain, ".") {
		return "", false
	}
	s = s[:at+1] + domain
	a, err := mail.ParseAddress(s)
	return s, err == nil && a.Address == s && a.Name == ""
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
