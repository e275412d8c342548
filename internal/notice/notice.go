// Package notice mails people what happened to their firm's access: other bank data,
// other owners, unlinked numbers, other addresses. Whoever got in where they should not
// does these things first, and whoever reads of it can act.
//
// The store writes a notice in the transaction of what it tells of; this package finds
// the words. It decides nothing and keeps nothing.
package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

type store interface {
	Notice(ctx context.Context, id string) (feierabend.Notice, error)
	DropNotice(ctx context.Context, id string) error
}

type mailer interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.Mail) error
}

// Options are what the step needs.
type Options struct {
	Store     store
	Mailer    mailer
	PublicURL string         // without a slash at the end
	Zone      *time.Location // of the times in mails
}

// Step mails notices.
type Step struct{ o Options }

// New makes the step.
func New(o Options) (*Step, error) {
	if o.Store == nil || o.Mailer == nil || o.PublicURL == "" || o.Zone == nil {
		return nil, errors.New("notice: Store, Mailer, PublicURL and Zone are needed")
	}
	return &Step{o: o}, nil
}

// Send is the handler of JobNotice: the mail goes out, then the notice goes.
func (s *Step) Send(ctx context.Context, j feierabend.Job) error {
	n, err := s.o.Store.Notice(ctx, j.Ref)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil // sent by an earlier run, or too old
	}
	if err != nil {
		return fmt.Errorf("load notice %s: %w", j.Ref, err)
	}
	l, ok := s.compose(n)
	if !ok {
		return feierabend.Permanent(fmt.Errorf("notice %s of an unknown kind", n.ID))
	}
	l.To = n.To
	if err := s.o.Mailer.Send(ctx, feierabend.TenantID{}, l.Mail()); err != nil {
		return fmt.Errorf("mail notice %s: %w", n.ID, err)
	}
	return s.o.Store.DropNotice(ctx, n.ID)
}
