package transcription

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"feierabend"
)

// Limits of a recording (speech.md §6.9).
const (
	MaxBytes  = 16 << 20
	MaxLength = 10 * time.Minute
)

const (
	beam = 5
	// waitModel is how long a message sleeps while there is no model.
	waitModel = 10 * time.Second
	// waitOther is how long it sleeps while the engine or an agreement is missing.
	waitOther = time.Minute
	// local is the engine on this server.
	local feierabend.ProviderID = "local"
)

type messages interface {
	Message(context.Context, feierabend.TenantID, feierabend.MessageID) (feierabend.Message, error)
	Audio(context.Context, feierabend.TenantID, feierabend.MessageID) (feierabend.Audio, error)
	AddTranscript(context.Context, feierabend.TenantID, feierabend.MessageID, feierabend.Transcript, ...feierabend.Job) error
	SetReason(ctx context.Context, t feierabend.TenantID, id feierabend.MessageID, reason string, out ...feierabend.Outgoing) error
	FinishMessage(ctx context.Context, t feierabend.TenantID, id feierabend.MessageID, state feierabend.MessageState, reason string, out ...feierabend.Outgoing) error
}

type policy interface {
	Providers(context.Context, feierabend.TenantID, feierabend.Purpose) ([]feierabend.ProviderID, error)
}

type engine interface {
	Transcribe(context.Context, []byte, feierabend.RecognitionOptions) (feierabend.Recognition, error)
}

// Options are what the step works with.
type Options struct {
	Store  messages
	Policy policy
	Engine engine
	Log    *slog.Logger // nil = none
}

// Step is the step from audio to transcript.
type Step struct{ o Options }

// New makes the step.
func New(o Options) *Step {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Step{o}
}

// Run handles a transcribe job. It ends in a transcript with the next job, in a
// failed message with its reason, or in a snooze while model or agreement are
// missing. A case that is gone is a success. Other errors ask for a retry.
func (s *Step) Run(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(err)
	}
	m, err := s.o.Store.Message(ctx, t, feierabend.MessageID(j.Ref))
	if gone(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("transcribe %s: %w", j.Ref, err)
	}
	if m.State != feierabend.MessageFetched {
		return nil // done before a crash, or by another worker
	}
	if err := s.message(ctx, t, m); !gone(err) {
		return err
	}
	return nil
}

func gone(err error) bool {
	k := feierabend.KindOf(err)
	return k == feierabend.NotFound || k == feierabend.Gone
}

func (s *Step) message(ctx context.Context, t feierabend.TenantID, m feierabend.Message) error {
	ids, err := s.o.Policy.Providers(ctx, t, feierabend.PurposeSpeech)
	if err != nil || !slices.Contains(ids, local) {
		s.o.Log.Info("speech waits", "ref", string(m.ID), "code", feierabend.CodeOf(err))
		return feierabend.Snooze(waitOther)
	}
	b, reason, err := s.audio(ctx, t, m.ID)
	if err != nil {
		return err
	}
	if reason != "" {
		return s.fail(ctx, t, m, reason)
	}
	r, err := s.recognise(ctx, b)
	if err != nil {
		return s.refused(ctx, t, m, err)
	}
	tr, reason := Judge(r, nil)
	s.o.Log.Info("speech recognised", "ref", string(m.ID), "audio_ms", r.Duration.Milliseconds(), "cpu_ms", r.CPU.Milliseconds(), "windows", len(r.Windows), "code", reason)
	if reason != "" {
		return s.fail(ctx, t, m, reason)
	}
	next := feierabend.Job{K: feierabend.JobDraft, Tenant: t.String(), Ref: string(m.ID)}
	if err := s.o.Store.AddTranscript(ctx, t, m.ID, tr, next); err != nil {
		return fmt.Errorf("add transcript of %s: %w", m.ID, err)
	}
	return nil
}

// audio reads the sealed recording, or says why it is not worth it.
func (s *Step) audio(ctx context.Context, t feierabend.TenantID, id feierabend.MessageID) ([]byte, string, error) {
	a, err := s.o.Store.Audio(ctx, t, id)
	if err != nil {
		return nil, "", fmt.Errorf("audio of %s: %w", id, err)
	}
	switch {
	case a.Info.Bytes > MaxBytes:
		return nil, feierabend.ReasonTooLarge, nil
	case a.Info.Duration > MaxLength:
		return nil, feierabend.ReasonTooLong, nil
	}
	r, err := a.Open(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("open audio of %s: %w", id, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, "", fmt.Errorf("read audio of %s: %w", id, err)
	}
	if len(b) > MaxBytes {
		return nil, feierabend.ReasonTooLarge, nil
	}
	return b, "", nil
}

// recognise asks the engine, twice where a try is spent. It gets no prompt: the
// price list as a prompt spelt trade words better and amounts worse (decision 8).
func (s *Step) recognise(ctx context.Context, b []byte) (feierabend.Recognition, error) {
	o := feierabend.RecognitionOptions{Beam: beam, Longest: MaxLength}
	r, err := Recognise(ctx, s.o.Engine, b, o)
	if err != nil && feierabend.KindOf(err) == feierabend.Internal && ctx.Err() == nil {
		r, err = Recognise(ctx, s.o.Engine, b, o)
	}
	return r, err
}

// refused turns an engine's error into waiting, an outcome or a retry.
func (s *Step) refused(ctx context.Context, t feierabend.TenantID, m feierabend.Message, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch feierabend.KindOf(err) {
	case feierabend.Unavailable:
		return s.wait(ctx, t, m, err)
	case feierabend.Invalid:
		return s.fail(ctx, t, m, reasonOf(feierabend.CodeOf(err)))
	}
	s.o.Log.Error("speech failed", "ref", string(m.ID), "code", feierabend.CodeOf(err))
	return s.fail(ctx, t, m, feierabend.ReasonSpeechFailed)
}

// wait lets a message sleep until there is a model, and says so once.
func (s *Step) wait(ctx context.Context, t feierabend.TenantID, m feierabend.Message, err error) error {
	if feierabend.CodeOf(err) == "speech_ill" {
		return feierabend.Snooze(waitOther)
	}
	if m.Reason != feierabend.ReasonWaitsModel {
		if err := s.o.Store.SetReason(ctx, t, m.ID, feierabend.ReasonWaitsModel, told(m, feierabend.ReasonWaitsModel)); err != nil {
			return fmt.Errorf("tell that %s waits: %w", m.ID, err)
		}
	}
	return feierabend.Snooze(waitModel)
}

// reasonOf maps codes of the audio reader to reasons of a message.
func reasonOf(code string) string {
	switch code {
	case "empty":
		return feierabend.ReasonEmpty
	case "damaged":
		return feierabend.ReasonDamaged
	case "too_long":
		return feierabend.ReasonTooLong
	case "too_large":
		return feierabend.ReasonTooLarge
	}
	return feierabend.ReasonNotAudio
}

func (s *Step) fail(ctx context.Context, t feierabend.TenantID, m feierabend.Message, reason string) error {
	if err := s.o.Store.FinishMessage(ctx, t, m.ID, feierabend.MessageFailed, reason, told(m, reason)); err != nil {
		return fmt.Errorf("finish %s: %w", m.ID, err)
	}
	return nil
}

func told(m feierabend.Message, reason string) feierabend.Outgoing {
	return feierabend.Outgoing{Sender: m.Sender.ID, Case: m.Case, Kind: feierabend.OutFailed, Ref: reason, ReplyTo: m.ID}
}
