package drafting_test

import (
	"context"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/drafting"
)

func TestDictationBecomesDraft(t *testing.T) {
	onEach(t, func(s *stage) {
		m := s.say(s.a, full)
		if m.State != feierabend.MessageDone || m.Reason != feierabend.ReasonDrafted {
			s.Fatalf("message is %s %s", m.State, m.Reason)
		}
		c := s.getCase(s.a, m.Case)
		v := s.draft(s.a, m.Case)
		d := v.Draft
		if c.State != feierabend.CaseReady || c.Version != 1 || len(d.Questions) != 0 {
			s.Fatalf("case %s version %d, questions %v", c.State, c.Version, d.Questions)
		}
		if d.Kind != feierabend.KindInvoice || d.Buyer.Label() != "Frau Petersen" || !d.Buyer.AddressComplete() || d.Supply == nil || d.Supply.From != "2026-11-23" || len(d.Lines) != 2 {
			s.Errorf("draft: %+v %+v", d, d.Buyer)
		}
		// 2 × 68 (meister) + 35 travel = 171 net
		if d.Totals == nil || d.Totals.Gross == nil || d.Totals.Gross.String() != "203.49" || c.Summary.Gross.String() != "203.49" || c.Summary.Net.String() != "171.00" || c.Summary.Partial {
			s.Errorf("sums: %+v, summary %+v", d.Totals, c.Summary)
		}
		if c.Summary.Title != "Frau Petersen" || c.Summary.Kind != feierabend.KindInvoice {
			s.Errorf("summary %+v", c.Summary)
		}
		for path, e := range d.Evidence {
			if e.Source == "said" && e.Message != m.ID {
				s.Errorf("%s: evidence without its message: %+v", path, e)
			}
		}
		if v.Engine != "local" || v.By.User != s.a.User.ID || v.By.Via != feierabend.ViaChat || v.By.Role != feierabend.RoleOwner {
			s.Errorf("by %+v, engine %q", v.By, v.Engine)
		}
		if ob := s.last(s.a); ob.Kind != feierabend.OutDraft || ob.Ref != "1" || ob.Case != m.Case || ob.ReplyTo != m.ID {
			s.Errorf("told %+v", ob)
		}
		if err := s.step.Run(s.Context(), run(s.a, m)); err != nil || len(s.told(s.a)) != 1 {
			s.Errorf("second run: %v, %d told", err, len(s.told(s.a)))
		}
		if err := s.step.Run(s.Context(), run(s.b, m)); err != nil || len(s.cases(s.b)) != 0 || len(s.told(s.b)) != 0 {
			s.Errorf("the other firm's job did something: %v", err)
		}
	})
}

func TestTranscriptIsDrafted(t *testing.T) {
	onOne(t, func(s *stage) {
		m := s.receive(s.a, "", func(in *feierabend.Inbound) {
			in.Kind, in.MediaID, in.Voice = feierabend.InboundAudio, "1", true
		})
		ctx := s.Context()
		if err := s.st.AddAudio(ctx, s.a.Tenant.ID, m.ID, feierabend.AudioInfo{Type: "audio/ogg", Bytes: 4}, []byte("OggS")); err != nil {
			s.Fatal(err)
		}
		if err := s.st.AddTranscript(ctx, s.a.Tenant.ID, m.ID, feierabend.Transcript{Text: full, Engine: "local", Duration: 38400 * time.Millisecond}); err != nil {
			s.Fatal(err)
		}
		if err := s.step.Run(ctx, run(s.a, m)); err != nil {
			s.Fatal(err)
		}
		c := s.getCase(s.a, m.Case)
		if c.State != feierabend.CaseReady || c.Summary.Seconds != 38 {
			s.Errorf("case %s, %d seconds", c.State, c.Summary.Seconds)
		}
	})
}

