package drafting

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"feierabend"
	"feierabend/internal/dictation"
)

// store is what the step asks of the database.
type store interface {
	Message(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID) (feierabend.Message, error)
	Messages(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) ([]feierabend.Message, error)
	Transcript(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID) (feierabend.Transcript, error)
	Profile(ctx context.Context, t feierabend.TenantID) (feierabend.Profile, error)
	Addresses(ctx context.Context, t feierabend.TenantID) ([]feierabend.BookEntry, error)
	ProfileVersion(ctx context.Context, t feierabend.TenantID) (feierabend.Profile, int64, error)
	ChangeProfile(ctx context.Context, t feierabend.TenantID, by feierabend.Actor, base int64, act string, p feierabend.Profile) error
	Member(ctx context.Context, t feierabend.TenantID, u feierabend.UserID) (feierabend.Membership, error)
	SenderLink(ctx context.Context, t feierabend.TenantID, id feierabend.SenderID) (feierabend.SenderLink, error)
	Case(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (feierabend.Case, error)
	OpenCases(ctx context.Context, t feierabend.TenantID, s feierabend.SenderID) ([]feierabend.Case, error)
	Draft(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (feierabend.DraftVersion, error)
	AddDraft(ctx context.Context, t feierabend.TenantID, d feierabend.NewDraft, next ...feierabend.Job) (version int, err error)
	FinishMessage(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error
	Dismiss(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, reason string, out ...feierabend.Outgoing) error
	PressFor(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, payload string) error
	MoveMessage(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, to feierabend.CaseID) error
	LinkCodeWaits(ctx context.Context, text string) (feierabend.WaitingCode, error)
	Lease(ctx context.Context, t feierabend.TenantID, s feierabend.SenderID, holder string, ttl time.Duration) (bool, error)
	Release(ctx context.Context, t feierabend.TenantID, s feierabend.SenderID, holder string) error
}

// prover takes codes that prove a person anew (AUTH-13).
type prover interface {
	Prove(ctx context.Context, t feierabend.TenantID, user feierabend.UserID, text string, at time.Time) (answer string, err error)
}

// policy is the agreement gate (compliance.Policy).
type policy interface {
	Providers(ctx context.Context, t feierabend.TenantID, p feierabend.Purpose) ([]feierabend.ProviderID, error)
}

// Options are the step's dependencies.
type Options struct {
	Store  store
	Policy policy
	// Proofs reads codes of the step-up out of the chat; nil = none are read.
	Proofs prover
	Now    func() time.Time
	Zone   *time.Location // in which „heute“ and „gestern“ count: Europe/Berlin; nil = UTC
	Log    *slog.Logger   // nil = discard
}

// Step drafts.
type Step struct {
	store  store
	policy policy
	proofs prover // nil = no codes are read
	now    func() time.Time
	zone   *time.Location
	log    *slog.Logger
	lists  *dictation.Lists // price lists made ready, so that each note does not do it anew
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
	return &Step{store: o.Store, policy: o.Policy, proofs: o.Proofs, now: o.Now, zone: o.Zone, log: o.Log, lists: &dictation.Lists{}}
}

// actor says who speaks. A person who is no longer a member has no role.
func (s *Step) actor(ctx context.Context, m feierabend.Message) (feierabend.Actor, error) {
	by := feierabend.Actor{User: m.Sender.User, Via: feierabend.ViaChat}
	member, err := s.store.Member(ctx, m.Tenant, m.Sender.User)
	if err != nil && !gone(err) {
		return by, fmt.Errorf("look up member: %w", err)
	}
	by.Role = member.Role
	return by, nil
}

// refuse closes the message with a reason and tells the sender.
func (s *Step) refuse(ctx context.Context, m feierabend.Message, c feierabend.CaseID, reason string) error {
	return s.finish(ctx, m, feierabend.MessageFailed, reason, feierabend.Outgoing{
		Sender: m.Sender.ID, Case: c, Kind: feierabend.OutFailed, Ref: reason, ReplyTo: m.ID,
	})
}

func (s *Step) finish(ctx context.Context, m feierabend.Message, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error {
	err := s.store.FinishMessage(ctx, m.Tenant, m.ID, state, reason, out...)
	if err != nil && !gone(err) {
		return fmt.Errorf("finish message %s: %w", m.ID, err)
	}
	return nil
}

// gone says that the thing is erased or never was: for a job that is success.
func gone(err error) bool {
	k := feierabend.KindOf(err)
	return k == feierabend.NotFound || k == feierabend.Gone
}
