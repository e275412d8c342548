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

// stage is a store with two firms and the step on it.
type stage struct {
	*testing.T
	st    *store.Store
	clock *storetest.Clock
	a, b  storetest.Firm
	step  *erasure.Step
}

func onEach(t *testing.T, fn func(s *stage)) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) { fn(newStage(t, st, clock)) })
}

func newStage(t *testing.T, st *store.Store, clock *storetest.Clock) *stage {
	s := &stage{T: t, st: st, clock: clock, step: erasure.New(erasure.Options{Store: st})}
	s.a, s.b = storetest.Seed(t, st)
	return s
}

// sweep is each minute in life; in tests now and then.
func (s *stage) sweep() {
	s.Helper()
	if err := s.step.Sweep(s.Context(), feierabend.Job{K: feierabend.JobSweep}); err != nil {
		s.Fatal(err)
	}
}

// draft opens a case by a text and gives it a first version.
func (s *stage) draft(f storetest.Firm) feierabend.CaseID {
	s.Helper()
	in := f.Inbound("wamid."+feierabend.NewID(), "Rechnung für Frau Petersen")
	in.At = s.clock.Now()
	out, err := s.st.Receive(s.Context(), []feierabend.Inbound{in})
	if err != nil || out[0].Code != feierabend.Accepted {
		s.Fatalf("receive: %+v, %v", out, err)
	}
	m, err := s.st.Message(s.Context(), f.Tenant.ID, out[0].Message)
	if err != nil {
		s.Fatal(err)
	}
	_, err = s.st.AddDraft(s.Context(), f.Tenant.ID, feierabend.NewDraft{
		Case: m.Case, By: f.Owner, Engine: "local",
		Draft: feierabend.Draft{Kind: feierabend.KindInvoice}, State: feierabend.CaseReady, Message: m.ID, Reason: feierabend.ReasonDrafted,
	})
	if err != nil {
		s.Fatal(err)
	}
	return m.Case
}

// issued is a draft with its document.
func (s *stage) issued(f storetest.Firm) (feierabend.CaseID, feierabend.DocumentID) {
	s.Helper()
	c := s.draft(f)
	n, id, err := s.st.ReserveNumber(s.Context(), f.Tenant.ID, c, "RE-2026")
	if err != nil {
		s.Fatal(err)
	}
	err = s.st.AddDocument(s.Context(), f.Tenant.ID, feierabend.NewDocument{
		Document: feierabend.Document{ID: id, Case: c, Number: n, Kind: feierabend.KindInvoice}, Version: 1, By: f.Owner,
		Files: []feierabend.File{{Name: n + ".pdf", Type: "application/pdf", Bytes: []byte("%PDF-1.7")}},
	})
	if err != nil {
		s.Fatal(err)
	}
	return c, id
}

// press delivers a button and gives the job that works it off.
func (s *stage) press(f storetest.Firm, b feierabend.Button) feierabend.Job {
	s.Helper()
	in := f.Inbound("wamid."+feierabend.NewID(), "")
	in.Kind, in.Button = feierabend.InboundButton, b.String()
	out, err := s.st.Receive(s.Context(), []feierabend.Inbound{in})
	if err != nil || out[0].Code != feierabend.Accepted {
		s.Fatalf("receive: %+v, %v", out, err)
	}
	return feierabend.Job{K: b.Act.Job(), Tenant: f.Tenant.ID.String(), Ref: string(out[0].Message)}
}

func (s *stage) outcome(f storetest.Firm, j feierabend.Job) (feierabend.MessageState, string) {
	s.Helper()
	m, err := s.st.Message(s.Context(), f.Tenant.ID, feierabend.MessageID(j.Ref))
	if err != nil {
		s.Fatal(err)
	}
	return m.State, m.Reason
}

func (s *stage) gone(f storetest.Firm, c feierabend.CaseID) bool {
	s.Helper()
	_, err := s.st.Case(s.Context(), f.Tenant.ID, c)
	if err != nil && feierabend.KindOf(err) != feierabend.NotFound {
		s.Fatal(err)
	}
	return err != nil
}