func TestNothingUsable(t *testing.T) {
	onOne(t, func(s *stage) {
		m := s.say(s.a, "Hm, ja, also, das Wetter ist heute ganz gut.")
		if m.State != feierabend.MessageFailed || m.Reason != feierabend.ReasonNothing || m.Text == "" {
			s.Errorf("message is %s %s", m.State, m.Reason)
		}
		if c := s.getCase(s.a, m.Case); c.Version != 0 || c.Attention != feierabend.ReasonNothing {
			s.Errorf("case version %d, attention %q", c.Version, c.Attention)
		}
		if ob := s.last(s.a); ob.Kind != feierabend.OutFailed || ob.Ref != feierabend.ReasonNothing {
			s.Errorf("told %+v", ob)
		}
	})
}

func TestFiveWords(t *testing.T) {
	onEach(t, func(s *stage) {
		for text, ref := range map[string]string{
			"Hilfe": "hilfe", "hilfe!": "hilfe", " STATUS ": "status", "Löschen.": "loeschen", "loeschen": "loeschen", "Mensch?": "mensch", "Stopp": "stopp", "stop": "stopp",
		} {
			m := s.say(s.a, text)
			if m.State != feierabend.MessageDone || m.Reason != feierabend.ReasonCommand || m.Case != "" || m.Text != "" {
				s.Errorf("%q: message %s %s, case %q, text %q", text, m.State, m.Reason, m.Case, m.Text)
			}
			if ob := s.last(s.a); ob.Kind != feierabend.OutCommand || ob.Ref != ref {
				s.Errorf("%q: told %+v", text, ob)
			}
		}
		if n := len(s.cases(s.a)); n != 0 {
			s.Errorf("%d cases left by commands", n)
		}
		told := len(s.told(s.a))
		if m := s.say(s.a, "Danke!"); m.Reason != feierabend.ReasonCommand || len(s.told(s.a)) != told {
			s.Errorf("thanks: %s, %d told", m.Reason, len(s.told(s.a))-told)
		}
	})
}

func TestTypedTitlesArePresses(t *testing.T) {
	onEach(t, func(s *stage) {
		if m := s.say(s.a, "Gespeichert"); m.Reason != feierabend.ReasonCommand || s.last(s.a).Ref != "status" {
			s.Errorf("nothing to save: %s, told %+v", m.Reason, s.last(s.a))
		}
		c := s.say(s.a, full).Case
		m := s.say(s.a, "Ausstellen")
		b, ok := feierabend.ParseButton(m.Button)
		if !ok || b.Act != feierabend.ActIssue || b.Case != c || b.Version != 1 || m.Kind != feierabend.InboundButton || m.Case != "" || m.State != feierabend.MessageReceived {
			s.Errorf("got %+v", m)
		}
		if n := len(s.cases(s.a)); n != 1 {
			s.Errorf("%d cases, want 1", n)
		}
		if m := s.say(s.b, "Ausstellen"); m.Reason != feierabend.ReasonCommand {
			s.Errorf("the other firm has nothing to issue: %s", m.Reason)
		}
	})
}

func TestAnswerByText(t *testing.T) {
	onEach(t, func(s *stage) {
		c := s.say(s.a, undated).Case
		if q := s.draft(s.a, c).Draft.Questions; len(q) != 1 || q[0] != "supply" {
			s.Fatalf("questions %v", q)
		}
		if s.getCase(s.a, c).State != feierabend.CaseOpen {
			s.Fatal("a case with a question is not open")
		}
		s.clock.Advance(3 * time.Hour)
		m := s.say(s.a, "Das war vorgestern.")
		if m.Reason != feierabend.ReasonAnswered || m.Case != c {
			s.Fatalf("message: %s in case %q, want %q", m.Reason, m.Case, c)
		}
		v := s.draft(s.a, c)
		if v.Version != 2 || v.Draft.Supply == nil || v.Draft.Supply.From != "2026-11-22" || len(v.Draft.Questions) != 0 {
			s.Errorf("draft %d: %+v %v", v.Version, v.Draft.Supply, v.Draft.Questions)
		}
		if e := v.Draft.Evidence["supply"]; e.Source != "answered" || e.Message != m.ID || e.To != 19 {
			s.Errorf("evidence %+v", e)
		}
		if s.getCase(s.a, c).State != feierabend.CaseReady || len(s.cases(s.a)) != 1 {
			s.Error("the answer did not join its case")
		}
		if ob := s.last(s.a); ob.Kind != feierabend.OutDraft || ob.Ref != "2" {
			s.Errorf("told %+v", ob)
		}
	})
}

