package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

// windowClosed is Meta's code for a closed 24-hour window (whatsapp.md §5).
const windowClosed = 131047

// window is how long after a person's last message we may write: 24 hours less a
// margin, counted from the message's own time.
const window = 24*time.Hour - 15*time.Minute

// lostWait is how long a send without an answer waits for a status before it is
// sent again: a duplicate is worse than a delay (whatsapp.md §10).
const lostWait = 90 * time.Second

// Send works an outbox row off (JobSend). The row is the truth: a row that was
// sent, superseded or erased in the meantime is success.
func (s *Step) Send(ctx context.Context, j feierabend.Job) error {
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
	case !open(ob.State):
		return nil
	}
	quoted, err := s.quoted(ctx, ob)
	if err != nil {
		return err
	}
	if open, err := s.windowOpen(ctx, ob, quoted); err != nil {
		return err
	} else if !open {
		return s.giveUp(ctx, ob, windowClosed)
	}
	out, err := s.render(ctx, ob, quoted)
	switch {
	case gone(err):
		return s.giveUp(ctx, ob, 0)
	case err != nil:
		return err
	case out.skip:
		return s.giveUp(ctx, ob, 0)
	}
	ob, err = s.store.BeginSend(ctx, t, ob.ID)
	switch {
	case gone(err), feierabend.KindOf(err) == feierabend.Conflict:
		return nil // erased, or a status came while we waited
	case err != nil:
		return fmt.Errorf("begin send %s: %w", j.Ref, err)
	}
	return s.hand(ctx, ob, out)
}

// open says that a row is still to be sent.
func open(st feierabend.SendState) bool {
	return st == feierabend.SendWaiting || st == feierabend.SendSending
}

// hand uploads the file, if any, sends and notes the provider's id.
func (s *Step) hand(ctx context.Context, ob feierabend.Outbox, out outgoing) error {
	if out.file.Name != "" {
		if ob.MediaID == "" {
			id, err := s.upload(ctx, ob, out)
			if err != nil || id == "" {
				return err
			}
			ob.MediaID = id
		}
		out.msg.DocumentMedia, out.msg.DocumentName = ob.MediaID, out.file.Name
	}
	external, err := s.channel.Send(ctx, ob.Tenant, out.msg)
	var refused *feierabend.ChatError
	if errors.As(err, &refused) && refused.Media && ob.MediaID != "" {
		// The upload is gone there, e.g. deleted because it seemed not to be noted:
		// the next try uploads anew.
		if err := s.store.Forgotten(ctx, ob.Tenant, ob.ID); err != nil && !gone(err) {
			return fmt.Errorf("note lost upload of %s: %w", ob.ID, err)
		}
		return s.failed(ctx, ob, &feierabend.ChatError{Code: refused.Code, Retry: true, Err: refused.Err}, true)
	}
	if err != nil {
		return s.failed(ctx, ob, err, true)
	}
	err = s.store.SentAs(ctx, ob.Tenant, ob.ID, external, "")
	if err != nil && !gone(err) {
		return fmt.Errorf("note sent %s: %w", ob.ID, err)
	}
	return nil
}

// upload brings the file to the provider. It is watched before it goes and noted
// before the message goes: a second try uses it again, and it is deleted at the
// provider whatever becomes of the message. One that cannot be noted is deleted at
// once; "" without an error says that the case was erased meanwhile.
func (s *Step) upload(ctx context.Context, ob feierabend.Outbox, out outgoing) (mediaID string, err error) {
	watch := feierabend.Job{K: feierabend.JobForget, Tenant: ob.Tenant.String(), Ref: string(ob.ID), At: s.now().Add(arrivalPoll(0))}
	if err := s.store.Enqueue(ctx, watch); err != nil {
		return "", fmt.Errorf("watch upload of %s: %w", ob.ID, err)
	}
	id, err := s.channel.Upload(ctx, ob.Tenant, out.file.Name, out.file.Type, out.file.Bytes)
	if err != nil {
		return "", s.failed(ctx, ob, err, false) // nobody saw it: simply again
	}
	err = s.store.SentAs(ctx, ob.Tenant, ob.ID, "", id)
	if err == nil {
		return id, nil
	}
	if derr := s.channel.Delete(context.WithoutCancel(ctx), ob.Tenant, id); derr != nil {
		s.log.Error("upload left at the provider", "outbox", string(ob.ID), "code", feierabend.CodeOf(derr))
	}
	if gone(err) {
		return "", nil
	}
	return "", fmt.Errorf("note upload of %s: %w", ob.ID, err)
}

// quoted gives the message that a row answers; empty where there is none or it is gone.
func (s *Step) quoted(ctx context.Context, ob feierabend.Outbox) (feierabend.Message, error) {
	if ob.ReplyTo == "" {
		return feierabend.Message{}, nil
	}
	m, err := s.store.Message(ctx, ob.Tenant, ob.ReplyTo)
	if err != nil && !gone(err) {
		return m, fmt.Errorf("load quoted message: %w", err)
	}
	return m, nil
}

// windowOpen says whether the person's last message is young enough, by the
// message's own time and as of now. Where we know no message of the person we
// try: the provider answers 131047 if it is too late.
func (s *Step) windowOpen(ctx context.Context, ob feierabend.Outbox, quoted feierabend.Message) (bool, error) {
	last, now := quoted.At, s.now()
	if ob.Case != "" && now.Sub(last) > window {
		all, err := s.store.Messages(ctx, ob.Tenant, ob.Case)
		if err != nil && !gone(err) {
			return false, fmt.Errorf("load messages: %w", err)
		}
		for _, m := range all {
			if m.Sender.ID == ob.Sender && m.At.After(last) {
				last = m.At
			}
		}
	}
	if now.Sub(last) > window { // perhaps they wrote about something else since
		heard, err := s.store.LastHeard(ctx, ob.Tenant, ob.Sender)
		if err != nil {
			return false, fmt.Errorf("look up the last message: %w", err)
		}
		if heard.After(last) {
			last = heard
		}
	}
	return last.IsZero() || now.Sub(last) <= window, nil
}

func (s *Step) giveUp(ctx context.Context, ob feierabend.Outbox, code int) error {
	err := s.store.FailSend(ctx, ob.Tenant, ob.ID, code, true)
	if err != nil && !gone(err) {
		return fmt.Errorf("give up %s: %w", ob.ID, err)
	}
	return nil
}
