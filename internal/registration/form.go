package registration

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"feierabend"
	"feierabend/internal/address"
)

// Names of the fields on the page.
const (
	FieldFirm       = "betrieb"
	FieldLegalForm  = "rechtsform"
	FieldStreet     = "strasse"
	FieldPostcode   = "plz"
	FieldCity       = "ort"
	FieldFirstName  = "vorname"
	FieldLastName   = "nachname"
	FieldEmail      = "email"
	FieldPhone      = "telefon"
	FieldTrade      = "gewerk"
	FieldOtherTrade = "anderes-gewerk"
	FieldBusiness   = "unternehmer"
)

// Trades are the trades to choose from.
func Trades() []string {
	return []string{
		"Bau und Ausbau", "Dachdecker", "Elektrotechnik", "Fliesen und Platten", "Garten- und Landschaftsbau", "Gebäudereinigung", "Glas und Fenster", "Hausmeisterdienste",
		"Kfz-Werkstatt", "Maler und Lackierer", "Maurer und Beton", "Metallbau", "Sanitär, Heizung, Klima", "Schornsteinfeger", "Tischler und Schreiner", "Zimmerer", feierabend.OtherTrade,
	}
}

// Read checks the form and gives the application. Errors stand in the order of the
// page. ask is set where nothing is wrong but the place: a question, which the same
// form answers when it is sent again with PlaceConfirmed.
func Read(f feierabend.RegistrationForm) (a feierabend.Application, ask *feierabend.PlaceQuestion, wrong []feierabend.FieldError) {
	c := check{}
	a.Firm = c.line(FieldFirm, f.Firm, 2, 120, "Bitte geben Sie den Namen Ihres Betriebs ein, so wie er auf Ihren Rechnungen stehen soll.")
	if address.HasLink(a.Firm) {
		c.fail(FieldFirm, "Das ist eine Internetadresse. Bitte geben Sie hier nur den Namen Ihres Betriebs ein.")
	}
	a.LegalForm = feierabend.LegalForm(f.LegalForm)
	if a.LegalForm.German() == "" {
		c.fail(FieldLegalForm, "Bitte wählen Sie die Rechtsform aus.")
	}
	a.Street = c.street(f.Street)
	a.Postcode = c.postcode(f.Postcode)
	a.City = c.line(FieldCity, f.City, 2, 80, "Bitte geben Sie den Ort ein.")
	ask = c.place(&a, f)
	a.FirstName = c.name(FieldFirstName, f.FirstName, "Bitte geben Sie Ihren Vornamen ein.")
	a.LastName = c.name(FieldLastName, f.LastName, "Bitte geben Sie Ihren Nachnamen ein.")
	if e, ok := address.ReadEmail(f.Email); ok {
		a.Email = e.Shown
	} else if strings.TrimSpace(f.Email) == "" {
		c.fail(FieldEmail, "Bitte geben Sie Ihre E-Mail-Adresse ein. Dorthin kommt der Code zum Anmelden.")
	} else {
		c.fail(FieldEmail, "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de.")
	}
	if n, ok := address.ReadPhone(f.Phone); ok {
		a.Phone = n
	} else if strings.TrimSpace(f.Phone) == "" {
		c.fail(FieldPhone, "Bitte geben Sie Ihre Mobilnummer ein.")
	} else {
		c.fail(FieldPhone, "Diese Nummer ist nicht vollständig. Bitte mit Vorwahl eingeben, zum Beispiel 0171 3920015, aus dem Ausland mit +43 oder +41 davor.")
	}
	a.Trade = c.trade(f)
	if !f.Business {
		c.fail(FieldBusiness, "Feierabend ist nur für Betriebe. Bitte bestätigen Sie, dass Sie für einen Betrieb handeln.")
	}
	return a, ask, c.wrong
}

// check collects what is wrong.
type check struct{ wrong []feierabend.FieldError }

func (c *check) fail(name, text string) {
	c.wrong = append(c.wrong, feierabend.FieldError{Field: name, Text: text})
}

