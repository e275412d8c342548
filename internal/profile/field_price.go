package profile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"feierabend"
	"feierabend/internal/pricelist"
)

// roles are whose hours a firm bills.
func roles() []string { return []string{"meister", "geselle", "helfer", "azubi"} }

func rateFields() []field {
	var out []field
	for _, role := range roles() {
		out = append(out, field{role, func(p *feierabend.Profile) string {
			if rate, ok := p.Rates[role]; ok {
				return rate.German(2)
			}
			return ""
		}, func(p *feierabend.Profile, typed string) string {
			rates := map[string]feierabend.Dec4{}
			for k, v := range p.Rates {
				if k != role {
					rates[k] = v
				}
			}
			if typed != "" {
				rate, problem := pricelist.Price(typed)
				if problem == "" && rate > feierabend.Dec(1000) {
					problem = "Mehr als 1.000 € je Stunde? Bitte prüfen Sie das Komma."
				}
				if problem != "" {
					return problem
				}
				rates[role] = rate
			}
			p.Rates = rates
			return ""
		}})
	}
	return append(out, field{"rolle", func(p *feierabend.Profile) string { return p.DefaultRole }, func(p *feierabend.Profile, typed string) string {
		if typed != "" && !slices.Contains(roles(), typed) {
			return "Bitte eine der Rollen auswählen."
		}
		p.DefaultRole = typed
		return ""
	}}, field{"tag", func(p *feierabend.Profile) string {
		if p.DayHours == nil {
			return ""
		}
		return p.DayHours.German(0)
	}, func(p *feierabend.Profile, typed string) string {
		if typed == "" {
			p.DayHours = nil
			return ""
		}
		n, ok := pricelist.Decimal(typed)
		if !ok || n < feierabend.One || n > feierabend.Dec(24) {
			return "Ein Arbeitstag hat zwischen 1 und 24 Stunden, zum Beispiel 8."
		}
		p.DayHours = &n
		return ""
	}})
}

func travelFields() []field {
	return []field{
		{"fahrt", func(p *feierabend.Profile) string {
			if p.Travel == nil {
				return ""
			}
			return p.Travel.Mode
		}, func(p *feierabend.Profile, typed string) string {
			switch typed {
			case "":
				p.Travel = nil
			case "flat":
				p.Travel = &feierabend.Travel{Mode: "flat", Unit: "LS", Label: "Anfahrt"}
			case "km":
				p.Travel = &feierabend.Travel{Mode: "km", Unit: "KMT", Label: "Anfahrt"}
			default:
				return "Bitte auswählen, wie Sie Anfahrt berechnen."
			}
			return ""
		}},
		{"fahrtpreis", func(p *feierabend.Profile) string {
			if p.Travel == nil {
				return ""
			}
			return p.Travel.Price.German(2)
		}, func(p *feierabend.Profile, typed string) (problem string) {
			if p.Travel == nil {
				return ""
			}
			travel := *p.Travel
			if travel.Price, problem = pricelist.Price(typed); typed == "" {
				problem = "Bitte den Preis der Anfahrt eintragen, zum Beispiel 39,00."
			}
			p.Travel = &travel
			return problem
		}},
		{"fahrttext", func(p *feierabend.Profile) string {
			if p.Travel == nil {
				return ""
			}
			return p.Travel.Label
		}, func(p *feierabend.Profile, typed string) string {
			if p.Travel == nil || typed == "" {
				return ""
			}
			if len([]rune(typed)) > 60 {
				return "Das ist zu lang: höchstens 60 Zeichen passen in die Zeile."
			}
			travel := *p.Travel
			travel.Label = typed
			p.Travel = &travel
			return ""
		}},
		{"einheit", func(p *feierabend.Profile) string {
			if p.TimeUnit == nil {
				return ""
			}
			return p.TimeUnit.Name
		}, func(p *feierabend.Profile, typed string) string {
			p.TimeUnit = nil
			if len([]rune(typed)) > 20 {
				return "Der Name der Einheit ist kurz, zum Beispiel AW."
			}
			if typed != "" {
				p.TimeUnit = &feierabend.TimeUnit{Name: typed}
			}
			return ""
		}},
		{"minuten", func(p *feierabend.Profile) string {
			if p.TimeUnit == nil {
				return ""
			}
			return p.TimeUnit.Minutes.German(0)
		}, func(p *feierabend.Profile, typed string) string {
			if p.TimeUnit == nil {
				return ""
			}
			n, ok := pricelist.Decimal(typed)
			if !ok || n <= 0 || n > feierabend.Dec(600) {
				return "Bitte eintragen, wie viele Minuten die Einheit hat, zum Beispiel 5."
			}
			p.TimeUnit = &feierabend.TimeUnit{Name: p.TimeUnit.Name, Minutes: n}
			return ""
		}},
	}
}

