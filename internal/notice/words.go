package notice

import (
	"feierabend"
)

// compose finds the words of a notice; ok is false for a kind that nobody knows.
func (s *Step) compose(n feierabend.Notice) (l feierabend.Letter, ok bool) {
	by := n.By
	if by == "" {
		by = "der Betreiber von Feierabend"
	}
	who := n.About
	if who == "" {
		who = "Eine Person"
	}
	at := n.At.In(s.o.Zone).Format("02.01.2006, 15:04") + " Uhr"
	done := "Geändert am " + at + " von " + by + "."
	devices := "melden Sie unter „Geräte“ alle anderen Geräte ab"
	switch n.Kind {
	case feierabend.NoticeBank:
		now := "Auf neuen Rechnungen steht eine andere Bankverbindung. Ihre IBAN endet jetzt auf " + n.Detail + "."
		if n.Detail == "" {
			now = "Auf neuen Rechnungen steht keine Bankverbindung mehr."
		}
		return s.letter(n, "Bankverbindung geändert", "Bankverbindung ansehen", "/stammdaten/bank", now, done,
			"Das waren nicht Sie? Dann tragen Sie die richtige IBAN wieder ein, "+devices+", prüfen Sie Rechnungen, die seitdem hinausgingen, und geben Sie Ihrem Postfach ein neues Passwort: Vielleicht liest dort jemand mit."), true
	case feierabend.NoticeOwnerAdded:
		return s.letter(n, "Neue Inhaberin oder neuer Inhaber", "Team ansehen", "/team", who+" darf jetzt alles, was Inhaber dürfen: Team, Bankverbindung, Nummern, Vertrag.", done,
			"Das ist nicht abgesprochen? Dann nehmen Sie der Person die Rolle unter „Team“ wieder weg und "+devices+"."), true
	case feierabend.NoticeOwnerRemoved:
		return s.letter(n, "Inhaber geändert", "Team ansehen", "/team", who+" hat die Rolle Inhaber nicht mehr.", done,
			"Das ist nicht abgesprochen? Dann sprechen Sie sofort mit den anderen Inhabern, und wenden Sie sich an den Betreiber."), true
	case feierabend.NoticeUnlinked:
		return s.letter(n, "WhatsApp-Nummer getrennt", "Nummern ansehen", "/nummern", "Die WhatsApp-Nummer "+n.Detail+" von "+who+" ist getrennt. Nachrichten von dort nehme ich nicht mehr an.", done,
			"Das waren nicht Sie? Dann verbinden Sie die Nummer auf der Seite neu und "+devices+"."), true
	case feierabend.NoticeLinked:
		return s.letter(n, "Neue WhatsApp-Nummer verbunden", "Nummern ansehen", "/nummern", "Die WhatsApp-Nummer "+n.Detail+" ist jetzt mit "+who+" verbunden. Sprachnachrichten von dort werden zu Entwürfen Ihrer Firma.", done,
			"Das ist nicht abgesprochen? Dann trennen Sie die Nummer auf der Seite gleich wieder, und "+devices+"."), true
	case feierabend.NoticeAddress:
		return s.letter(n, "Andere E-Mail-Adresse im Team", "Team ansehen", "/team", who+" meldet sich jetzt mit einer anderen E-Mail-Adresse an.", done,
			"Das kommt Ihnen seltsam vor? Dann fragen Sie die Person selbst, am besten am Telefon. Im Zweifel nehmen Sie sie unter „Team“ heraus."), true
	case feierabend.NoticeAddressBack:
		return s.letter(n, "E-Mail-Adresse im Team zurückgestellt", "Team ansehen", "/team", who+" meldet sich wieder mit der alten E-Mail-Adresse an. Vielleicht war der Zugang in fremder Hand. Darum sind seine Einladungen zurückgezogen, und Nummern, die seitdem dazukamen, sind ausgesetzt, bis sie neu verbunden werden.",
			"Zurückgestellt am "+at+".", "Bitte prüfen Sie jetzt auch Team, Nummern und Bankverbindung. Steht dort etwas, das niemand von Ihnen war, ändern Sie es zurück."), true
	case feierabend.NoticePasskeyAdded, feierabend.NoticePasskeyRemoved:
		subject, what := "Neuer Passkey", "Mit dem Passkey „"+n.Detail+"“ kommt man ab jetzt in Ihren Zugang, auch ohne Mail."
		if n.Kind == feierabend.NoticePasskeyRemoved {
			subject, what = "Passkey entfernt", "Der Passkey „"+n.Detail+"“ öffnet Ihren Zugang nicht mehr."
		}
		return feierabend.Letter{
			Subject: subject,
			Lines: []string{
				what, "Geändert am " + at + ".",
				"Das waren nicht Sie? Dann melden Sie sich an, entfernen Sie unter „Geräte“ jeden Passkey, den Sie nicht kennen, und melden Sie dort alle anderen Geräte ab.",
			},
			Button: "Geräte ansehen", URL: s.o.PublicURL + "/geraete",
		}, true
	case feierabend.NoticeRecovery:
		return feierabend.Letter{
			Subject: "Ein Zugang soll umgestellt werden",
			Lines: []string{
				who + " kommt nach eigener Angabe nicht mehr an das Postfach. Der Zugang bei Feierabend bekommt deshalb eine andere E-Mail-Adresse, und zwar am " + n.Until.In(s.o.Zone).Format("02.01.2006, 15:04") + " Uhr. Bis dahin ändert sich nichts.",
				"Das ist nicht abgesprochen? Dann halten Sie es an. Wer sich mit der alten Adresse anmeldet, hält es auch an.",
			},
			Button: "Anhalten", URL: s.o.PublicURL + "/anmelden/kein-zugang/stopp?t=" + n.Token,
			Small: []string{"Diese Mail geht bis dahin jeden Tag an die alte Adresse und an alle im Team."},
		}, true
	case feierabend.NoticeRecoveryStopped:
		return feierabend.Letter{
			Subject: "Umstellung angehalten",
			Lines:   []string{"Die Umstellung des Zugangs von " + who + " auf eine andere E-Mail-Adresse findet nicht statt. Es hat sich nichts geändert."},
			Button:  "Anmelden", URL: s.o.PublicURL + "/anmelden",
		}, true
	case feierabend.NoticeRecoveryDone:
		return feierabend.Letter{
			Subject: "Zugang umgestellt",
			Lines: []string{
				who + " meldet sich ab jetzt mit einer anderen E-Mail-Adresse an. Alle Geräte dieses Zugangs sind abgemeldet.",
				"Das ist nicht abgesprochen? Dann wenden Sie sich sofort an den Betreiber, und prüfen Sie Team und Bankverbindung.",
			},
			Button: "Anmelden", URL: s.o.PublicURL + "/anmelden",
		}, true
	}
	return l, false
}

func (s *Step) letter(n feierabend.Notice, subject, button, path, what, done, otherwise string) feierabend.Letter {
	return feierabend.Letter{
		Subject: subject, Lines: []string{n.Firm + ": " + what, done, otherwise},
		Button: button, URL: s.o.PublicURL + path,
		Small: []string{"Diese Mail bekommen alle Inhaber, damit solche Änderungen niemandem entgehen."},
	}
}
