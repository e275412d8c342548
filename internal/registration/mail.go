package registration

import (
	"context"
	"fmt"

	"feierabend"
)

// Mail is the handler of JobRegister: it makes link and code and sends the mail
// that fits. A known address gets a way in to what it has already. Applications
// that are over end without a mail.
func (s *Step) Mail(ctx context.Context, j feierabend.Job) error {
	r, err := s.o.Store.Registration(ctx, j.Ref, s.o.Now())
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load registration %s: %w", j.Ref, err)
	}
	if allowed, err := s.o.Links.Spend(ctx, mailKind); err != nil || !allowed {
		return err
	}
	user, err := s.o.Store.UserByEmail(ctx, r.Form.Email)
	switch {
	case feierabend.KindOf(err) == feierabend.NotFound:
		url, code, err := s.o.Links.Link(ctx, r.User, r.BindHash)
		if err != nil {
			return fmt.Errorf("make link of registration %s: %w", r.ID, err)
		}
		return s.o.Mailer.Send(ctx, feierabend.TenantID{}, s.welcome(r, url, code).Mail())
	case err != nil:
		return fmt.Errorf("look up person of registration %s: %w", r.ID, err)
	}
	url, code, err := s.o.Links.Link(ctx, user.ID, r.BindHash)
	if err != nil {
		return fmt.Errorf("make link of %s: %w", user.ID, err)
	}
	return s.o.Mailer.Send(ctx, feierabend.TenantID{}, s.known(r, user, url, code).Mail())
}

func (s *Step) asked(r feierabend.Registration) string {
	return fmt.Sprintf("Angefragt um %s Uhr mit %s. Code und Link gelten zehn Minuten und nur dort, wo Sie angefragt haben.", r.At.In(s.o.Zone).Format("15:04"), r.Browser)
}

// welcome is the mail of a new firm.
func (s *Step) welcome(r feierabend.Registration, url, code string) feierabend.Letter {
	return feierabend.Letter{
		To: r.Form.Email, Subject: code + " ist Ihr Code für Feierabend", Code: code, CodeFor: "ist Ihr Code für Feierabend.",
		Lines: []string{
			"Guten Tag, schön, dass Sie da sind. Tippen Sie den Code auf der Seite ein, auf der Sie Ihren Betrieb angemeldet haben. Dann ist der Zugang fertig.",
		},
		Button: "Oder öffnen Sie diesen Link in demselben Browser", URL: url,
		Small: []string{
			s.asked(r),
			"Das waren nicht Sie? Dann müssen Sie nichts tun. Ohne Ihr Postfach entsteht kein Zugang, und die Angaben werden nach 24 Stunden gelöscht.",
		},
	}
}

// known is the mail to an address that has an access already.
func (s *Step) known(r feierabend.Registration, user feierabend.User, url, code string) feierabend.Letter {
	return feierabend.Letter{
		To: user.Email, Subject: code + " ist Ihr Code für Feierabend", Code: code, CodeFor: "ist Ihr Code für Feierabend.",
		Lines: []string{
			"Mit dieser Adresse wollte sich gerade jemand neu anmelden. Sie haben aber schon einen Zugang. Ein zweiter ist nicht entstanden, und an Ihren Daten hat sich nichts geändert.",
			"Wenn Sie das waren: Tippen Sie den Code auf der Seite ein, auf der Sie gerade waren. Dann sind Sie angemeldet.",
		},
		Button: "Oder öffnen Sie diesen Link in demselben Browser", URL: url,
		Small: []string{s.asked(r), "Das waren nicht Sie? Dann müssen Sie nichts tun. Ohne Ihr Postfach kommt niemand hinein."},
	}
}
