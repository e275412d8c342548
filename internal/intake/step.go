package intake

import (
	"context"
	"log/slog"
	"time"

	"feierabend"
)

// store is what the step asks of the database.
type store interface {
	Message(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID) (feierabend.Message, error)
	AddAudio(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, info feierabend.AudioInfo, data []byte, next ...feierabend.Job) error
	Tenant(ctx context.Context, t feierabend.TenantID) (feierabend.Tenant, error)
	Enqueue(ctx context.Context, jobs ...feierabend.Job) error
	Dismiss(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, reason string, out ...feierabend.Outgoing) error
	HoldForwarded(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, out ...feierabend.Outgoing) (feierabend.ForwardChoice, error)
	DecideForwarded(ctx context.Context, t feierabend.TenantID, press feierabend.MessageID, c feierabend.ForwardChoice, by feierabend.Actor, out ...feierabend.Outgoing) error
	FinishMessage(ctx context.Context, t feierabend.TenantID, m feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error
}

// channel is the side of a chat provider that gives files and takes read marks.
type channel interface {
	Media(ctx context.Context, t feierabend.TenantID, mediaID string) (feierabend.MediaInfo, error)
	Download(ctx context.Context, t feierabend.TenantID, m feierabend.MediaInfo, limit int64) ([]byte, error)
	Read(ctx context.Context, t feierabend.TenantID, externalID string, typing bool) error
}

// The limits of a voice note.
const (
	MaxBytes    = 16 << 20         // WhatsApp's own limit for audio (whatsapp.md §3)
	MaxDuration = 10 * time.Minute // the limit
)

// Options are the step's dependencies.
type Options struct {
	Store   store
	Channel channel
	Log     *slog.Logger // nil = discard
	// Refresh is the time between two „schreibt …“ of a pending message; 0 = 20 s
	// (the mark lasts 25 s, whatsapp.md §4).
	Refresh time.Duration
}

// Step fetches media and acknowledges messages.
type Step struct {
	store   store
	channel channel
	log     *slog.Logger
	refresh time.Duration
	seen    chan seen
}

// New makes the step. Acknowledging begins with Start.
func New(o Options) *Step {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Refresh == 0 {
		o.Refresh = 20 * time.Second
	}
	return &Step{store: o.Store, channel: o.Channel, log: o.Log, refresh: o.Refresh, seen: make(chan seen, seenCap)}
}
