package delivery

import (
	"feierabend"
)

// ask is the last look before issuing (J-10): number, recipient, net and gross.
// The number is the next one of the ledger; it is taken only by „Ausstellen“.
func (w words) ask(c feierabend.Case, v feierabend.DraftVersion, number string) feierabend.ChatMessage {
	d := v.Draft
	head := bold(number)
	if s := who(d); s != "" {
		head = bold(number + " · " + clip(s, 80))
	}
	kind := d.Kind.German()
	return feierabend.ChatMessage{
		Text: paragraphs(
			head,
			sums(c.Summary, d),
			kind+" ausstellen? Danach steht sie fest. Sie können auch „Ausstellen“ schreiben.",
			w.caseLink(c.ID),
		),
		Buttons: []feierabend.ChatButton{
			button(feierabend.ActIssue, c.ID, v.Version, "Ausstellen"),
			button(feierabend.ActChange, c.ID, v.Version, "Ändern"),
		},
	}
}
