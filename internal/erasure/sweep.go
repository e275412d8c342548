package erasure

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"feierabend"
)

// sweepBatch is how many due cases one look at the database takes.
const sweepBatch = 100

// Sweep erases what is expired or counted down (JobSweep, each minute). One case
// that cannot be erased does not keep the others: the error comes at the end,
// the case stays due, and the sweep does not count as done.
//
// With a clock that jumped the error is Unavailable with code "clock_jump" and
// nothing is erased (design §7).
func (s *Step) Sweep(ctx context.Context, _ feierabend.Job) error {
	now := s.now()
	if err := s.clock.check(now); err != nil {
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
	if failed == nil {
		failed = ctx.Err()
	}
	if failed != nil {
		return failed
	}
	if err := s.store.SweepDone(ctx, now); err != nil {
		return fmt.Errorf("note the sweep: %w", err)
	}
	s.clock.swept(now)
	return nil
}

func (s *Step) sweepCase(ctx context.Context, d feierabend.DueCase) error {
	by := feierabend.Actor{Via: feierabend.ViaSweep}
	var out []feierabend.Outgoing
	// An expired case can no longer be read: then nobody is told, and the receipt
	// on the page is the notice. A countdown is told in the chat it came from.
	if c, err := s.store.Case(ctx, d.Tenant, d.Case); err == nil {
		out = tell(c, "")
	} else if !gone(err) {
		return err
	}
	_, err := s.store.Erase(ctx, d.Tenant, d.Case, d.Reason, by, out...)
	if gone(err) {
		return nil
	}
	return err
}

// AcceptClock tells that the clock is right although it jumped: the next sweep
// runs (`doctor --accept-clock`).
func (s *Step) AcceptClock() { s.clock.accept(s.now()) }

// maxJump is how far wall time may run ahead of monotonic time between sweeps.
const maxJump = time.Hour

// clock compares wall and monotonic time since the last sweep of this process: a
// clock that was set to a wrong year must not erase everything at once.
type clock struct {
	uptime func() time.Duration

	mu   sync.Mutex
	base time.Time // wall time at uptime 0, as the last sweep saw it; zero until the first look
}

// check is nil while wall time has not run more than an hour ahead.
func (c *clock) check(now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	base := c.at(now)
	if c.base.IsZero() {
		c.base = base
	}
	ahead := base.Sub(c.base)
	if ahead <= maxJump {
		return nil
	}
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "clock_jump",
		Text: "Die Uhr dieses Rechners ist um mehr als eine Stunde vorgesprungen. Deshalb wurde nichts gelöscht. Bitte prüfen Sie die Uhr und bestätigen Sie sie mit „feierabend doctor --accept-clock“ oder starten Sie neu.",
		Err:  fmt.Errorf("wall clock is %s ahead of monotonic time", ahead.Round(time.Second)),
	}
}

// swept follows a clock that drifts forward. A clock that was set back is not
// followed, so that its correction later does not look like a jump.
func (c *clock) swept(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if base := c.at(now); base.After(c.base) {
		c.base = base
	}
}

// accept takes the present moment as right.
func (c *clock) accept(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = c.at(now)
}

// at is the wall time at uptime 0; Round drops now's own monotonic reading.
func (c *clock) at(now time.Time) time.Time { return now.Round(0).Add(-c.uptime()) }
