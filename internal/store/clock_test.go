package store_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

const day = 24 * time.Hour

// The time of the store never runs backwards and does not follow a clock that
// jumped ahead (T-06).
func TestClock(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(c *storetest.Clock)
		now    time.Duration // of the store, after the change, against the time before it
		code   string        // of CheckClock
		health feierabend.HealthLevel
	}{
		"nothing":                {func(*storetest.Clock) {}, 0, "", feierabend.HealthGreen},
		"an hour goes by":        {func(c *storetest.Clock) { c.Advance(time.Hour) }, time.Hour, "", feierabend.HealthGreen},
		"400 days go by":         {func(c *storetest.Clock) { c.Advance(400 * day) }, 400 * day, "", feierabend.HealthGreen},
		"an hour forth":          {func(c *storetest.Clock) { c.Jump(time.Hour) }, time.Hour, "", feierabend.HealthGreen},
		"an hour back":           {func(c *storetest.Clock) { c.Jump(-time.Hour) }, 0, "", feierabend.HealthGreen},
		"a day back":             {func(c *storetest.Clock) { c.Jump(-day) }, 0, "", feierabend.HealthYellow},
		"a day back, time goes":  {func(c *storetest.Clock) { c.Jump(-day); c.Advance(time.Hour) }, time.Hour, "", feierabend.HealthYellow},
		"1970":                   {func(c *storetest.Clock) { c.Jump(time.Unix(60, 0).Sub(c.Now())) }, 0, "", feierabend.HealthYellow},
		"61 minutes forth":       {func(c *storetest.Clock) { c.Jump(61 * time.Minute) }, 0, "clock_jump", feierabend.HealthRed},
		"two jumps of an hour":   {func(c *storetest.Clock) { c.Jump(time.Hour); c.Jump(time.Minute) }, 0, "clock_jump", feierabend.HealthRed},
		"40 days forth":          {func(c *storetest.Clock) { c.Jump(40 * day) }, 0, "clock_jump", feierabend.HealthRed},
		"40 days forth and back": {func(c *storetest.Clock) { c.Jump(40 * day); c.Jump(-40 * day) }, 0, "", feierabend.HealthGreen},
		"back and forth":         {func(c *storetest.Clock) { c.Jump(-3 * day); c.Jump(3 * day) }, 0, "", feierabend.HealthGreen},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
				before := st.Now()
				tc.change(clock)
				now, err := st.CheckClock(t.Context())
				if feierabend.CodeOf(err) != tc.code {
					t.Errorf("check: %v, want %q", err, tc.code)
				}
				if err != nil {
					wantCode(t, err, feierabend.Unavailable, tc.code)
				} else if got := now.Sub(before); got != tc.now {
					t.Errorf("the sweep goes by %s, want %s", got, tc.now)
				}
				if got := st.Now().Sub(before); got != tc.now {
					t.Errorf("now is %s on, want %s", got, tc.now)
				}
				if h := st.ClockHealth(); h.Level != tc.health || (h.Code == "") != (h.Level == feierabend.HealthGreen) {
					t.Errorf("health %+v, want %s", h, tc.health)
				}
			})
		})
	}
}

