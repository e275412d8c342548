package erasure

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"feierabend"
)

// store is what the step asks of the database.
type store interface {
	Case(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (feierabend.Case, error)
	Message(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID) (feierabend.Message, error)
	Member(ctx context.Context, t feierabend.TenantID, u feierabend.UserID) (feierabend.Membership, error)
	FinishMessage(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error
	Erase(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID, why feierabend.EraseReason, by feierabend.Actor, out ...feierabend.Outgoing) (feierabend.ErasureReceipt, error)
	ReceiptOf(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (feierabend.ErasureReceipt, error)
	ScrubAndVerify(ctx context.Context) (verified int, err error)
	RewriteContent(ctx context.Context) (done bool, err error)
	Due(ctx context.Context, now time.Time, after feierabend.DueCase, limit int) ([]feierabend.DueCase, error)
	DueAddresses(ctx context.Context, now time.Time, after feierabend.DueAddress, limit int) ([]feierabend.DueAddress, error)
	EraseAddress(ctx context.Context, t feierabend.TenantID, id feierabend.AddressID, why feierabend.EraseReason, by feierabend.Actor) (feierabend.ErasureReceipt, error)
	Warnings(ctx context.Context, now time.Time, limit int) ([]feierabend.DueWarning, error)
	Warn(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (told bool, err error)
	SweepDone(ctx context.Context, now time.Time) error
	Housekeep(ctx context.Context, now time.Time) error
	CheckClock(ctx context.Context) (time.Time, error)
	ClockHealth() feierabend.Health
	LastSweep(ctx context.Context) (time.Time, error)
	OldestPending(ctx context.Context) (time.Time, error)
	Now() time.Time
}

// Options are the step's dependencies.
type Options struct {
	Store store
	Log   *slog.Logger // nil = discard
}

// Step erases.
type Step struct {
	store store
	log   *slog.Logger
	begun time.Time
}

// New makes the step.
func New(o Options) *Step {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Step{store: o.Store, log: o.Log, begun: o.Store.Now()}
}

// Confirm erases a case because the firm has stored its file (J-31). Only for
// cases with a document; the person needs the right to issue. A second call
// returns the same receipt.
func (s *Step) Confirm(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, c feierabend.CaseID) (feierabend.ErasureReceipt, error) {
	return s.erase(ctx, by, t, c, feierabend.EraseConfirmed, "")
}

// Discard erases a case at any time, whatever its state. The person needs the
// right to issue. A second call returns the same receipt.
func (s *Step) Discard(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, c feierabend.CaseID) (feierabend.ErasureReceipt, error) {
	return s.erase(ctx, by, t, c, feierabend.EraseDiscarded, "")
}

// erase checks right and state, erases, and tells the chat that the case came from.
func (s *Step) erase(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, id feierabend.CaseID, why feierabend.EraseReason, reply feierabend.MessageID) (feierabend.ErasureReceipt, error) {
	if !by.Role.MayIssue() {
		return feierabend.ErasureReceipt{}, notAllowed()
	}
	c, err := s.store.Case(ctx, t, id)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return s.store.ReceiptOf(ctx, t, id) // a second tap, or another tenant's id: not found there too
	}
	if err != nil && feierabend.CodeOf(err) != "sealed" { // what does not open can go
		return feierabend.ErasureReceipt{}, fmt.Errorf("load case %s: %w", id, err)
	}
	if why == feierabend.EraseConfirmed && c.State != feierabend.CaseIssued && c.State != feierabend.CaseDownloaded {
		return feierabend.ErasureReceipt{}, &feierabend.Error{
			Kind: feierabend.Conflict, Code: "not_issued",
			Text: "Zu diesem Vorgang gibt es noch keinen Beleg, den Sie gespeichert haben könnten. Er ist unverändert da. Wenn Sie ihn nicht mehr brauchen, verwerfen Sie ihn bitte.",
			Err:  fmt.Errorf("case %s is %s", id, c.State),
		}
	}
	r, err := s.store.Erase(ctx, t, id, why, by, tell(c.Sender, reply)...)
	if err != nil {
		return feierabend.ErasureReceipt{}, fmt.Errorf("erase case %s: %w", id, err)
	}
	return r, nil
}

// tell is the message to the chat that the case came from. Its Ref is the
// receipt's id, which the store fills in: it is made in the same transaction.
func tell(to feierabend.SenderID, reply feierabend.MessageID) []feierabend.Outgoing {
	if to == "" {
		return nil
	}
	return []feierabend.Outgoing{{Sender: to, Kind: feierabend.OutErased, ReplyTo: reply}}
}

func notAllowed() error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: feierabend.ReasonNotAllowed,
		Text: feierabend.ReasonText(feierabend.ReasonNotAllowed),
		Err:  fmt.Errorf("role may not erase"),
	}
}

// Scrub scrubs the database and proves the pending receipts (JobScrub). Where some stay
// pending the store has planned the next scrub, with what is erased until then: a job
// that came back by itself would come too often, and one for each erasure.
func (s *Step) Scrub(ctx context.Context, _ feierabend.Job) error {
	n, err := s.store.ScrubAndVerify(ctx)
	if code := feierabend.CodeOf(err); code == "residue" || code == "proof_waits" {
		s.log.Warn("receipts stay pending", "code", code, "verified", n)
		return nil
	}
	if err != nil {
		return fmt.Errorf("scrub and verify: %w", err)
	}
	s.log.Info("scrubbed", "verified", n)
	return nil
}

// Rewrite takes away what deleted content left in the tables of PostgreSQL (JobRewrite).
func (s *Step) Rewrite(ctx context.Context, _ feierabend.Job) error {
	done, err := s.store.RewriteContent(ctx)
	if err != nil {
		return fmt.Errorf("rewrite content tables: %w", err)
	}
	s.log.Info("content tables rewritten", "all", done)
	return nil
}
