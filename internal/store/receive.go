package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"feierabend"
)

// Sizes of the group commit (storage.md §2.1).
const (
	maxBatch   = 128              // messages that share one fsync; more of one call go in several transactions
	commitTime = 30 * time.Second // patience with the disk
)

// delivery is one call of Receive on its way through the writer.
type delivery struct {
	items []feierabend.Inbound
	out   []feierabend.Outcome
	learn []learned // ids that came with the number of a link that knows none
	done  chan error
}

// Receive stores inbound messages durably and says what became of each, in their
// order. All callers share one writer: it drains what waits, writes one
// transaction, and answers everybody after the fsync. An error means that this
// call's messages may not be stored: have them delivered again; what was stored is
// then a Duplicate. Once the writer has taken the call, its answer is awaited even
// if ctx ends, so that an error never hides a stored message.
//
// What comes of senders that no link knows is looked at after the writer, in
// transactions of its own (hearStrangers), and what is no message before it (changes).
func (s *Store) Receive(ctx context.Context, in []feierabend.Inbound) ([]feierabend.Outcome, error) {
	if slices.ContainsFunc(in, func(m feierabend.Inbound) bool { return m.Kind == feierabend.InboundChange }) {
		return s.receiveChanges(ctx, in)
	}
	var out []feierabend.Outcome
	for rest := in; len(rest) > 0; {
		n := min(len(rest), maxBatch)
		d := &delivery{items: rest[:n], done: make(chan error, 1)}
		if err := s.hand(ctx, d); err != nil {
			return nil, err
		}
		if err := s.learn(ctx, d.learn); err != nil { // the next message teaches it again
			s.log.Warn("id of a sender not noted", "code", feierabend.CodeOf(err))
		}
		out, rest = append(out, d.out...), rest[n:]
	}
	if err := s.hearStrangers(ctx, in, out); err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Store) hand(ctx context.Context, d *delivery) error {
	closing := unavailable("closing", textDown, errors.New("store is closing"))
	if err := ctx.Err(); err != nil {
		return unavailable("canceled", textCanceled, err)
	}
	select {
	case <-s.quit:
		return closing
	default:
	}
	select {
	case s.inbox <- d:
	case <-s.quit:
		return closing
	case <-ctx.Done():
		return unavailable("canceled", textCanceled, ctx.Err())
	}
	select {
	case err := <-d.done:
		return err
	case <-s.stopped:
	}
	select { // answered while stopping
	case err := <-d.done:
		return err
	default:
		return closing
	}
}

// accept is the one writer of the accept path.
func (s *Store) accept() {
	defer close(s.stopped)
	for {
		select {
		case d := <-s.inbox:
			s.commit(s.drain(d))
		case <-s.quit:
			for {
				select {
				case d := <-s.inbox:
					s.commit(s.drain(d))
				default:
					return
				}
			}
		}
	}
}

// Batches is the number of transactions that the accept path has committed since
// the store was opened: each holds the messages of all callers that waited.
func (s *Store) Batches() int64 { return s.batches.Load() }

// drain takes what waits, up to maxBatch messages.
func (s *Store) drain(first *delivery) []*delivery {
	batch, n := []*delivery{first}, len(first.items)
	for n < maxBatch {
		select {
		case d := <-s.inbox:
			batch, n = append(batch, d), n+len(d.items)
		default:
			return batch
		}
	}
	return batch
}

// commit writes a batch and answers its callers. If the batch fails, each call is
// tried alone, so that one bad message does not sink the others.
func (s *Store) commit(batch []*delivery) {
	err := s.write(batch)
	if err == nil || len(batch) == 1 {
		for _, d := range batch {
			d.done <- err
		}
		return
	}
	for _, d := range batch {
		d.done <- s.write([]*delivery{d})
	}
}

// believeSenders ends the doubt in a clock that jumped, or that nobody had seen for
// long, by a signed message that the provider dates within the last hour of it: the
// clock is right then. Without one nothing is accepted, because nobody could say when
// it would have to be erased; the provider sends it again.
func (s *Store) believeSenders(ctx context.Context, batch []*delivery) error {
	m := s.clock.look()
	if !m.jumped {
		return nil
	}
	for _, d := range batch {
		for _, in := range d.items {
			if in.Dated && m.wall.Sub(in.At) <= maxJump {
				_, err := s.AcceptClock(ctx, feierabend.Actor{Via: feierabend.ViaChat})
				return err
			}
		}
	}
	return clockJump(m)
}

// write stores the messages of a batch in one transaction.
func (s *Store) write(batch []*delivery) error {
	ctx, cancel := context.WithTimeout(ahead(context.Background()), commitTime)
	defer cancel()
	if err := s.believeSenders(ctx, batch); err != nil {
		return err
	}
	var a *acceptance
	err := s.updateAll(ctx, func(t tx) error {
		a = &acceptance{s: s, t: t, now: s.now()}
		for _, d := range batch {
			for _, in := range d.items {
				a.add(in)
			}
		}
		if !t.fenced() {
			// On SQLite nothing waits any more once the transaction has begun, and each
			// statement that can be canceled costs a goroutine.
			return a.store(context.WithoutCancel(ctx))
		}
		return a.store(ctx)
	})
	if err != nil {
		return err
	}
	s.batches.Add(1)
	i := 0
	for _, d := range batch {
		d.out = make([]feierabend.Outcome, len(d.items))
		for j := range d.items {
			d.out[j] = a.items[i].outcome
			if l := a.items[i].link; l != nil {
				s.ear.note(l.tenant, l.id, a.now)
				if l.bsuid == "" && len(a.items[i].bsuid) > 0 {
					d.learn = append(d.learn, learned{l.tenant, l.id, d.items[j].BSUID})
				}
			}
			i++
		}
	}
	return nil
}
