package web

import "net/http"

// setting is a page about the firm or the person, as the settings page lists it.
type setting struct {
	URL, Title, Text string
	who              who // as in the route table: others do not see the entry
}

// settingsList is everything that can be set, most needed first.
func settingsList() []setting {
	return []setting{
		{"/nummern", "WhatsApp-Nummern", "Wer per Sprachnachricht Entwürfe anlegt", member},
		{"/kunden", "Nachrichten von Kunden", "Kundenlinks, Weitergeleitetes", member},
		{"/stammdaten", "Stammdaten", "Briefkopf, Steuer, Bankverbindung, Stundensätze", office},
		{"/preisliste", "Preisliste", "Was Sie oft verkaufen, zum festen Preis", office},
		{"/adressbuch", "Adressbuch", "Stammkunden, auf Wunsch über die 30 Tage hinaus", office},
		{"/team", "Team", "Wer dazugehört, Rollen, Einladungen", owner},
		{"/konto", "Mein Zugang", "Ihr Name, Firma verlassen", person},
		{"/mails", "Mail am Feierabend", "Montag bis Freitag um 17:30 Uhr: wie viel noch wartet", member},
		{"/geraete", "Geräte", "Wo Sie angemeldet sind", person},
		{"/firma", "Firma wechseln", "Einladungen und Ihre anderen Firmen", person},
		{"/quittungen", "Löschquittungen", "Was gelöscht ist, wann und wie es geprüft wurde", member},
		{"/vertrag", "Vertrag", "Was Ihr Betrieb abgeschlossen hat", owner},
	}
}

// settingsPage lists what this person may open.
type settingsPage struct {
	Name, Email string
	Settings    []setting
}

// settings is GET /einstellungen.
func (s *server) settings(w http.ResponseWriter, _ *http.Request, v *visit) error {
	p := settingsPage{Name: v.user.Name, Email: v.user.Email}
	for _, e := range settingsList() {
		if e.who.admits(v.session.Role) {
			p.Settings = append(p.Settings, e)
		}
	}
	return s.show(w, v, http.StatusOK, page{View: "settings", Title: "Einstellungen", Nav: "einstellungen", Content: p})
}
