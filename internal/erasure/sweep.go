package erasure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

// sweepBatch is how many due cases one look at the database takes.
const sweepBatch = 100

// Sweep erases what is expired or counted down (JobSweep, each minute), cases and entries
// of address books, warns of what will be (J-30), and throws away what has had its time.
// What cannot be erased keeps nothing else: each is tried once, the error comes at the
// end, it stays due, and the sweep does not count as done, which Health shows.
//
// With a clock that jumped the error is Unavailable with code "clock_jump" and
// nothing is erased (design §7).
func (s *Step) Sweep(ctx context.Context, _ feierabend.Job) error {
	now, err := s.store.CheckClock(ctx)
	if err != nil {
		return err
	}
	failed := errors.Join(s.sweepCases(ctx, now), s.sweepBook(ctx, now), s.warn(ctx, now))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	done := s.store.SweepDone
	if failed != nil {
		done = s.store.Housekeep
	}
	if err := done(ctx, now); err != nil {
		failed = errors.Join(failed, fmt.Errorf("note the sweep: %w", err))
	}
	return failed
}

// sweepCases erases the cases that are due.
func (s *Step) sweepCases(ctx context.Context, now time.Time) error {
	var left failures
	var last feierabend.DueCase
	for {
		due, err := s.store.Due(ctx, now, last, sweepBatch)
		if err != nil {
			return errors.Join(left.err(), fmt.Errorf("list due cases: %w", err))
		}
		for _, last = range due {
			if err := s.sweepCase(ctx, last); err != nil {
				left.add(fmt.Errorf("erase case %s: %w", last.Case, err))
			}
		}
		if len(due) < sweepBatch || ctx.Err() != nil {
			return left.err()
		}
	}
}

// sweepBook erases expired entries of address books.
func (s *Step) sweepBook(ctx context.Context, now time.Time) error {
	var left failures
	var last feierabend.DueAddress
	for {
		due, err := s.store.DueAddresses(ctx, now, last, sweepBatch)
		if err != nil {
			return errors.Join(left.err(), fmt.Errorf("list due entries: %w", err))
		}
		for _, last = range due {
			// Not found: used or erased since it was listed.
			_, err := s.store.EraseAddress(ctx, last.Tenant, last.ID, feierabend.EraseExpired, feierabend.Actor{Via: feierabend.ViaSweep})
			if err != nil && !gone(err) {
				left.add(fmt.Errorf("erase entry %s: %w", last.ID, err))
			}
		}
		if len(due) < sweepBatch || ctx.Err() != nil {
			return left.err()
		}
	}
}

// failures keeps the first few errors of many, and their number.
type failures struct {
	first []error
	n     int
}

func (f *failures) add(err error) {
	if f.n++; len(f.first) < 3 {
		f.first = append(f.first, err)
	}
}

func (f *failures) err() error {
	if f.n == 0 {
		return nil
	}
	return fmt.Errorf("%d failed: %w", f.n, errors.Join(f.first...))
}

// warn tells the senders of cases that end soon.
func (s *Step) warn(ctx context.Context, now time.Time) error {
	for {
		due, err := s.store.Warnings(ctx, now, sweepBatch)
		if err != nil {
			return fmt.Errorf("list warnings: %w", err)
		}
		var left failures
		more := false
		for _, d := range due {
			_, err := s.store.Warn(ctx, d.Tenant, d.Case)
			if err != nil && !gone(err) {
				left.add(fmt.Errorf("warn of the end of case %s: %w", d.Case, err))
			}
			more = more || err == nil // a case that has gone meanwhile is listed again until it is swept
		}
		if !more || ctx.Err() != nil {
			return left.err()
		}
	}
}

func (s *Step) sweepCase(ctx context.Context, d feierabend.DueCase) error {
	by := feierabend.Actor{Via: feierabend.ViaSweep}
	var out []feierabend.Outgoing
	// An expired case can no longer be read: then nobody is told, and the receipt
	// on the page is the notice. A countdown is told in the chat it came from.
	if d.Reason == feierabend.EraseCountedDown {
		out = tell(d.Sender, "")
	}
	_, err := s.store.Erase(ctx, d.Tenant, d.Case, d.Reason, by, out...)
	if gone(err) {
		return nil
	}
	return err
}
