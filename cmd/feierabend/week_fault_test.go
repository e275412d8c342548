package main

import (
	"errors"
	"regexp"
	"time"
)

// Ways in which a call to a provider goes wrong.
const (
	faultRefused = "refused" // never left
	faultTimeout = "timeout" // no effect, no answer
	faultBusy    = "busy"    // 429
	faultBroken  = "broken"  // 500
	faultWrong   = "wrong"   // a proxy's page
	faultLost    = "lost"    // it happened, the answer did not come
	faultGarbled = "garbled" // it happened, the answer cannot be read
)

// weekFaults says which sections of faults are active. A section is active with a
// chance of one in four, and then fires at every fourth occasion.
type weekFaults struct {
	provider, database, crash, hooks, clock, disk bool
	full                                          bool // the disk is full right now
	dead                                          bool // the service has crashed: nothing reaches the world any more
	failIn, crashIn                               int  // gates until it happens, 0 = never
}

var (
	errDisk  = errors.New("disk I/O error")
	errDying = errors.New("the process is gone")
	codeForm = regexp.MustCompile(`^[a-z0-9_]{0,60}$`)
)

// quarter is true one time in four.
func (w *week) quarter() bool { return w.random.IntN(4) == 0 }

// section draws which faults are active for the next hours.
func (w *week) section() {
	w.freeDisk()
	f := weekFaults{
		provider: w.quarter(), database: w.quarter(), crash: w.quarter(), hooks: w.quarter(), clock: w.quarter(), disk: w.quarter(),
	}
	w.fault = f
	if f.clock && w.quarter() {
		// Within what every clock service may correct; the sweep refuses larger jumps (T-06).
		w.skew = time.Duration(w.random.IntN(41)-20) * time.Minute
		w.counts["clock steps"]++
	}
	if f.disk && w.quarter() {
		w.fillDisk()
	}
	w.note("faults %+v", w.fault)
}

// calm ends all faults.
func (w *week) calm() {
	w.freeDisk()
	w.fault = weekFaults{}
}

// arm draws what goes wrong in the next piece of work.
func (w *week) arm() {
	w.clean, w.chat.fresh = true, nil
	w.fault.failIn, w.fault.crashIn = 0, 0
	if w.fault.database && w.quarter() {
		w.fault.failIn = 1 + w.random.IntN(40)
	}
	if w.fault.crash && w.random.IntN(16) == 0 {
		w.fault.crashIn = 1 + w.random.IntN(40)
	}
}

// disarm ends it and says whether the service has crashed.
func (w *week) disarm() (dead bool) {
	if !w.clean || w.fault.dead { // an upload whose name we may never have learned
		for _, id := range w.chat.fresh {
			w.chat.nameless[id] = true
		}
	}
	w.fault.failIn, w.fault.crashIn = 0, 0
	return w.fault.dead
}

// gate stands before each begin, statement and commit of the store, and behind each commit.
func (w *week) gate(string) error {
	f := &w.fault
	if f.dead {
		return errDying
	}
	if f.crashIn > 0 {
		if f.crashIn--; f.crashIn == 0 {
			f.dead = true
			return errDying
		}
	}
	if f.failIn > 0 {
		if f.failIn--; f.failIn == 0 {
			w.counts["database faults"]++
			w.clean = false
			return errDisk
		}
	}
	return nil
}

// providerFault draws how a call to a provider goes wrong, "" = not.
func (w *week) providerFault() string {
	if !w.fault.provider || !w.quarter() {
		return ""
	}
	w.counts["provider faults"]++
	w.clean = false
	all := []string{faultRefused, faultTimeout, faultBusy, faultBroken, faultWrong, faultLost, faultGarbled}
	return all[w.random.IntN(len(all))]
}

// fillDisk lets the database grow no further: SQLite itself answers as on a full disk.
func (w *week) fillDisk() {
	var pages int
	if err := w.svc.store.SQL().QueryRowContext(w.ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
		w.t.Fatal(err)
	}
	w.limit(pages)
	w.fault.full = true
	w.counts["full disks"]++
}

func (w *week) freeDisk() {
	if w.fault.full {
		w.limit(1 << 30)
		w.fault.full = false
	}
}

func (w *week) limit(pages int) {
	var have int
	if err := w.svc.store.SQL().QueryRowContext(w.ctx, `PRAGMA max_page_count = `+itoa(pages)).Scan(&have); err != nil {
		w.t.Fatal(err)
	}
}
