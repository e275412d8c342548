package drafting_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/compliance"
	"feierabend/internal/drafting"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

var berlin = func() *time.Location {
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return z
}()

// full is a dictation without an open question.
const full = "Rechnung für Frau Petersen, Lindenweg 12, 25524 Itzehoe. Gestern zwei Stunden Arbeit und Anfahrt."

// undated lacks the day of the work.
const undated = "Rechnung für Frau Petersen, Lindenweg 12, 25524 Itzehoe. Zwei Stunden Arbeit und Anfahrt."

// stage is a store with two firms and the step on it, with the real policy.
type stage struct {
	*testing.T
	st    *store.Store
	clock *storetest.Clock
	a, b  storetest.Firm
	step  *drafting.Step
}

// onEach is for what goes through the store in its own way, once per way.
func onEach(t *testing.T, fn func(s *stage)) {
	t.Helper()
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) { fn(newStage(t, st, clock)) })
}

// onOne is for rules that do not depend on the database.
func onOne(t *testing.T, fn func(s *stage)) {
	t.Helper()
	st, clock := storetest.New(t)
	fn(newStage(t, st, clock))
}

func newStage(t *testing.T, st *store.Store, clock *storetest.Clock) *stage {
	s := &stage{T: t, st: st, clock: clock}
	s.a, s.b = storetest.Seed(t, st)
	policy := compliance.New(compliance.NewRegistry(compliance.Settings{}), st)
	s.step = drafting.New(drafting.Options{Store: st, Policy: policy, Now: clock.Now, Zone: berlin})
	return s
}

// receive delivers a message and gives it as stored.
func (s *stage) receive(f storetest.Firm, text string, change func(*feierabend.Inbound)) feierabend.Message {
	s.Helper()
	in := f.Inbound("wamid."+feierabend.NewID(), text)
	in.At = s.clock.Now()
	if change != nil {
		change(&in)
	}
	out, err := s.st.Receive(s.Context(), []feierabend.Inbound{in})
	if err != nil || out[0].Code != feierabend.Accepted {
		s.Fatalf("receive: %+v, %v", out, err)
	}
	return s.message(f, out[0].Message)
}

func (s *stage) message(f storetest.Firm, id feierabend.MessageID) feierabend.Message {
	s.Helper()
	m, err := s.st.Message(s.Context(), f.Tenant.ID, id)
	if err != nil {
		s.Fatal(err)
	}
	return m
}

func run(f storetest.Firm, m feierabend.Message) feierabend.Job {
	return feierabend.Job{K: feierabend.JobDraft, Tenant: f.Tenant.ID.String(), Ref: string(m.ID)}
}

// say delivers a text and works its job off; the message as it is afterwards.
func (s *stage) say(f storetest.Firm, text string) feierabend.Message {
	s.Helper()
	m := s.receive(f, text, nil)
	if err := s.step.Run(s.Context(), run(f, m)); err != nil {
		s.Fatalf("run %q: %v", text, err)
	}
	s.clock.Advance(time.Second)
	return s.message(f, m.ID)
}

// tap delivers a button and works its job off.
func (s *stage) tap(f storetest.Firm, b feierabend.Button) feierabend.Message {
	s.Helper()
	m := s.receive(f, "", func(in *feierabend.Inbound) { in.Kind, in.Button = feierabend.InboundButton, b.String() })
	for range 2 { // a job may run twice
		if err := s.step.Press(s.Context(), feierabend.Job{K: feierabend.JobAnswer, Tenant: f.Tenant.ID.String(), Ref: string(m.ID)}); err != nil {
			s.Fatalf("press %s: %v", b.Act, err)
		}
	}
	s.clock.Advance(time.Second)
	return s.message(f, m.ID)
}

func (s *stage) draft(f storetest.Firm, c feierabend.CaseID) feierabend.DraftVersion {
	s.Helper()
	v, err := s.st.Draft(s.Context(), f.Tenant.ID, c)
	if err != nil {
		s.Fatal(err)
	}
	return v
}

func (s *stage) getCase(f storetest.Firm, c feierabend.CaseID) feierabend.Case {
	s.Helper()
	got, err := s.st.Case(s.Context(), f.Tenant.ID, c)
	if err != nil {
		s.Fatal(err)
	}
	return got
}

func (s *stage) cases(f storetest.Firm) []feierabend.Case {
	s.Helper()
	all, err := s.st.Cases(s.Context(), f.Tenant.ID)
	if err != nil {
		s.Fatal(err)
	}
	return all
}

// told gives the outbox rows in the order of their making.
func (s *stage) told(f storetest.Firm) (out []feierabend.Outbox) {
	s.Helper()
	text := `SELECT json(args) FROM river_job WHERE kind = 'send' ORDER BY id`
	var all [][]byte
	if db := s.st.SQL(); db != nil {
		rows, err := db.QueryContext(s.Context(), text)
		if err != nil {
			s.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var b []byte
			if err := rows.Scan(&b); err != nil {
				s.Fatal(err)
			}
			all = append(all, b)
		}
	} else {
		rows, err := s.st.Pool().Query(s.Context(), `SELECT args FROM river_job WHERE kind = 'send' ORDER BY id`)
		if err != nil {
			s.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var b []byte
			if err := rows.Scan(&b); err != nil {
				s.Fatal(err)
			}
			all = append(all, b)
		}
	}
	for _, b := range all {
		var j feierabend.Job
		if err := json.Unmarshal(b, &j); err != nil {
			s.Fatal(err)
		}
		if j.Tenant != f.Tenant.ID.String() {
			continue
		}
		ob, err := s.st.Outbox(s.Context(), f.Tenant.ID, feierabend.OutboxID(j.Ref))
		if err != nil {
			s.Fatal(err)
		}
		out = append(out, ob)
	}
	return out
}

// last is the newest row told to a firm.
func (s *stage) last(f storetest.Firm) feierabend.Outbox {
	s.Helper()
	all := s.told(f)
	if len(all) == 0 {
		s.Fatal("nothing was told")
	}
	return all[len(all)-1]
}

func isSnooze(err error) bool {
	var z *feierabend.SnoozeError
	return errors.As(err, &z)
}
