package profile

import (
	"strings"
)

// taxForm is how tax offices of a Land write a Steuernummer: the groups on their
// letters, what the number begins with, and the beginning of the form of 13 digits that
// ELSTER uses everywhere. Check digits are not looked at: their rules differ by Land and
// are not public for all.
type taxForm struct {
	land   string
	groups [3]int // digits between the slashes; the second is 0 where there are two
	begins string // of the number as written
	elster string
}

// taxForms of the sixteen Länder. Read only.
var taxForms = []taxForm{
	{"Baden-Württemberg", [3]int{5, 0, 5}, "", "28"},
	{"Bayern", [3]int{3, 3, 5}, "", "9"},
	{"Berlin", [3]int{2, 3, 5}, "", "11"},
	{"Brandenburg", [3]int{3, 3, 5}, "0", "30"},
	{"Bremen", [3]int{2, 3, 5}, "", "24"},
	{"Hamburg", [3]int{2, 3, 5}, "", "22"},
	{"Hessen", [3]int{3, 3, 5}, "0", "26"},
	{"Mecklenburg-Vorpommern", [3]int{3, 3, 5}, "0", "40"},
	{"Niedersachsen", [3]int{2, 3, 5}, "", "23"},
	{"Nordrhein-Westfalen", [3]int{3, 4, 4}, "", "5"},
	{"Rheinland-Pfalz", [3]int{2, 3, 5}, "", "27"},
	{"Saarland", [3]int{3, 3, 5}, "0", "10"},
	{"Sachsen", [3]int{3, 3, 5}, "2", "32"},
	{"Sachsen-Anhalt", [3]int{3, 3, 5}, "1", "31"},
	{"Schleswig-Holstein", [3]int{2, 3, 5}, "", "21"},
	{"Thüringen", [3]int{3, 3, 5}, "1", "41"},
}

// TaxNumber reads the Steuernummer of a firm (BT-32) and checks that some Land writes
// numbers like that. It is kept as typed, with single separators. problem is "" where
// it may be right.
func TaxNumber(typed string) (number, problem string) {
	number = strings.Join(strings.Fields(typed), " ")
	digits, groups, odd := taxDigits(number)
	switch {
	case odd:
		return number, "Eine Steuernummer besteht aus Ziffern und Schrägstrichen, zum Beispiel 18/123/45678. Sie steht auf jedem Schreiben Ihres Finanzamts."
	case len(digits) < 10 || len(digits) == 12 || len(digits) > 13:
		return number, "Eine Steuernummer hat 10, 11 oder 13 Ziffern. Sie steht auf jedem Schreiben Ihres Finanzamts, zum Beispiel als 18/123/45678."
	case len(groups) == 1 && personalTaxID(digits):
		return number, "Das sieht nach Ihrer persönlichen Steuer-Identifikationsnummer aus. Sie gehört auf keine Rechnung. Gebraucht wird die Steuernummer des Betriebs, zum Beispiel 18/123/45678."
	case strings.Trim(digits, digits[:1]) == "":
		return number, "Diese Steuernummer kann nicht stimmen. Sie steht auf jedem Schreiben Ihres Finanzamts, zum Beispiel als 18/123/45678."
	}
	for _, f := range taxForms {
		if f.fits(digits, groups) {
			return number, ""
		}
	}
	return number, "So schreibt kein Finanzamt in Deutschland eine Steuernummer. Bitte übernehmen Sie sie genau wie auf dem Schreiben, mit den Schrägstrichen."
}

// taxDigits parts a number at its separators; odd = something else is in it.
func taxDigits(s string) (digits string, groups []int, odd bool) {
	last := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits += string(r)
			last++
		case r == '/' || r == ' ' || r == '-' || r == '.':
			if last > 0 {
				groups = append(groups, last)
			}
			last = 0
		default:
			return "", nil, true
		}
	}
	return digits, append(groups, last), digits == "" || last == 0
}

// fits says whether the Land writes a number of these digits, grouped like that; a
// number typed without separators fits by its digits alone.
func (f taxForm) fits(digits string, groups []int) bool {
	if len(digits) == 13 {
		return strings.HasPrefix(digits, f.elster) && digits[4] == '0'
	}
	if len(digits) != f.groups[0]+f.groups[1]+f.groups[2] || !strings.HasPrefix(digits, f.begins) {
		return false
	}
	switch {
	case len(groups) == 1:
		return true
	case f.groups[1] == 0:
		return len(groups) == 2 && groups[0] == f.groups[0]
	}
	return len(groups) == 3 && groups[0] == f.groups[0] && groups[1] == f.groups[1]
}

// personalTaxID says whether eleven digits are a valid identification number of a
// person (§ 139b AO): no zero in front, of the first ten digits exactly one twice or
// three times, check digit by ISO 7064 MOD 11,10.
func personalTaxID(digits string) bool {
	if len(digits) != 11 || digits[0] == '0' || !mod1110(digits) {
		return false
	}
	var seen [10]int
	for _, c := range digits[:10] {
		seen[c-'0']++
	}
	repeated := 0
	for _, n := range seen {
		if n > 3 {
			return false
		}
		if n > 1 {
			repeated++
		}
	}
	return repeated == 1
}

// mod1110 checks the last of some digits by ISO 7064, MOD 11,10.
func mod1110(digits string) bool {
	product := 10
	for _, c := range digits[:len(digits)-1] {
		sum := (int(c-'0') + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	return (11-product)%10 == int(digits[len(digits)-1]-'0')
}

// VATID reads a German Umsatzsteuer-Identifikationsnummer (BT-31) and checks its form
// and check digit. problem is "" where it is right.
func VATID(typed string) (id, problem string) {
	id = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' || r == '\u00a0' {
			return -1
		}
		return r
	}, typed))
	digits, german := strings.CutPrefix(id, "DE")
	switch {
	case !german:
		return id, "Die USt-IdNr. eines deutschen Betriebs beginnt mit DE, zum Beispiel DE 812 345 673."
	case len(digits) != 9 || strings.Trim(digits, "0123456789") != "":
		return id, "Nach DE stehen in der USt-IdNr. genau neun Ziffern, zum Beispiel DE 812 345 673. Die Steuernummer hat ihr eigenes Feld."
	case digits[0] == '0' || !mod1110(digits):
		return id, "Die Prüfziffer dieser USt-IdNr. stimmt nicht. Meist ist eine Ziffer vertauscht: Bitte vergleichen Sie sie mit dem Schreiben des Bundeszentralamts."
	}
	return id, ""
}
