package erasure_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/erasure"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// faulty fails to erase and to warn what a firm has, and counts how often it was asked.
type faulty struct {
	*store.Store
	bad   feierabend.TenantID
	asked *int
	clock func() // runs before the first warning
}

func (f faulty) Erase(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID, why feierabend.EraseReason, by feierabend.Actor, out ...feierabend.Outgoing) (feierabend.ErasureReceipt, error) {
	if t == f.bad {
		*f.asked++
		return feierabend.ErasureReceipt{}, errors.New("disk")
	}
	return f.Store.Erase(ctx, t, c, why, by, out...)
}

func (f faulty) EraseAddress(ctx context.Context, t feierabend.TenantID, id feierabend.AddressID, why feierabend.EraseReason, by feierabend.Actor) (feierabend.ErasureReceipt, error) {
	if t == f.bad {
		*f.asked++
		return feierabend.ErasureReceipt{}, errors.New("disk")
	}
	return f.Store.EraseAddress(ctx, t, id, why, by)
}

func (f faulty) Warn(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID) (bool, error) {
	if f.clock != nil {
		f.clock()
	}
	if t == f.bad {
		*f.asked++
		return false, errors.New("disk")
	}
	return f.Store.Warn(ctx, t, c)
}

// many opens n cases of a firm.
func (s *stage) many(f storetest.Firm, n int) {
	s.Helper()
	var in []feierabend.Inbound
	for range n {
		m := f.Inbound("wamid."+feierabend.NewID(), "Notiz")
		m.At = s.clock.Now()
		in = append(in, m)
	}
	if _, err := s.st.Receive(s.Context(), in); err != nil {
		s.Fatal(err)
	}
}

func (s *stage) count(table, where string) int {
	s.Helper()
	return len(storetest.Query(s.T, s.st, `SELECT 1 FROM `+table+` WHERE `+where))
}

// TestManyBadCasesKeepNothing: more cases than a batch holds that cannot be erased, older
// than all others, are tried once each. The other firm's case goes, its sender is warned of
// another, what has had its time goes too, and the sweep does not count as done.
func TestManyBadCasesKeepNothing(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		s.many(s.a, 110)
		s.clock.Advance(time.Minute)
		good := s.draft(s.b)
		s.clock.Advance(30 * 24 * time.Hour)
		if _, err := s.st.Allow(ctx, "x", 1, time.Minute, s.clock.Now().Add(-time.Hour)); err != nil {
			s.Fatal(err)
		}
		s.many(s.a, 1)
		s.draft(s.b)
		s.clock.Advance(21 * 24 * time.Hour)
		asked := 0
		step := erasure.New(erasure.Options{Store: faulty{Store: s.st, bad: s.a.Tenant.ID, asked: &asked}})
		if err := step.Sweep(ctx, feierabend.Job{}); err == nil {
			s.Errorf("the failure was swallowed: %v", err)
		}
		if asked != 112 { // a warning is tried again after one that came through
			s.Errorf("%d tries of what fails, want 112", asked)
		}
		if _, err := s.st.ReceiptOf(ctx, s.b.Tenant.ID, good); err != nil {
			s.Errorf("the good case: %v", err)
		}
		if n := s.count("outbox", "kind = 'warning'"); n != 1 {
			s.Errorf("%d warnings, want that of the other firm", n)
		}
		if n := s.count("counter", "1 = 1"); n != 0 {
			s.Errorf("%d counters whose time is over", n)
		}
		if at, err := s.st.LastSweep(ctx); err != nil || !at.IsZero() {
			s.Errorf("counts as done: %v, %v", at, err)
		}
		if n := s.count("river_job", "kind = 'sweep'"); n != 0 {
			s.Errorf("%d sweeps are planned for what was tried", n)
		}
		s.sweep()
		if at, err := s.st.LastSweep(ctx); err != nil || !at.Equal(s.clock.Now()) {
			s.Errorf("after the fault: last sweep %v, %v", at, err)
		}
	})
}

// TestDamagedCaseIsDiscarded: what does not open any more can be discarded, by its own firm.
func TestDamagedCaseIsDiscarded(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		c := s.draft(s.a)
		storetest.Exec(s.T, s.st, `UPDATE cases SET summary = $1`, []byte("0123456789012345678901234567890123456789"))
		if _, err := s.step.Discard(ctx, s.b.Owner, s.b.Tenant.ID, c); feierabend.KindOf(err) != feierabend.NotFound {
			s.Errorf("the other firm: %v", err)
		}
		r, err := s.step.Discard(ctx, s.a.Owner, s.a.Tenant.ID, c)
		if err != nil || r.Case != c || !s.gone(s.a, c) {
			s.Errorf("receipt %+v, %v", r, err)
		}
		if n := s.count("outbox", "kind = 'erased'"); n != 1 {
			s.Errorf("%d messages tell of it", n)
		}
	})
}

// TestClockSetBackDuringSweep: an operator sets the clock back while warnings are being
// told. The sweep ends, and does not bring the time back that nobody believes any more.
func TestClockSetBackDuringSweep(t *testing.T) {
	onEach(t, func(s *stage) {
		s.draft(s.a)
		s.draft(s.b)
		s.clock.Advance(21 * 24 * time.Hour)
		asked := 0
		back := func() {
			if asked++; asked > 1 {
				if asked > 10 {
					s.Fatal("the sweep does not end")
				}
				return
			}
			s.clock.Jump(-20 * 24 * time.Hour)
			if _, err := s.st.AcceptClock(s.Context(), feierabend.Actor{Via: feierabend.ViaCLI}); err != nil {
				s.Fatal(err)
			}
		}
		step := erasure.New(erasure.Options{Store: faulty{Store: s.st, asked: &asked, clock: back}})
		if err := step.Sweep(s.Context(), feierabend.Job{}); err != nil {
			s.Fatal(err)
		}
		if n := s.count("outbox", "kind = 'warning'"); n != 0 {
			s.Errorf("%d warnings for an end that is 29 days away", n)
		}
		if now, err := s.st.CheckClock(s.Context()); err != nil || !now.Equal(s.clock.Now()) {
			s.Errorf("time after the sweep: %s, %v, want %s", now, err, s.clock.Now())
		}
		if at, err := s.st.LastSweep(s.Context()); err != nil || !at.Equal(s.clock.Now()) {
			s.Errorf("last sweep %s, %v", at, err)
		}
	})
}
