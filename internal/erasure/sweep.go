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
// of address books, and warns of what will be (J-30). One case that cannot be erased does not keep the others: the
// error comes at the end, the case stays due, and the sweep does not count as done.
//
// With a clock that jumped the error is Unavailable with code "clock_jump" and
// nothing is erased (design §7).
func (s *Step) Sweep(ctx context.Context, _ feierabend.Job) error {
	now, err := s.store.CheckClock(ctx)
	if err != nil {
		return err
	}
	var failed error
	for {
		due, err := s.store.Due(ctx, now, sweepBatch)
		if err != nil {
			return fmt.Errorf("list due cases: %w", err)
		}
		for _, d := range due {
			if err := s.sweepCase(ctx, d); err != nil {
				failed = errors.Join(failed, fmt.Errorf("erase case %s: %w", d.Case, err))
			}
		}
		if len(due) < sweepBatch || failed != nil || ctx.Err() != nil {
			break
		}
	}
	failed = errors.Join(failed, s.sweepBook(ctx, now))
	if failed == nil {
		failed = ctx.Err()
	}
	if failed == nil {
		failed = s.warn(ctx, now)
	}
	if failed != nil {
		return failed
	}
	if err := s.store.SweepDone(ctx, now); err != nil {
		return fmt.Errorf("note the sweep: %w", err)
	}
	return nil
}

// sweepBook erases expired entries of address books; one that cannot be erased does not
// keep the others.
func (s *Step) sweepBook(ctx context.Context, now time.Time) (failed error) {
	for {
		due, err := s.store.DueAddresses(ctx, now, sweepBatch)
		if err != nil {
			return fmt.Errorf("list due entries: %w", err)
		}
		for _, d := range due {
			// Not found: used or erased since it was listed.
			_, err := s.store.EraseAddress(ctx, d.Tenant, d.ID, feierabend.EraseExpired, feierabend.Actor{Via: feierabend.ViaSweep})
			if err != nil && !gone(err) {
				failed = errors.Join(failed, fmt.Errorf("erase entry %s: %w", d.ID, err))
			}
		}
		if len(due) < sweepBatch || failed != nil || ctx.Err() != nil {
			return failed
		}
	}
}

// warn tells the senders of cases that end soon.
func (s *Step) warn(ctx context.Context, now time.Time) error {
	for more := true; more && ctx.Err() == nil; {
		due, err := s.store.Warnings(ctx, now, sweepBatch)
		if err != nil {
			return err
		}
		more = false
		for _, d := range due {
			_, err := s.store.Warn(ctx, d.Tenant, d.Case)
			if err != nil && !gone(err) {
				return fmt.Errorf("warn of the end of case %s: %w", d.Case, err)
			}
			more = more || err == nil // a case that has gone meanwhile is listed again until it is swept
		}
	}
	return ctx.Err()
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
