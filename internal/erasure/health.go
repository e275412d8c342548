package erasure

import (
	"context"
	"time"

	"feierabend"
)

// Health says whether erasing keeps its promise: the clock, the age of the last sweep
// that worked, and the age of the oldest proof that is outstanding (DEL-06).
func (s *Step) Health(ctx context.Context) []feierabend.Health {
	out := []feierabend.Health{s.store.ClockHealth()}
	if last, err := s.lastSweep(ctx); err == nil { // else the database's own row says it
		out = append(out, late("sweep", last, s.store.Now()))
	}
	if oldest, err := s.store.OldestPending(ctx); err == nil {
		h := feierabend.Health{Name: "scrub", Level: feierabend.HealthGreen}
		if !oldest.IsZero() {
			h = late("scrub", oldest, s.store.Now())
		}
		out = append(out, h)
	}
	return out
}

// Overdue is why erasing is so late that the firms must be told, as the code of a
// red row of Health; "" where it is not.
func (s *Step) Overdue(ctx context.Context) (code string, err error) {
	if h := s.store.ClockHealth(); h.Level == feierabend.HealthRed {
		return h.Code, nil
	}
	last, err := s.lastSweep(ctx)
	if err != nil {
		return "", err
	}
	if h := late("sweep", last, s.store.Now()); h.Level == feierabend.HealthRed {
		return h.Code, nil
	}
	return "", nil
}

// lastSweep is when the last sweep worked; a service that has never swept counts
// from its start.
func (s *Step) lastSweep(ctx context.Context) (time.Time, error) {
	last, err := s.store.LastSweep(ctx)
	if err == nil && last.IsZero() {
		last = s.begun
	}
	return last, err
}

func late(name string, since, now time.Time) feierabend.Health {
	h := feierabend.Health{Name: name, Level: feierabend.LateLevel(now.Sub(since)), Since: since}
	if h.Level != feierabend.HealthGreen {
		h.Code = name + "_late"
	}
	return h
}
