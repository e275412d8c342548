package delivery_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/delivery"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// channel takes messages and files in memory; the simulator's own tests play the wire.
type channel struct {
	sent    []feierabend.ChatMessage
	uploads map[string][]byte
	deleted []string
	err     []error // of the next sends, in order
	upErr   error
}

func (c *channel) Send(_ context.Context, _ feierabend.TenantID, m feierabend.ChatMessage) (string, error) {
	if err := m.Check(); err != nil {
		return "", err
	}
	if len(c.err) > 0 {
		err := c.err[0]
		if c.err = c.err[1:]; err != nil {
			return "", err
		}
	}
	c.sent = append(c.sent, m)
	return "wamid.out" + strconv.Itoa(len(c.sent)), nil
}

func (c *channel) Upload(_ context.Context, _ feierabend.TenantID, name, _ string, data []byte) (string, error) {
	if c.upErr != nil {
		return "", c.upErr
	}
	if c.uploads == nil {
		c.uploads = map[string][]byte{}
	}
	id := "media" + strconv.Itoa(len(c.uploads)+1)
	c.uploads[id] = data
	return id, nil
}

func (c *channel) Delete(_ context.Context, _ feierabend.TenantID, id string) error {
	c.deleted = append(c.deleted, id)
	return nil
}

type stage struct {
	*testing.T
	st    *store.Store
	clock *storetest.Clock
	a, b  storetest.Firm
	ch    *channel
	step  *delivery.Step
}

func open(t *testing.T, st *store.Store, clock *storetest.Clock) *stage {
	s := &stage{T: t, st: st, clock: clock, ch: &channel{}}
	s.a, s.b = storetest.Seed(t, st)
	s.step = delivery.New(delivery.Options{
		Store: st, Channel: s.ch, Now: clock.Now, Zone: time.UTC, Contact: "hilfe@f.example",
		CaseURL:    func(c feierabend.CaseID) string { return "https://f.example/v/" + string(c) },
		ReceiptURL: func(r feierabend.ReceiptID) string { return "https://f.example/q/" + string(r) },
	})
	return s
}

func onEach(t *testing.T, fn func(s *stage)) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) { fn(open(t, st, clock)) })
}

// drafted opens a case by a text and gives it a ready draft, told by an outbox row.
func (s *stage) drafted(f storetest.Firm) (feierabend.Message, feierabend.OutboxID) {
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
	before := s.rows()
	q, p := feierabend.One, feierabend.Dec(100)
	net, vat, gross := feierabend.Cents(10000), feierabend.Cents(1900), feierabend.Cents(11900)
	_, err = s.st.AddDraft(s.Context(), f.Tenant.ID, feierabend.NewDraft{
		Case: m.Case, By: f.Owner, Engine: "local", State: feierabend.CaseReady, Message: m.ID, Reason: feierabend.ReasonDrafted,
		Draft: feierabend.Draft{
			Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Salutation: "Frau", Name: "Petersen"},
			Lines:  []feierabend.Line{{Kind: feierabend.LineLump, Text: "Reparatur", Quantity: &q, Unit: "LS", Price: &p}},
			Totals: &feierabend.Totals{Net: &net, VAT: &vat, Gross: &gross},
		},
		Summary: feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Frau Petersen", Net: &net, Gross: &gross},
		Out:     []feierabend.Outgoing{{Sender: f.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1", ReplyTo: m.ID}},
	})
	if err != nil {
		s.Fatal(err)
	}
	return m, s.newest(before)
}

// rows lists the ids of send jobs: the only list of the outbox there is.
func (s *stage) rows() map[string]bool {
	s.Helper()
	ids := map[string]bool{}
	for _, id := range jobRefs(s.T, s.st, feierabend.JobSend) {
		ids[id] = true
	}
	return ids
}

func (s *stage) newest(before map[string]bool) feierabend.OutboxID {
	s.Helper()
	for id := range s.rows() {
		if !before[id] {
			return feierabend.OutboxID(id)
		}
	}
	s.Fatal("no new outbox row")
	return ""
}

// jobRefs reads the refs of what is enqueued of a kind.
func jobRefs(t *testing.T, st *store.Store, k feierabend.JobKind) (refs []string) {
	t.Helper()
	add := func(args []byte) {
		var j feierabend.Job
		if err := json.Unmarshal(args, &j); err != nil {
			t.Fatal(err)
		}
		refs = append(refs, j.Ref)
	}
	if st.SQL() == nil {
		rows, err := st.Pool().Query(t.Context(), `SELECT args FROM river_job WHERE kind = $1 ORDER BY id`, string(k))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var args []byte
			if err := rows.Scan(&args); err != nil {
				t.Fatal(err)
			}
			add(args)
		}
		return refs
	}
	rows, err := st.SQL().QueryContext(t.Context(), `SELECT json(args) FROM river_job WHERE kind = $1 ORDER BY id`, string(k))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var args []byte
		if err := rows.Scan(&args); err != nil {
			t.Fatal(err)
		}
		add(args)
	}
	return refs
}

