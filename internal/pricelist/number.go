package pricelist

import (
	"strings"

	"feierabend"
)

// dashes are the ways to write "no cents": "89,-".
var dashes = []string{",--", ",-", ",–", ",—", ".--", ".-", ".–", ".—"}

// Decimal reads a number as Germans type it: "68", "68,5", "1.234,50", "12.50", "89,-". A
// single point with three digits behind it parts thousands, unless nothing but a zero
// stands before it.
func Decimal(typed string) (feierabend.Dec4, bool) {
	s := strings.NewReplacer("\u00a0", "", "\u202f", "", " ", "", "€", "", "EUR", "", "Euro", "", "'", "", "−", "-").Replace(typed)
	for _, d := range dashes {
		if base, cut := strings.CutSuffix(s, d); cut {
			s = base
			break
		}
	}
	whole, frac, comma := strings.Cut(s, ",")
	if !comma {
		if i := strings.LastIndexByte(s, '.'); i >= 0 && strings.Count(s, ".") == 1 && (len(s)-i-1 != 3 || strings.Trim(s[:i], "-") == "0") {
			whole, frac, comma = s[:i], s[i+1:], true
		}
	}
	if comma && frac == "" || whole == "" || strings.ContainsAny(frac, ".,+-") {
		return 0, false
	}
	if parts := strings.Split(whole, "."); len(parts) > 1 {
		if strings.HasPrefix(strings.TrimPrefix(whole, "-"), "0") {
			return 0, false
		}
		for i, p := range parts {
			if p == "" || len(strings.TrimPrefix(p, "-")) > 3 || i > 0 && len(p) != 3 {
				return 0, false
			}
		}
		whole = strings.Join(parts, "")
	}
	if comma {
		whole += "." + frac
	}
	n, err := feierabend.ParseDec4(whole)
	return n, err == nil
}

// maxPrice bounds what is taken for a price: beyond it somebody mistyped.
const maxPrice = feierabend.Dec4(1_000_000) * feierabend.One

// Price reads an amount in euro with up to four decimals; what is wrong, or "".
func Price(typed string) (feierabend.Dec4, string) {
	n, ok := Decimal(typed)
	switch {
	case !ok:
		return 0, "Daraus lässt sich kein Betrag lesen. Bitte in Euro eingeben, zum Beispiel 68,00."
	case n <= 0:
		return 0, "Der Betrag muss größer als null sein."
	case n > maxPrice:
		return 0, "Dieser Betrag ist zu groß. Bitte prüfen Sie das Komma."
	}
	return n, ""
}
