// Package team is who belongs to a firm and what they may do there (J-15): the owner
// invites by mail, changes roles, takes people out; everybody may leave, but a firm is
// never without an owner.
//
// An invitation is an address and a role, for seven days. Its mail leads to a page
// whose one button sends a sign-in mail to that address, bound to this browser as
// every sign-in (AUTH-04); only whoever has the mailbox becomes a member, and only by
// a further press. So a scanner that opens or submits the link changes nothing, and
// nobody learns whether an address is known.
//
// What it does not do: sessions (signin), pages (web).
package team

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/address"
)

// Term is how long an invitation can be accepted.
const Term = 7 * 24 * time.Hour

// invitesPerDay is how many mails a firm may send, so that nobody's mailbox is
// filled in its name.
const invitesPerDay = 20

// invitesPerAddress is how many of these mails an address gets a day, of all firms:
// the name of a firm stands in them, which anybody chooses who registers.
const invitesPerAddress = 3

// MaxName is the longest name of a person, in characters.
const MaxName = 100

type store interface {
	Tenant(ctx context.Context, t feierabend.TenantID) (feierabend.Tenant, error)
	User(ctx context.Context, id feierabend.UserID) (feierabend.User, error)
	Member(ctx context.Context, t feierabend.TenantID, u feierabend.UserID) (feierabend.Membership, error)
	Colleagues(ctx context.Context, t feierabend.TenantID) ([]feierabend.Colleague, error)
	SetRole(ctx context.Context, t feierabend.TenantID, u feierabend.UserID, role feierabend.Role, by feierabend.Actor) error
	RemoveMember(ctx context.Context, t feierabend.TenantID, u feierabend.UserID, by feierabend.Actor) error
	SetStaffPrices(ctx context.Context, t feierabend.TenantID, see bool, by feierabend.Actor) error
	RenameUser(ctx context.Context, u feierabend.UserID, name string) error
	Allow(ctx context.Context, key string, limit int, per time.Duration, now time.Time) (bool, error)

	AddInvitation(ctx context.Context, t feierabend.TenantID, n feierabend.Invitation, next ...feierabend.Job) error
	Invitation(ctx context.Context, t feierabend.TenantID, id string) (feierabend.Invitation, error)
	Invitations(ctx context.Context, t feierabend.TenantID, now time.Time) ([]feierabend.Invitation, error)
	SetInvitationToken(ctx context.Context, t feierabend.TenantID, id string, tokenHash []byte) error
	WithdrawInvitation(ctx context.Context, t feierabend.TenantID, id string, by feierabend.Actor) error
	InvitationByToken(ctx context.Context, tokenHash []byte, now time.Time) (feierabend.Invitation, error)
	AnswerInvitation(ctx context.Context, tokenHash []byte, stranger feierabend.UserID, now time.Time) (string, error)
	InvitationsOf(ctx context.Context, u feierabend.UserID, now time.Time) ([]feierabend.Invitation, error)
	AcceptInvitation(ctx context.Context, t feierabend.TenantID, id string, u feierabend.UserID, name string, now time.Time) (feierabend.Membership, error)
}

type mailer interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.Mail) error
}

// Options are what the step needs.
type Options struct {
	Store     store
	Mailer    mailer
	PublicURL string // without a slash at the end
	Zone      *time.Location
	Now       func() time.Time
	NewID     func() string
}

// Step is the team step.
type Step struct{ o Options }

// New makes the step.
func New(o Options) (*Step, error) {
	if o.Store == nil || o.Mailer == nil || o.PublicURL == "" || o.Zone == nil || o.Now == nil || o.NewID == nil {
		return nil, errors.New("team: Store, Mailer, PublicURL, Zone, Now and NewID are needed")
	}
	return &Step{o: o}, nil
}

// mayManage lets owners pass (J-15).
func mayManage(by feierabend.Actor) error {
	if by.Role == feierabend.RoleOwner {
		return nil
	}
	return &feierabend.Error{Kind: feierabend.Unauthorized, Code: "role", Text: "Das Team darf nur ändern, wer Inhaberin oder Inhaber ist. Es ist nichts geändert worden. Bitte fragen Sie dort."}
}

// Members gives the people of a firm, owners first.
func (s *Step) Members(ctx context.Context, t feierabend.TenantID) ([]feierabend.Colleague, error) {
	return s.o.Store.Colleagues(ctx, t)
}

// SetRole changes what a member may do; the person signs in anew. One's own role is
// changed by another owner: whoever gives up their rights should not be alone with it.
func (s *Step) SetRole(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, u feierabend.UserID, role feierabend.Role) error {
	if err := mayManage(by); err != nil {
		return err
	}
	if u == by.User {
		return &feierabend.Error{Kind: feierabend.Conflict, Code: "own_role", Text: "Ihre eigene Rolle ändert eine andere Inhaberin oder ein anderer Inhaber. Es ist nichts geändert worden."}
	}
	return s.o.Store.SetRole(ctx, t, u, role, by)
}

// Remove takes a person out of the firm; their cases stay with it.
func (s *Step) Remove(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, u feierabend.UserID) error {
	if err := mayManage(by); err != nil {
		return err
	}
	return s.o.Store.RemoveMember(ctx, t, u, by)
}

// Leave takes the person out who asks for it.
func (s *Step) Leave(ctx context.Context, by feierabend.Actor, t feierabend.TenantID) error {
	return s.o.Store.RemoveMember(ctx, t, by.User, by)
}

// SetStaffPrices stores the instruction whether staff see prices.
func (s *Step) SetStaffPrices(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, see bool) error {
	if err := mayManage(by); err != nil {
		return err
	}
	return s.o.Store.SetStaffPrices(ctx, t, see, by)
}

// Rename stores the person's own name. Errors are Invalid with the field "name".
func (s *Step) Rename(ctx context.Context, u feierabend.UserID, name string) error {
	name, err := readName(name)
	if err != nil {
		return err
	}
	return s.o.Store.RenameUser(ctx, u, name)
}

func readName(typed string) (string, error) {
	name := strings.Join(strings.Fields(typed), " ")
	text := ""
	switch {
	case name == "":
		text = "Bitte Vor- und Nachnamen eingeben."
	case len([]rune(name)) > MaxName:
		text = fmt.Sprintf("Der Name ist zu lang. Es passen %d Zeichen.", MaxName)
	case strings.ContainsFunc(name, feierabend.Unseen):
		text = "Im Namen stehen Zeichen, die nicht gehen. Bitte neu eingeben."
	default:
		return name, nil
	}
	return "", feierabend.InvalidFields("name", []feierabend.FieldError{{Field: "name", Text: text}})
}

// newToken makes the secret of a link, 32 random bytes, and the hash that is stored.
func newToken() (token string, hash []byte) {
	var b [32]byte
	rand.Read(b[:])
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, hashToken(token)
}

func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// readInvitation checks address and role of a new invitation.
func readInvitation(email string, role feierabend.Role) (string, error) {
	var wrong []feierabend.FieldError
	e, ok := address.ReadEmail(email)
	if !ok {
		wrong = append(wrong, feierabend.FieldError{Field: "email", Text: "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de."})
	}
	if role != feierabend.RoleOwner && role != feierabend.RoleOffice && role != feierabend.RoleStaff {
		wrong = append(wrong, feierabend.FieldError{Field: "rolle", Text: "Bitte eine Rolle wählen."})
	}
	return e.Shown, feierabend.InvalidFields("invitation", wrong)
}
