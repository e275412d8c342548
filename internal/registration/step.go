package registration

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"feierabend"
)

type store interface {
	UserByEmail(ctx context.Context, email string) (feierabend.User, error)
	Memberships(ctx context.Context, user feierabend.UserID) ([]feierabend.Membership, error)
	AddRegistration(ctx context.Context, r feierabend.Registration, next ...feierabend.Job) error
	Registration(ctx context.Context, id string, now time.Time) (feierabend.Registration, error)
	RegistrationOf(ctx context.Context, user feierabend.UserID, now time.Time) (feierabend.Registration, error)
	RegistrationFrom(ctx context.Context, bindHash []byte, now time.Time) (feierabend.Registration, error)
	CompleteRegistration(ctx context.Context, id string, n feierabend.Tenant, p feierabend.Profile, owner feierabend.User) (feierabend.UserID, error)
	Agreement(ctx context.Context, t feierabend.TenantID) (feierabend.ProcessingAgreement, error)
	ConcludeAgreement(ctx context.Context, a feierabend.ProcessingAgreement) error
	Enqueue(ctx context.Context, jobs ...feierabend.Job) error
}

// links makes what a mail carries; signin has it.
type links interface {
	// Allow counts a mail of a kind to the address and says whether it may be sent (AUTH-07).
	Allow(ctx context.Context, kind, normal, network string) (bool, error)
	// Spend counts a mail that is about to be sent, among all of its kind.
	Spend(ctx context.Context, kind string) (bool, error)
	// Link makes token and code for a person and browser, and stores their hashes.
	Link(ctx context.Context, user feierabend.UserID, bindHash []byte) (url, code string, err error)
}

type mailer interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.Mail) error
}

// Options are what the step needs.
type Options struct {
	Store  store
	Links  links
	Mailer mailer
	// Text is what a firm concludes; zero = there is none, and nobody can register.
	Text  feierabend.ContractText
	Zone  *time.Location // of the times in mails
	Now   func() time.Time
	NewID func() string
	Log   *slog.Logger // nil = discard
}

// Step is the registration step.
type Step struct {
	o     Options
	firms concluded
}

// New makes the step.
func New(o Options) (*Step, error) {
	if o.Store == nil || o.Links == nil || o.Mailer == nil || o.Zone == nil || o.Now == nil || o.NewID == nil {
		return nil, errors.New("registration: an option is missing")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Step{o: o}, nil
}

// mailKind names the mails of registrations where mails are counted.
const mailKind = "registration"

// Open says whether firms can register: there is a text that they would conclude.
func (s *Step) Open() bool { return !s.o.Text.IsZero() }

// Trades are the trades to choose from.
func (s *Step) Trades() []string { return Trades() }

func errClosed() error {
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "registration_closed",
		Text: "Betriebe können sich hier noch nicht anmelden: Nutzungsbedingungen und Vertrag zur Auftragsverarbeitung liegen noch nicht vor. Es wurde nichts gespeichert.",
	}
}

// Check says what is wrong with a form, as field errors, with a question where the
// place is doubted.
func (s *Step) Check(f feierabend.RegistrationForm) (ask *feierabend.PlaceQuestion, err error) {
	_, ask, wrong := Read(f)
	return ask, feierabend.InvalidFields("registration", wrong)
}

// Request takes a form and stores nothing of one that is wrong. Else the answer is
// nil, whether the address is known, unknown or over its limit (AUTH-06, AUTH-07).
func (s *Step) Request(ctx context.Context, f feierabend.RegistrationForm, from feierabend.Asking) error {
	if !s.Open() {
		return errClosed()
	}
	a, _, wrong := Read(f)
	if len(wrong) > 0 {
		return feierabend.InvalidFields("registration", wrong)
	}
	normal := feierabend.NormalEmail(a.Email)
	if allowed, err := s.o.Links.Allow(ctx, mailKind, normal, from.Network); err != nil || !allowed {
		return err
	}
	r := feierabend.Registration{ID: s.o.NewID(), User: feierabend.UserID(s.o.NewID()), Email: normal, BindHash: from.BindHash, Browser: feierabend.BrowserFamily(from.Browser), At: s.o.Now(), Form: &a}
	return s.o.Store.AddRegistration(ctx, r, feierabend.Job{K: feierabend.JobRegister, Ref: r.ID})
}

// Again sends the mail of the browser's application once more. Without one the
// answer is the same.
func (s *Step) Again(ctx context.Context, from feierabend.Asking) error {
	if len(from.BindHash) == 0 {
		return nil
	}
	r, err := s.o.Store.RegistrationFrom(ctx, from.BindHash, s.o.Now())
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	switch allowed, err := s.o.Links.Allow(ctx, mailKind, feierabend.NormalEmail(r.Form.Email), from.Network); {
	case err != nil:
		return err
	case !allowed:
		return nil
	}
	return s.o.Store.Enqueue(ctx, feierabend.Job{K: feierabend.JobRegister, Ref: r.ID})
}

// Complete makes firm and owner of the application whose owner will be user, once
// its link or code was redeemed, and gives the person who is in. A user of whom no
// application waits is given back as it came.
func (s *Step) Complete(ctx context.Context, user feierabend.UserID) (feierabend.UserID, error) {
	r, err := s.o.Store.RegistrationOf(ctx, user, s.o.Now())
	if feierabend.KindOf(err) == feierabend.NotFound {
		return user, nil
	}
	if err != nil {
		return "", fmt.Errorf("load registration of %s: %w", user, err)
	}
	id, err := feierabend.ParseTenantID(s.o.NewID())
	if err != nil {
		return "", fmt.Errorf("make tenant id: %w", err)
	}
	n, p, owner := found(*r.Form, user)
	n.ID, n.CreatedAt = id, s.o.Now()
	if user, err = s.o.Store.CompleteRegistration(ctx, r.ID, n, p, owner); err != nil {
		return "", fmt.Errorf("complete registration %s: %w", r.ID, err)
	}
	return user, nil
}

// found gives firm, profile and owner of an application. What was not asked stays
// unsaid: no prices, no tax scheme, no instruction about the countdown.
func found(a feierabend.Application, user feierabend.UserID) (feierabend.Tenant, feierabend.Profile, feierabend.User) {
	name := a.FirstName + " " + a.LastName
	p := feierabend.Profile{Trade: a.Trade, Seller: feierabend.Seller{
		Name: a.Firm, LegalForm: a.LegalForm, Street: a.Street, Postcode: a.Postcode, City: a.City, Contact: name, Phone: a.Phone, Email: a.Email,
	}}
	return feierabend.Tenant{Name: a.Firm, RetentionDays: feierabend.MaxRetentionDays}, p, feierabend.User{ID: user, Email: a.Email, Name: name, Phone: a.Phone}
}
