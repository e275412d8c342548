package pricelist

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"feierabend"
)

// Limits of a list and of an item.
const (
	MaxItems   = 5_000
	maxName    = 80 // characters: one line of the letter
	maxAlias   = 60
	maxAliases = 12
)

// The fields of an item, as the form names them.
const (
	FieldName    = "bezeichnung"
	FieldUnit    = "einheit"
	FieldPrice   = "preis"
	FieldKind    = "art"
	FieldVAT     = "steuer"
	FieldAliases = "namen"
)

// Values are the texts of an item by field.
type Values map[string]string

// Show gives an item as its form shows it; what Read takes again.
func Show(it feierabend.PriceItem) Values {
	v := Values{FieldName: it.Name, FieldUnit: it.Unit, FieldPrice: it.Price.German(2), FieldKind: string(it.Kind), FieldAliases: strings.Join(it.Aliases, ", ")}
	if it.VAT != nil {
		v[FieldVAT] = it.VAT.German(0)
	}
	return v
}

// Read makes an item of what was typed and says what is wrong with which field. Nothing
// that is missing is filled in.
func Read(v Values) (it feierabend.PriceItem, wrong []feierabend.FieldError) {
	fail := func(field, text string) {
		if text != "" {
			wrong = append(wrong, feierabend.FieldError{Field: field, Text: text})
		}
	}
	it.Name = oneLine(v[FieldName])
	fail(FieldName, checkName(it.Name))
	var problem string
	it.Price, problem = Price(v[FieldPrice])
	if strings.TrimSpace(v[FieldPrice]) == "" {
		problem = "Der Preis fehlt. Bitte netto in Euro eintragen, zum Beispiel 28,50."
	}
	fail(FieldPrice, problem)
	var ok bool
	if it.Unit, ok = UnitOf(v[FieldUnit]); !ok {
		fail(FieldUnit, badUnit(v[FieldUnit]))
	}
	if it.Kind, ok = kindOf(v[FieldKind]); !ok {
		fail(FieldKind, "Bitte auswählen, was das ist: Material, Arbeit, …")
	}
	it.VAT, problem = readVAT(v[FieldVAT])
	fail(FieldVAT, problem)
	it.Aliases, problem = readAliases(v[FieldAliases], it.Name)
	fail(FieldAliases, problem)
	return it, wrong
}

func badUnit(typed string) string {
	if strings.TrimSpace(typed) == "" {
		return "Die Einheit fehlt, zum Beispiel Stück, Stunde, m² oder pauschal."
	}
	return "Diese Einheit kennen wir nicht. Es gehen zum Beispiel Stück, Stunde, m, m², kg, l, Sack, pauschal."
}

// readVAT reads a rate that deviates from the firm's own: 7 or 0. The regular 19 is the
// firm's own and is kept as nothing: a firm under § 19 UStG shows none.
func readVAT(typed string) (*feierabend.Dec4, string) {
	s := strings.TrimSpace(strings.Trim(oneLine(typed), "%"))
	if s == "" || plainWord(s) == "regelsatz" {
		return nil, ""
	}
	n, ok := Decimal(s)
	switch {
	case ok && n == feierabend.Dec(19):
		return nil, ""
	case ok && (n == feierabend.Dec(7) || n == 0):
		return &n, ""
	}
	return nil, "Als Umsatzsteuer gehen 19, 7 und 0 Prozent. Leer heißt: wie sonst in Ihrem Betrieb."
}

// checkName says what is wrong with a name that is spoken, or "".
func checkName(name string) string {
	switch {
	case name == "":
		return "Die Bezeichnung fehlt. Sie steht so auf der Rechnung."
	case strings.HasPrefix(name, "=") || strings.HasPrefix(name, "@"):
		return "Das ist eine Formel, keine Bezeichnung. Bitte den Text selbst eintragen."
	case utf8.RuneCountInString(name) > maxName:
		return "Die Bezeichnung ist zu lang: höchstens " + strconv.Itoa(maxName) + " Zeichen passen in eine Zeile der Rechnung."
	case !strings.ContainsFunc(name, unicode.IsLetter):
		return "In der Bezeichnung steht kein Wort. Eine Artikelnummer kann niemand diktieren."
	}
	return everyday(name)
}

// everyday refuses words that stand in nearly every note: they would bill the item each time.
func everyday(name string) string {
	if !hasWord("und oder mit für von vom bei beim auf aus ab an am im in zu zum zur der die das den dem des ein eine einen einem einer ich wir er sie es heute gestern morgen "+
		"bitte dann noch auch neu neue rechnung angebot stunde stunden stück euro preis herr frau familie firma nicht war waren hat haben ist sind", strings.ToLower(name)) {
		return ""
	}
	return "Dieses Wort kommt in fast jeder Nachricht vor. Bitte genauer benennen, sonst stünde der Posten auf jeder Rechnung."
}

// readAliases parts the other spoken names of an item. A comma between two digits belongs
// to a name ("NYM 3x1,5").
func readAliases(typed, name string) (out []string, problem string) {
	seen := map[string]bool{Fold(name): true}
	for _, one := range splitAliases(typed) {
		if one = oneLine(one); one == "" || seen[Fold(one)] {
			continue
		}
		seen[Fold(one)] = true
		switch {
		case utf8.RuneCountInString(one) > maxAlias:
			return nil, "Ein anderer Name ist zu lang: höchstens " + strconv.Itoa(maxAlias) + " Zeichen, mit Komma getrennt."
		case strings.HasPrefix(one, "=") || strings.HasPrefix(one, "@"):
			return nil, "Unter den anderen Namen ist eine Formel. Bitte den Text selbst eintragen."
		case !strings.ContainsFunc(one, unicode.IsLetter):
			return nil, "Unter den anderen Namen ist einer ohne Wort. Bitte so eintragen, wie Sie es sagen."
		}
		if text := everyday(one); text != "" {
			return nil, text
		}
		out = append(out, one)
	}
	if len(out) > maxAliases {
		return nil, "Das sind zu viele andere Namen: höchstens " + strconv.Itoa(maxAliases) + "."
	}
	return out, ""
}

func splitAliases(s string) (out []string) {
	runes, from := []rune(s), 0
	for i, r := range runes {
		inNumber := r == ',' && i > 0 && i+1 < len(runes) && unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1])
		if strings.ContainsRune(",;|\n", r) && !inNumber {
			out, from = append(out, string(runes[from:i])), i+1
		}
	}
	return append(out, string(runes[from:]))
}

// Fold is the form in which two names are the same.
func Fold(name string) string { return strings.ToLower(oneLine(name)) }

// Clash finds another item of the list that is already called as it is: the name that
// both have and the other's name. own is the place of it in the list, -1 = a new one.
func Clash(list []feierabend.PriceItem, it feierabend.PriceItem, own int) (shared, other string, found bool) {
	mine := spoken(it)
	for i, o := range list {
		if i == own {
			continue
		}
		for _, name := range append([]string{o.Name}, o.Aliases...) {
			if slices.Contains(mine, Fold(name)) {
				return name, o.Name, true
			}
		}
	}
	return "", "", false
}

// spoken are all names of an item, folded.
func spoken(it feierabend.PriceItem) []string {
	out := []string{Fold(it.Name)}
	for _, a := range it.Aliases {
		out = append(out, Fold(a))
	}
	return out
}

// oneLine is text without control characters and changes of the writing direction, each
// run of blanks one blank.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r >= 0x7f && r <= 0x9f:
			return ' '
		case r == 0xad || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0xfeff:
			return -1 // soft hyphens and what cannot be seen
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
}
