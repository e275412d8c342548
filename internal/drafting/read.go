package drafting

import (
	"strings"
	"time"
	"unicode"

	"feierabend"
	"feierabend/internal/dictation"
)

func letter(r rune) bool { return unicode.IsLetter(r) }

// plainWords are the words of a text without punctuation and case.
func plainWords(s string) []string { return strings.Fields(plain(s)) }

// typedNumber reads a number as people type it: "1.234,50", "2,5", "12.50",
// "189". A single point with three digits after it parts thousands.
func typedNumber(s string) (feierabend.Dec4, bool) {
	s = strings.ReplaceAll(s, "\u00a0", "")
	s = strings.ReplaceAll(s, " ", "")
	whole, frac, comma := strings.Cut(s, ",")
	if !comma {
		if i := strings.LastIndexByte(s, '.'); i >= 0 && len(s)-i-1 != 3 {
			whole, frac, comma = s[:i], s[i+1:], true
		}
	}
	if comma && frac == "" || whole == "" || whole[0] == '.' {
		return 0, false
	}
	if parts := strings.Split(whole, "."); len(parts) > 1 {
		for i, p := range parts {
			if len(p) > 3 || p == "" || i > 0 && len(p) != 3 {
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

// readRate reads a VAT rate: "19", "19 %", "neunzehn Prozent".
func readRate(value string) (feierabend.Dec4, bool) {
	s := strings.TrimSuffix(plain(value), " prozent")
	n, ok := readNumber(strings.TrimSpace(s))
	if !ok || n != feierabend.Dec(19) && n != feierabend.Dec(7) && n != 0 {
		return 0, false
	}
	return n, true
}

// readPrice reads an amount in euro and whether net or gross was said, "" = not.
func readPrice(value string) (amount feierabend.Dec4, mode string, ok bool) {
	var keep []string
	for _, w := range strings.Fields(value) {
		switch strings.ToLower(strings.Trim(w, ".,;:!")) {
		case "netto":
			mode = "net"
		case "brutto", "inklusive", "inkl":
			mode = "gross"
		default:
			keep = append(keep, w)
		}
	}
	amount, ok = readMoney(strings.Join(keep, " "))
	return amount, mode, ok
}

// readNumber reads a number as typed or said; the whole text must be it.
func readNumber(value string) (feierabend.Dec4, bool) {
	if n, ok := typedNumber(value); ok {
		return n, true
	}
	return dictation.ReadNumber(value)
}

// readMoney reads an amount in euro as typed or said; the whole text must be it.
func readMoney(value string) (feierabend.Dec4, bool) {
	s := strings.TrimSpace(value)
	for _, unit := range []string{"€", "Euro", "euro", "EUR"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	}
	if n, ok := typedNumber(s); ok {
		return n, true
	}
	return dictation.ReadMoney(value)
}

// readPeriod reads a day or period as a date field sends it, as typed or as said.
func readPeriod(value string, at time.Time) (feierabend.Period, bool) {
	if t, ok := feierabend.Date(value).Time(); ok {
		d := string(feierabend.DateOf(t))
		return feierabend.Period{From: d, To: d}, true
	}
	return dictation.ReadDate(value, at)
}

// readAddress reads street, postcode and city from one text; absent parts are "".
func readAddress(value string) (street, postcode, city string) {
	street, postcode, city, _ = dictation.ReadAddress(value)
	return street, postcode, city
}