func TestCorrectionJoins(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, full).Case
		s.clock.Advance(time.Hour)
		m := s.say(s.a, "Die Arbeitszeit waren 6 Stunden, nicht 2.")
		if m.Reason != feierabend.ReasonCorrected || m.Case != c {
			s.Fatalf("message: %s, case %q, want %q", m.Reason, m.Case, c)
		}
		v := s.draft(s.a, c)
		if v.Version != 2 || v.Draft.Lines[0].Quantity.String() != "6" || v.Draft.Totals.Gross.String() != "527.17" { // (6×68+35)×1.19
			s.Errorf("draft %d: %+v, %+v", v.Version, v.Draft.Lines, v.Draft.Totals)
		}
		if first, err := s.st.DraftAt(s.Context(), s.a.Tenant.ID, c, 1); err != nil || first.Draft.Lines[0].Quantity.String() != "2" {
			s.Errorf("version 1 changed: %v", err)
		}
	})
}

func TestMoreLinesJoinWithinMinutes(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, full).Case
		s.clock.Advance(time.Minute)
		if m := s.say(s.a, "Und noch zwei Eckventile, das Stück zu 15 Euro."); m.Case != c {
			s.Fatalf("message: %s, case %q", m.Reason, m.Case)
		}
		if v := s.draft(s.a, c); len(v.Draft.Lines) != 3 || v.Draft.Totals.Net.String() != "201.00" {
			s.Errorf("draft: %+v, %+v", v.Draft.Lines, v.Draft.Totals)
		}
	})
}

func TestAnotherCustomerIsAnotherCase(t *testing.T) {
	onOne(t, func(s *stage) {
		first := s.say(s.a, undated).Case
		second := s.say(s.a, "Rechnung für Herrn Claasen, Deichstraße 34, 25541 Brunsbüttel. Heute eine Stunde Arbeit und Anfahrt.")
		if second.Case == first || second.Reason != feierabend.ReasonDrafted || len(s.cases(s.a)) != 2 {
			s.Fatalf("second note: %s in case %q", second.Reason, second.Case)
		}
		if v := s.draft(s.a, first); v.Version != 1 {
			s.Errorf("the first draft changed: version %d", v.Version)
		}
	})
}

func TestFirmsDoNotMix(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, undated).Case
		m := s.say(s.b, "Das war vorgestern.")
		if m.Case == c || m.Reason == feierabend.ReasonAnswered || s.draft(s.a, c).Version != 1 {
			s.Errorf("the other firm's word answered: %s", m.Reason)
		}
	})
}

func TestOneNoteAtATime(t *testing.T) {
	onEach(t, func(s *stage) {
		m := s.receive(s.a, full, nil)
		if ok, err := s.st.Lease(s.Context(), s.a.Tenant.ID, s.a.Sender.ID, "another", 10*time.Second); err != nil || !ok {
			s.Fatal(err)
		}
		if err := s.step.Run(s.Context(), run(s.a, m)); !isSnooze(err) {
			s.Errorf("got %v, want a snooze", err)
		}
		s.clock.Advance(11 * time.Second) // the other process died
		if err := s.step.Run(s.Context(), run(s.a, m)); err != nil {
			s.Error(err)
		}
		if ok, err := s.st.Lease(s.Context(), s.a.Tenant.ID, s.a.Sender.ID, "another", time.Second); err != nil || !ok {
			s.Errorf("the lease was not released: %v", err)
		}
	})
}

