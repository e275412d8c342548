package store

import (
	"sync"
	"time"
)

// maxJump is how far the wall clock may run ahead of the monotonic clock, or of the
// database's, before it is doubted (design §7). The hour that ExpiresAt keeps back
// covers it: content lives 30 days at most, also by a clock that is an hour wrong.
const maxJump = time.Hour

// maxRest is how long the service may have stood still before its clock is doubted
// at the next start: the longest holiday weekend. Within it a clock that is wrong at
// start could erase as much too early; beyond it somebody must say that it is right.
const maxRest = 5 * 24 * time.Hour

// keeper tells the time. A wall clock can be set to anything, by a person, by a
// dead battery, by NTP. The keeper believes it as far as the monotonic clock and the
// stored floor (the highest time ever believed) bear it out:
//
//   - The time never runs backwards: a clock set back, or a start in 1970, changes
//     nothing but that the clock goes on from the highest time seen. So no deadline
//     is ever extended.
//   - A clock that jumped ahead is doubted: the time goes on as if it had not
//     jumped, nothing is erased, and what has expired by either time is not read.
type keeper struct {
	wall   func() time.Time
	uptime func() time.Duration // monotonic, counts sleep of the machine

	mu       sync.Mutex
	base     time.Time // believed time at uptime 0; grows, except by acceptance
	anchor   time.Time // base as the last look left it: jumps are measured from here
	lost     bool      // started behind the floor: no clock knows how long it rested
	ahead    bool      // the wall clock is ahead of the database's
	accepted int64     // the last acceptance that was followed
	since    time.Time // believed time when the doubt began; zero = none
}

func newKeeper(wall func() time.Time, uptime func() time.Duration) *keeper {
	k := &keeper{wall: wall, uptime: uptime}
	k.believe(wall())
	return k
}

// believe takes t as the time of now.
func (k *keeper) believe(t time.Time) {
	k.base = t.Round(0).Add(-k.uptime()) // Round drops t's own monotonic reading
	k.anchor, k.since, k.lost = k.base, time.Time{}, false
}

// moment is one look at all clocks.
type moment struct {
	now    time.Time // the time to work with: it never runs backwards
	strict time.Time // the time by which reads refuse: the latest that any clock says
	wall   time.Time
	// jumped: the wall clock has run ahead of the monotonic one, or of the floor at
	// start, and nobody has said that it is right. What it says is not believed.
	jumped bool
	doubt  bool // jumped, or ahead of the database's clock: nothing may be erased
}

// look reads the clocks.
func (k *keeper) look() moment {
	k.mu.Lock()
	defer k.mu.Unlock()
	wall, up := k.wall().Round(0), k.uptime()
	m := moment{wall: wall, now: k.base.Add(up)}
	at := wall.Add(-up) // base, if the wall clock were right
	limit := maxJump
	if k.lost {
		limit = maxRest
	}
	m.jumped = at.Sub(k.anchor) > limit
	m.doubt = m.jumped || k.ahead
	if !m.jumped && at.After(k.base) { // a clock that is set forth a little is followed
		k.base, m.now = at, wall
		if k.lost { // the clock has been set: from here on it is measured again
			k.lost, k.anchor = false, at
		}
	}
	switch {
	case m.doubt && k.since.IsZero():
		k.since = m.now
	case !m.doubt:
		k.since = time.Time{}
	}
	if m.strict = m.now; wall.After(m.strict) {
		m.strict = wall
	}
	return m
}

// now is the time to work with.
func (k *keeper) now() time.Time { return k.look().now }

// witness is what the database knows about time.
type witness struct {
	floor    time.Time // the highest time ever believed
	accepted int64     // when an operator last said what the time is, 0 = never
	clock    time.Time // the database's own; zero where it has none (SQLite)
}

// heed compares the clocks with what the database says.
func (k *keeper) heed(d witness) moment {
	k.mu.Lock()
	if d.accepted != k.accepted { // up or down
		k.accepted = d.accepted
		k.believe(d.floor)
	}
	k.ahead = !d.clock.IsZero() && k.wall().Sub(d.clock) > maxJump
	if at := d.floor.Add(-k.uptime()); at.After(k.base) {
		k.base = at
	}
	k.anchor = k.base
	k.mu.Unlock()
	return k.look()
}

// start is heed for a process that begins: it knows no other time than the database's.
func (k *keeper) start(d witness) moment {
	k.mu.Lock()
	k.accepted = d.accepted
	wall := k.wall()
	switch rest := wall.Sub(d.floor); {
	case !d.clock.IsZero() && wall.Sub(d.clock) > maxJump && d.clock.After(d.floor):
		k.believe(d.clock)
	case rest < 0 || rest > maxRest || !d.clock.IsZero() && wall.Sub(d.clock) > maxJump:
		k.believe(d.floor)
		k.lost = rest < 0
	}
	k.mu.Unlock()
	return k.heed(d)
}

// doubtedSince is since when the clock is doubted; zero where it is not.
func (k *keeper) doubtedSince() time.Time {
	k.look()
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.since
}
