package web

import (
	"fmt"
	"time"

	"feierabend"
)

// tag is the state label of a case: the colour says whose turn it is, icon and
// word say what.
type tag struct{ Class, Icon, Word string }

// left is the folding rule: what is left until erasure, as a sentence and a length.
type left struct {
	Soon  bool // highlighted: the first warning of its end has been due (J-30)
	Last  bool // three days or less: it goes to the top
	Hours bool // 24 divisions instead of 30
	Width int  // of the rule: 10 per division
	Text  string
}

// leftOf says when a case is erased as things stand (DEL-06, J-31).
func leftOf(now time.Time, c feierabend.Case) left {
	d := c.EndsAt().Sub(now)
	days := feierabend.DaysLeft(now, c.EndsAt())
	l := left{Width: min(300, days*10), Last: days <= 3}
	l.Soon = l.Last || feierabend.WarningDue(c.CreatedAt, c.ExpiresAt, now) > 0
	counting := !c.EraseAt.IsZero() && c.EraseAt.Before(c.ExpiresAt)
	switch {
	case d <= 0:
		return left{Soon: true, Last: true, Text: "wird gelöscht"}
	case d < time.Hour:
		l.Text = "löscht in " + count(max(1, int(d/time.Minute)), "Minute", "Minuten")
	case days == 0:
		l.Text = "löscht in " + count(int(d/time.Hour), "Stunde", "Stunden")
	default:
		l.Text = "löscht in " + count(days, "Tag", "Tagen")
	}
	if days == 0 || counting && d <= 24*time.Hour {
		l.Hours, l.Width = true, min(240, int(d*240/(24*time.Hour)))
	}
	if counting { // the firm itself asked for it: no alarm
		l.Soon, l.Last = false, false
	}
	return l
}

func tagOf(g feierabend.Stage, questions int) tag {
	switch g {
	case feierabend.StageWaits:
		return tag{"", "edit", "Wartet auf Spracherkennung"}
	case feierabend.StageCustomer:
		return tag{"", "ask", "Wartet auf Kunden"}
	case feierabend.StageForward:
		return tag{"turn", "ask", "Antwort im Chat"}
	case feierabend.StageFailed:
		return tag{"turn", "alert", "Bitte ansehen"}
	case feierabend.StageAsking:
		if questions == 0 {
			return tag{"turn", "ask", "Rückfrage"}
		}
		return tag{"turn", "ask", count(questions, "Frage", "Fragen")}
	case feierabend.StageReady:
		return tag{"yours", "check", "Bereit"}
	case feierabend.StageNote:
		return tag{"yours", "file", "Notiz"}
	case feierabend.StageIssued:
		return tag{"yours", "file", "Ausgestellt"}
	case feierabend.StageCounting:
		return tag{"", "down", "Geladen"}
	case feierabend.StageHeld:
		return tag{"yours", "down", "Geladen"}
	}
	return tag{"", "edit", "Wird geschrieben"}
}

// failure is what became of a note that led to no draft: a headline, then the
// sentence that the chat says too (what happened, what it means, what to do).
type failure struct{ Title, Text string }

var failureTitles = map[string]string{
	feierabend.ReasonNoSpeech:     "Darauf ist nichts zu hören.",
	feierabend.ReasonNotGerman:    "Das war kein Deutsch.",
	feierabend.ReasonNothing:      "Daraus wird kein Dokument.",
	feierabend.ReasonTooLarge:     "Die Aufnahme ist zu groß.",
	feierabend.ReasonTooLong:      "Die Aufnahme ist zu lang.",
	feierabend.ReasonEmpty:        "Die Aufnahme ist leer.",
	feierabend.ReasonNotAudio:     "Das ist keine Aufnahme.",
	feierabend.ReasonDamaged:      "Die Aufnahme ist beschädigt.",
	feierabend.ReasonMediaExpired: "Die Aufnahme war nicht mehr da.",
	feierabend.ReasonMediaWrong:   "Die Aufnahme kam verändert an.",
	feierabend.ReasonUnsupported:  "Damit können wir noch nichts anfangen.",
	feierabend.ReasonForwardAsk:   "Weitergeleitet: Auswerten?",
	feierabend.ReasonForwarded:    "Weitergeleitet, nicht ausgewertet.",
	feierabend.ReasonSpeechFailed: "Das Abschreiben hat nicht geklappt.",
}

// failureOf gives the words for a reason code, and general ones for an unknown code.
func failureOf(reason string) failure {
	title := failureTitles[reason]
	if title == "" {
		title = "Daraus wurde nichts."
	}
	return failure{title, feierabend.ReasonText(reason)}
}

// title names a case in a list and in its headline.
func title(c feierabend.Case) string {
	if c.Summary.Title != "" {
		return c.Summary.Title
	}
	if c.Summary.Kind != "" {
		return c.Summary.Kind.German() + ", Name fehlt noch"
	}
	return "Neue Nachricht"
}

// stand is a short name for what a page shows; another one means news.
func stand(c feierabend.Case, ms []feierabend.Message) string {
	s := fmt.Sprintf("%s %s %d %d %s", c.ID, c.State, c.Version, c.EraseAt.Unix(), c.Attention)
	for _, m := range ms {
		s += fmt.Sprintf(" %s %s %s", m.ID, m.State, m.Reason)
	}
	return s
}
