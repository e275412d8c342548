package web

import (
	"feierabend"
)

// profilePart is one part of the Stammdaten that is shown and saved by itself.
type profilePart struct {
	slug, title, text string
	fields            []field
}

func (p profilePart) names() []string {
	var out []string
	for _, f := range p.fields {
		out = append(out, f.Name)
	}
	return out
}

// profileParts are the parts in their order; the step knows the fields by name.
func profileParts() []profilePart {
	return []profilePart{
		{"firma", "Betrieb", "So steht Ihr Betrieb auf jedem Brief.", firmFields()},
		{"steuer", "Steuer", "Ohne Steuernummer oder USt-IdNr. gilt keine Rechnung.", taxFields()},
		{"bank", "Bankverbindung", "Steht auf der Rechnung und im Bezahlcode.", bankFields()},
		{"rechnung", "Rechnungen", "Nummern, Zahlungsziel und wie Sie Preise sagen.", invoiceFields()},
		{"preise", "Stundensätze und Anfahrt", "Was hier fehlt, wird in jedem Entwurf gefragt und nie geraten. Alle Preise netto.", rateFields()},
	}
}

func profilePartOf(slug string) (profilePart, bool) {
	for _, p := range profileParts() {
		if p.slug == slug {
			return p, true
		}
	}
	return profilePart{}, false
}

func firmFields() []field {
	forms := []option{{"", "Bitte wählen"}}
	for _, f := range feierabend.LegalForms() {
		forms = append(forms, option{string(f), f.German()})
	}
	return []field{
		{Name: "name", Label: "Name des Betriebs", Auto: "organization", Max: 100},
		{Name: "rechtsform", Label: "Rechtsform", Kind: "select", Options: forms},
		{Name: "strasse", Label: "Straße und Hausnummer", Auto: "street-address", Max: 100},
		{Name: "plz", Label: "Postleitzahl", Auto: "postal-code", Mode: "numeric", Max: 5},
		{Name: "ort", Label: "Ort", Auto: "address-level2", Max: 80},
		{Name: "ansprechpartner", Label: "Ansprechpartner", Auto: "name", Max: 80, Optional: true},
		{Name: "telefon", Label: "Telefon", Kind: "tel", Auto: "tel", Max: 40, Optional: true, Hint: "Rechnungen an Behörden brauchen Telefon und E-Mail."},
		{Name: "email", Label: "E-Mail auf dem Briefkopf", Kind: "email", Auto: "email", Max: 254, Optional: true},
		{Name: "zusatz", Label: "Zeile unter dem Namen", Max: 80, Optional: true, Hint: "Zum Beispiel: Sanitär · Heizung · Meisterbetrieb."},
		{Name: "gericht", Label: "Registergericht", Max: 80, Optional: true, Hint: "Nur bei e. K., OHG, KG, GmbH, UG, AG, eG, eGbR. Zum Beispiel: Amtsgericht Pinneberg."},
		{Name: "register", Label: "Registernummer", Max: 40, Optional: true, Hint: "Zum Beispiel: HRB 12345 PI."},
		{Name: "vertretung", Label: "Wer den Betrieb vertritt", Max: 160, Optional: true, Hint: "Bei GmbH, UG und GmbH & Co. KG. Zum Beispiel: Geschäftsführer: Hauke Deichgrün."},
	}
}

func taxFields() []field {
	return []field{
		{Name: "steuernummer", Label: "Steuernummer des Betriebs", Max: 40, Hint: "Vom Finanzamt, zum Beispiel 18/123/45678. Nicht Ihre persönliche Steuer-ID."},
		{Name: "ustid", Label: "USt-IdNr.", Max: 20, Optional: true, Hint: "Falls vorhanden, zum Beispiel DE 812 345 673."},
		schemeField(),
		{Name: "ist", Label: "Wir versteuern nach vereinnahmten Entgelten (Istversteuerung).", Kind: "checkbox", Optional: true, Hint: "Muss ab 2028 auf der Rechnung stehen und kommt dann von selbst darauf."},
		{Name: "umsatz", Label: "Umsatz im vergangenen Jahr", Kind: "select", Optional: true, Options: []option{{"", "Keine Angabe"}, {feierabend.TurnoverBelow, "Bis 800.000 €"}, {feierabend.TurnoverAbove, "Über 800.000 €"}}, Hint: "Davon hängt ab, ab wann Rechnungen an Firmen E-Rechnungen sein müssen. Unsere sind es immer."},
	}
}

func schemeField() field {
	return field{Name: "verfahren", Label: "Weisen Sie Umsatzsteuer aus?", Kind: "select", Options: []option{
		{"", "Bitte wählen"}, {feierabend.SchemeStandard, "Ja, mit 19 % (Regelfall)"}, {feierabend.SchemeSmallBusiness, "Nein, Kleinunternehmer nach § 19 UStG"},
	}, Hint: "Im Zweifel fragen Sie Ihre Steuerberatung."}
}

