package signin

import (
	"context"
	"crypto/hmac"
	"fmt"
	"time"

	"feierabend"
)

// Mail is the handler of JobMail: it makes token and code, stores their hashes
// (which voids the older link of this browser) and sends the mail. A retry makes new
// ones. Requests of unknown addresses end without a mail. So do those that are older than
// a link's term, because the mail server was away for so long: nobody waits for the code
// any more, and the operator sees the code "mail_late".
func (s *Step) Mail(ctx context.Context, j feierabend.Job) error {
	r, err := s.o.Links.SignInRequest(ctx, j.Ref)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load sign-in request %s: %w", j.Ref, err)
	}
	now := s.o.Now()
	if r.User == "" {
		return nil
	}
	if now.Sub(r.At) >= LinkTerm {
		return errLate()
	}
	user, err := s.o.Directory.User(ctx, r.User)
	if err != nil {
		return fmt.Errorf("load user %s: %w", r.User, err)
	}
	members, err := s.o.Directory.Memberships(ctx, r.User)
	if err != nil {
		return fmt.Errorf("load memberships of %s: %w", r.User, err)
	}
	var firm feierabend.TenantID // in whose name the mail goes out
	if len(members) > 0 {
		firm = members[0].Tenant
	} else {
		waits, err := s.o.Directory.InvitationsOf(ctx, r.User, now)
		if err != nil {
			return fmt.Errorf("load invitations of %s: %w", r.User, err)
		}
		if len(waits) > 0 {
			firm = waits[0].Tenant
		} else if _, err := s.Operator(ctx, r.User); feierabend.KindOf(err) == feierabend.NotFound { // nothing to sign in to
			return nil
		} else if err != nil {
			return fmt.Errorf("is %s an operator: %w", r.User, err)
		}
	}
	kind := "sign-in"
	if r.Known { // strangers cannot use these up
		kind = "sign-in known"
	}
	if allowed, err := s.Spend(ctx, kind); err != nil || !allowed {
		return err
	}
	url, code, err := s.link(ctx, feierabend.SignInLink{User: user.ID, BindHash: r.BindHash, Origin: r.Origin, Known: r.Known})
	if err != nil {
		return err
	}
	letter := s.compose(user, r, url, code)
	if proof, err := s.ofSession(ctx, r); err != nil {
		return err
	} else if proof {
		letter = s.composeProof(user, r, code)
	}
	return s.o.Mailer.Send(ctx, firm, letter.Mail())
}

// ofSession says that a live session of the person asked: it is the mail of a step-up.
func (s *Step) ofSession(ctx context.Context, r feierabend.SignInRequest) (bool, error) {
	if !r.Known {
		return false, nil
	}
	all, err := s.o.Sessions.Sessions(ctx, r.User, s.o.Now())
	if err != nil {
		return false, fmt.Errorf("list sessions of %s: %w", r.User, err)
	}
	for _, n := range all {
		if hmac.Equal(r.Origin, s.keyed("session", n.Device())) {
			return true, nil
		}
	}
	return false, nil
}

func errLate() error {
	return feierabend.Permanent(&feierabend.Error{Kind: feierabend.Unavailable, Code: "mail_late"})
}

// Link makes token and code for a person who registers and the browser that asked,
// stores their hashes (which voids older ones of this browser), and gives the address of
// the link and the code as it is read.
func (s *Step) Link(ctx context.Context, user feierabend.UserID, bindHash []byte) (url, code string, err error) {
	return s.link(ctx, feierabend.SignInLink{User: user, BindHash: bindHash, Origin: s.keyed("kind", "registration")})
}

func (s *Step) link(ctx context.Context, l feierabend.SignInLink) (url, code string, err error) {
	token, code := NewToken(), newCode()
	l.TokenHash, l.CodeHash, l.ExpiresAt = Hash(token), s.codeHash(code), s.o.Now().Add(LinkTerm)
	if err := s.o.Links.AddSignInLink(ctx, l); err != nil {
		return "", "", fmt.Errorf("store sign-in link of %s: %w", l.User, err)
	}
	return s.o.PublicURL + "/anmelden/link?t=" + token, showCode(code), nil
}

// compose is the mail in words. The code stands in the subject and in the first
// line, so that a notification on the lock screen is enough (J-05).
func (s *Step) compose(user feierabend.User, r feierabend.SignInRequest, url, code string) feierabend.Letter {
	return feierabend.Letter{
		To: user.Email, Subject: code + " ist Ihr Code für Feierabend", Code: code, CodeFor: "ist Ihr Code für Feierabend.",
		Lines:  []string{"Tippen Sie ihn auf der Seite ein, auf der Sie sich anmelden."},
		Button: "Oder öffnen Sie diesen Link in demselben Browser", URL: url,
		Small: []string{
			fmt.Sprintf("Angefragt um %s Uhr mit %s. Code und Link gelten %d Minuten und nur dort, wo Sie angefragt haben.", r.At.In(s.o.Zone).Format("15:04"), r.Browser, int(LinkTerm/time.Minute)),
			"Das waren nicht Sie? Dann müssen Sie nichts tun. Ohne Ihr Postfach kommt niemand hinein.",
		},
	}
}

// composeProof is the mail of the step-up. It signs nobody in and has no link that would:
// whoever reads it without having asked has a stranger in their access already.
func (s *Step) composeProof(user feierabend.User, r feierabend.SignInRequest, code string) feierabend.Letter {
	return feierabend.Letter{
		To: user.Email, Subject: code + " ist Ihr Code zum Bestätigen", Code: code, CodeFor: "ist Ihr Code zum Bestätigen.",
		Lines: []string{
			"Jemand, der in Ihrem Zugang angemeldet ist, will etwas Heikles ändern, zum Beispiel Bankverbindung, Team oder Nummern. Tippen Sie den Code dort ein, wo Sie gerade arbeiten.",
			"Waren Sie das nicht? Dann geben Sie den Code niemandem. Melden Sie unter „Geräte“ alle anderen Geräte ab, und sichern Sie Ihr Postfach mit einem neuen Passwort.",
		},
		Button: "Geräte ansehen", URL: s.o.PublicURL + "/geraete",
		Small: []string{fmt.Sprintf("Angefragt um %s Uhr mit %s. Der Code gilt %d Minuten und nur in dem Browser, der ihn angefragt hat.", r.At.In(s.o.Zone).Format("15:04"), r.Browser, int(LinkTerm/time.Minute))},
	}
}