func job(k feierabend.JobKind, f storetest.Firm, ref string) feierabend.Job {
	return feierabend.Job{K: k, Tenant: f.Tenant.ID.String(), Ref: ref}
}

func (s *stage) send(f storetest.Firm, id feierabend.OutboxID) error {
	return s.step.Send(s.Context(), job(feierabend.JobSend, f, string(id)))
}

func (s *stage) row(f storetest.Firm, id feierabend.OutboxID) feierabend.Outbox {
	s.Helper()
	ob, err := s.st.Outbox(s.Context(), f.Tenant.ID, id)
	if err != nil {
		s.Fatal(err)
	}
	return ob
}

func TestSendOnce(t *testing.T) {
	onEach(t, func(s *stage) {
		m, id := s.drafted(s.a)
		for range 3 {
			if err := s.send(s.a, id); err != nil {
				s.Fatal(err)
			}
		}
		if len(s.ch.sent) != 1 {
			s.Fatalf("sent %d messages, want 1", len(s.ch.sent))
		}
		got := s.ch.sent[0]
		if got.To != s.a.Sender.Phone || got.ReplyTo != m.ExternalID || got.Callback != s.row(s.a, id).Callback() || !strings.Contains(got.Text, "Frau Petersen") {
			s.Errorf("got %+v", got)
		}
		if ob := s.row(s.a, id); ob.State != feierabend.SendAccepted || ob.ExternalID != "wamid.out1" {
			s.Errorf("row: %s %q", ob.State, ob.ExternalID)
		}
		if err := s.send(s.b, id); err != nil || len(s.ch.sent) != 1 {
			s.Errorf("the other firm's job sent it: %v", err)
		}
	})
}

func TestWindowIsCheckedAtSendTime(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		s := open(t, st, clock)
		for _, c := range []struct {
			after time.Duration
			sent  bool
		}{{23*time.Hour + 44*time.Minute, true}, {23*time.Hour + 46*time.Minute, false}, {48 * time.Hour, false}} {
			s.ch.sent = nil
			_, id := s.drafted(s.a)
			clock.Advance(c.after)
			if err := s.send(s.a, id); err != nil {
				t.Fatal(err)
			}
			if got := len(s.ch.sent) == 1; got != c.sent {
				t.Errorf("after %s: sent %v", c.after, got)
			}
			if ob := s.row(s.a, id); !c.sent && (ob.State != feierabend.SendFailed || ob.Code != 131047) {
				t.Errorf("after %s: row is %s %d", c.after, ob.State, ob.Code)
			}
		}
	})
}

// A row that answers nothing goes by the last that the person wrote, about whatever: what a
// customer has sent is not told to a member who was silent for a day (whatsapp.md §5).
func TestWindowOfNews(t *testing.T) {
	st, clock := storetest.New(t)
	s := open(t, st, clock)
	s.drafted(s.a)
	for _, c := range []struct {
		after time.Duration
		sent  bool
	}{{time.Hour, true}, {23 * time.Hour, false}} {
		clock.Advance(c.after)
		s.ch.sent = nil
		before := s.rows()
		if err := st.AddOut(t.Context(), s.a.Tenant.ID, feierabend.Outgoing{Sender: s.a.Sender.ID, Kind: feierabend.OutCommand, Ref: feierabend.CommandCustomerNew}); err != nil {
			t.Fatal(err)
		}
		id := s.newest(before)
		if err := s.send(s.a, id); err != nil {
			t.Fatal(err)
		}
		if got := len(s.ch.sent) == 1; got != c.sent {
			t.Errorf("after %s: sent %v", c.after, got)
		}
		if c.sent && (!strings.Contains(s.ch.sent[0].Text, "Über Ihren Kundenlink ist etwas gekommen") || len(s.ch.sent[0].Buttons) != 0) {
			t.Errorf("said %+v", s.ch.sent[0])
		}
	}
}

func snooze(t *testing.T, err error) time.Duration {
	t.Helper()
	var z *feierabend.SnoozeError
	if !errors.As(err, &z) {
		t.Fatalf("got %v, want a snooze", err)
	}
	return z.After
}

// A lost answer is not a failure: the row waits for a status, and only then it is
// sent again (whatsapp.md §10).
func TestLostAnswer(t *testing.T) {
	onEach(t, func(s *stage) {
		_, id := s.drafted(s.a)
		s.ch.err = []error{&feierabend.ChatError{Lost: true, Retry: true}}
		if d := snooze(s.T, s.send(s.a, id)); d < 60*time.Second || d > 2*time.Minute {
			s.Errorf("waits %s", d)
		}
		if ob := s.row(s.a, id); ob.State != feierabend.SendSending {
			s.Fatalf("row is %s", ob.State)
		}
		s.clock.Advance(30 * time.Second)
		snooze(s.T, s.send(s.a, id)) // too early: not sent again
		if len(s.ch.sent) != 0 {
			s.Fatal("sent again while the answer may still come")
		}
		_, other := s.drafted(s.a)
		s.ch.err = []error{&feierabend.ChatError{Lost: true}}
		snooze(s.T, s.send(s.a, other))
		err := s.st.ReceiveStatuses(s.Context(), []feierabend.DeliveryStatus{{Channel: "whatsapp", ExternalID: "wamid.x", Callback: s.row(s.a, other).Callback(), State: feierabend.SendSent}})
		if err != nil {
			s.Fatal(err)
		}
		s.clock.Advance(2 * time.Minute)
		for _, i := range []feierabend.OutboxID{id, other} {
			if err := s.send(s.a, i); err != nil {
				s.Fatal(err)
			}
		}
		if len(s.ch.sent) != 1 {
			s.Errorf("%d messages: the one without a status must go again, the one with a status must not", len(s.ch.sent))
		}
	})
}

