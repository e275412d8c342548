package delivery

import (
	"time"

	"feierabend"
)

// proofWait is how long the receipt's message waits for the proof; proofPoll is
// how often it looks.
const (
	proofWait = 20 * time.Second
	proofPoll = 2 * time.Second
)

// erased is the receipt in words: what happened and how it was checked, and
// honestly where copies may still be.
func (w words) erased(r feierabend.ErasureReceipt) feierabend.ChatMessage {
	head := bold("Gelöscht.") + " " + erasedWhy(r.Reason)
	proof := "Die Prüfung läuft noch, das Ergebnis steht in der Quittung."
	switch r.Verification {
	case feierabend.VerifyVerified:
		proof = "Geprüft: Der Schlüssel ist vernichtet, in unseren Dateien ist nichts mehr davon zu finden."
	case feierabend.VerifyUnverifiable:
		proof = "Der Schlüssel ist vernichtet. Durchsuchen ließ sich die Datenbank hier nicht, so steht es auch in der Quittung."
	}
	copies := "Auf Ihrem Telefon bleibt liegen, was Sie gespeichert haben, ebenso dieser Chat."
	for _, c := range r.Copies {
		if c.Recipient == "whatsapp" && !c.Until.IsZero() {
			copies += " WhatsApp kann die Nachrichten noch bis zum " + w.day(c.Until) + " vorhalten."
		}
	}
	link := ""
	if w.receiptURL != nil {
		link = w.receiptURL(r.ID)
	}
	return feierabend.ChatMessage{Text: paragraphs(head, proof, copies, link)}
}

func erasedWhy(r feierabend.EraseReason) string {
	switch r {
	case feierabend.EraseConfirmed:
		return "Alles zu diesem Vorgang ist weg. Feierabend."
	case feierabend.EraseDiscarded:
		return "Der Vorgang ist verworfen, alles davon ist weg."
	case feierabend.EraseCountedDown:
		return "Die Frist nach dem Herunterladen ist um, alles zu diesem Vorgang ist weg."
	}
	return "Die Aufbewahrung ist zu Ende, alles zu diesem Vorgang ist weg."
}

// held tells that the countdown was stopped, and until when the case stays.
func (w words) held(c feierabend.Case) feierabend.ChatMessage {
	m := feierabend.ChatMessage{
		Text: paragraphs(
			"Gut, ich lösche noch nicht. Der Beleg bleibt bis zum "+w.day(c.EndsAt())+" hier. Tippen Sie „Gespeichert“, sobald er bei Ihnen liegt.",
			w.caseLink(c.ID),
		),
		Buttons: []feierabend.ChatButton{button(feierabend.ActSaved, c.ID, c.Version, "Gespeichert")},
	}
	return m
}
