package store

import (
	"context"
	"time"

	"feierabend"
)

// Housekeeping terms of what is no content (docs/data-map.md).
const (
	seenTerm    = 8 * 24 * time.Hour          // keyed message ids: longer than any provider re-delivers
	outcomeTerm = 30*24*time.Hour - time.Hour // outcome rows and messages to be sent without a case, as feierabend.ExpiresAt
	askedTerm   = 24 * time.Hour              // sign-in requests, links and counters after their end
)

// SweepDone notes a successful sweep and does what Housekeep does.
func (s *Store) SweepDone(ctx context.Context, now time.Time) error {
	return s.housekeep(ctx, now, true)
}

// Housekeep throws away what has had its time outside of cases: keyed message ids, outcome
// rows, sign-in rows, sessions, counters, leases, old audit records. Where sealed values
// went whose key lives on, it plans that the files lose them too. It plans the next sweep.
// A sweep that left something behind ends with it: neither the sweep nor its warnings count
// as done.
func (s *Store) Housekeep(ctx context.Context, now time.Time) error {
	return s.housekeep(ctx, now, false)
}

func (s *Store) housekeep(ctx context.Context, now time.Time, done bool) error {
	now = s.until(now)
	return s.updateAll(ctx, func(t tx) error {
		if err := s.throwAway(ctx, t, now); err != nil {
			return err
		}
		last := int64(0)
		if done {
			last = micros(now)
		}
		for _, name := range []string{"sweep", "warn"} {
			if _, err := t.exec(ctx, `INSERT INTO clock(name, done_at, took, planned_at) VALUES($1, $2, 0, 0)
				ON CONFLICT(name) DO UPDATE SET done_at = CASE WHEN EXCLUDED.done_at > 0 THEN EXCLUDED.done_at ELSE clock.done_at END`, name, last); err != nil {
				return err
			}
		}
		if err := raiseFloor(ctx, t, now); err != nil {
			return err
		}
		after := time.Time{}
		if !done { // what was due has been tried
			after = now
		}
		return s.planSweep(ctx, t, now, after)
	})
}

// until is now, or the time that is believed since the clock was set back by AcceptClock.
func (s *Store) until(now time.Time) time.Time {
	if own := s.now(); own.Before(now) {
		return own
	}
	return now
}

// throwAway is the deleting part of Housekeep.
func (s *Store) throwAway(ctx context.Context, t tx, now time.Time) error {
	loose, err := dropLoose(ctx, t, now)
	if err != nil {
		return err
	}
	sealed, err := dropOld(ctx, t, now)
	if err != nil {
		return err
	}
	if _, err := s.endInvitations(ctx, t, `DELETE FROM invitation WHERE expires_at < $1 RETURNING id, email_normal`, micros(now)); err != nil {
		return err
	}
	numbers, err := s.keepSenders(ctx, t, now)
	if err != nil {
		return err
	}
	if loose || sealed || numbers {
		if err := s.planForget(ctx, t); err != nil {
			return err
		}
	}
	if err := restartRecoveries(ctx, t); err != nil {
		return err
	}
	return s.trimAudit(ctx, t, now)
}

// dropLoose throws away what belongs to firms; gone says that sealed rows went.
func dropLoose(ctx context.Context, t tx, now time.Time) (gone bool, err error) {
	for _, d := range []struct {
		text   string
		before time.Time
		sealed bool
	}{
		{`DELETE FROM message WHERE case_id = '' AND received_at < $1 RETURNING 1`, now.Add(-outcomeTerm), true},
		{`DELETE FROM outbox WHERE case_id = '' AND created_at < $1 RETURNING 1`, now.Add(-outcomeTerm), true},
		{`DELETE FROM lease WHERE until < $1 RETURNING 1`, now, false},
		{`DELETE FROM digest WHERE until_at < $1 RETURNING 1`, now.Add(-askedTerm), false},
	} {
		if err := eachFirm(ctx, t, d.text, []any{micros(d.before)}, func(r row) error {
			var n int
			gone = gone || d.sealed
			return r.Scan(&n)
		}); err != nil {
			return gone, err
		}
	}
	return gone, nil
}

// dropOld throws away what belongs to no firm; gone says that sealed rows went.
func dropOld(ctx context.Context, t tx, now time.Time) (gone bool, err error) {
	for _, d := range []struct {
		text   string
		before time.Time
		sealed bool
	}{
		{`DELETE FROM seen_message WHERE at < $1`, now.Add(-seenTerm), false},
		{`DELETE FROM sign_in_request WHERE at < $1`, now.Add(-askedTerm), false},
		{`DELETE FROM sign_in_link WHERE expires_at < $1`, now.Add(-askedTerm), false},
		{`DELETE FROM registration WHERE at < $1`, now.Add(-feierabend.RegistrationTerm), true},
		{`DELETE FROM address_change WHERE keep_until < $1`, now, true},
		{`DELETE FROM notice WHERE at < $1`, now.Add(-feierabend.NoticeTerm), true},
		{`DELETE FROM recovery WHERE state <> 'waiting' AND expires_at < $1`, now.Add(-askedTerm), true},
		{`DELETE FROM counter WHERE ends_at < $1`, now, false},
		{`DELETE FROM session WHERE expires_at < $1`, now, false},
		{`DELETE FROM step_up WHERE expires_at < $1`, now.Add(-askedTerm), false},
		{`DELETE FROM passkey_ask WHERE expires_at < $1`, now, false},
		{`DELETE FROM number_code WHERE expires_at < $1`, now.Add(-askedTerm), false},
	} {
		n, err := t.exec(ctx, d.text, micros(d.before))
		if err != nil {
			return gone, err
		}
		gone = gone || d.sealed && n > 0
	}
	return gone, nil
}

// sweepEach is the interval of the periodic sweep, with a margin.
const sweepEach = 70 * time.Second

// planSweep enqueues a sweep for the next case that becomes due before the periodic
// one comes: a countdown ends within seconds of its end. One sweep at a time is
// planned; it plans the next one. Cases that are due at after or before do not count.
func (s *Store) planSweep(ctx context.Context, t tx, now, after time.Time) error {
	at, err := s.nextDue(ctx, t, after)
	if err != nil || at.IsZero() || at.Sub(now) > sweepEach {
		return err
	}
	if at.Before(now.Add(time.Second)) {
		at = now.Add(time.Second)
	}
	n, err := t.exec(ctx, `UPDATE clock SET planned_at = $1 WHERE name = 'sweep' AND (planned_at <= $2 OR planned_at > $1)`, micros(at), micros(now))
	if err != nil || n == 0 {
		return err
	}
	return t.enqueue(ctx, []feierabend.Job{{K: feierabend.JobSweep, At: s.onWall(at)}})
}

// onWall gives a moment as the wall clock will show it, by which the queue goes.
func (s *Store) onWall(at time.Time) time.Time {
	m := s.clock.look()
	return m.wall.Add(at.Sub(m.now))
}

// LastSweep is when the last successful sweep was; zero before the first.
func (s *Store) LastSweep(ctx context.Context) (at time.Time, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		var us int64
		err := q.queryRow(ctx, `SELECT COALESCE(max(done_at), 0) FROM clock WHERE name = 'sweep'`).Scan(&us)
		at = timeOf(us)
		return err
	})
	return at, err
}