func TestRefusals(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		s := open(t, st, clock)
		for _, c := range []struct {
			name  string
			err   error
			final bool
		}{
			{"not on WhatsApp", &feierabend.ChatError{Code: 131026}, true},
			{"pair rate", &feierabend.ChatError{Code: 131056, Retry: true, After: 6 * time.Second}, false},
			{"payment", &feierabend.ChatError{Code: 131042, Park: true}, false},
		} {
			s.ch.sent = nil
			_, id := s.drafted(s.a)
			s.ch.err = []error{c.err}
			err := s.send(s.a, id)
			ob := s.row(s.a, id)
			if c.final {
				if err != nil || ob.State != feierabend.SendFailed {
					t.Errorf("%s: %v, row %s", c.name, err, ob.State)
				}
				continue
			}
			clock.Advance(snooze(t, err))
			if ob.State != feierabend.SendWaiting {
				t.Errorf("%s: row is %s", c.name, ob.State)
			}
			if err := s.send(s.a, id); err != nil || len(s.ch.sent) != 1 {
				t.Errorf("%s, then fine: %v, %d sent", c.name, err, len(s.ch.sent))
			}
		}
	})
}

func TestOlderVersionIsNotTold(t *testing.T) {
	onEach(t, func(s *stage) {
		m, first := s.drafted(s.a)
		before := s.rows()
		chat := s.a.Owner
		chat.Via = feierabend.ViaChat
		_, err := s.st.AddDraft(s.Context(), s.a.Tenant.ID, feierabend.NewDraft{
			Case: m.Case, Base: 1, By: chat, Engine: "person", State: feierabend.CaseReady,
			Draft: feierabend.Draft{Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Name: "Petersen"}},
			Out:   []feierabend.Outgoing{{Sender: s.a.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "2", ReplyTo: m.ID}},
		})
		if err != nil {
			s.Fatal(err)
		}
		for _, id := range []feierabend.OutboxID{first, s.newest(before)} {
			if err := s.send(s.a, id); err != nil {
				s.Fatal(err)
			}
		}
		if len(s.ch.sent) != 1 || !strings.HasSuffix(s.ch.sent[0].Buttons[0].ID, ":2") {
			s.Errorf("sent %+v, want the newest version only", s.ch.sent)
		}
	})
}

// A version made on a page has no row: the chat still gets its one answer, as new as it is.
func TestVersionOfAPageIsTold(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		s := open(t, st, clock)
		m, first := s.drafted(s.a)
		_, err := st.AddDraft(t.Context(), s.a.Tenant.ID, feierabend.NewDraft{
			Case: m.Case, Base: 1, By: s.a.Owner, Engine: "person", State: feierabend.CaseReady,
			Draft: feierabend.Draft{Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Name: "Petersen"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.send(s.a, first); err != nil || len(s.ch.sent) != 1 || !strings.HasSuffix(s.ch.sent[0].Buttons[0].ID, ":2") {
			t.Errorf("%v, sent %+v", err, s.ch.sent)
		}
	})
}

func TestErasedCaseIsNotTold(t *testing.T) {
	onEach(t, func(s *stage) {
		m, id := s.drafted(s.a)
		before := s.rows()
		r, err := s.st.Erase(s.Context(), s.a.Tenant.ID, m.Case, feierabend.EraseDiscarded, s.a.Owner, feierabend.Outgoing{Sender: s.a.Sender.ID, Kind: feierabend.OutErased})
		if err != nil {
			s.Fatal(err)
		}
		if err := s.send(s.a, id); err != nil || len(s.ch.sent) != 0 {
			s.Fatalf("draft of an erased case: %v, %d sent", err, len(s.ch.sent))
		}
		told := s.newest(before)
		snooze(s.T, s.send(s.a, told)) // waits a little for the proof
		if _, err := s.st.ScrubAndVerify(s.Context()); err != nil {
			s.Fatal(err)
		}
		s.clock.Advance(2 * time.Second)
		if err := s.send(s.a, told); err != nil || len(s.ch.sent) != 1 {
			s.Fatalf("receipt: %v, %d sent", err, len(s.ch.sent))
		}
		if text := s.ch.sent[0].Text; !strings.Contains(text, "Gelöscht.") || !strings.Contains(text, string(r.ID)) || strings.Contains(text, "Petersen") {
			s.Errorf("receipt: %s", text)
		}
	})
}