// TestClockAcrossStarts: the floor is kept. A clock behind it counts from the floor,
// one more than five days ahead of it is doubted until somebody says that it is
// right, on PostgreSQL also one that is more than an hour ahead of the database.
func TestClockAcrossStarts(t *testing.T) {
	for name, tc := range map[string]struct {
		off      time.Duration // the machine was off that long
		jump     time.Duration // and its clock is wrong by that
		now      time.Duration // of the store after the start, against the last sweep
		sqlite   string
		postgres string
		back     string // code after the wall clock is right again
	}{
		"at once":                   {0, 0, 0, "", "", ""},
		"a long weekend":            {4 * day, 0, 4 * day, "", "", ""},
		"off for 40 days":           {40 * day, 0, 0, "clock_jump", "clock_jump", "clock_jump"},
		"40 days ahead":             {time.Minute, 40 * day, 0, "clock_jump", "clock_jump", ""},
		"two days ahead":            {time.Minute, 2 * day, 2*day + time.Minute, "", "clock_jump", ""},
		"an hour back":              {time.Minute, -time.Hour, 0, "", "", ""},
		"1970, and off for a day":   {day, -50 * 365 * day, 0, "", "", ""},
		"1970, and off for 40 days": {40 * day, -50 * 365 * day, 0, "", "", "clock_jump"},
	} {
		for _, e := range storetest.Engines(t) {
			t.Run(name+"/"+e.Name, func(t *testing.T) {
				ctx := context.Background()
				clock, dsn := storetest.NewClock(), e.DSN(t)
				st := storetest.Open(t, dsn, clock)
				last := clock.Now()
				must(t, st.SweepDone(ctx, last))
				must(t, st.Close())
				clock.Advance(tc.off)
				clock.Jump(tc.jump)
				st = storetest.Open(t, dsn, clock)
				want := tc.sqlite
				if e.Name == "postgres" {
					want = tc.postgres
				}
				if _, err := st.CheckClock(ctx); feierabend.CodeOf(err) != want {
					t.Errorf("check: %v, want %q", err, want)
				}
				got, most := st.Now().Sub(last), tc.now
				if want != "" && tc.jump != 0 {
					most = tc.off // what the database says
				}
				if got < 0 || got > most {
					t.Errorf("now is %s after the last sweep, want at most %s", got, most)
				}
				clock.Jump(-tc.jump)
				if _, err := st.CheckClock(ctx); feierabend.CodeOf(err) != tc.back {
					t.Errorf("with the clock right again: %v, want %q", err, tc.back)
				}
			})
		}
	}
}

// TestAcceptClock: what an operator says holds for every process and after a
// restart, forwards and backwards.
func TestAcceptClock(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			ctx := context.Background()
			clock, dsn := storetest.NewClock(), e.DSN(t)
			st := storetest.Open(t, dsn, clock)
			a, _ := storetest.Seed(t, st)
			m := typed(t, st, a, "wamid.1", "Moin")
			must(t, st.SweepDone(ctx, clock.Now()))
			must(t, st.Close())
			clock.Advance(20 * day)
			st, other := storetest.Open(t, dsn, clock), (*store.Store)(nil)
			if e.Name == "postgres" {
				other = storetest.Open(t, dsn, clock)
			}
			_, err := st.CheckClock(ctx)
			wantCode(t, err, feierabend.Unavailable, "clock_jump")
			at, err := st.AcceptClock(ctx, feierabend.Actor{Via: feierabend.ViaCLI})
			must(t, err)
			if !at.Equal(clock.Now()) || !st.Now().Equal(clock.Now()) {
				t.Errorf("accepted %s, now %s, want %s", at, st.Now(), clock.Now())
			}
			for _, s := range []*store.Store{st, other} {
				if s == nil {
					continue
				}
				if now, err := s.CheckClock(ctx); err != nil || !now.Equal(clock.Now()) {
					t.Errorf("after the acceptance: %s, %v", now, err)
				}
			}
			// The clock was wrong after all: ten days ahead.
			clock.Jump(-10 * day)
			if _, err := st.AcceptClock(ctx, feierabend.Actor{Via: feierabend.ViaCLI}); err != nil {
				t.Fatal(err)
			}
			if !st.Now().Equal(clock.Now()) {
				t.Errorf("now %s, want %s", st.Now(), clock.Now())
			}
			if _, err := st.Case(ctx, a.Tenant.ID, m.Case); err != nil {
				t.Errorf("a case of ten days: %v", err)
			}
			in := a.Inbound("wamid.2", "Moin")
			in.At = clock.Now()
			late := receive(t, st, a, in)
			c, err := st.Case(ctx, a.Tenant.ID, late.Case)
			must(t, err)
			if want := feierabend.ExpiresAt(clock.Now(), 30); !c.ExpiresAt.Equal(want) {
				t.Errorf("a new case ends %s, want %s", c.ExpiresAt, want)
			}
		})
	}
}

