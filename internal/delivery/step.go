package delivery

import (
	"context"
	"log/slog"
	"time"

	"feierabend"
)

// store is what the step asks of the database.
type store interface {
	reader
	BeginSend(ctx context.Context, t feierabend.TenantID, id feierabend.OutboxID) (feierabend.Outbox, error)
	SentAs(ctx context.Context, t feierabend.TenantID, id feierabend.OutboxID, externalID, mediaID string) error
	FailSend(ctx context.Context, t feierabend.TenantID, id feierabend.OutboxID, code int, final bool) error
	Forgotten(ctx context.Context, t feierabend.TenantID, id feierabend.OutboxID) error
	Enqueue(ctx context.Context, jobs ...feierabend.Job) error
	FinishMessage(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error
	MarkDownloaded(ctx context.Context, t feierabend.TenantID, d feierabend.DocumentID, by feierabend.Actor, eraseAt time.Time) error
	StopCountdown(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID, by feierabend.Actor) error
}

// reader is the part of the store that rendering needs.
type reader interface {
	Outbox(ctx context.Context, t feierabend.TenantID, id feierabend.OutboxID) (feierabend.Outbox, error)
	Tenant(ctx context.Context, t feierabend.TenantID) (feierabend.Tenant, error)
	Member(ctx context.Context, t feierabend.TenantID, u feierabend.UserID) (feierabend.Membership, error)
	CustomerLink(ctx context.Context, t feierabend.TenantID, id string) (feierabend.CustomerLink, error)
	Profile(ctx context.Context, t feierabend.TenantID) (feierabend.Profile, error)
	SenderLink(ctx context.Context, t feierabend.TenantID, id feierabend.SenderID) (feierabend.SenderLink, error)
	Message(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID) (feierabend.Message, error)
	Messages(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) ([]feierabend.Message, error)
	LastHeard(ctx context.Context, t feierabend.TenantID, s feierabend.SenderID) (time.Time, error)
	Case(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (feierabend.Case, error)
	OpenCases(ctx context.Context, t feierabend.TenantID, s feierabend.SenderID) ([]feierabend.Case, error)
	Draft(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (feierabend.DraftVersion, error)
	Addresses(ctx context.Context, t feierabend.TenantID) ([]feierabend.BookEntry, error)
	PeekNumber(ctx context.Context, t feierabend.TenantID, s feierabend.Series) (string, error)
	Document(ctx context.Context, t feierabend.TenantID, d feierabend.DocumentID) (feierabend.Document, error)
	Files(ctx context.Context, t feierabend.TenantID, d feierabend.DocumentID) ([]feierabend.File, error)
	File(ctx context.Context, t feierabend.TenantID, d feierabend.DocumentID, name string) (feierabend.File, error)
	Receipt(ctx context.Context, t feierabend.TenantID, id feierabend.ReceiptID) (feierabend.ErasureReceipt, error)
}

// channel is the side of a chat provider that takes messages and files.
type channel interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.ChatMessage) (externalID string, err error)
	Upload(ctx context.Context, t feierabend.TenantID, name, mime string, data []byte) (mediaID string, err error)
	Delete(ctx context.Context, t feierabend.TenantID, mediaID string) error
}

// Options are the step's dependencies.
type Options struct {
	Store   store
	Channel channel
	Now     func() time.Time
	Zone    *time.Location // of the dates that people read, nil = UTC
	// CaseURL and ReceiptURL are the pages that messages link to; nil = no link.
	CaseURL    func(feierabend.CaseID) string
	ReceiptURL func(feierabend.ReceiptID) string
	// StopURL is the page that stops a recovery; nil = no link.
	StopURL func(recovery string) string
	// Contact is how to reach a person (J-04 „Mensch“): the operator's address.
	Contact string
	Log     *slog.Logger // nil = discard
}

// Step sends and hands out.
type Step struct {
	store   store
	channel channel
	now     func() time.Time
	log     *slog.Logger
	words   words
}

// New makes the step.
func New(o Options) *Step {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	w := words{zone: o.Zone, caseURL: o.CaseURL, receiptURL: o.ReceiptURL, contact: o.Contact, stopURL: o.StopURL}
	return &Step{store: o.Store, channel: o.Channel, now: o.Now, log: o.Log, words: w}
}

// gone says that the thing is erased or never was: for a job that is success.
func gone(err error) bool {
	k := feierabend.KindOf(err)
	return k == feierabend.NotFound || k == feierabend.Gone
}