// An answer must not overtake the voice note that it speaks of.
func TestAnswerWaitsForTheNoteBefore(t *testing.T) {
	onOne(t, func(s *stage) {
		note := s.receive(s.a, undated, nil) // its job has not run yet
		s.clock.Advance(time.Second)
		answer := s.receive(s.a, "vorgestern", nil)
		if err := s.step.Run(s.Context(), run(s.a, answer)); !isSnooze(err) {
			s.Fatalf("got %v, want a snooze", err)
		}
		for _, m := range []feierabend.Message{note, answer} {
			if err := s.step.Run(s.Context(), run(s.a, m)); err != nil {
				s.Fatal(err)
			}
		}
		if m := s.message(s.a, answer.ID); m.Reason != feierabend.ReasonAnswered || m.Case != note.Case {
			s.Errorf("answer: %s in %q", m.Reason, m.Case)
		}
		stuck := s.receive(s.a, "", func(in *feierabend.Inbound) { in.Kind, in.MediaID = feierabend.InboundAudio, "1" })
		s.clock.Advance(3 * time.Minute)
		later := s.receive(s.a, "Rechnung für Herrn Claasen, heute eine Stunde Arbeit.", nil)
		if err := s.step.Run(s.Context(), run(s.a, later)); err != nil {
			s.Errorf("a stuck note (%s) holds the sender up: %v", stuck.ID, err)
		}
	})
}

// crash runs the step up to the move and then loses the process.
func TestRunAgainAfterACrashBetweenMoveAndDraft(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, undated).Case
		m := s.receive(s.a, "vorgestern", nil)
		if err := s.st.MoveMessage(s.Context(), s.a.Tenant.ID, m.ID, c); err != nil {
			s.Fatal(err)
		}
		if err := s.step.Run(s.Context(), run(s.a, m)); err != nil {
			s.Fatal(err)
		}
		if got := s.message(s.a, m.ID); got.Reason != feierabend.ReasonAnswered || s.draft(s.a, c).Version != 2 {
			s.Errorf("got %s, version %d", got.Reason, s.draft(s.a, c).Version)
		}
		lost := s.receive(s.a, "letzten Montag", nil) // no question is left when it runs again
		if err := s.st.MoveMessage(s.Context(), s.a.Tenant.ID, lost.ID, c); err != nil {
			s.Fatal(err)
		}
		if err := s.step.Run(s.Context(), run(s.a, lost)); err != nil {
			s.Fatal(err)
		}
		if got := s.message(s.a, lost.ID); got.State != feierabend.MessageFailed && got.State != feierabend.MessageDone {
			s.Errorf("no outcome: %s", got.State)
		}
	})
}

type closed struct{}

func (closed) Providers(context.Context, feierabend.TenantID, feierabend.Purpose) ([]feierabend.ProviderID, error) {
	return nil, &feierabend.Error{Kind: feierabend.Unauthorized, Code: "agreement_missing"}
}

func TestNothingIsReadWithoutAnAgreement(t *testing.T) {
	onOne(t, func(s *stage) {
		m := s.receive(s.a, full, nil)
		step := drafting.New(drafting.Options{Store: s.st, Policy: closed{}, Now: s.clock.Now, Zone: berlin})
		if err := step.Run(s.Context(), run(s.a, m)); !isSnooze(err) {
			s.Errorf("got %v, want a snooze", err)
		}
		if got := s.message(s.a, m.ID); got.State != feierabend.MessageReceived || len(s.told(s.a)) != 0 {
			s.Errorf("message %s, %d told", got.State, len(s.told(s.a)))
		}
	})
}

func TestErasedCaseIsSuccess(t *testing.T) {
	onOne(t, func(s *stage) {
		m := s.receive(s.a, full, nil)
		if _, err := s.st.Erase(s.Context(), s.a.Tenant.ID, m.Case, feierabend.EraseDiscarded, s.a.Owner); err != nil {
			s.Fatal(err)
		}
		if err := s.step.Run(s.Context(), run(s.a, m)); err != nil {
			s.Error(err)
		}
	})
}