func TestConfirmErasesAndProves(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		c, _ := s.issued(s.a)
		if _, err := s.step.Confirm(ctx, s.b.Owner, s.b.Tenant.ID, c); feierabend.KindOf(err) != feierabend.NotFound {
			s.Errorf("the other firm confirms: got %v, want not found", err)
		}
		r, err := s.step.Confirm(ctx, s.a.Owner, s.a.Tenant.ID, c)
		if err != nil {
			s.Fatal(err)
		}
		if r.Reason != feierabend.EraseConfirmed || r.By != s.a.Owner || r.Verification != feierabend.VerifyPending || !s.gone(s.a, c) {
			s.Errorf("got %+v", r)
		}
		again, err := s.step.Confirm(ctx, s.a.Owner, s.a.Tenant.ID, c)
		if err != nil || again.ID != r.ID {
			s.Errorf("second tap: got %s, %v, want the same receipt %s", again.ID, err, r.ID)
		}
		if err := s.step.Scrub(ctx, feierabend.Job{K: feierabend.JobScrub}); err != nil {
			s.Fatal(err)
		}
		r, err = s.st.Receipt(ctx, s.a.Tenant.ID, r.ID)
		if err != nil || r.Verification == feierabend.VerifyPending || len(r.Signature) == 0 {
			s.Errorf("after the scrub: %s, %v", r.Verification, err)
		}
	})
}

func TestWhoMayAndWhen(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		open := s.draft(s.a)
		staff := feierabend.Actor{User: s.a.User.ID, Role: feierabend.RoleStaff, Via: feierabend.ViaSession}
		for name, do := range map[string]func() error{
			"staff confirms":  func() error { _, err := s.step.Confirm(ctx, staff, s.a.Tenant.ID, open); return err },
			"staff discards":  func() error { _, err := s.step.Discard(ctx, staff, s.a.Tenant.ID, open); return err },
			"nobody discards": func() error { _, err := s.step.Discard(ctx, feierabend.Actor{}, s.a.Tenant.ID, open); return err },
		} {
			if err := do(); feierabend.KindOf(err) != feierabend.Unauthorized || feierabend.TextOf(err) == "" {
				s.Errorf("%s: got %v", name, err)
			}
		}
		if _, err := s.step.Confirm(ctx, s.a.Owner, s.a.Tenant.ID, open); feierabend.CodeOf(err) != "not_issued" {
			s.Errorf("confirming a draft: got %v", err)
		}
		if s.gone(s.a, open) {
			s.Fatal("a refused call erased the case")
		}
		if r, err := s.step.Discard(ctx, s.a.Owner, s.a.Tenant.ID, open); err != nil || r.Reason != feierabend.EraseDiscarded {
			s.Errorf("discard: got %+v, %v", r, err)
		}
	})
}

