package linking

import (
	"context"
	"fmt"
	"strings"

	"feierabend"
)

// Mail tells the owners what came of a challenge (JobLinkMail): a number was linked, or
// its holder said that it was not them (whatsapp.md §9.2).
func (s *Step) Mail(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(err)
	}
	id, _, _ := strings.Cut(j.Ref, ":")
	c, err := s.o.Store.LinkChallenge(ctx, t, id)
	if gone(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load challenge %s: %w", j.Ref, err)
	}
	number := feierabend.MaskPhone(c.Phone)
	switch c.State {
	case feierabend.LinkDone:
		if !c.Numbered {
			number = "ohne sichtbare Nummer"
		}
		return s.tell(ctx, j, t, c.User, letter{
			Subject: "Neue WhatsApp-Nummer verbunden",
			Lines: []string{
				"Mit Ihrem Konto %[1]s ist jetzt die WhatsApp-Nummer " + number + " von %[2]s verbunden.",
				"Sprachnachrichten von dort werden zu Entwürfen Ihrer Firma. Das waren nicht Sie? Dann trennen Sie die Nummer auf der Seite gleich wieder.",
			},
		})
	case feierabend.LinkRefused:
		return s.tell(ctx, j, t, c.User, letter{
			Subject: "WhatsApp-Nummer nicht verbunden",
			Lines: []string{
				"Die Nummer " + number + " sollte für %[2]s mit Ihrem Konto %[1]s verbunden werden. Wer sie benutzt, hat im Chat mit Nein geantwortet.",
				"Es ist nichts verbunden, der Code gilt nicht mehr. Vielleicht war die Nummer vertippt: Dann holen Sie einfach einen neuen Code.",
			},
		})
	}
	return nil
}

// Paused tells the owners that a number is suspended (JobLinkPause).
func (s *Step) Paused(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(err)
	}
	id, _, _ := strings.Cut(j.Ref, ":")
	l, err := s.o.Store.SenderLink(ctx, t, feierabend.SenderID(id))
	if gone(err) || err == nil && l.Standing != feierabend.SenderSuspended {
		return nil // proved again or unlinked meanwhile
	}
	if err != nil {
		return fmt.Errorf("load link %s: %w", j.Ref, err)
	}
	return s.tell(ctx, j, t, l.User, letter{
		Subject: "Bitte WhatsApp-Nummer neu verbinden",
		Lines: []string{
			l.Why.German() + " Deshalb nehme ich von " + l.Mask() + " (%[2]s) vorerst nichts mehr an. Was schon da ist, bleibt, wie es ist.",
			"Ist alles in Ordnung, verbinden Sie die Nummer auf der Seite neu. Das dauert eine Minute. Sonst trennen Sie sie dort.",
		},
	})
}

// letter is a mail before it has its names: %[1]s is the firm, %[2]s the person.
type letter struct {
	Subject string
	Lines   []string
}

// tell sends a letter to the owner that the job names behind a colon. A job that names
// none makes one for each owner, all at once: a mailbox that refuses keeps nobody else
// from being told, and no try mails an owner twice.
func (s *Step) tell(ctx context.Context, j feierabend.Job, t feierabend.TenantID, about feierabend.UserID, l letter) error {
	firm, err := s.o.Store.Tenant(ctx, t)
	if err != nil {
		return fmt.Errorf("load firm: %w", err)
	}
	all, err := s.o.Store.Colleagues(ctx, t)
	if err != nil {
		return fmt.Errorf("list members: %w", err)
	}
	who := "einer Person, die nicht mehr dabei ist,"
	for _, p := range all {
		if p.User.ID == about {
			who = p.User.Name
		}
	}
	lines := make([]string, len(l.Lines))
	for i, line := range l.Lines {
		if lines[i] = line; strings.Contains(line, "%[") {
			lines[i] = fmt.Sprintf(line+"%.0[1]s%.0[2]s", firm.Name, who)
		}
	}
	id, one, named := strings.Cut(j.Ref, ":")
	var each []feierabend.Job
	for _, p := range all {
		switch {
		case p.Role != feierabend.RoleOwner || named && string(p.User.ID) != one:
		case !named:
			each = append(each, feierabend.Job{K: j.K, Tenant: j.Tenant, Ref: id + ":" + string(p.User.ID)})
		default:
			m := feierabend.Letter{To: p.User.Email, Subject: l.Subject, Lines: lines, Button: "Nummern ansehen", URL: s.o.PublicURL + "/nummern"}.Mail()
			if err := s.o.Mailer.Send(ctx, t, m); err != nil {
				return fmt.Errorf("mail owner %s: %w", p.User.ID, err)
			}
		}
	}
	if len(each) == 0 {
		return nil
	}
	return s.o.Store.Enqueue(ctx, each...)
}
