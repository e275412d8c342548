package drafting_test

import (
	"testing"

	"feierabend"
)

// The evening norm: several jobs within minutes. None may end up in another's draft.
func TestJobsInARowDoNotMix(t *testing.T) {
	onOne(t, func(s *stage) {
		for _, text := range []string{
			undated,
			"Beim Herrn Brodersen in der Süderstraße 7, 25746 Heide, gestern Pumpe getauscht, 289 Euro, drei Stunden.",
			"So, und dann noch Familie Rathjen, Lerchenweg 5, da war ich heute zwei Stunden, plus Anfahrt.",
			"Heute vormittag drüben im Kindergarten den ganzen Vormittag die Heizung entlüftet, vier Stunden, Anfahrt, zwei Thermostatköpfe zu 24,50.",
			"Bei Müller Heizung entlüftet, 45 Minuten",
			"Und erinner mich Donnerstag, bei Lorenz wegen der Reifen anzurufen.",
		} {
			before := len(s.cases(s.a))
			if m := s.say(s.a, text); len(s.cases(s.a)) != before+1 {
				s.Errorf("%q: %s in case %s", text, m.Reason, m.Case)
			}
		}
		for _, c := range s.cases(s.a) {
			if c.Version != 1 {
				s.Errorf("case of %q has %d versions", c.Summary.Title, c.Version)
			}
		}
	})
}

func TestBuyerAndLinesInPieces(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, "Rechnung an Hansen").Case
		for _, x := range []struct{ text, reason string }{
			{"drei Stunden Arbeit, zwei Eckventile zu 14,90 und Anfahrt", feierabend.ReasonAnswered},
			{"Frau Hansen", feierabend.ReasonCorrected},
			{"Seeblick 3, 25524 Itzehoe", feierabend.ReasonAnswered},
			{"am 12.11.", feierabend.ReasonAnswered},
		} {
			if m := s.say(s.a, x.text); m.Reason != x.reason || m.Case != c {
				s.Errorf("%q: got %s in %q, want %s", x.text, m.Reason, m.Case, x.reason)
			}
		}
		v := s.draft(s.a, c)
		if v.Draft.Buyer.Label() != "Frau Hansen" || len(v.Draft.Questions) != 0 || v.Draft.Totals.Net.String() != "268.80" { // 3×68 + 2×14.90 + 35
			s.Errorf("draft %+v, questions %v, %+v", v.Draft.Buyer, v.Draft.Questions, v.Draft.Totals)
		}
	})
}

// Small talk and tasks do not change a draft, though they name days.
func TestADayInPassingIsNoCorrection(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, full).Case
		for _, text := range []string{
			"Das Wetter war vorgestern wirklich ganz furchtbar und ich bin total nass geworden.",
			"Erinner mich Freitag daran, den Müller anzurufen.",
		} {
			if m := s.say(s.a, text); m.Case == c || s.draft(s.a, c).Version != 1 {
				s.Errorf("%q changed the draft", text)
			}
		}
	})
}

// After a note that came to nothing, more lines may be its second try.
func TestLinesAfterAFailedNoteAreNotAdded(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, full).Case
		if m := s.say(s.a, "Hm, also, wie war das noch."); m.Reason != feierabend.ReasonNothing {
			s.Fatalf("got %s", m.Reason)
		}
		if m := s.say(s.a, "zwei Stunden Arbeit und ein Siphon zu 28 Euro"); m.Case == c || s.draft(s.a, c).Version != 1 {
			s.Errorf("%s: joined the draft before", m.Reason)
		}
	})
}

func TestTheKindAloneIsAStart(t *testing.T) {
	onOne(t, func(s *stage) {
		c := s.say(s.a, "Neue Rechnung bitte").Case
		if q := s.draft(s.a, c).Draft.Questions; len(q) == 0 || q[0] != "buyer.name" {
			s.Fatalf("questions %v", q)
		}
		if m := s.say(s.a, "petersen"); m.Case != c || s.draft(s.a, c).Draft.Buyer.Label() != "Petersen" {
			s.Errorf("%s: %+v", m.Reason, s.draft(s.a, c).Draft.Buyer)
		}
	})
}
