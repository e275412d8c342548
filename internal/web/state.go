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

// stage is where a case stands for the person who looks at it.
type stage int

const (
	stageRunning  stage = iota // note is being fetched, heard or drafted
	stageWaits                 // note waits for the speech model
	stageCustomer              // a Kundenlink's: the customer has said nothing yet
	stageForward               // forwarded: waits for a word in the chat
	stageFailed                // note could not be used: a person must look
	stageAsking                // draft with questions
	stageReady                 // draft without questions
	stageNote                  // nothing to bill: tasks only
	stageIssued                // document, not downloaded
	stageCounting              // downloaded, countdown runs
	stageHeld                  // downloaded, countdown stopped
)

// stageOf reads the stage of a case; messages are those of a case without a draft.
func stageOf(c feierabend.Case, ms []feierabend.Message) stage {
	switch {
	case c.State == feierabend.CaseDownloaded && !c.EraseAt.IsZero():
		return stageCounting
	case c.State == feierabend.CaseDownloaded:
		return stageHeld
	case c.State == feierabend.CaseIssued:
		return stageIssued
	case c.Version > 0 && c.Summary.Kind == feierabend.KindNote:
		return stageNote
	case c.Version > 0 && c.State == feierabend.CaseReady:
		return stageReady
	case c.Version > 0:
		return stageAsking
	}
	failed := c.Attention != ""
	if len(ms) == 0 && !failed && c.Sender == "" {
		return stageCustomer
	}
	for _, m := range ms {
		switch {
		case m.State == feierabend.MessageFailed:
			failed = true
		case m.State == feierabend.MessageDone:
		case m.Reason == feierabend.ReasonWaitsModel:
			return stageWaits
		case m.Reason == feierabend.ReasonForwardAsk:
			return stageForward
		default:
			return stageRunning
		}
	}
	if failed {
		return stageFailed
	}
	return stageRunning
}

// yours says that a person has the next step.
func (g stage) yours() bool {
	return g != stageRunning && g != stageWaits && g != stageCustomer && g != stageCounting
}

// pending says that something happens by itself within seconds.
func (g stage) pending() bool { return g == stageRunning || g == stageWaits }

func tagOf(g stage, questions int) tag {
	switch g {
	case stageWaits:
		return tag{"", "edit", "Wartet auf Spracherkennung"}
	case stageCustomer:
		return tag{"", "ask", "Wartet auf Kunden"}
	case stageForward:
		return tag{"turn", "ask", "Antwort im Chat"}
	case stageFailed:
		return tag{"turn", "alert", "Bitte ansehen"}
	case stageAsking:
		if questions == 0 {
			return tag{"turn", "ask", "Rückfrage"}
		}
		return tag{"turn", "ask", count(questions, "Frage", "Fragen")}
	case stageReady:
		return tag{"yours", "check", "Bereit"}
	case stageNote:
		return tag{"yours", "file", "Notiz"}
	case stageIssued:
		return tag{"yours", "file", "Ausgestellt"}
	case stageCounting:
		return tag{"", "down", "Geladen"}
	case stageHeld:
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
