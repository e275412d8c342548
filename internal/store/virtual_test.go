package store_test

import (
	"testing"
	"testing/synctest"
	"time"

	"feierabend"
	"feierabend/internal/store"
)

// year is a service in virtual time: its keeper of time, the floor it stores with
// each sweep, and a case each hour. The bubble's clock is the true time; the
// machine's wall clock is wrong by off.
type year struct {
	*testing.T
	off    time.Duration
	boot   time.Time
	keeper *store.Keeper
	floor  time.Time
	cases  []born // oldest first
	sweeps int
	erased int
	doubts int
}

// born is a case: when it really began, and when it ends as the service wrote it down.
type born struct{ at, end time.Time }

func (w *year) start() {
	w.boot = time.Now()
	w.keeper = store.NewKeeper(func() time.Time { return time.Now().Add(w.off) }, func() time.Duration { return time.Since(w.boot) })
	if w.floor.IsZero() {
		w.floor = w.keeper.Now()
	}
	w.keeper.Start(w.floor)
}

// minute is a sweep, and what must hold at each moment of the 400 days.
func (w *year) minute() {
	now, strict, doubt := w.keeper.Look(w.floor)
	if now.Before(w.floor) {
		w.Fatalf("%s: time ran back to %s, behind the floor %s", time.Now(), now, w.floor)
	}
	if doubt {
		w.doubts++
	} else {
		w.sweeps++
		w.floor = now
		for len(w.cases) > 0 && !w.cases[0].end.After(now) {
			if age := time.Since(w.cases[0].at); age < 30*24*time.Hour-2*time.Hour-time.Minute {
				w.Fatalf("%s: erased after %s by a wrong clock", time.Now(), age)
			}
			w.cases, w.erased = w.cases[1:], w.erased+1
		}
	}
	if len(w.cases) > 0 && w.cases[0].end.After(strict) {
		if age := time.Since(w.cases[0].at); age > 30*24*time.Hour {
			w.Fatalf("%s: content of %s can be read", time.Now(), age)
		}
	}
}

// run lets time go by, minute by minute, with a new case each hour unless the clock
// is doubted: then nothing is accepted.
func (w *year) run(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(time.Minute) {
		w.minute()
		if time.Now().Minute() == 0 {
			if now, _, doubt := w.keeper.Look(w.floor); !doubt {
				w.cases = append(w.cases, born{time.Now(), feierabend.ExpiresAt(now, 30)})
			}
		}
	}
}

func (w *year) until(t time.Time) { w.run(time.Until(t)) }

// TestVirtualYear sweeps each minute of 400 virtual days through everything that
// happens to clocks (T-06): nothing older than 30 d 0 h is ever readable, nothing is
// erased early, and no deadline moves.
func TestVirtualYear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		at := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, berlin) }
		time.Sleep(time.Until(at(2027, 9, 1, 0)))
		w := &year{T: t}
		w.start()
		begun := time.Now()
		jump := func(d, for_ time.Duration) { // and back
			w.off += d
			w.run(for_)
			w.off -= d
			w.run(time.Hour)
			if _, _, doubt := w.keeper.Look(w.floor); doubt {
				t.Fatalf("the doubt of a jump by %s does not end with it", d)
			}
		}
		w.until(at(2027, 10, 31, 12)) // the hour that comes twice
		jump(-time.Hour, 24*time.Hour)
		jump(time.Hour, 3*time.Hour)
		w.until(at(2027, 12, 1, 0))
		jump(-24*time.Hour, 36*time.Hour)
		w.until(at(2028, 1, 1, 1)) // year's end
		jump(40*24*time.Hour, 48*time.Hour)
		if w.doubts < 48*60-1 {
			t.Errorf("doubted for %d minutes, want two days", w.doubts)
		}
		w.until(at(2028, 3, 1, 0)) // over 29 February
		w.off = -55 * 365 * 24 * time.Hour
		w.start() // boot in 1970
		w.run(6 * time.Hour)
		w.off = 0
		w.until(at(2028, 3, 26, 12)) // the hour that does not come
		time.Sleep(72 * time.Hour)   // off over Easter
		w.start()
		w.until(at(2028, 5, 1, 0))
		w.keeper.Zone(time.FixedZone("UTC+13", 13*3600)) // the machine travels
		w.run(24 * time.Hour)
		for time.Since(begun) < 400*24*time.Hour {
			w.run(24 * time.Hour)
		}
		if w.sweeps < 560_000 || w.erased < 8_500 {
			t.Errorf("%d sweeps, %d erased", w.sweeps, w.erased)
		}
		t.Logf("%d sweeps, %d cases erased, %d minutes of doubt", w.sweeps, w.erased, w.doubts)
	})
}
