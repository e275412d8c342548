package linking

import (
	"context"
	"time"

	"feierabend"
)

// strangersCap bounds the queue of answers to unknown senders: what does not fit is
// not answered.
const strangersCap = 64

// stranger is whom to answer, and nothing of what was said.
type stranger struct {
	phone, bsuid string
	text         string
}

// Heard takes what came of a message at accept: the first one of the day of an unknown
// number is answered with one fixed sentence, best effort from memory (design §4.1). A
// wrong or late code and a suspended number get the same one, so that it tells nobody
// anything. It never blocks.
func (s *Step) Heard(in feierabend.Inbound, o feierabend.Outcome) {
	text := ""
	switch {
	case o.Code == feierabend.CustomerGone:
		text = goneText
	case o.Code == feierabend.CustomerPartGone:
		text = partGoneText
	case o.Code == feierabend.UnknownSender && o.First:
		text = s.strangerText()
	default:
		return
	}
	select {
	case s.strangers <- stranger{in.From, in.BSUID, text}:
	default:
	}
}

// strangerText is the same for everybody who is not linked.
func (s *Step) strangerText() string {
	return "Hier antwortet Feierabend, ein Programm für Handwerksbetriebe. Diese Nummer ist mit keinem Konto verbunden, oder Ihr Code gilt nicht mehr. " +
		"Ihre Nachricht habe ich nicht gespeichert. Verbinden können Sie die Nummer hier: " + s.o.PublicURL + "/nummern"
}

// goneText is the last word to a customer: the number it goes to is stored no more, so
// it is best effort like the answers to strangers.
const goneText = "In Ordnung, ich werte nichts aus. Was Sie hierher geschickt haben und Ihre Nummer habe ich gelöscht."

// partGoneText is that word where the same number has spoken by another link, too.
const partGoneText = "In Ordnung. Was Sie über diesen Link geschickt haben, habe ich gelöscht. Über einen anderen Link liegt noch etwas von Ihnen. Soll auch das weg, schreiben Sie noch einmal *Nicht auswerten*."

// Start answers strangers until ctx ends.
func (s *Step) Start(ctx context.Context) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case w := <-s.strangers:
				s.answer(ctx, w)
			}
		}
	}()
}

func (s *Step) answer(ctx context.Context, w stranger) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, err := s.o.Channel.Send(ctx, feierabend.TenantID{}, feierabend.ChatMessage{To: w.phone, ToBSUID: w.bsuid, Text: w.text}); err != nil {
		s.o.Log.Debug("stranger not answered", "code", feierabend.CodeOf(err))
	}
}