// line reads one line of text: inner space joined, no control characters.
func (c *check) line(name, typed string, least, most int, missing string) string {
	s := strings.Join(strings.Fields(typed), " ")
	n := utf8.RuneCountInString(s)
	switch {
	case n < least || !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		c.fail(name, missing)
	case n > most:
		c.fail(name, "Das ist zu lang. Bitte kürzen Sie es.")
	case strings.ContainsFunc(s, hidden) || !utf8.ValidString(s):
		c.fail(name, "Darin steht ein Zeichen, das sich nicht drucken lässt. Bitte tippen Sie es neu ein.")
	}
	return s
}

func hidden(r rune) bool { return feierabend.Unseen(r) || r == '<' || r == '>' }

func (c *check) name(field, typed, missing string) string {
	s := c.line(field, typed, 1, 60, missing)
	if strings.ContainsAny(s, "@/\\0123456789") {
		c.fail(field, missing)
	}
	return s
}

// street wants a house number, or that there is none.
func (c *check) street(typed string) string {
	before := len(c.wrong)
	s := c.line(FieldStreet, typed, 3, 120, "Bitte geben Sie Straße und Hausnummer ein, zum Beispiel Störweg 8.")
	none := strings.Contains(strings.ToLower(s), "o. nr") || strings.Contains(strings.ToLower(s), "o.nr") || strings.Contains(strings.ToLower(s), "ohne")
	if len(c.wrong) == before && !none && !strings.ContainsFunc(s, unicode.IsDigit) {
		c.fail(FieldStreet, "Die Hausnummer fehlt noch. Gibt es keine, schreiben Sie „o. Nr.“ dahinter.")
	}
	return s
}

// postcode wants five digits; spaces and a "D-" before them do not matter.
func (c *check) postcode(typed string) string {
	s := strings.ToUpper(strings.Join(strings.Fields(typed), ""))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "DE-"), "D-")
	switch {
	case s == "":
		c.fail(FieldPostcode, "Bitte geben Sie die Postleitzahl ein.")
	case len(s) != 5 || strings.Trim(s, "0123456789") != "" || s < "01000":
		c.fail(FieldPostcode, "Eine Postleitzahl hat fünf Ziffern.")
	}
	return s
}

// place asks where postcode and place do not meet in the table, once.
func (c *check) place(a *feierabend.Application, f feierabend.RegistrationForm) *feierabend.PlaceQuestion {
	if slices.ContainsFunc(c.wrong, func(e feierabend.FieldError) bool { return e.Field == FieldPostcode || e.Field == FieldCity }) || f.PlaceConfirmed != "" && f.PlaceConfirmed == f.PlaceMark() {
		return nil
	}
	found, known := checkPlace(a.Postcode, a.City)
	const again = " Stimmt Ihre Angabe, schicken Sie das Formular einfach noch einmal ab."
	switch found {
	case placeDiffers:
		c.fail(FieldCity, "Zur Postleitzahl "+a.Postcode+" kennen wir einen anderen Ort. Meinten Sie "+either(known)+"?"+again)
	case placeUnlisted:
		text := "Diese Postleitzahl kennen wir nicht."
		if len(known) > 0 {
			text += " Meinten Sie " + either(known) + "?"
		}
		c.fail(FieldPostcode, text+again)
	default:
		return nil
	}
	return &feierabend.PlaceQuestion{Postcodes: found == placeUnlisted, Words: known}
}

// either joins words: "A, B oder C".
func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " oder " + words[len(words)-1]
}

// trade wants a choice, or the words behind „Anderes Gewerk“.
func (c *check) trade(f feierabend.RegistrationForm) string {
	switch {
	case f.Trade == feierabend.OtherTrade, f.Trade == "" && strings.TrimSpace(f.OtherTrade) != "":
		return c.line(FieldOtherTrade, f.OtherTrade, 2, 80, "Bitte schreiben Sie hier, welches Gewerk es ist.")
	case !slices.Contains(Trades(), f.Trade):
		c.fail(FieldTrade, "Bitte wählen Sie Ihr Gewerk aus.")
	}
	return f.Trade
}
