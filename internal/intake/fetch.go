package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"feierabend"
	"feierabend/internal/audio"
)

// Fetch downloads the voice note of a message, or tells why a message of another
// kind cannot be used (JobFetch). Plain errors are faults that may pass: the job
// runner tries again for days.
func (s *Step) Fetch(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(err)
	}
	m, err := s.store.Message(ctx, t, feierabend.MessageID(j.Ref))
	switch {
	case gone(err):
		return nil
	case err != nil:
		return fmt.Errorf("load message %s: %w", j.Ref, err)
	case m.State != feierabend.MessageReceived:
		return nil // done by an earlier run
	}
	if m.Forwarded {
		if fetch, err := s.forwarded(ctx, m); !fetch || err != nil {
			return err
		}
	}
	switch {
	case m.Kind != feierabend.InboundAudio:
		return s.fail(ctx, m, feierabend.ReasonUnsupported)
	case m.MediaSize > MaxBytes:
		return s.fail(ctx, m, feierabend.ReasonTooLarge)
	case m.MediaID == "":
		return s.fail(ctx, m, feierabend.ReasonMediaExpired) // the provider could not get the file itself (131052)
	}
	data, reason, err := s.download(ctx, m)
	if err != nil {
		return err
	}
	var info feierabend.AudioInfo
	if reason == "" {
		info, reason = inspect(data)
	}
	if reason != "" {
		return s.fail(ctx, m, reason)
	}
	err = s.store.AddAudio(ctx, t, m.ID, info, data, feierabend.Job{K: feierabend.JobTranscribe, Tenant: t.String(), Ref: string(m.ID)})
	if err != nil && !gone(err) {
		return fmt.Errorf("store audio of %s: %w", m.ID, err)
	}
	return nil
}

// download gets the bytes in two steps. reason says why there never will be any.
func (s *Step) download(ctx context.Context, m feierabend.Message) (data []byte, reason string, err error) {
	info, err := s.channel.Media(ctx, m.Tenant, m.MediaID)
	if err != nil {
		return nil, permanentReason(err), keepTransient(fmt.Errorf("resolve media of %s: %w", m.ID, err))
	}
	if info.Size > MaxBytes {
		return nil, feierabend.ReasonTooLarge, nil
	}
	data, err = s.channel.Download(ctx, m.Tenant, info, MaxBytes)
	if err != nil {
		return nil, permanentReason(err), keepTransient(fmt.Errorf("download media of %s: %w", m.ID, err))
	}
	switch {
	case len(data) > MaxBytes:
		return nil, feierabend.ReasonTooLarge, nil
	case len(data) <= 1:
		return nil, feierabend.ReasonEmpty, nil
	}
	for _, announced := range []string{m.SHA256, info.SHA256} {
		if announced == "" {
			continue
		}
		want, ok := digest(announced)
		if !ok {
			continue // no SHA-256 in a form we know: nothing to compare with
		}
		if got := sha256.Sum256(data); !bytes.Equal(got[:], want) {
			return nil, feierabend.ReasonMediaWrong, nil
		}
	}
	return data, "", nil
}

// permanentReason is the reason code of a media error that no retry mends, or "".
func permanentReason(err error) string {
	var c *feierabend.ChatError
	if !errors.As(err, &c) || !c.Media || c.Retry {
		return ""
	}
	switch code := feierabend.CodeOf(err); code {
	case feierabend.ReasonTooLarge, feierabend.ReasonEmpty, feierabend.ReasonMediaWrong:
		return code
	}
	return feierabend.ReasonMediaExpired
}

// keepTransient drops an error that has become a reason.
func keepTransient(err error) error {
	if permanentReason(err) != "" {
		return nil
	}
	return err
}

// digest reads a SHA-256 as providers write it: base64 in webhooks, hex when the
// id is resolved (whatsapp.md §2).
func digest(s string) ([]byte, bool) {
	if len(s) == 2*sha256.Size {
		b, err := hex.DecodeString(s)
		return b, err == nil
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := e.DecodeString(s); err == nil && len(b) == sha256.Size {
			return b, true
		}
	}
	return nil, false
}

// inspect says what the bytes are; reason is "" for audio that can be worked on.
// The announced type counts for nothing (FILE-01).
func inspect(data []byte) (feierabend.AudioInfo, string) {
	info := feierabend.AudioInfo{Type: audio.Sniff(data), Bytes: int64(len(data))}
	if info.Type == "" {
		return info, feierabend.ReasonNotAudio
	}
	p, err := audio.Probe(data)
	if err != nil {
		return info, audioReason(err)
	}
	info.Duration = p.Duration
	if info.Duration > MaxDuration {
		return info, feierabend.ReasonTooLong
	}
	return info, ""
}

// audioReason turns an error of package audio into a reason code.
func audioReason(err error) string {
	switch feierabend.CodeOf(err) {
	case audio.CodeEmpty:
		return feierabend.ReasonEmpty
	case audio.CodeTooLong:
		return feierabend.ReasonTooLong
	case audio.CodeDamaged:
		return feierabend.ReasonDamaged
	}
	return feierabend.ReasonNotAudio
}

// fail closes the message with a reason and one answer to the sender.
func (s *Step) fail(ctx context.Context, m feierabend.Message, reason string) error {
	err := s.store.FinishMessage(ctx, m.Tenant, m.ID, feierabend.MessageFailed, reason, feierabend.Outgoing{
		Sender: m.Sender.ID, Case: m.Case, Kind: feierabend.OutFailed, Ref: reason, ReplyTo: m.ID,
	})
	if err != nil && !gone(err) {
		return fmt.Errorf("finish message %s: %w", m.ID, err)
	}
	return nil
}

// gone says that the case is erased: for a job that is success.
func gone(err error) bool {
	k := feierabend.KindOf(err)
	return k == feierabend.NotFound || k == feierabend.Gone
}
