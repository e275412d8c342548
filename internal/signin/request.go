package signin

import (
	"context"
	"fmt"
	"time"

	"feierabend"
	"feierabend/internal/address"
)

// Request asks for a sign-in mail. A malformed address is an Invalid error; everything
// else, known, unknown or over the limit, is nil and looks the same from outside
// (AUTH-06, AUTH-07). A browser in which the person has signed in before has mails of
// its own, so that no stranger can use them up (decision 0047).
func (s *Step) Request(ctx context.Context, email string, from feierabend.Asking) error {
	to, ok := address.ReadEmail(email)
	if !ok {
		return feierabend.InvalidFields("email", []feierabend.FieldError{{Field: "email", Text: "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de."}})
	}
	user, err := s.o.Directory.UserByEmail(ctx, to.Normal)
	if err != nil && feierabend.KindOf(err) != feierabend.NotFound {
		return err
	}
	device, known := s.knows(from.Known, user.ID)
	r := feierabend.SignInRequest{User: user.ID, Known: known}
	var allowed bool
	if known {
		r.Origin = s.keyed("device", device)
		allowed, err = s.within(ctx, "mail-known:"+device, mailsPerUser, mailWindow)
	} else {
		r.Origin = s.keyed("network", from.Network)
		allowed, err = s.Allow(ctx, "sign-in", to.Normal, from.Network)
	}
	if err != nil || !allowed {
		return err
	}
	return s.ask(ctx, r, from)
}

// ProofMail asks for the mail of the step-up, to the address of the session's own
// person. It is counted by person alone, and whoever is signed in is told: Invalid
// "mail_limit" (AUTH-07).
func (s *Step) ProofMail(ctx context.Context, session feierabend.Session, from feierabend.Asking) error {
	allowed, err := s.within(ctx, "mail-proof:"+string(session.User), mailsPerUser, mailWindow)
	if err != nil {
		return err
	}
	if !allowed {
		return &feierabend.Error{
			Kind: feierabend.Invalid, Code: "mail_limit",
			Text: "Drei Mails in einer Viertelstunde sind genug. Es ging keine weitere hinaus, geändert hat sich nichts. Bitte nehmen Sie die neueste, oder warten Sie eine Viertelstunde.",
		}
	}
	return s.ask(ctx, feierabend.SignInRequest{User: session.User, Known: true, Origin: s.keyed("session", session.Device())}, from)
}

func (s *Step) ask(ctx context.Context, r feierabend.SignInRequest, from feierabend.Asking) error {
	r.ID, r.BindHash, r.Browser, r.At = s.o.NewID(), from.BindHash, feierabend.BrowserFamily(from.Browser), s.o.Now()
	return s.o.Links.AddSignInRequest(ctx, r, feierabend.Job{K: feierabend.JobMail, Ref: r.ID})
}

// Allow counts a mail of a kind to an address, given in the form in which addresses are
// compared, and says whether it may be asked for: three in a quarter of an hour from one
// network (AUTH-07), nine from all. Kinds do not use each other's mails up.
func (s *Step) Allow(ctx context.Context, kind, normal, network string) (bool, error) {
	allowed, err := s.within(ctx, fmt.Sprintf("mail-%s:%q %s", kind, normal, network), mailsPerUser, mailWindow)
	if err != nil || !allowed {
		return false, err
	}
	return s.within(ctx, fmt.Sprintf("mail-%s:%q", kind, normal), mailsPerAddress, mailWindow)
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
