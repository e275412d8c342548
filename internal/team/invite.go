package team

import (
	"context"
	"fmt"
	"time"

	"feierabend"
)

// Invite offers a person a role in the firm, by mail. A second invitation to the same
// address takes the place of the first. Errors are Invalid with the fields "email" and
// "rolle"; Conflict "member"; Invalid "invite_limit" after twenty mails a day of the
// firm, or three to the address of all firms: one answer for both. What it answers
// does not depend on whether the address is known.
func (s *Step) Invite(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, email string, role feierabend.Role) error {
	if err := mayManage(by); err != nil {
		return err
	}
	to, err := readInvitation(email, role)
	if err != nil {
		return err
	}
	now := s.o.Now()
	for _, l := range []struct {
		key   string
		limit int
	}{{"invite:" + t.String(), invitesPerDay}, {"invite-to:" + feierabend.NormalEmail(to), invitesPerAddress}} {
		ok, err := s.o.Store.Allow(ctx, l.key, l.limit, 24*time.Hour, now)
		if err != nil {
			return err
		}
		if !ok {
			return &feierabend.Error{Kind: feierabend.Invalid, Code: "invite_limit", Text: "Heute sind schon so viele Einladungen verschickt worden, wie an einem Tag möglich sind. Diese ging nicht mehr hinaus. Bitte morgen noch einmal."}
		}
	}
	n := feierabend.Invitation{ID: s.o.NewID(), Tenant: t, Email: to, Role: role, By: by.User, CreatedAt: now, ExpiresAt: now.Add(Term)}
	return s.o.Store.AddInvitation(ctx, t, n, feierabend.Job{K: feierabend.JobInvite, Tenant: t.String(), Ref: n.ID})
}

// Waiting gives the firm's invitations that are not accepted yet, newest first.
func (s *Step) Waiting(ctx context.Context, by feierabend.Actor, t feierabend.TenantID) ([]feierabend.Invitation, error) {
	if err := mayManage(by); err != nil {
		return nil, err
	}
	return s.o.Store.Invitations(ctx, t, s.o.Now())
}

// Withdraw ends an invitation; the link in its mail is dead at once.
func (s *Step) Withdraw(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id string) error {
	if err := mayManage(by); err != nil {
		return err
	}
	return s.o.Store.WithdrawInvitation(ctx, t, id, by)
}

// Mail is the handler of JobInvite: it makes the token, stores its hash and sends the
// mail. A retry makes a new one. What was withdrawn meanwhile ends without a mail.
func (s *Step) Mail(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(fmt.Errorf("read firm of invitation: %w", err))
	}
	n, err := s.o.Store.Invitation(ctx, t, j.Ref)
	if feierabend.KindOf(err) == feierabend.NotFound || err == nil && !s.o.Now().Before(n.ExpiresAt) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load invitation %s: %w", j.Ref, err)
	}
	firm, err := s.o.Store.Tenant(ctx, t)
	if err != nil {
		return fmt.Errorf("load firm of invitation %s: %w", j.Ref, err)
	}
	token, hash := newToken()
	err = s.o.Store.SetInvitationToken(ctx, t, n.ID, hash)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store token of invitation %s: %w", n.ID, err)
	}
	return s.o.Mailer.Send(ctx, t, s.compose(n, firm, token).Mail())
}

// compose is the mail in words.
func (s *Step) compose(n feierabend.Invitation, firm feierabend.Tenant, token string) feierabend.Letter {
	return feierabend.Letter{
		To: n.Email, Subject: "Einladung zu Feierabend",
		Lines: []string{
			firm.Name + " lädt Sie ein, bei Feierabend mitzumachen, als " + n.Role.German() + ".",
			"Feierabend schreibt aus Sprachnachrichten Rechnungen. Es kostet Sie nichts und braucht kein Passwort.",
		},
		Button: "Einladung ansehen", URL: s.o.PublicURL + "/einladung?t=" + token,
		Small: []string{
			"Die Einladung gilt bis zum " + n.ExpiresAt.In(s.o.Zone).Format("02.01.2006, 15:04") + " Uhr. Danach löschen wir Ihre Adresse.",
			"Sie kennen diese Firma nicht? Dann müssen Sie nichts tun.",
		},
	}
}

// Show gives the offer behind the token of a mail; NotFound for what has ended,
// was withdrawn or never was.
func (s *Step) Show(ctx context.Context, token string) (feierabend.Offer, error) {
	if len(token) != 43 {
		return feierabend.Offer{}, errEnded()
	}
	n, err := s.o.Store.InvitationByToken(ctx, hashToken(token), s.o.Now())
	if feierabend.KindOf(err) == feierabend.NotFound {
		return feierabend.Offer{}, errEnded()
	}
	if err != nil {
		return feierabend.Offer{}, fmt.Errorf("load invitation: %w", err)
	}
	return s.offer(ctx, n)
}

func errEnded() error {
	return &feierabend.Error{
		Kind: feierabend.NotFound, Code: "invitation",
		Text: "Diese Einladung gilt nicht mehr. Sie ist abgelaufen, zurückgenommen oder schon angenommen. Bitte fragen Sie die Firma nach einer neuen.",
	}
}

func (s *Step) offer(ctx context.Context, n feierabend.Invitation) (feierabend.Offer, error) {
	firm, err := s.o.Store.Tenant(ctx, n.Tenant)
	if err != nil {
		return feierabend.Offer{}, fmt.Errorf("load firm of invitation %s: %w", n.ID, err)
	}
	return feierabend.Offer{ID: n.ID, Tenant: n.Tenant, Firm: firm.Name, Role: n.Role, ExpiresAt: n.ExpiresAt}, nil
}

// Answer lets the invited address sign in, and gives it: the sign-in mail goes there
// and nowhere else.
func (s *Step) Answer(ctx context.Context, token string) (email string, err error) {
	if len(token) != 43 {
		return "", errEnded()
	}
	email, err = s.o.Store.AnswerInvitation(ctx, hashToken(token), feierabend.UserID(s.o.NewID()), s.o.Now())
	if feierabend.KindOf(err) == feierabend.NotFound {
		return "", errEnded()
	}
	return email, err
}

// Offers gives what waits for a signed-in person, oldest first.
func (s *Step) Offers(ctx context.Context, u feierabend.UserID) (out []feierabend.Offer, err error) {
	all, err := s.o.Store.InvitationsOf(ctx, u, s.o.Now())
	if err != nil {
		return nil, err
	}
	for _, n := range all {
		o, err := s.offer(ctx, n)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// Accept makes a signed-in person a member, by an invitation to their own address.
// Whoever has no name yet gives it here: Invalid with the field "name". An invitation
// that is not theirs is NotFound.
func (s *Step) Accept(ctx context.Context, u feierabend.UserID, t feierabend.TenantID, id, name string) error {
	user, err := s.o.Store.User(ctx, u)
	if err != nil {
		return fmt.Errorf("load user %s: %w", u, err)
	}
	if user.Name == "" {
		if name, err = readName(name); err != nil {
			return err
		}
	}
	_, err = s.o.Store.AcceptInvitation(ctx, t, id, u, name, s.o.Now())
	return err
}
