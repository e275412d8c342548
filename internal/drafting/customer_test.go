package drafting_test

import (
	"strings"
	"testing"

	"feierabend"
)

// TestCustomersWord (J-20): whatever a forwarded message says, it becomes a note with
// the customer's words and no price, and changes nothing else: no command, no answer,
// no correction, no button, no code.
func TestCustomersWord(t *testing.T) {
	onEach(t, func(s *stage) {
		own := s.say(s.a, full)
		other := s.say(s.b, full)
		before, foreign := s.getCase(s.a, own.Case), s.getCase(s.b, other.Case)
		for _, text := range []string{
			"Löschen", "Ausstellen", "Passt so", "Gespeichert", "Stopp", "Ja, löschen", "Verwerfen",
			"Die Arbeitszeit waren 6 Stunden, nicht 2", "Rechnung für Frau Petersen, zwei Stunden Arbeit zu 12 Euro, Anfahrt",
			"Moin, der Hahn tropft wieder. Letztes Mal waren es 50 Euro. Rufen Sie mich morgen bitte an.",
		} {
			m := s.receive(s.a, text, func(in *feierabend.Inbound) { in.Forwarded = true })
			for range 2 {
				if err := s.step.Run(s.Context(), run(s.a, m)); err != nil {
					s.Fatalf("run %q: %v", text, err)
				}
			}
			m = s.message(s.a, m.ID)
			if m.State != feierabend.MessageDone || m.Reason != feierabend.ReasonNote {
				s.Errorf("%q: %s %s", text, m.State, m.Reason)
				continue
			}
			d := s.draft(s.a, m.Case).Draft
			if m.Case == own.Case || d.Kind != feierabend.KindNote || !d.Customer || len(d.Lines) > 0 || d.Totals != nil || d.Buyer != nil || len(d.Questions) > 0 {
				s.Errorf("%q became %+v", text, d)
			}
			if !strings.HasPrefix(d.Tasks[0].Text, text) {
				s.Errorf("%q: the words are %q", text, d.Tasks[0].Text)
			}
		}
		if now := s.getCase(s.a, own.Case); now.Version != before.Version || now.State != before.State {
			s.Errorf("the firm's own draft changed: %+v", now)
		}
		if now := s.getCase(s.b, other.Case); now.Version != foreign.Version {
			s.Errorf("the other firm's draft changed: %+v", now)
		}
	})
}

// TestTypedForward: a typed „Auswerten“ is the button while a forwarded message waits,
// and a dictation like any other where none does.
func TestTypedForward(t *testing.T) {
	onEach(t, func(s *stage) {
		if err := s.st.SetCustomers(s.Context(), s.a.Tenant.ID, feierabend.CustomerVoices{Forwarded: true}, s.a.Owner); err != nil {
			s.Fatal(err)
		}
		m := s.receive(s.a, "Der Hahn tropft.", func(in *feierabend.Inbound) { in.Forwarded = true })
		if _, err := s.st.HoldForwarded(s.Context(), s.a.Tenant.ID, m.ID); err != nil {
			s.Fatal(err)
		}
		got := s.say(s.a, "Auswerten")
		if b, ok := feierabend.ParseButton(got.Button); got.Kind != feierabend.InboundButton || !ok || b.Act != feierabend.ActTake || b.Case != m.Case {
			s.Errorf("typed: %+v", got)
		}
		if got := s.say(s.b, "Auswerten"); got.Kind == feierabend.InboundButton {
			s.Errorf("nothing waits there: %+v", got)
		}
		// What waits for a word holds nobody's own dictation up.
		if got := s.say(s.a, full); got.Reason != feierabend.ReasonDrafted {
			s.Errorf("own dictation: %+v", got)
		}
	})
}

// TestKundenlinkWords (J-21): in a case of the customer's own the words become a note,
// and more of it with each message; beside a draft of the firm they change nothing.
func TestKundenlinkWords(t *testing.T) {
	onEach(t, func(s *stage) {
		ctx := s.Context()
		own := s.say(s.a, full)
		before := s.draft(s.a, own.Case)
		n := 0
		speaker := func(of feierabend.CaseID) func(string) feierabend.Message {
			n++
			if err := s.st.SetCustomers(ctx, s.a.Tenant.ID, feierabend.CustomerVoices{Links: true}, s.a.Owner); err != nil {
				s.Fatal(err)
			}
			code, phone := feierabend.LinkCode([]byte(strings.Repeat(string(rune('a'+n)), 9))), "+491713920090"+string(rune('0'+n))
			c := feierabend.CustomerLink{ID: feierabend.NewID(), Case: of, By: s.a.User.ID, Session: []byte("s"), CreatedAt: s.clock.Now(), ExpiresAt: s.clock.Now().Add(feierabend.CustomerTerm)}
			if err := s.st.AddCustomerLink(ctx, s.a.Tenant.ID, c, code); err != nil {
				s.Fatal(err)
			}
			say := func(text string) feierabend.Message {
				s.Helper()
				in := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid." + feierabend.NewID(), From: phone, Kind: feierabend.InboundText, Text: text, At: s.clock.Now(), Dated: true}
				out, err := s.st.Receive(ctx, []feierabend.Inbound{in})
				if err != nil || out[0].Message == "" {
					return feierabend.Message{}
				}
				m := s.message(s.a, out[0].Message)
				for range 2 {
					if err := s.step.Run(ctx, run(s.a, m)); err != nil {
						s.Fatalf("run %q: %v", text, err)
					}
				}
				s.clock.Advance(1)
				return s.message(s.a, m.ID)
			}
			say("Code: " + feierabend.ShowLinkCode(code))
			say("Einverstanden")
			return say
		}
		if got := s.say(s.a, "Code: "+feierabend.ShowLinkCode("0000000000000")); got.Reason == "" {
			s.Errorf("a code of nothing: %+v", got)
		}
		alone := speaker("")
		first := alone("Moin, der Hahn tropft wieder. Letztes Mal waren es 50 Euro.")
		second := alone("Ausstellen")
		if first.Reason != feierabend.ReasonNote || second.Reason != feierabend.ReasonNote || second.Case != first.Case {
			s.Fatalf("own case: %+v, %+v", first, second)
		}
		d := s.draft(s.a, first.Case).Draft
		if d.Kind != feierabend.KindNote || !d.Customer || len(d.Tasks) != 2 || len(d.Lines) > 0 || d.Totals != nil {
			s.Errorf("the note: %+v", d)
		}
		beside := speaker(own.Case)
		m := beside("Die Arbeitszeit waren 6 Stunden, nicht 2. Löschen.")
		if m.State != feierabend.MessageDone || m.Reason != feierabend.ReasonCustomer || m.Case != own.Case {
			s.Errorf("beside a draft: %+v", m)
		}
		if now := s.draft(s.a, own.Case); now.Version != before.Version {
			s.Errorf("the firm's draft changed: %+v", now)
		}
		told := s.told(s.a)
		if last := told[len(told)-1]; last.Sender != s.a.Sender.ID || last.Ref != "kunde" {
			s.Errorf("the firm was told %+v", last)
		}
		if len(s.cases(s.b)) != 0 {
			s.Error("the other firm has a case")
		}
	})
}
