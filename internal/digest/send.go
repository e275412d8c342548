package digest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

type sendStore interface {
	reader
	TakeDigest(ctx context.Context, t feierabend.TenantID, id string) (feierabend.Digest, error)
	EndDigest(ctx context.Context, t feierabend.TenantID, id string, done bool) error
}

type mailer interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.Mail) error
}

// Options are what sending needs.
type Options struct {
	Store     sendStore
	Mailer    mailer
	PublicURL string // without a slash at the end
	Now       func() time.Time
}

// Step sends the planned mails.
type Step struct {
	o    Options
	busy chan struct{}
}

const (
	// sendersAtOnce is how many of these mails a process sends at once: the places of
	// the queue stay free for mails to sign in, however slow the mail server is.
	sendersAtOnce = 2
	busyWait      = 5 * time.Second
)

// New makes the step.
func New(o Options) (*Step, error) {
	if o.Store == nil || o.Mailer == nil || o.PublicURL == "" || o.Now == nil {
		return nil, errors.New("digest: Store, Mailer, PublicURL and Now are needed")
	}
	return &Step{o: o, busy: make(chan struct{}, sendersAtOnce)}, nil
}

// Send is the handler of JobDigest: it counts once more and mails, unless nothing waits
// by now.
func (s *Step) Send(ctx context.Context, j feierabend.Job) error {
	select {
	case s.busy <- struct{}{}:
		defer func() { <-s.busy }()
	default:
		return feierabend.Snooze(busyWait)
	}
	t, err := feierabend.ParseTenantID(j.Tenant)
	if err != nil {
		return feierabend.Permanent(fmt.Errorf("mail of the evening %s: %w", j.Ref, err))
	}
	d, err := s.o.Store.TakeDigest(ctx, t, j.Ref)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil // sent by another run, too late, or not wanted any more
	}
	if err != nil {
		return fmt.Errorf("take mail of the evening %s: %w", j.Ref, err)
	}
	err = s.mail(ctx, t, d)
	// The end is noted also where the service stops meanwhile.
	ended := s.o.Store.EndDigest(context.WithoutCancel(ctx), t, d.ID, err == nil || feierabend.IsPermanent(err))
	if feierabend.KindOf(ended) == feierabend.NotFound { // the person has left meanwhile
		ended = nil
	}
	if err == nil && ended != nil {
		return fmt.Errorf("end mail of the evening %s: %w", d.ID, ended)
	}
	return err
}

func (s *Step) mail(ctx context.Context, t feierabend.TenantID, d feierabend.Digest) error {
	w, err := load(ctx, s.o.Store, t)
	if err != nil {
		return fmt.Errorf("count for mail of the evening %s: %w", d.ID, err)
	}
	n := w.of(d.User, d.Role, s.o.Now())
	if n.None() {
		return nil
	}
	if err := s.o.Mailer.Send(ctx, t, Compose(s.o.PublicURL, d, n).Mail()); err != nil {
		return fmt.Errorf("send mail of the evening %s: %w", d.ID, err)
	}
	return nil
}