func TestPress(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		c, _ := s.issued(s.a)
		saved := feierabend.Button{Act: feierabend.ActSaved, Case: c, Version: 1}

		foreign := s.press(s.b, saved) // the other firm's member sends our payload
		if err := s.step.Press(ctx, foreign); err != nil {
			s.Fatal(err)
		}
		if st, why := s.outcome(s.b, foreign); st != feierabend.MessageFailed || why != feierabend.ReasonGone || s.gone(s.a, c) {
			s.Errorf("foreign tap: %s %s", st, why)
		}

		j := s.press(s.a, saved)
		for range 2 { // the job may run twice
			if err := s.step.Press(ctx, j); err != nil {
				s.Fatal(err)
			}
		}
		if st, why := s.outcome(s.a, j); st != feierabend.MessageDone || why != feierabend.ReasonAnswered || !s.gone(s.a, c) {
			s.Errorf("tap: %s %s", st, why)
		}

		late := s.press(s.a, saved) // tapped again days later
		s.clock.Advance(48 * time.Hour)
		if err := s.step.Press(ctx, late); err != nil {
			s.Fatal(err)
		}
		if st, _ := s.outcome(s.a, late); st != feierabend.MessageFailed && st != feierabend.MessageDone {
			s.Errorf("late tap has no outcome: %s", st)
		}

		open := s.draft(s.a)
		early := s.press(s.a, feierabend.Button{Act: feierabend.ActSaved, Case: open, Version: 1})
		if err := s.step.Press(ctx, early); err != nil {
			s.Fatal(err)
		}
		if _, why := s.outcome(s.a, early); why != feierabend.ReasonStale || s.gone(s.a, open) {
			s.Errorf("„Gespeichert“ without a document: %s", why)
		}

		pick := feierabend.Button{Act: feierabend.ActErase, Case: open, Version: 1} // „2 löschen“ names a case and erases nothing
		for _, x := range []struct {
			firm storetest.Firm
			want string
		}{{s.b, feierabend.ReasonGone}, {s.a, feierabend.ReasonAnswered}} {
			picked := s.press(x.firm, pick)
			for range 2 {
				if err := s.step.Press(ctx, picked); err != nil {
					s.Fatal(err)
				}
			}
			if _, why := s.outcome(x.firm, picked); why != x.want || s.gone(s.a, open) {
				s.Errorf("a picked case: %s, want %s", why, x.want)
			}
		}
		asked := storetest.Query(s.T, s.st, `SELECT case_id, ref FROM outbox WHERE kind = 'command'`)
		if len(asked) != 1 || asked[0][0] != string(open) || asked[0][1] != "loeschen" {
			s.Errorf("asked about %v, want once about %s", asked, open)
		}
		if err := s.step.Press(ctx, s.press(s.a, feierabend.Button{Act: feierabend.ActDiscard, Case: open, Version: 1})); err != nil || !s.gone(s.a, open) {
			s.Errorf("the confirmation: %v", err)
		}
	})
}

func TestSweep(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		old := s.draft(s.a)
		counted, doc := s.issued(s.b)
		if err := s.st.MarkDownloaded(ctx, s.b.Tenant.ID, doc, s.b.Owner, s.clock.Now().Add(24*time.Hour)); err != nil {
			s.Fatal(err)
		}
		s.sweep()
		s.clock.Advance(23 * time.Hour)
		s.sweep()
		if s.gone(s.b, counted) {
			s.Fatal("erased before the countdown ended")
		}
		s.clock.Advance(2 * time.Hour)
		s.sweep()
		if r, err := s.st.ReceiptOf(ctx, s.b.Tenant.ID, counted); err != nil || r.Reason != feierabend.EraseCountedDown || r.By.Via != feierabend.ViaSweep {
			s.Errorf("countdown: %+v, %v", r, err)
		}
		young := s.draft(s.a)
		s.clock.Advance(29 * 24 * time.Hour)
		s.sweep()
		if r, err := s.st.ReceiptOf(ctx, s.a.Tenant.ID, old); err != nil || r.Reason != feierabend.EraseExpired {
			s.Errorf("day 30: %+v, %v", r, err)
		}
		if s.gone(s.a, young) {
			s.Error("a younger case went too")
		}
		if at, err := s.st.LastSweep(ctx); err != nil || !at.Equal(s.clock.Now()) {
			s.Errorf("last sweep: %v, %v", at, err)
		}
	})
}

