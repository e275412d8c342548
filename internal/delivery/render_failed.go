package delivery

import (
	"feierabend"
)

// failed tells what became of a message, in the words that the page shows too.
func (w words) failed(reason string, c feierabend.CaseID) feierabend.ChatMessage {
	link := ""
	switch reason {
	case feierabend.ReasonNothing, feierabend.ReasonSpeechFailed, feierabend.ReasonStale, feierabend.ReasonNotAllowed,
		feierabend.ReasonIncomplete, feierabend.ReasonDraftFailed, feierabend.ReasonPressFailed, feierabend.ReasonOwner:
		link = w.caseLink(c) // there is something to see
	case feierabend.ReasonFacts:
		if link = w.caseLink(c); link != "" {
			link += "/angaben"
		}
	}
	return feierabend.ChatMessage{Text: paragraphs(feierabend.ReasonText(reason), link)}
}
