package delivery

import (
	"time"

	"feierabend"
)

// document is the caption under the file (J-10, J-31): what it is, what to do,
// and when it will be erased.
func (w words) document(c feierabend.Case, d feierabend.Document, end time.Time) feierabend.ChatMessage {
	head := d.Number
	if d.Buyer.Name != "" {
		head += " · " + clip(buyerName(d.Buyer), 80)
	}
	sum := ""
	if d.Kind.Priced() {
		sum = euro(d.Sums.Net) + " netto, " + euro(d.Sums.Gross) + " brutto"
		if d.Sums.VAT == 0 {
			sum = euro(d.Sums.Gross)
		}
	}
	return feierabend.ChatMessage{
		Text: paragraphs(
			bold(head),
			sum,
			"Bitte speichern und weiterleiten. "+w.ending(c, end),
		),
		Buttons: []feierabend.ChatButton{
			button(feierabend.ActSaved, c.ID, c.Version, "Gespeichert"),
			button(feierabend.ActNotYet, c.ID, c.Version, "Noch nicht"),
		},
	}
}

// ending says when a case will be erased once its document has arrived: by the
// countdown that runs, or by the one that then begins and ends at end (zero = none).
func (w words) ending(c feierabend.Case, end time.Time) string {
	last := w.day(c.ExpiresAt)
	if !c.EraseAt.IsZero() && c.EraseAt.Before(c.ExpiresAt) {
		return "Gelöscht wird, sobald Sie „Gespeichert“ tippen, sonst am " + w.moment(c.EraseAt) + ". „Noch nicht“ hält das bis zum " + last + " an."
	}
	if !end.IsZero() && end.Before(c.ExpiresAt) {
		return "Gelöscht wird, sobald Sie „Gespeichert“ tippen, sonst am " + w.moment(end) + ". „Noch nicht“ hält das bis zum " + last + " an."
	}
	return "Gelöscht wird, sobald Sie „Gespeichert“ tippen, spätestens am " + last + "."
}

// buyerName is the name with its salutation, as people say it.
func buyerName(p feierabend.Party) string {
	if p.Salutation != "" {
		return p.Salutation + " " + p.Name
	}
	return p.Name
}

// issuedByOffice tells a person who sees no prices that the document is there.
func (w words) issuedByOffice(d feierabend.Document) feierabend.ChatMessage {
	head := d.Number
	if d.Buyer.Name != "" {
		head += " · " + clip(buyerName(d.Buyer), 80)
	}
	return feierabend.ChatMessage{Text: paragraphs(bold(head), "Ausgestellt. Um das Speichern kümmert sich das Büro.")}
}
