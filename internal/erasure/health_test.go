package erasure_test

import (
	"testing"
	"time"

	"feierabend"
)

// TestHealth: yellow after 15 minutes without a sweep that worked, red after two
// hours; the same for the oldest proof that is outstanding, of whichever firm.
func TestHealth(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		want := func(when string, levels map[string]string) {
			s.Helper()
			rows := s.step.Health(ctx)
			if len(rows) != 3 {
				s.Fatalf("%s: %d rows", when, len(rows))
			}
			for _, h := range rows {
				if got := string(h.Level) + " " + h.Code; got != levels[h.Name] {
					s.Errorf("%s: %s is %q, want %q", when, h.Name, got, levels[h.Name])
				}
			}
		}
		c, _ := s.issued(s.b)
		want("at the start", map[string]string{"clock": "green ", "sweep": "green ", "scrub": "green "})
		s.clock.Advance(15*time.Minute + time.Second)
		want("never swept", map[string]string{"clock": "green ", "sweep": "yellow sweep_late", "scrub": "green "})
		s.sweep()
		if _, err := s.step.Confirm(ctx, s.b.Owner, s.b.Tenant.ID, c); err != nil {
			s.Fatal(err)
		}
		s.clock.Advance(15 * time.Minute)
		want("after a quarter of an hour", map[string]string{"clock": "green ", "sweep": "green ", "scrub": "green "})
		s.clock.Advance(time.Second)
		want("a second later", map[string]string{"clock": "green ", "sweep": "yellow sweep_late", "scrub": "yellow scrub_late"})
		s.clock.Advance(2 * time.Hour)
		want("after two hours", map[string]string{"clock": "green ", "sweep": "red sweep_late", "scrub": "red scrub_late"})
		if code, err := s.step.Overdue(ctx); err != nil || code != "sweep_late" {
			s.Errorf("told to the firms: %q, %v", code, err)
		}
		s.sweep()
		if err := s.step.Scrub(ctx, feierabend.Job{}); err != nil {
			s.Fatal(err)
		}
		want("after sweep and scrub", map[string]string{"clock": "green ", "sweep": "green ", "scrub": "green "})
		s.clock.Jump(40 * 24 * time.Hour)
		want("40 days ahead", map[string]string{"clock": "red clock_jump", "sweep": "green ", "scrub": "green "})
		if code, err := s.step.Overdue(ctx); err != nil || code != "clock_jump" {
			s.Errorf("told to the firms: %q, %v", code, err)
		}
	})
}
