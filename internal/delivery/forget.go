package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

// Forget watches an uploaded document (JobForget): once it has arrived on the
// phone the countdown starts (J-31) and our upload at the provider is deleted
// (whatsapp.md §7). A document that failed, or whose case is erased, is deleted
// there too. It may run twice without harm.
func (s *Step) Forget(ctx context.Context, j feierabend.Job) error {
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(err)
	}
	ob, err := s.store.Outbox(ctx, t, feierabend.OutboxID(j.Ref))
	switch {
	case gone(err):
		return nil
	case err != nil:
		return fmt.Errorf("load outbox row %s: %w", j.Ref, err)
	}
	if ob.Case != "" {
		switch ob.State {
		case feierabend.SendDelivered, feierabend.SendRead:
			if err := s.arrived(ctx, ob); err != nil {
				return err
			}
		case feierabend.SendFailed:
		default:
			return feierabend.Snooze(arrivalPoll(s.now().Sub(ob.CreatedAt)))
		}
	}
	if ob.MediaID != "" {
		err := s.channel.Delete(ctx, t, ob.MediaID)
		var c *feierabend.ChatError
		refused := errors.As(err, &c) && !c.Retry && !c.Lost && !c.Park // the provider no longer has it
		if err != nil && !refused {
			return fmt.Errorf("delete upload of %s: %w", ob.ID, err)
		}
	}
	if err := s.store.Forgotten(ctx, t, ob.ID); err != nil && !gone(err) {
		return fmt.Errorf("note deleted upload of %s: %w", ob.ID, err)
	}
	return nil
}

// arrivalPoll is how long to wait before the next look at a document under way.
func arrivalPoll(age time.Duration) time.Duration {
	switch {
	case age < 2*time.Minute:
		return 5 * time.Second
	case age < time.Hour:
		return time.Minute
	}
	return 30 * time.Minute
}

// arrived starts the countdown of the case whose document was delivered.
func (s *Step) arrived(ctx context.Context, ob feierabend.Outbox) error {
	d, err := s.store.Document(ctx, ob.Tenant, feierabend.DocumentID(ob.Ref))
	if gone(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load document: %w", err)
	}
	end, err := s.countdownEnd(ctx, ob.Tenant, d.Case)
	if gone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	by := feierabend.Actor{Via: feierabend.ViaChat}
	if l, err := s.store.SenderLink(ctx, ob.Tenant, ob.Sender); err == nil {
		by.User = l.User
	}
	if err := s.store.MarkDownloaded(ctx, ob.Tenant, d.ID, by, end); err != nil && !gone(err) {
		return fmt.Errorf("start countdown: %w", err)
	}
	return nil
}
