package delivery

import "feierabend"

// The questions and answers about forwarded messages, as intake writes them into Ref.
const (
	commandForwarded = "weitergeleitet"
	commandDropped   = "verworfen"
	commandTakes     = "auswerten"
	commandDrops     = "verwerfen"
)

// forwarded renders one of them; ok is false for any other command.
func (w words) forwarded(ref string, ob feierabend.Outbox) (m feierabend.ChatMessage, ok bool) {
	own := feierabend.CaseID(ob.Sender)
	take := func(c feierabend.CaseID, title string) feierabend.ChatButton {
		return button(feierabend.ActTake, c, 0, title)
	}
	drop := func(c feierabend.CaseID, title string) feierabend.ChatButton {
		return button(feierabend.ActDrop, c, 0, title)
	}
	switch ref {
	case commandForwarded:
		m.Text = paragraphs(
			"Weitergeleitet: Ist das die Nachricht eines Kunden? Bisher habe ich nichts davon abgeholt.",
			"*Auswerten*: Ich schreibe sie als Notiz mit, als Wort Ihres Kunden. Preise übernehme ich daraus nie. Ihr Kunde sollte wissen, dass Sie das tun.\nIch merke mir Ihre Antwort für alles, was Sie weiterleiten.",
		)
		m.Buttons = []feierabend.ChatButton{take(ob.Case, "Auswerten"), drop(ob.Case, "Verwerfen")}
	case commandDropped:
		m.Text = "Weitergeleitet und verworfen, wie Sie es gewählt haben. Davon ist nichts abgeholt und nichts behalten."
		m.Buttons = []feierabend.ChatButton{take(own, "Künftig auswerten")}
	case commandTakes:
		m.Text = "Gemerkt: Was Sie ab jetzt weiterleiten, werte ich als Notiz aus. Was verworfen war, ist weg. Wenn Sie es brauchen, leiten Sie es bitte noch einmal weiter."
		m.Buttons = []feierabend.ChatButton{drop(own, "Doch verwerfen")}
	case commandDrops:
		m.Text = "Verworfen. Abgeholt und behalten ist davon nichts. Was Sie künftig weiterleiten, verwerfe ich ebenso."
		m.Buttons = []feierabend.ChatButton{take(own, "Künftig auswerten")}
	default:
		return m, false
	}
	return m, true
}
