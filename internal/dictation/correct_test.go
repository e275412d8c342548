package dictation_test

import (
	"slices"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/dictation"
)

const base = "Rechnung an Frau Claasen, Deichstraße 34, 25541 Brunsbüttel. Heute 2 Eckventile nach Liste, 4 Stunden, Anfahrt."

func TestCorrect(t *testing.T) {
	p := profiles(t)["shk"]
	at := time.Date(2026, 11, 24, 17, 0, 0, 0, time.FixedZone("CET", 3600))
	in := func(text string) dictation.Input { return dictation.Input{Text: text, At: at, Profile: p} }
	qty := func(i int, want string) func(feierabend.Draft) bool {
		return func(d feierabend.Draft) bool {
			return i < len(d.Lines) && d.Lines[i].Quantity != nil && d.Lines[i].Quantity.String() == want
		}
	}
	for text, ok := range map[string]func(feierabend.Draft) bool{
		"die Arbeitszeit waren 6, nicht 4":         qty(1, "6"),
		"Die Arbeitszeit waren sechs, nicht vier.": qty(1, "6"),
		"6 Stunden, nicht 4":                       qty(1, "6"),
		"Es waren fünfeinhalb Stunden":             qty(1, "5.5"),
		"Eckventile waren drei":                    qty(0, "3"),
		"Das Eckventil kostet 16 Euro":             func(d feierabend.Draft) bool { return d.Lines[0].Price.String() == "16" && d.Lines[0].Source == "" },
		"Anfahrt streichen":                        func(d feierabend.Draft) bool { return len(d.Lines) == 2 && d.Lines[1].Kind == feierabend.LineLabour },
		"die Eckventile weg":                       func(d feierabend.Draft) bool { return len(d.Lines) == 2 && d.Lines[0].Kind == feierabend.LineLabour },
		"Nachname ist Clasen":                      func(d feierabend.Draft) bool { return d.Buyer.Name == "Clasen" && d.Buyer.Salutation == "Frau" },
		"Der Name ist Clausen.":                    func(d feierabend.Draft) bool { return d.Buyer.Name == "Clausen" },
		"Hausnummer ist 43":                        func(d feierabend.Draft) bool { return d.Buyer.Street == "Deichstraße 43" },
		"Postleitzahl ist 25524":                   func(d feierabend.Draft) bool { return d.Buyer.Postcode == "25524" },
		"Die Adresse ist Lindenweg 3, 25524 Itzehoe": func(d feierabend.Draft) bool {
			return d.Buyer.Street == "Lindenweg 3" && d.Buyer.Postcode == "25524" && d.Buyer.City == "Itzehoe"
		},
		"noch zwei Thermostatköpfe":       func(d feierabend.Draft) bool { return len(d.Lines) == 4 && d.Lines[3].Quantity.String() == "2" },
		"und noch einen Siphon dazu":      func(d feierabend.Draft) bool { return len(d.Lines) == 4 && d.Lines[3].Price.String() == "28.5" },
		"Zahlbar zehn Tage":               func(d feierabend.Draft) bool { return *d.DueDays == 10 },
		"3 Prozent Nachlass":              func(d feierabend.Draft) bool { return d.Discount.String() == "3" },
		"Das war gestern":                 func(d feierabend.Draft) bool { return d.Supply.From == "2026-11-23" },
		"alles brutto":                    func(d feierabend.Draft) bool { return d.Prices == "gross" },
		"Sie hat bar bezahlt":             func(d feierabend.Draft) bool { return d.Paid != nil && d.Paid.Method == "cash" },
		"Und zwei Prozent Skonto 8 Tage.": func(d feierabend.Draft) bool { return d.CashDiscount.Days == 8 },
	} {
		prev := dictation.Draft(in(base))
		next, done := dictation.Correct(prev, in(text))
		if !done || !ok(next) {
			t.Errorf("%q: %v, %+v", text, done, next)
			continue
		}
		if next.Totals == nil {
			t.Errorf("%q: no sums", text)
		}
		again := dictation.Draft(in(base))
		if !slices.EqualFunc(prev.Lines, again.Lines, func(a, b feierabend.Line) bool {
			return a.Text == b.Text && *a.Quantity == *b.Quantity && *a.Price == *b.Price
		}) {
			t.Errorf("%q changed the draft before", text)
		}
	}
	for _, text := range []string{"", "Danke!", "Moin", "Rechnung an Herrn Voss, heute zwei Stunden.", "Angebot für Familie Roth, Bad neu, pauschal 4000 Euro."} {
		if _, done := dictation.Correct(dictation.Draft(in(base)), in(text)); done {
			t.Errorf("%q is taken for a correction", text)
		}
	}
}
