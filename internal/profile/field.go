package profile

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"feierabend"
	"feierabend/internal/address"
)

// field is one value of the profile as a form shows and sets it. set gets trimmed,
// valid UTF-8 of one line and says what is wrong, or "".
type field struct {
	name string
	get  func(p *feierabend.Profile) string
	set  func(p *feierabend.Profile, typed string) string
}

// fields are all that can be set, in the order in which they are set: what depends on
// another stands behind it.
func fields() []field {
	return concat(firmFields(), taxFields(), bankFields(), invoiceFields(), rateFields(), travelFields())
}

func concat(lists ...[]field) (out []field) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// text is a field of free text; missing is what to say where it must not be empty.
func text(name string, most int, missing string, at func(p *feierabend.Profile) *string) field {
	return field{name, func(p *feierabend.Profile) string { return *at(p) }, func(p *feierabend.Profile, typed string) string {
		switch {
		case typed == "" && missing != "":
			return missing
		case utf8.RuneCountInString(typed) > most:
			return "Das ist zu lang: höchstens " + strconv.Itoa(most) + " Zeichen passen auf den Brief."
		}
		*at(p) = typed
		return ""
	}}
}

// noLink is the field f without internet addresses: it stands in mails to strangers.
func noLink(f field) field {
	set := f.set
	f.set = func(p *feierabend.Profile, typed string) string {
		if address.HasLink(typed) {
			return "Das ist eine Internetadresse. Hier steht nur der Name des Betriebs."
		}
		return set(p, typed)
	}
	return f
}

// checked is a field with a check of its own; empty is allowed.
func checked(name string, check func(typed string) (string, string), at func(p *feierabend.Profile) *string) field {
	return field{name, func(p *feierabend.Profile) string { return *at(p) }, func(p *feierabend.Profile, typed string) string {
		if typed == "" {
			*at(p) = ""
			return ""
		}
		value, problem := check(typed)
		if problem == "" {
			*at(p) = value
		}
		return problem
	}}
}

// choice is a field with fixed values.
func choice(name, problem string, at func(p *feierabend.Profile) *string, values ...string) field {
	return field{name, func(p *feierabend.Profile) string { return *at(p) }, func(p *feierabend.Profile, typed string) string {
		for _, v := range values {
			if typed == v {
				*at(p) = v
				return ""
			}
		}
		return problem
	}}
}

func firmFields() []field {
	return []field{
		noLink(text("name", 100, "Bitte den Namen des Betriebs eintragen, so wie er auf Rechnungen steht.", func(p *feierabend.Profile) *string { return &p.Seller.Name })),
		{"rechtsform", func(p *feierabend.Profile) string { return string(p.Seller.LegalForm) }, func(p *feierabend.Profile, typed string) string {
			f := feierabend.LegalForm(typed)
			if f.German() == "" {
				return "Bitte die Rechtsform auswählen."
			}
			p.Seller.LegalForm = f
			return ""
		}},
		text("strasse", 100, "Bitte Straße und Hausnummer eintragen: Sie müssen auf die Rechnung.", func(p *feierabend.Profile) *string { return &p.Seller.Street }),
		{"plz", func(p *feierabend.Profile) string { return p.Seller.Postcode }, func(p *feierabend.Profile, typed string) string {
			if len(typed) != 5 || strings.Trim(typed, "0123456789") != "" || typed < "01000" {
				return "Eine Postleitzahl hat fünf Ziffern, zum Beispiel 25524."
			}
			p.Seller.Postcode = typed
			return ""
		}},
		text("ort", 80, "Bitte den Ort eintragen: Er muss auf die Rechnung.", func(p *feierabend.Profile) *string { return &p.Seller.City }),
		text("zusatz", 80, "", func(p *feierabend.Profile) *string { return &p.Seller.Tagline }),
		text("ansprechpartner", 80, "", func(p *feierabend.Profile) *string { return &p.Seller.Contact }),
		checked("telefon", func(typed string) (string, string) {
			if _, ok := address.ReadPhone(typed); !ok {
				return "", "Diese Telefonnummer gibt es so nicht. Bitte mit Vorwahl eingeben, zum Beispiel 04821 5550120."
			}
			return typed, ""
		}, func(p *feierabend.Profile) *string { return &p.Seller.Phone }),
		checked("email", func(typed string) (string, string) {
			e, ok := address.ReadEmail(typed)
			if !ok {
				return "", "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de."
			}
			return e.Shown, ""
		}, func(p *feierabend.Profile) *string { return &p.Seller.Email }),
		text("gericht", 80, "", func(p *feierabend.Profile) *string { return &p.Seller.RegisterCourt }),
		checked("register", func(typed string) (string, string) {
			if utf8.RuneCountInString(typed) > 40 || !strings.ContainsAny(typed, "0123456789") {
				return "", "Eine Registernummer sieht zum Beispiel so aus: HRB 12345 PI."
			}
			return typed, ""
		}, func(p *feierabend.Profile) *string { return &p.Seller.RegisterID }),
		text("vertretung", 160, "", func(p *feierabend.Profile) *string { return &p.Seller.LegalInfo }),
	}
}

func taxFields() []field {
	return []field{
		checked("steuernummer", TaxNumber, func(p *feierabend.Profile) *string { return &p.Seller.TaxNumber }),
		checked("ustid", VATID, func(p *feierabend.Profile) *string { return &p.Seller.VATID }),
		{"verfahren", func(p *feierabend.Profile) string { return p.VATScheme }, func(p *feierabend.Profile, typed string) string {
			if !p.SetScheme(typed) {
				return "Bitte auswählen, ob Sie Umsatzsteuer ausweisen. Wir setzen hier nichts ein: Falsch ausgewiesene Steuer müssten Sie zahlen."
			}
			return ""
		}},
		{"ist", func(p *feierabend.Profile) string { return flag(p.CashBasis) }, func(p *feierabend.Profile, typed string) string {
			p.CashBasis = typed != ""
			return ""
		}},
		choice("umsatz", "Bitte eine der Möglichkeiten auswählen.", func(p *feierabend.Profile) *string { return &p.Turnover }, "", feierabend.TurnoverBelow, feierabend.TurnoverAbove),
	}
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}

func bankFields() []field {
	return []field{
		checked("iban", IBAN, func(p *feierabend.Profile) *string { return &p.Seller.IBAN }),
		{"bic", func(p *feierabend.Profile) string { return p.Seller.BIC }, func(p *feierabend.Profile, typed string) string {
			bic, problem := "", ""
			if typed != "" {
				bic, problem = BIC(typed, p.Seller.IBAN)
			}
			if problem == "" {
				p.Seller.BIC = bic
			}
			return problem
		}},
		text("inhaber", 70, "", func(p *feierabend.Profile) *string { return &p.Seller.AccountHolder }),
	}
}
