package delivery

import (
	"context"
	"errors"
	"fmt"

	"feierabend"
)

// Forget runs once the document has arrived on the phone (JobForget, after the
// status delivered): it deletes our upload at the provider (whatsapp.md §7) and
// starts the countdown (J-31). Both may run twice without harm.
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
	if ob.Kind == feierabend.OutDocument && (ob.State == feierabend.SendDelivered || ob.State == feierabend.SendRead) {
		if err := s.arrived(ctx, ob); err != nil {
			return err
		}
	}
	if ob.MediaID == "" {
		return nil
	}
	err = s.channel.Delete(ctx, t, ob.MediaID)
	var c *feierabend.ChatError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &c) && !c.Retry && !c.Lost && !c.Park:
		return nil // the provider no longer has it
	}
	return fmt.Errorf("delete upload of %s: %w", ob.ID, err)
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
