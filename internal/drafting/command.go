package drafting

import (
	"strings"
	"unicode"

	"feierabend"
)

// The commands, as delivery reads them in Ref.
const (
	commandStatus  = "status"
	commandChange  = "aendern"
	commandAskFree = "frage:"
	commandTaken   = "vergeben"

	commandCustomerCode = "kundencode" // a Kundenlink's code came from a member
	commandCustomer     = "kunde"      // the customer has spoken in a case of the firm's
)

// commands are the five words that work at any time (J-04).
var commands = map[string]string{
	"hilfe": "hilfe", "help": "hilfe", "status": commandStatus, "löschen": "loeschen", "loeschen": "loeschen", "1 löschen": "loeschen", "2 löschen": "loeschen", "3 löschen": "loeschen", // typed, it only asks again
	"mensch": "mensch", "stopp": "stopp", "stop": "stopp",
}

// titles are typed titles of buttons and the short words that mean the same.
// Nothing here erases or issues by a mere „Ja“.
var titles = map[string]feierabend.ButtonAct{
	"ausstellen": feierabend.ActIssue, "rechnung ausstellen": feierabend.ActIssue, "ja ausstellen": feierabend.ActIssue,
	"passt so": feierabend.ActApprove, "passt": feierabend.ActApprove, "ja passt": feierabend.ActApprove, "ja passt so": feierabend.ActApprove,
	"das passt so": feierabend.ActApprove, "das passt": feierabend.ActApprove, "ja": feierabend.ActApprove, "ok": feierabend.ActApprove, "okay": feierabend.ActApprove,
	"ändern": feierabend.ActChange, "aendern": feierabend.ActChange, "nein": feierabend.ActChange,
	"gespeichert": feierabend.ActSaved, "ist gespeichert": feierabend.ActSaved, "habe ich gespeichert": feierabend.ActSaved,
	"noch nicht": feierabend.ActNotYet, "noch nicht gespeichert": feierabend.ActNotYet,
	"ja löschen": feierabend.ActDiscard, "ja loeschen": feierabend.ActDiscard,
}

// thanks need no answer: the ticks are enough.
var thanks = map[string]bool{"danke": true, "danke schön": true, "dankeschön": true, "vielen dank": true, "super": true, "alles klar": true, "👍": true}

// plain is a short message without case, punctuation and double spaces.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) {
			return ' '
		}
		return unicode.ToLower(r)
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// meant finds the case that a typed title means; ok is false where none fits.
// What cannot be undone is never guessed: „Ausstellen“ means the newest draft or
// none, „Gespeichert“ with two documents out and „Ja, löschen“ with two cases must be tapped.
func meant(act feierabend.ButtonAct, cases []feierabend.Case) (c feierabend.Case, as feierabend.ButtonAct, ok bool) {
	var drafts, documents []feierabend.Case
	for _, c := range cases {
		switch {
		case c.Version == 0 || c.Summary.Kind == feierabend.KindNote && act != feierabend.ActDiscard:
		case c.State == feierabend.CaseIssued || c.State == feierabend.CaseDownloaded:
			documents = append(documents, c)
		default:
			drafts = append(drafts, c)
		}
	}
	switch act {
	case feierabend.ActSaved, feierabend.ActNotYet:
		if len(documents) == 1 {
			return documents[0], act, true
		}
	case feierabend.ActDiscard:
		told := append(drafts, documents...)
		if len(told) == 1 { // of several, a button names the one
			return told[0], act, true
		}
	default:
		if len(drafts) == 0 || !drafts[0].Summary.Kind.Issuable() && act != feierabend.ActChange {
			return c, act, false
		}
		if act == feierabend.ActIssue && drafts[0].State != feierabend.CaseReady {
			act = feierabend.ActApprove // shows the draft again with its question
		}
		return drafts[0], act, true
	}
	return c, act, false
}

// typedButton finds the button that a typed title stands for: of the case that is
// meant, or of the question that the newest draft asks. ok is false for a text
// that is no title; a title without a case has no payload.
func typedButton(text string, cases []feierabend.Case, newest *feierabend.DraftVersion, book []feierabend.BookEntry) (payload string, ok bool) {
	word := plain(text)
	if newest != nil && len(newest.Draft.Questions) > 0 {
		q := newest.Draft.WithEntries(book).Question(newest.Draft.Questions[0])
		for _, c := range q.Choices {
			if plain(c.Title) == word {
				return feierabend.Button{Act: feierabend.ActAnswer, Case: newest.Case, Version: newest.Version, Question: q.Path, Answer: c.Code}.String(), true
			}
		}
	}
	act, ok := titles[word]
	if !ok {
		return "", false
	}
	if c, act, ok := meant(act, cases); ok {
		return feierabend.Button{Act: act, Case: c.ID, Version: c.Version}.String(), true
	}
	return "", true
}