// invoiceFields: term, last numbers, how prices are said.
func invoiceFields() []field {
	return []field{
		{"ziel", func(p *feierabend.Profile) string {
			if p.DueDays == 0 {
				return ""
			}
			return strconv.Itoa(p.DueDays)
		}, func(p *feierabend.Profile, typed string) string {
			n := 0
			if typed != "" {
				var err error
				if n, err = strconv.Atoi(typed); err != nil || n < 0 || n > 90 {
					return "Bitte eine Zahl von Tagen eintragen, höchstens 90, oder leer lassen für „sofort“."
				}
			}
			p.DueDays = n
			return ""
		}},
		{"nummer", func(p *feierabend.Profile) string {
			if p.Seller.LastNumber == feierabend.NoNumber {
				return "keine"
			}
			return p.Seller.LastNumber
		}, setLastNumber},
		{"nummern", func(p *feierabend.Profile) string { return strings.Join(p.Seller.LastNumbers, ", ") }, setLastNumbers},
		choice("sprechweise", "Bitte auswählen, wie Sie Preise an Privatleute sagen. Was Sie in der Nachricht dazusagen, gilt immer zuerst.",
			func(p *feierabend.Profile) *string { return &p.SpokenPrices }, "net", "gross"),
	}
}

// setLastNumber takes the last invoice number of the firm, whatever its form, or „keine“.
func setLastNumber(p *feierabend.Profile, typed string) string {
	switch plain := strings.ToLower(strings.Trim(typed, " .-")); {
	case plain == "keine" || plain == "noch keine" || plain == feierabend.NoNumber:
		p.Seller.LastNumber = feierabend.NoNumber
		return ""
	case typed == "":
		return "Bitte die letzte Rechnungsnummer eintragen, die Sie vergeben haben, oder „keine“. So bekommt keine Nummer zwei Rechnungen."
	case len(typed) > 40 || !strings.ContainsAny(typed, "0123456789"):
		return "Daraus lässt sich keine Rechnungsnummer lesen. Bitte so eintragen, wie sie auf der letzten Rechnung steht, oder „keine“."
	}
	p.Seller.LastNumber = typed
	return ""
}

// setLastNumbers takes those of the other series: "AN-2026-0012, AB-2026-0003".
func setLastNumbers(p *feierabend.Profile, typed string) string {
	var out []string
	for _, one := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		one = strings.ToUpper(one)
		var year, n int
		if len(one) > 20 || len(one) < 9 || !strings.Contains("AN-AB-RB-ZE-", one[:3]) {
			return "Bitte nur Nummern der Form AN-2026-0012 eintragen (Angebot AN, Auftragsbestätigung AB, Regiebericht RB, Zahlungserinnerung ZE)."
		}
		if _, err := fmt.Sscanf(one[3:], "%4d-%d", &year, &n); err != nil || year < 2000 || year > 2100 || n < 1 || n > 9_999_999 {
			return "Bitte nur Nummern der Form AN-2026-0012 eintragen, mit Komma dazwischen."
		}
		out = append(out, feierabend.Series(fmt.Sprintf("%s%04d", one[:3], year)).Number(n))
	}
	p.Seller.LastNumbers = out
	return ""
}
