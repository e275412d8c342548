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
