package delivery_test

import (
	"errors"
	"testing"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// A provider whose answers always get lost is not sent the same message for ever.
func TestLostAnswersEnd(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		s := open(t, st, clock)
		_, id := s.drafted(s.a)
		for range 40 {
			s.ch.err = []error{&feierabend.ChatError{Retry: true, Lost: true}}
			var z *feierabend.SnoozeError
			err := s.send(s.a, id)
			if err != nil && !errors.As(err, &z) {
				t.Fatal(err)
			}
			if err == nil {
				break
			}
			clock.Advance(z.After)
		}
		if ob := s.row(s.a, id); ob.State != feierabend.SendFailed || ob.Tries != 12 {
			t.Errorf("%s after %d tries, want failed after 12", ob.State, ob.Tries)
		}
	})
}