// TestJumpLosesNothing: while the clock is doubted, what it calls expired is not
// read, but is not taken for gone either: jobs come back, and everything goes on when
// the clock is right again. Messages are refused, so that they are delivered again.
func TestJumpLosesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, b := storetest.Seed(t, st)
		m := note(t, st, a, "wamid.1")
		end := func(f storetest.Firm) time.Time {
			c, err := st.Case(ctx, f.Tenant.ID, m.Case)
			must(t, err)
			return c.ExpiresAt
		}(a)
		clock.Jump(40 * day)
		_, err := st.Message(ctx, a.Tenant.ID, m.ID)
		wantCode(t, err, feierabend.Unavailable, "clock_jump")
		wantCode(t, st.AddAudio(ctx, a.Tenant.ID, m.ID, feierabend.AudioInfo{}, []byte("OggS")), feierabend.Unavailable, "clock_jump")
		if _, err := st.Message(ctx, b.Tenant.ID, m.ID); feierabend.KindOf(err) != feierabend.NotFound {
			t.Errorf("the other firm: %v", err)
		}
		if all, err := st.Cases(ctx, a.Tenant.ID); err != nil || len(all) != 0 {
			t.Errorf("list: %v, %v", all, err)
		}
		old := a.Inbound("wamid.2", "Moin") // dated before the jump
		old.Dated = true
		_, err = st.Receive(ctx, []feierabend.Inbound{old})
		wantCode(t, err, feierabend.Unavailable, "clock_jump")
		if count(t, st, "message") != "1" || count(t, st, "seen_message") != "1" {
			t.Error("a refused message left something")
		}
		clock.Jump(-40 * day)
		if c, err := st.Case(ctx, a.Tenant.ID, m.Case); err != nil || !c.ExpiresAt.Equal(end) {
			t.Errorf("after the jump: %+v, %v", c, err)
		}
		must(t, st.AddAudio(ctx, a.Tenant.ID, m.ID, feierabend.AudioInfo{}, []byte("OggS")))
		typed(t, st, a, "wamid.2", "Moin")
	})
}

// TestSenderProvesTheClock: after a long rest, a message that the provider dates now
// ends the doubt; one without a date of the provider's does not.
func TestSenderProvesTheClock(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			ctx := context.Background()
			clock, dsn := storetest.NewClock(), e.DSN(t)
			st := storetest.Open(t, dsn, clock)
			a, _ := storetest.Seed(t, st)
			must(t, st.SweepDone(ctx, clock.Now()))
			must(t, st.Close())
			clock.Advance(10 * day)
			st = storetest.Open(t, dsn, clock)
			in := a.Inbound("wamid.1", "Moin")
			in.At = clock.Now().Add(-5 * time.Minute)
			_, err := st.Receive(ctx, []feierabend.Inbound{in})
			wantCode(t, err, feierabend.Unavailable, "clock_jump")
			in.Dated = true
			out, err := st.Receive(ctx, []feierabend.Inbound{in})
			must(t, err)
			m, err := st.Message(ctx, a.Tenant.ID, out[0].Message)
			must(t, err)
			if c, err := st.Case(ctx, a.Tenant.ID, m.Case); err != nil || !c.CreatedAt.Equal(clock.Now()) {
				t.Errorf("the case began %s, want %s (%v)", c.CreatedAt, clock.Now(), err)
			}
			if _, err := st.CheckClock(ctx); err != nil {
				t.Errorf("after the proof: %v", err)
			}
		})
	}
}

// TestBehind: with a clock before the floor messages are accepted and deadlines
// count from the floor: never later than they were.
func TestBehind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		a, _ := storetest.Seed(t, st)
		right := clock.Now()
		old := typed(t, st, a, "wamid.1", "Moin")
		clock.Jump(-55 * 365 * day)
		m := typed(t, st, a, "wamid.2", "Moin")
		c, err := st.Case(ctx, a.Tenant.ID, m.Case)
		must(t, err)
		if want := feierabend.ExpiresAt(right, 30); !c.ExpiresAt.Equal(want) {
			t.Errorf("ends %s, want %s", c.ExpiresAt, want)
		}
		clock.Advance(30*day - time.Hour)
		for _, x := range []feierabend.Message{old, m} {
			if _, err := st.Case(ctx, a.Tenant.ID, x.Case); feierabend.KindOf(err) != feierabend.NotFound {
				t.Errorf("after thirty days by the monotonic clock: %v", err)
			}
		}
	})
}