func bankFields() []field {
	return []field{
		{Name: "iban", Label: "IBAN", Max: 42, Hint: "Dorthin überweisen Ihre Kunden."},
		{Name: "bic", Label: "BIC", Max: 11, Optional: true},
		{Name: "inhaber", Label: "Kontoinhaber", Max: 70, Optional: true, Hint: "Genau wie bei der Bank. Leer: der Name des Betriebs. Banken vergleichen ihn bei jeder Überweisung."},
	}
}

func invoiceFields() []field {
	return []field{
		lastNumberField(),
		{Name: "nummern", Label: "Letzte Nummern anderer Belege", Max: 200, Optional: true, Hint: "Nur wenn es schon welche dieser Form gibt, zum Beispiel AN-2026-0012 für Angebote."},
		{Name: "ziel", Label: "Zahlungsziel", Mode: "numeric", Max: 3, Optional: true, Unit: "Tage", Hint: "Leer heißt: sofort. Was Sie in der Nachricht sagen, gilt zuerst."},
		spokenField(),
	}
}

func lastNumberField() field {
	return field{Name: "nummer", Label: "Ihre letzte Rechnungsnummer", Max: 40, Hint: "Nach RE-2026-0041 geht es mit RE-2026-0042 weiter. Nach einer anderen Form beginnen wir mit RE und 0001. Noch keine geschrieben? Dann „keine“."}
}

func spokenField() field {
	return field{
		Name: "sprechweise", Label: "Preise an Privatleute sage ich …", Kind: "select", Options: []option{{"", "Bitte wählen"}, {"net", "netto, die Steuer kommt dazu"}, {"gross", "brutto, die Steuer ist drin"}},
		Hint: "„Netto“ oder „brutto“ in der Nachricht gilt immer zuerst.",
	}
}

func rateFields() []field {
	rate := func(name, label string) field {
		return field{Name: name, Label: label, Mode: "decimal", Max: 12, Optional: true, Unit: "€ je Stunde"}
	}
	return []field{
		rate("meister", "Meister"), rate("geselle", "Geselle"), rate("helfer", "Helfer"), rate("azubi", "Azubi"),
		{Name: "rolle", Label: "Wenn Sie nur „Arbeitszeit“ sagen, gilt", Kind: "select", Optional: true, Options: []option{
			{"", "Nachfragen"}, {"meister", "Meister"}, {"geselle", "Geselle"}, {"helfer", "Helfer"}, {"azubi", "Azubi"},
		}},
		{Name: "tag", Label: "„Ein Tag“ Arbeit hat", Mode: "decimal", Max: 5, Optional: true, Unit: "Stunden"},
		{Name: "fahrt", Label: "Anfahrt", Kind: "select", Optional: true, Options: []option{{"", "Nachfragen"}, {"flat", "Pauschale je Fahrt"}, {"km", "je Kilometer"}}},
		{Name: "fahrtpreis", Label: "Preis der Anfahrt", Mode: "decimal", Max: 12, Optional: true, Unit: "€"},
		{Name: "fahrttext", Label: "So heißt die Zeile", Max: 60, Optional: true, Hint: "Zum Beispiel: Anfahrt."},
		{Name: "einheit", Label: "Zeiteinheit", Max: 20, Optional: true, Hint: "Nur in Werkstätten, zum Beispiel AW."},
		{Name: "minuten", Label: "Eine Einheit hat", Mode: "decimal", Max: 5, Optional: true, Unit: "Minuten"},
	}
}

// factFields are the fields that ask for a fact.
func factFields(fact feierabend.Fact) []field {
	pick := func(all []field, names ...string) (out []field) {
		for _, n := range names {
			for _, f := range all {
				if f.Name == n {
					out = append(out, f)
				}
			}
		}
		return out
	}
	switch fact {
	case feierabend.FactName:
		return pick(firmFields(), "name")
	case feierabend.FactAddress:
		return pick(firmFields(), "strasse", "plz", "ort")
	case feierabend.FactTax:
		return pick(taxFields(), "steuernummer", "ustid")
	case feierabend.FactScheme:
		return []field{schemeField()}
	case feierabend.FactRegister:
		return pick(firmFields(), "gericht", "register")
	case feierabend.FactManager:
		return pick(firmFields(), "vertretung")
	case feierabend.FactIBAN:
		return pick(bankFields(), "iban")
	case feierabend.FactNumber:
		return []field{lastNumberField()}
	case feierabend.FactPrices:
		return []field{spokenField()}
	}
	return nil
}