// TestSweepBook: entries of the address book go at the end of their own term, of each
// firm, with a receipt, and not with the cases; one that cannot be erased does not keep
// the others.
func TestSweepBook(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		add := func(f storetest.Firm, months int) feierabend.AddressID {
			if _, err := s.st.SetBook(ctx, f.Tenant.ID, months, f.Owner); err != nil {
				s.Fatal(err)
			}
			e, err := s.st.AddAddress(ctx, f.Tenant.ID, feierabend.AddressEntry{Buyer: feierabend.Buyer{Name: "Wohlers"}}, f.Owner)
			if err != nil {
				s.Fatal(err)
			}
			return e.ID
		}
		short, bad, long := add(s.a, 3), add(s.a, 3), add(s.b, 24)
		s.clock.Advance(60 * 24 * time.Hour)
		s.sweep()
		there := func(f storetest.Firm, id feierabend.AddressID) bool {
			_, err := s.st.Address(ctx, f.Tenant.ID, id)
			return err == nil
		}
		if !there(s.a, short) || !there(s.b, long) {
			s.Fatal("an entry went with the cases")
		}
		s.clock.Advance(40 * 24 * time.Hour)
		step := erasure.New(erasure.Options{Store: brokenBook{s.st, bad}})
		if err := step.Sweep(ctx, feierabend.Job{}); err == nil {
			s.Error("the failure was swallowed")
		}
		list := func(f storetest.Firm) []feierabend.ErasureReceipt {
			all, err := s.st.Receipts(ctx, f.Tenant.ID)
			if err != nil {
				s.Fatal(err)
			}
			return all
		}
		if got := list(s.a); len(got) != 1 || got[0].Entry != short || got[0].Reason != feierabend.EraseExpired || got[0].By.Via != feierabend.ViaSweep {
			s.Errorf("receipts %+v", got)
		}
		s.sweep()
		if len(list(s.a)) != 2 || len(list(s.b)) != 0 || !there(s.b, long) {
			s.Errorf("receipts %+v, %+v", list(s.a), list(s.b))
		}
	})
}

// brokenBook fails to erase one entry.
type brokenBook struct {
	*store.Store
	bad feierabend.AddressID
}

func (b brokenBook) EraseAddress(ctx context.Context, t feierabend.TenantID, id feierabend.AddressID, why feierabend.EraseReason, by feierabend.Actor) (feierabend.ErasureReceipt, error) {
	if id == b.bad {
		return feierabend.ErasureReceipt{}, errors.New("disk")
	}
	return b.Store.EraseAddress(ctx, t, id, why, by)
}

func TestSweepTakesMoreThanOneBatch(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		s := newStage(t, st, clock)
		var in []feierabend.Inbound
		for range 230 {
			in = append(in, s.a.Inbound("wamid."+feierabend.NewID(), "Notiz"))
		}
		if _, err := st.Receive(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		clock.Advance(30 * 24 * time.Hour)
		if err := s.step.Sweep(t.Context(), feierabend.Job{}); err != nil {
			t.Fatal(err)
		}
		if left, err := st.Due(t.Context(), clock.Now(), feierabend.DueCase{}, 10); err != nil || len(left) != 0 {
			t.Errorf("%d cases left, %v", len(left), err)
		}
	})
}

// broken fails to erase one case.
type broken struct {
	*store.Store
	bad feierabend.CaseID
}

func (b broken) Erase(ctx context.Context, t feierabend.TenantID, c feierabend.CaseID, why feierabend.EraseReason, by feierabend.Actor, out ...feierabend.Outgoing) (feierabend.ErasureReceipt, error) {
	if c == b.bad {
		return feierabend.ErasureReceipt{}, errors.New("disk")
	}
	return b.Store.Erase(ctx, t, c, why, by, out...)
}

func TestOneBadCaseDoesNotKeepTheOthers(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		s := newStage(t, st, clock)
		bad, good := s.draft(s.a), s.draft(s.b)
		clock.Advance(40 * 24 * time.Hour)
		step := erasure.New(erasure.Options{Store: broken{st, bad}})
		if err := step.Sweep(t.Context(), feierabend.Job{}); err == nil {
			t.Error("the failure was swallowed")
		}
		if _, err := st.ReceiptOf(t.Context(), s.b.Tenant.ID, good); err != nil {
			t.Errorf("the good case: %v", err)
		}
		if at, err := st.LastSweep(t.Context()); err != nil || !at.IsZero() {
			t.Errorf("a failed sweep counts as done: %v, %v", at, err)
		}
	})
}
