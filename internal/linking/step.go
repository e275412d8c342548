package linking

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"feierabend"
)

type store interface {
	Tenant(ctx context.Context, t feierabend.TenantID) (feierabend.Tenant, error)
	Colleagues(ctx context.Context, t feierabend.TenantID) ([]feierabend.Colleague, error)
	SenderLinks(ctx context.Context, t feierabend.TenantID) ([]feierabend.SenderLink, error)
	SenderLink(ctx context.Context, t feierabend.TenantID, id feierabend.SenderID) (feierabend.SenderLink, error)
	AddLinkChallenge(ctx context.Context, t feierabend.TenantID, c feierabend.LinkChallenge, code string) error
	LinkChallenge(ctx context.Context, t feierabend.TenantID, id string) (feierabend.LinkChallenge, error)
	LatestLink(ctx context.Context, t feierabend.TenantID, session []byte) (feierabend.LinkChallenge, error)
	CancelLink(ctx context.Context, t feierabend.TenantID, id string, by feierabend.Actor) error
	ConfirmLink(ctx context.Context, t feierabend.TenantID, id string, by feierabend.Actor) (feierabend.SenderLink, error)
	UnlinkSender(ctx context.Context, t feierabend.TenantID, id feierabend.SenderID, by feierabend.Actor) error
	AddCustomerLink(ctx context.Context, t feierabend.TenantID, c feierabend.CustomerLink, code string) error
	CustomerLinks(ctx context.Context, t feierabend.TenantID, of feierabend.CaseID) ([]feierabend.CustomerLink, error)
	CustomerLink(ctx context.Context, t feierabend.TenantID, id string) (feierabend.CustomerLink, error)
	EndCustomerLink(ctx context.Context, t feierabend.TenantID, id string, by feierabend.Actor) error
	SetCustomers(ctx context.Context, t feierabend.TenantID, v feierabend.CustomerVoices, by feierabend.Actor) error
	Message(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID) (feierabend.Message, error)
	FinishMessage(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error
	Member(ctx context.Context, t feierabend.TenantID, u feierabend.UserID) (feierabend.Membership, error)
	Enqueue(ctx context.Context, jobs ...feierabend.Job) error
	Allow(ctx context.Context, key string, limit int, per time.Duration, now time.Time) (bool, error)
}

type channel interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.ChatMessage) (externalID string, err error)
}

type mailer interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.Mail) error
}

// Options are what the step needs.
type Options struct {
	Store   store
	Channel channel
	Mailer  mailer
	// ReadPhone gives a typed number in E.164.
	ReadPhone func(typed string) (e164 string, ok bool)
	Number    string // that people speak to, E.164, "" = not configured
	PublicURL string // without a slash at the end
	Now       func() time.Time
	NewID     func() string
	Log       *slog.Logger // nil = discard
}

// Step links numbers.
type Step struct {
	o         Options
	strangers chan stranger
}

// New makes the step.
func New(o Options) (*Step, error) {
	if o.Store == nil || o.Channel == nil || o.Mailer == nil || o.ReadPhone == nil || o.PublicURL == "" || o.Now == nil || o.NewID == nil {
		return nil, errors.New("linking: Store, Channel, Mailer, ReadPhone, PublicURL, Now and NewID are needed")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Step{o: o, strangers: make(chan stranger, strangersCap)}, nil
}

// gone says that the thing is erased or never was: for a job that is success.
func gone(err error) bool {
	k := feierabend.KindOf(err)
	return k == feierabend.NotFound || k == feierabend.Gone
}
