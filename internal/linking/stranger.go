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
	gone         bool // a customer who does not want to be evaluated: it is told that all has gone
}

// Heard takes what came of a message at accept: the first one of the day of an unknown
// number is answered with one fixed sentence, best effort from memory (design §4.1). A
// wrong or late code and a suspended number get the same one, so that it tells nobody
// anything. It never blocks.
func (s *Step) Heard(in feierabend.Inbound, o feierabend.Outcome) {
	gone := o.Code == feierabend.CustomerGone
	if !gone && (o.Code != feierabend.UnknownSender || !o.First) {
		return
	}
	select {
	case s.strangers <- stranger{in.From, in.BSUID, gone}:
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
	text := s.strangerText()
	if w.gone {
		text = goneText
	}
	if _, err := s.o.Channel.Send(ctx, feierabend.TenantID{}, feierabend.ChatMessage{To: w.phone, ToBSUID: w.bsuid, Text: text}); err != nil {
		s.o.Log.Debug("stranger not answered", "code", feierabend.CodeOf(err))
	}
}
