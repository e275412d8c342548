package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feierabend"
)

// maxTries is how often a passing fault is tried before the row is given up; the
// page shows everything all the same.
const maxTries = 12

// parkFor is how long a row waits while an operator must act (token, payment).
const parkFor = 10 * time.Minute

// failed decides by the channel's error what becomes of the row (whatsapp.md §5).
// lostMatters is false for calls that nobody sees, such as an upload.
func (s *Step) failed(ctx context.Context, ob feierabend.Outbox, err error, lostMatters bool) error {
	v := judge(err, ob.Tries)
	if v.lost && lostMatters && ob.Tries < maxTries {
		// The row stays 'sending': a status with our callback may still come.
		s.log.Warn("send without an answer", "outbox", string(ob.ID), "tries", ob.Tries)
		return feierabend.Snooze(lostWait)
	}
	if v.lost { // nobody saw it, or it was said often enough
		v.wait, v.final = backoff(ob.Tries), ob.Tries >= maxTries
	}
	if ferr := s.store.FailSend(ctx, ob.Tenant, ob.ID, v.code, v.final); ferr != nil {
		if gone(ferr) {
			return nil
		}
		return fmt.Errorf("note failed send %s: %w", ob.ID, ferr)
	}
	s.log.Warn("not sent", "outbox", string(ob.ID), "tries", ob.Tries, "code", v.code, "final", v.final)
	if v.final {
		return nil
	}
	return feierabend.Snooze(v.wait)
}

// verdict says what to do after an error: lost, final, or again after wait.
type verdict struct {
	code  int
	lost  bool
	final bool
	wait  time.Duration
}

// judge reads an error of the channel. tries counts the one that failed.
func judge(err error, tries int) verdict {
	var c *feierabend.ChatError
	if !errors.As(err, &c) {
		switch feierabend.KindOf(err) {
		case feierabend.Invalid, feierabend.Unauthorized:
			return verdict{final: true} // refused before it was sent
		}
		return verdict{lost: true} // unknown: it may have gone out
	}
	v := verdict{code: c.Code}
	switch {
	case c.Lost:
		v.lost = true
	case c.Window:
		v.final = true
	case c.Park:
		v.wait = parkFor
	case c.Retry && tries < maxTries:
		v.wait = max(c.After, backoff(tries))
		if c.Code == pairRate {
			v.wait = max(c.After, pairWait(tries))
		}
	default:
		v.final = true
	}
	return v
}

// pairRate: more than one message in six seconds to one person.
const pairRate = 131056

// pairWait is 4^n seconds, as Meta asks, at most 17 minutes.
func pairWait(tries int) time.Duration {
	return time.Second << (2 * min(max(tries, 1), 5))
}

// backoff doubles from 5 seconds up to 10 minutes.
func backoff(tries int) time.Duration {
	return min(5*time.Second<<min(max(tries-1, 0), 10), 10*time.Minute)
}
