package web

import (
	"time"

	"feierabend"
)

// waitPage is a case without a draft: it is being written, waits for the speech
// model, or came to nothing.
type waitPage struct {
	Case     string
	Heading  string
	Tag      tag
	Left     left
	Steps    []step
	Waits    bool // no speech model yet
	Failed   bool
	Customer bool // a Kundenlink whose customer has sent nothing yet
	Failures []failure
	Words    []words
	MayErase bool

	CustomerLink bool // a Kundenlink may be made for it
}

// step is a station on the way of a case.
type step struct {
	Icon, Text string
	Past, Now  bool
}

func (s *server) waitPage(l loaded, mayErase bool) waitPage {
	f := format{s.Zone}
	p := waitPage{
		Case: string(l.ID), Heading: "Nachricht von " + f.clock(l.CreatedAt), Tag: tagOf(l.stage, 0), Left: leftOf(s.Now(), l.Case),
		Waits: l.stage == feierabend.StageWaits, Failed: l.stage == feierabend.StageFailed, Words: l.words(nil), MayErase: mayErase,
	}
	if l.sender != "" {
		p.Heading = "Nachricht von " + l.sender
	}
	seen := map[string]bool{}
	for _, m := range l.messages {
		if m.State == feierabend.MessageFailed && !seen[m.Reason] {
			seen[m.Reason] = true
			p.Failures = append(p.Failures, failureOf(m.Reason))
		}
	}
	if p.Failed && len(p.Failures) == 0 {
		p.Failures = []failure{failureOf(l.Attention)}
	}
	if l.stage == feierabend.StageCustomer {
		p.Heading, p.Customer = "Kundenlink", true
		p.Failures = []failure{{"Ihr Kunde hat noch nichts geschickt.", "Er hat den Link benutzt und sieht jetzt, was mit seiner Nachricht geschieht. Vor seinem Einverständnis wird nichts angenommen. Gespeichert ist nur seine Nummer, sie geht mit diesem Vorgang."}}
		return p
	}
	if l.stage == feierabend.StageForward {
		p.Failures = append(p.Failures, failureOf(feierabend.ReasonForwardAsk))
	} else if !p.Failed {
		p.Steps = l.steps(f)
	}
	return p
}

// steps shows how far the newest message has come.
func (l loaded) steps(f format) []step {
	out := []step{{Icon: "check", Text: "Empfangen, " + f.clock(l.CreatedAt), Past: true}}
	var m feierabend.Message
	if len(l.messages) > 0 {
		m = l.messages[len(l.messages)-1]
	}
	heard := m.State == feierabend.MessageTranscribed || m.State == feierabend.MessageDone || m.Kind == feierabend.InboundText
	if m.Kind != feierabend.InboundText {
		word := "Wird abgeschrieben"
		if heard {
			word = "Abgeschrieben"
		}
		if m.Audio.Duration > 0 {
			word += ", " + minuteSecond(m.Audio.Duration.Round(time.Second)) + " Minuten"
		}
		if l.stage == feierabend.StageWaits {
			word = "Wartet auf Spracherkennung"
		}
		out = append(out, step{Icon: "edit", Text: word, Past: heard, Now: !heard})
	}
	return append(out, step{Icon: "file", Text: "Entwurf mit Rückfragen", Now: heard}, step{Icon: "down", Text: "Ausstellen und herunterladen"}, step{Icon: "trash", Text: "Gelöscht, mit Quittung"})
}
