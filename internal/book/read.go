package book

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"feierabend"
	"feierabend/internal/address"
)

// The names of the fields, as forms have them.
const (
	FieldSalutation = "anrede"
	FieldName       = "name"
	FieldCompany    = "firma"
	FieldStreet     = "strasse"
	FieldPostcode   = "plz"
	FieldCity       = "ort"
	FieldEmail      = "email"
	FieldPhone      = "telefon"
	FieldReference  = "leitweg"
	FieldVATID      = "ustid"
	FieldAliases    = "rufnamen"
)

// maxAliases bounds what may be added to the aliases of an entry.
const maxAliases = 8

// PlaceMark is what a form sends back so that postcode and place are taken as typed.
func (s *Step) PlaceMark(postcode, city string) string {
	return oneLine(postcode) + " " + oneLine(city)
}

// Typed gives an entry as the form shows it.
func (s *Step) Typed(a feierabend.AddressEntry) map[string]string {
	return map[string]string{
		FieldSalutation: a.Salutation, FieldName: a.Name, FieldCompany: a.Company, FieldStreet: a.Street, FieldPostcode: a.Postcode, FieldCity: a.City,
		FieldEmail: a.Email, FieldPhone: a.Phone, FieldReference: a.Reference, FieldVATID: a.VATID, FieldAliases: strings.Join(extras(a), "\n"),
	}
}

// reading is a form that is being read.
type reading struct {
	typed map[string]string
	wrong []feierabend.FieldError
}

func (r *reading) fail(field, text string) {
	r.wrong = append(r.wrong, feierabend.FieldError{Field: field, Text: text})
}

// text is a line of at most so many characters; missing is what to say where it is empty.
func (r *reading) text(field string, most int, missing string) string {
	s := oneLine(r.typed[field])
	switch {
	case s == "" && missing != "":
		r.fail(field, missing)
	case utf8.RuneCountInString(s) > most:
		r.fail(field, "Das ist zu lang für den Brief. Bitte kürzer fassen.")
	}
	return s
}

func (s *Step) read(typed map[string]string, mark string) (a feierabend.AddressEntry, err error) {
	r := &reading{typed: typed}
	a.Salutation = r.text(FieldSalutation, 10, "")
	if a.Salutation != "" && a.Salutation != "Herr" && a.Salutation != "Frau" && a.Salutation != "Familie" {
		r.fail(FieldSalutation, "Bitte Herr, Frau oder Familie auswählen, oder nichts.")
	}
	a.Name, a.Company = r.text(FieldName, 100, ""), r.text(FieldCompany, 100, "")
	if !strings.ContainsFunc(a.Name+a.Company, unicode.IsLetter) {
		r.fail(FieldName, "Bitte den Namen eintragen, oder weiter unten die Firma.")
	}
	a.Street = r.text(FieldStreet, 100, "Bitte Straße und Hausnummer eintragen: Sie müssen auf die Rechnung.")
	a.Postcode, a.City = r.text(FieldPostcode, 10, "Bitte die Postleitzahl eintragen."), r.text(FieldCity, 80, "Bitte den Ort eintragen.")
	if a.Postcode != "" && (len(a.Postcode) != 5 || strings.Trim(a.Postcode, "0123456789") != "" || a.Postcode < "01000") {
		r.fail(FieldPostcode, "Eine Postleitzahl hat fünf Ziffern, zum Beispiel 24582.")
	} else if a.Postcode != "" && a.City != "" && mark != s.PlaceMark(a.Postcode, a.City) {
		r.placeFits(s.place, a.Postcode, a.City)
	}
	r.reach(&a.Buyer)
	a.Aliases = join(Aliases(a.Buyer), r.aliases())
	return a, feierabend.InvalidFields("address", r.wrong)
}

// placeFits asks once where postcode and place do not meet.
func (r *reading) placeFits(place func(string, string) (bool, []string), postcode, city string) {
	fits, words := place(postcode, city)
	if fits {
		return
	}
	text := "Postleitzahl und Ort passen nach unserer Liste nicht zusammen."
	if len(words) > 0 {
		text += " Meinten Sie " + strings.Join(words, " oder ") + "?"
	}
	r.fail(FieldCity, text+" Stimmt Ihre Angabe, speichern Sie einfach noch einmal.")
}

// reach reads how the customer is reached, all of it optional.
func (r *reading) reach(b *feierabend.Buyer) {
	if s := r.text(FieldEmail, 254, ""); s != "" {
		e, ok := address.ReadEmail(s)
		if !ok {
			r.fail(FieldEmail, "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de.")
		}
		b.Email = e.Shown
	}
	if s := r.text(FieldPhone, 40, ""); s != "" {
		var ok bool
		if b.Phone, ok = address.ReadPhone(s); !ok {
			r.fail(FieldPhone, "Diese Telefonnummer gibt es so nicht. Bitte mit Vorwahl eingeben, zum Beispiel 04322 1234.")
		}
	}
	if s := r.text(FieldReference, 46, ""); s != "" {
		if !leitweg(s) {
			r.fail(FieldReference, "Eine Leitweg-ID sieht so aus: 08426999-0100-39. Bestellnummern gehören in die Sprachnachricht.")
		}
		b.Reference = s
	}
	if s := strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "").Replace(r.text(FieldVATID, 30, ""))); s != "" {
		if !vatID.MatchString(s) {
			r.fail(FieldVATID, "Das ist keine USt-IdNr. Sie beginnt mit zwei Buchstaben, zum Beispiel DE123456789.")
		}
		b.VATID = s
	}
}

var vatID = regexp.MustCompile(`^[A-Z]{2}[0-9A-Z]{6,13}$`)

// leitwegForm is the form of a Leitweg-ID: coarse address, fine address, check digits.
var leitwegForm = regexp.MustCompile(`^[0-9]{2,12}(-[0-9A-Za-z]{1,30})?-[0-9]{2}$`)

func leitweg(s string) bool { return leitwegForm.MatchString(s) }

// aliases are the added names, one a line or parted by commas.
func (r *reading) aliases() (out []string) {
	for _, one := range strings.FieldsFunc(strings.ToValidUTF8(r.typed[FieldAliases], ""), func(c rune) bool { return c == '\n' || c == ',' || c == ';' }) {
		one = oneLine(one)
		if one == "" {
			continue
		}
		letters := 0
		for _, c := range one {
			if unicode.IsLetter(c) {
				letters++
			}
		}
		if letters < 3 || utf8.RuneCountInString(one) > 60 {
			r.fail(FieldAliases, "Ein Rufname hat mindestens drei Buchstaben und höchstens 60 Zeichen.")
			return nil
		}
		out = append(out, one)
	}
	if len(out) > maxAliases {
		r.fail(FieldAliases, "Mehr als acht Rufnamen kann sich der Eintrag nicht merken.")
	}
	return out
}

// oneLine takes space, control characters and changes of writing direction out.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, ""))), " ")
}
