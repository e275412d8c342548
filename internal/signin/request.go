package signin

import (
	"context"
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
	if allowed, err := s.Allow(ctx, to.Normal); err != nil || !allowed {
		return err
	}
	user, err := s.o.Directory.UserByEmail(ctx, to.Normal)
	if err != nil && feierabend.KindOf(err) != feierabend.NotFound {
		return err
	}
	r := feierabend.SignInRequest{ID: s.o.NewID(), User: user.ID, BindHash: bindHash, Browser: feierabend.BrowserFamily(browser), At: s.o.Now()}
	return s.o.Links.AddSignInRequest(ctx, r, feierabend.Job{K: feierabend.JobMail, Ref: r.ID})
}

// Allow counts a mail to an address, given in the form in which addresses are
// compared, and says whether it may be asked for: three in a quarter of an hour, known
// or unknown (AUTH-07).
func (s *Step) Allow(ctx context.Context, normal string) (bool, error) {
	return s.within(ctx, "mail:"+normal, mailsPerUser, mailWindow)
}

// Spend counts a mail that is about to be sent, and says whether it may be: 200 an
// hour of each kind in all (AUTH-07). It is asked by the mail jobs, so that requests for
// addresses that nobody knows use nothing up and lock nobody out.
func (s *Step) Spend(ctx context.Context, kind string) (bool, error) {
	return s.within(ctx, "mail "+kind, mailsInTotal, time.Hour)
}

func (s *Step) within(ctx context.Context, key string, limit int, per time.Duration) (bool, error) {
	allowed, err := s.o.Directory.Allow(ctx, key, limit, per, s.o.Now())
	if err == nil && !allowed {
		s.o.Log.WarnContext(ctx, "sign-in mail over the limit", "code", "mail_limit")
	}
	return allowed && err == nil, err
}
