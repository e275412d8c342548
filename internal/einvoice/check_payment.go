package einvoice

import (
	"strings"

	"feierabend"
)

func (f *findings) paymentRules() {
	d := f.doc
	if d.Sums.Payable > 0 && d.DueOn.IsZero() && d.PaymentTerms == "" && d.CashDiscount == nil {
		f.err("BR-CO-25", "Es fehlt, bis wann zu zahlen ist.")
	}
	switch {
	case d.IBAN == "":
		if d.Sums.Payable > 0 {
			f.warn("BR-61", "Es ist keine IBAN angegeben.")
		}
	case !ValidIBAN(d.IBAN):
		f.err("BR-DE-19", "Die IBAN stimmt nicht (Länge oder Prüfziffern).")
	}
	if d.Prepaid < 0 {
		f.warn("PREPAID", "Der schon gezahlte Betrag ist negativ.")
	}
	if c := d.CashDiscount; c != nil {
		switch {
		case c.Days < 1 || c.Days > 365:
			f.err("BR-DE-18", "Die Skontofrist ist keine Zahl von Tagen.")
		case c.Percent <= 0 || c.Percent >= feierabend.Dec(100) || c.Percent%100 != 0:
			f.err("BR-DE-18", "Der Skontosatz ist kein Prozentsatz mit höchstens zwei Nachkommastellen.")
		}
	}
	for _, line := range strings.Split(d.PaymentTerms, "\n") {
		if strings.HasPrefix(line, "#") {
			report := f.warn
			if d.Profile == feierabend.ProfileXRechnung {
				report = f.err
			}
			report("BR-DE-18", "Eine Zeile der Zahlungsbedingungen beginnt mit #, ist aber keine Skontozeile nach Vorschrift.")
		}
	}
}

// ValidIBAN checks form, the German length of 22 and the check digits
// (ISO 13616, modulo 97). Spaces are allowed between groups.
func ValidIBAN(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	if len(s) < 15 || len(s) > 34 || !upper(s[0]) || !upper(s[1]) || s[:2] == "DE" && len(s) != 22 {
		return false
	}
	rest := 0
	for _, c := range []byte(s[4:] + s[:4]) {
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case upper(c):
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// validGermanVATID checks DE and nine digits with the check digit of ISO 7064, MOD 11,10.
func validGermanVATID(s string) bool {
	if len(s) != 11 || digits(s[2:]) != 9 {
		return false
	}
	product := 10
	for _, c := range []byte(s[2:10]) {
		sum := (int(c-'0') + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = 2 * sum % 11
	}
	return (11-product)%10 == int(s[10]-'0')
}
