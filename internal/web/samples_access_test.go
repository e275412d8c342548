package web

import (
	"time"

	"feierabend"
)

// accessSamples are the pages of who may come in.
func (s *server) accessSamples() []sample {
	f := format{sampleZone}
	set := func(view, title string, content any) page {
		return page{View: view, Title: title, Nav: "einstellungen", Firm: "Deichgrün Haustechnik", Content: content}
	}
	own := feierabend.Session{TokenHash: []byte("a"), Browser: "Safari", System: "iPhone", CreatedAt: sampleNow, SeenAt: sampleNow, Stay: true, ExpiresAt: sampleNow.AddDate(0, 0, 30)}
	office := feierabend.Session{TokenHash: []byte("b"), Browser: "Firefox", System: "Windows", CreatedAt: sampleNow.AddDate(0, 0, -3), SeenAt: sampleNow.Add(-2 * time.Hour)}
	unknown := feierabend.Session{TokenHash: []byte("c"), Browser: "einem Browser", CreatedAt: sampleNow.AddDate(0, 0, -3), SeenAt: sampleNow.Add(-26 * time.Hour)}
	many := devicesOf([]feierabend.Session{own, office, unknown}, own, sampleNow, f)
	many.Notice = "Beendet. Dort muss man sich neu anmelden."

	hauke := feierabend.Colleague{User: feierabend.User{ID: feierabend.UserID(id(1)), Name: "Hauke Deichgrün", Email: "hauke@deichgruen.example"}, Role: feierabend.RoleOwner}
	crew := []feierabend.Colleague{
		hauke,
		{User: feierabend.User{ID: feierabend.UserID(id(2)), Name: longOne + evil, Email: longOne + "@" + longOne + ".example"}, Role: feierabend.RoleOffice},
		{User: feierabend.User{ID: feierabend.UserID(id(3)), Email: "malte@deichgruen.example"}, Role: feierabend.RoleStaff},
	}
	waits := []feierabend.Invitation{
		{ID: id(4), Email: "gesa@neu.example", Role: feierabend.RoleOffice, ExpiresAt: sampleNow.AddDate(0, 0, 7)},
		{ID: id(5), Email: longOne + "@" + longOne + ".example", Role: feierabend.RoleStaff, ExpiresAt: sampleNow.AddDate(0, 0, 1)},
	}
	full := teamOf(crew, waits, f)
	full.Prices, full.Notice = true, teamNotices["eingeladen"]
	member := memberPage{ID: id(3), Name: "Malte Ünsal", Email: "malte@deichgruen.example", Role: feierabend.RoleStaff, Roles: roleChoices()}
	self, last := member, member
	self.Self, self.Name = true, "Hauke Deichgrün"
	last.Role, last.Error = feierabend.RoleOwner, "Eine Firma braucht mindestens eine Inhaberin oder einen Inhaber. Es ist nichts geändert worden."
	offer := feierabend.Offer{ID: id(6), Firm: "Malerbetrieb Nordlicht", Role: feierabend.RoleOffice}
	chat := proofPage{Next: "/team", Email: "hauke@deichgruen.example", Code: "K7Q2-M4XD", Phone: "+49 171 ••• 55", To: phone(s.Number), Chat: "https://wa.me/4930231250420?text=K7Q2-M4XD"}
	chat.Until = "18:12"
	offered, came := proofPage{Next: "/team", Email: chat.Email, Phone: chat.Phone, To: chat.To}, chat
	came.Proved = true
	early := chat
	early.Error = "Ihr Code ist noch nicht angekommen. Es ist nichts geändert worden."

	return []sample{
		{"ausgestellt-ohne-preise", page{View: "issued", Title: "Rechnung", Nav: "start", Detail: true, Content: issuedPage{"Rechnung", "RE-2026-0043", longOne + evil, left{Text: "Löscht in 29 Tagen."}}}},
		{"geraete", set("devices", "Geräte", devicesOf([]feierabend.Session{own}, own, sampleNow, f))},
		{"geraete-mehrere", set("devices", "Geräte", many)},
		{"bestaetigung", set("proof", "Bestätigen, dass Sie es sind", proofPage{Email: "hauke@deichgruen.example"})},
		{"bestaetigung-telefon-angeboten", set("proof", "Bestätigen, dass Sie es sind", offered)},
		{"bestaetigung-telefon-da", set("proof", "Bestätigen, dass Sie es sind", came)},
		{"bestaetigung-telefon", set("proof", "Bestätigen, dass Sie es sind", chat)},
		{"bestaetigung-telefon-zu-frueh", set("proof", "Bestätigen, dass Sie es sind", early)},
		{"bestaetigung-code", set("proofcode", "Code eingeben", proofCodePage{Next: "/team", Email: "hauke@deichgruen.example"})},
		{"bestaetigung-code-fehler", set("proofcode", "Code eingeben", proofCodePage{Email: longOne + "@" + longOne + ".example", Error: "Dieser Code passt nicht."})},
		{"team", set("team", "Team", teamOf(crew[:1], nil, f))},
		{"team-voll", set("team", "Team", full)},
		{"team-person", set("member", "Team", member)},
		{"team-person-selbst", set("member", "Team", self)},
		{"team-person-fehler", set("member", "Team", last)},
		{"einladen", set("invite", "Einladen", invitePage{inviteFields(), roleChoices()})},
		{"einladen-fehler", set("invite", "Einladen", invitePage{wrongForm(inviteFields(), map[string]string{"email": evil, "rolle": "office"}, "email"), roleChoices()})},
		{"einladung", page{View: "offer", Title: "Einladung", Content: offerPage{evil, longOne + evil, "Büro", "17.02.2026, 18:02 Uhr"}}},
		{"firma-einladung", page{View: "firm", Title: "Firma wählen", Content: firmPage{Offers: []feierabend.Offer{offer}, Form: nameFields(""), AskName: true}}},
		{"firma-einladung-fehler", page{View: "firm", Title: "Firma wählen", Content: firmPage{Offers: []feierabend.Offer{offer}, Form: wrongForm(nameFields(""), nil, "name"), AskName: true}}},
		{"firma-einladung-weitere", page{View: "firm", Title: "Firma wählen", Content: firmPage{Offers: []feierabend.Offer{offer}, Firms: []feierabend.Tenant{{Name: "Deichgrün Haustechnik"}}, Form: nameFields("")}}},
		{"konto", set("account", "Mein Zugang", accountPage{Form: nameFields("Hauke Deichgrün"), Email: "hauke@deichgruen.example", Firm: "Deichgrün Haustechnik", Role: "Inhaber", Notice: "Gespeichert."})},
		{"konto-ohne-firma", page{View: "account", Title: "Mein Zugang", Content: accountPage{Form: wrongForm(nameFields(""), nil, "name"), Email: longOne + "@" + longOne + ".example"}}},
		{"verlassen", set("leave", "Firma verlassen", leavePage{Firm: longOne + evil})},
		{"verlassen-fehler", set("leave", "Firma verlassen", leavePage{"Deichgrün Haustechnik", "Eine Firma braucht mindestens eine Inhaberin oder einen Inhaber."})},
		{"fehler-bestaetigen", page{View: "error", Title: "Sind Sie es?", Content: errorPage{Title: "Sind Sie es?", Text: "Ihre letzte Bestätigung ist mehr als zehn Minuten her.", ID: "abcdefghij", Prove: "/bestaetigung?weiter=%2Fteam"}}},
		{"fehler-gesperrt", page{View: "error", Title: "Zugang gesperrt.", Content: errorPage{Title: "Zugang gesperrt.", Text: "Ihr Zugang ist gesperrt. An Ihren Daten hat sich nichts geändert.", ID: "abcdefghij"}}},
	}
}
