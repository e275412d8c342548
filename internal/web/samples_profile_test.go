package web

import (
	"feierabend"
)

func sampleProfile() feierabend.Profile {
	p := feierabend.Profile{
		Trade: "Sanitär", DueDays: 14, Rates: map[string]feierabend.Dec4{"meister": *dec("82"), "geselle": *dec("68")}, DefaultRole: "geselle", DayHours: dec("8"),
		Travel: &feierabend.Travel{Mode: "flat", Price: *dec("39"), Unit: "LS", Label: "Anfahrt"}, SpokenPrices: "gross",
		Seller: feierabend.Seller{
			Name: "Deichgrün Haustechnik", LegalForm: feierabend.FormSole, Street: "Störweg 8", Postcode: "25524", City: "Itzehoe", Phone: "+49 4821 5550120", TaxNumber: "18/123/45678",
			IBAN: "DE02120300000000202051", LastNumber: "RE-2026-0041",
		},
	}
	p.SetScheme(feierabend.SchemeStandard)
	return p
}

func (s *server) profileSamples() []sample {
	show := func(p profilePage) page {
		return page{View: "profile", Title: "Stammdaten", Nav: "einstellungen", Content: p}
	}
	part := func(p profilePartPage) page {
		return page{View: "profilepart", Title: p.Title, Nav: "einstellungen", Detail: true, Content: p}
	}
	saved, wild := profileOverview(sampleProfile(), feierabend.RoleOwner), sampleProfile()
	saved.Saved = "Bankverbindung"
	wild.Seller.Name, wild.Seller.Street, wild.Travel.Label = longOne+evil, evil, longOne
	full := map[string]string{"name": "Deichgrün Haustechnik", "strasse": "Störweg 8", "plz": "25524", "ort": "Itzehoe", "rechtsform": "gmbh"}
	firm, tax, rates := profileParts()[0], profileParts()[1], profileParts()[4]
	mistaken := profilePartView(firm, full, "1", feierabend.RoleOwner)
	mistaken.Form = wrongForm(mistaken.Form, map[string]string{"name": evil, "plz": longOne, "register": "HRB"}, "plz", "gericht", "register", "vertretung")
	behind := profilePartView(tax, map[string]string{"steuernummer": "18/123/45678", "verfahren": feierabend.SchemeStandard}, "1", feierabend.RoleOwner)
	behind.changed(map[string]string{"steuernummer": evil, "verfahren": feierabend.SchemeSmallBusiness, "ist": "1"}, "2", "Diese Angaben sind inzwischen an anderer Stelle geändert worden.")
	unsaid := feierabend.Profile{Seller: feierabend.Seller{Name: "Werkstatt", LegalForm: feierabend.FormGmbH, Street: "Weg 1", Postcode: "25524", City: "Itzehoe"}}
	unproved := factsView(unsaid, feierabend.Draft{}, id(1), feierabend.RoleOwner)
	unproved.Prove = "/bestaetigung?weiter=%2Fv%2F" + id(1) + "%2Fangaben"
	unproved.Form.set("iban", evil)
	out := []sample{
		{"stammdaten", show(saved)},
		{"stammdaten-leer", show(profileOverview(feierabend.Profile{}, feierabend.RoleOwner))},
		{"stammdaten-wild", show(profileOverview(wild, feierabend.RoleOffice))},
		{"stammdaten-firma-fehler", part(mistaken)},
		{"stammdaten-steuer-geaendert", part(behind)},
		{"stammdaten-preise-buero", part(profilePartView(rates, map[string]string{"geselle": "68,00", "fahrt": "flat"}, "1", feierabend.RoleOffice))},
		{"angaben", part(factsView(unsaid, feierabend.Draft{}, id(1), feierabend.RoleOwner))},
		{"angaben-bestaetigen", part(unproved)},
		{"angaben-buero", part(factsView(unsaid, feierabend.Draft{}, id(1), feierabend.RoleOffice))},
	}
	logo := newLogoPage(feierabend.Logo{Width: 480, Height: 160}, feierabend.RoleOwner)
	logo.Saved = "Gespeichert."
	badLogo := newLogoPage(feierabend.Logo{}, feierabend.RoleOwner)
	badLogo.Form.fail("logo", "Diese Datei ist kein Bild.")
	for name, p := range map[string]logoPage{"logo": logo, "logo-fehler": badLogo, "logo-buero": newLogoPage(feierabend.Logo{}, feierabend.RoleOffice)} {
		out = append(out, sample{name, page{View: "logo", Title: "Logo", Nav: "einstellungen", Detail: true, Content: p}})
	}
	for _, p := range profileParts() {
		out = append(out, sample{"stammdaten-" + p.slug, part(profilePartView(p, full, "1", feierabend.RoleOwner))})
	}
	return out
}
