package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

// clockLook is how often a process compares its clock with the database.
const clockLook = 30 * time.Second

const textDatabaseClock = "Die Uhr dieses Rechners geht der Uhr der Datenbank um mehr als eine Stunde voraus. Solange das so ist, wird nichts gelöscht; verloren ist nichts. " +
	"Bitte die Uhr stellen, die falsch geht. Es geht dann von selbst weiter."

const textClock = "Die Uhr dieses Rechners ist weit vorgesprungen, oder der Dienst stand sehr lange. Solange das nicht geklärt ist, wird nichts gelöscht und nichts gezeigt, was nach dieser Uhr abgelaufen wäre; " +
	"neue Nachrichten werden später noch einmal zugestellt. Verloren ist nichts. Bitte die Uhr stellen, dann geht es von selbst weiter, oder sie mit „feierabend doctor --accept-clock“ bestätigen."

func clockJump(m moment) error {
	if !m.jumped {
		return unavailable("clock_database", textDatabaseClock, errors.New("wall clock is ahead of the database's"))
	}
	return unavailable("clock_jump", textClock, fmt.Errorf("wall clock is %s ahead of the time that can be believed", m.wall.Sub(m.now).Round(time.Second)))
}

// Now is the time to work with: the wall clock, as far as it is believed. It never
// runs backwards, and does not follow a clock that jumped ahead.
func (s *Store) Now() time.Time { return s.clock.now() }

// CheckClock compares the wall clock with the monotonic one, with the highest time
// ever believed (kept in the database) and with the database's own clock, and gives
// the time by which may be erased. Where the wall clock is ahead by more than an
// hour, or was ahead of the floor by more than five days at start, the error is
// Unavailable "clock_jump", or "clock_database": nothing may be erased. It ends by
// itself when the clock is right again, the first also by AcceptClock.
func (s *Store) CheckClock(ctx context.Context) (time.Time, error) {
	m, err := s.compareClocks(ctx)
	if err != nil {
		return time.Time{}, err
	}
	if m.doubt {
		return time.Time{}, clockJump(m)
	}
	return m.now, nil
}

func (s *Store) compareClocks(ctx context.Context) (m moment, err error) {
	d, err := s.whatTime(ctx)
	if err != nil {
		return m, err
	}
	return s.clock.heed(d), nil
}

// whatTime asks the database.
func (s *Store) whatTime(ctx context.Context) (d witness, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		var floor, own int64
		err := q.queryRow(ctx, `SELECT COALESCE(max(done_at), 0), COALESCE(max(planned_at), 0) FROM clock WHERE name = 'floor'`).Scan(&floor, &d.accepted)
		switch {
		case err != nil || !q.fenced():
		case s.dbNow != nil:
			own = micros(s.dbNow())
		default:
			own, err = s.clockOf(ctx, q)
		}
		d.floor, d.clock = timeOf(floor), timeOf(own)
		return err
	})
	return d, err
}

// beginClock makes the first floor of a database, or begins with the one it has.
func (s *Store) beginClock(ctx context.Context) error {
	now := s.clock.now()
	err := s.updateAll(ctx, func(t tx) error {
		// A database that was swept before it had a floor begins with its last sweep.
		_, err := t.exec(ctx, `INSERT INTO clock(name, done_at, took, planned_at)
			VALUES('floor', (SELECT COALESCE(max(done_at), $1) FROM clock WHERE name = 'sweep'), 0, 0) ON CONFLICT(name) DO NOTHING`, micros(now))
		return err
	})
	if err != nil {
		return err
	}
	d, err := s.whatTime(ctx)
	if err != nil {
		return err
	}
	s.warnClock(s.clock.start(d))
	return nil
}

// warnClock says in the log what is wrong with the clock; nothing where it is right.
func (s *Store) warnClock(m moment) {
	switch {
	case m.doubt:
		err := clockJump(m)
		s.log.Error(feierabend.TextOf(err), "code", feierabend.CodeOf(err), "ahead_seconds", int64(m.wall.Sub(m.now)/time.Second))
	case m.now.Sub(m.wall) > maxJump:
		s.log.Error("Die Uhr dieses Rechners geht nach: Sie zeigt eine Zeit, die schon vorbei war. Nachrichten werden angenommen, Fristen laufen von der zuletzt gesehenen Zeit an weiter und werden nicht länger. Bitte die Uhr stellen; es geht dann von selbst richtig weiter.",
			"behind_seconds", int64(m.now.Sub(m.wall)/time.Second))
	}
}

// watchClock compares now and then, so that each process follows what the others,
// or an operator, have said.
func (s *Store) watchClock() {
	tick := time.NewTicker(clockLook)
	defer tick.Stop()
	warned := false
	for {
		select {
		case <-s.quit:
			return
		case <-tick.C:
			ctx, cancel := context.WithTimeout(context.Background(), clockLook)
			if m, err := s.compareClocks(ctx); err == nil {
				if m.doubt && !warned {
					s.warnClock(m)
				}
				warned = m.doubt
			}
			cancel()
		}
	}
}

// raiseFloor keeps the highest time ever believed.
func raiseFloor(ctx context.Context, t tx, now time.Time) error {
	_, err := t.exec(ctx, `UPDATE clock SET done_at = $1 WHERE name = 'floor' AND done_at < $1`, micros(now))
	return err
}

// AcceptClock takes the wall clock of this process as right, forwards and backwards,
// for all processes (`feierabend doctor --accept-clock`), and gives the time that
// holds from now on. Where the time was set back, no case keeps an end that lies
// further ahead than a case that begins now.
func (s *Store) AcceptClock(ctx context.Context, by feierabend.Actor) (time.Time, error) {
	at := s.clock.look().wall
	err := s.updateAll(ctx, func(t tx) error {
		// The acceptance must differ from the one before, so that all processes see it.
		if _, err := t.exec(ctx, `UPDATE clock SET done_at = $1, planned_at = CASE WHEN planned_at = $1 THEN $1 + 1 ELSE $1 END WHERE name = 'floor'`, micros(at)); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE clock SET done_at = $1 WHERE name <> 'floor' AND done_at > $1`, micros(at)); err != nil {
			return err
		}
		if err := eachFirm(ctx, t, `UPDATE cases SET expires_at = $1 WHERE expires_at > $1`,
			[]any{micros(feierabend.ExpiresAt(at, feierabend.MaxRetentionDays))}, nil); err != nil {
			return err
		}
		if err := capBooks(ctx, t, at); err != nil {
			return err
		}
		return s.record(ctx, t, "", by, "clock.accepted", "")
	})
	if err != nil {
		return time.Time{}, err
	}
	_, err = s.compareClocks(ctx)
	return at, err
}

// ClockHealth says whether the clock is believed: red where it is doubted and
// nothing is erased, yellow where it is behind what was already seen.
func (s *Store) ClockHealth() feierabend.Health {
	m := s.clock.look()
	h := feierabend.Health{Name: "clock", Level: feierabend.HealthGreen}
	switch {
	case m.doubt:
		h.Level, h.Code, h.Since = feierabend.HealthRed, feierabend.CodeOf(clockJump(m)), s.clock.doubtedSince()
	case m.now.Sub(m.wall) > maxJump:
		h.Level, h.Code = feierabend.HealthYellow, "clock_behind"
	}
	return h
}
