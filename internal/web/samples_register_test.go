package web

import (
	"encoding/hex"

	"feierabend"
)

func registerSamples() []sample {
	trades := []string{"Dachdecker", "Sanitär, Heizung, Klima", feierabend.OtherTrade}
	typed := map[string]string{
		"betrieb": "Deichgrün Haustechnik", "rechtsform": "gmbh", "gewerk": "Sanitär, Heizung, Klima", "strasse": "Störweg 8", "plz": "25524", "ort": "Itzehude",
		"vorname": "Hauke", "nachname": "Deichgrün", "email": "hauke@deichgruen.example", "telefon": "0171 39200155", "unternehmer": "1",
	}
	wild := map[string]string{"betrieb": evil, "strasse": longOne, "ort": evil, "email": evil + longOne, "anderes-gewerk": evil}
	form := func(p registerPage) page {
		p.Demo = true
		return page{View: "register", Title: "Betrieb registrieren", Content: p}
	}
	place := func(field, text string, q feierabend.PlaceQuestion) registerPage {
		p := registerPage{Form: wrongForm(registerForm(trades), typed), Marked: "25524 Itzehude", Place: &q}
		p.Form.fail(field, text)
		return p
	}
	all := []string{}
	for _, f := range registerForm(trades).All() {
		if !f.Optional {
			all = append(all, f.Name)
		}
	}
	text := feierabend.ContractText{Version: "demo", Title: "Vorführung, kein Vertrag", Demo: true, Paragraphs: []string{"Dies ist eine Vorführung. Sie schließen damit keinen Vertrag.", evil + longOne}}
	hash := hex.EncodeToString(text.Hash())
	contract := func(nav string, p contractPage) page {
		p.Hash = hash
		if p.Firm == "" {
			p.Firm = "Deichgrün Haustechnik"
		}
		return page{View: "contract", Title: "Vertrag", Nav: nav, Content: p}
	}
	address := func(p addressPage) page {
		if p.Email == "" {
			p.Email = "hauke@deichgruen.example"
		}
		nav := "einstellungen"
		if p.Step == "undo" || p.Step == "undone" {
			nav = ""
		}
		return page{View: "address", Title: "E-Mail-Adresse ändern", Nav: nav, Content: p}
	}
	return []sample{
		{"anmelden-neu", page{View: "signin", Title: "Anmelden", Content: mailForm{Form: addressForm(), Passkey: signInKey("", ""), Register: true, Try: true}}},
		{"adresse", address(addressPage{Form: newAddressForm()})},
		{"adresse-fehler", address(addressPage{Form: wrongForm(newAddressForm(), map[string]string{"email": evil}, "email"), Email: longOne})},
		{"adresse-code", address(addressPage{Form: addressCode(), Step: "code"})},
		{"adresse-code-fehler", address(addressPage{Form: wrongForm(addressCode(), nil, "code"), Step: "code"})},
		{"adresse-zurueck", address(addressPage{Step: "undo", Token: evil})},
		{"adresse-zurueck-fehler", address(addressPage{Step: "undo", Error: "Dieser Link gilt nicht mehr."})},
		{"adresse-wieder", address(addressPage{Step: "undone"})},
		{"registrieren", form(registerPage{Form: registerForm(trades)})},
		{"registrieren-fehler", form(registerPage{Form: wrongForm(registerForm(trades), wild, all...)})},
		{"registrieren-ort", form(place("ort", "Zur Postleitzahl 25524 kennen wir einen anderen Ort. Meinten Sie Itzehoe, Oelixdorf oder Kollmoor? Stimmt Ihre Angabe, schicken Sie das Formular einfach noch einmal ab.",
			feierabend.PlaceQuestion{Words: []string{"Itzehoe", "Oelixdorf", "Kollmoor"}}))},
		{"registrieren-plz", form(place("plz", "Diese Postleitzahl kennen wir nicht. Meinten Sie 25524? Stimmt Ihre Angabe, schicken Sie das Formular einfach noch einmal ab.",
			feierabend.PlaceQuestion{Postcodes: true, Words: []string{"25524"}}))},
		{"registrieren-plz-unbekannt", form(place("plz", "Diese Postleitzahl kennen wir nicht. Stimmt Ihre Angabe, schicken Sie das Formular einfach noch einmal ab.", feierabend.PlaceQuestion{Postcodes: true}))},
		{"registrieren-zu", page{View: "closed", Title: "Noch nicht geöffnet"}},
		{"registrieren-code", page{View: "code", Title: "Code eingeben", Content: codePage{New: true}}},
		{"registrieren-code-neu", page{View: "code", Title: "Code eingeben", Content: codePage{New: true, Again: true, Error: "Dieser Code passt nicht.", Demo: true}}},
		{"vertrag", contract("", contractPage{Text: text, Owner: true})},
		{"vertrag-alt", contract("", contractPage{Text: text, Owner: true, Stale: true, Firm: evil})},
		{"vertrag-anders", contract("", contractPage{Text: text, Owner: true, Problem: "Der Text hat sich inzwischen geändert."})},
		{"vertrag-fehlt", contract("", contractPage{Owner: true})},
		{"vertrag-andere", contract("", contractPage{Text: text, Firm: longOne})},
		{"vertrag-fertig", contract("einstellungen", contractPage{Text: text, Owner: true, Concluded: true})},
	}
}
