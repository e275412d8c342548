package dictation

import "strings"

// gluedTails are words of payment that recognisers glue to "Euro" and "Prozent":
// "200 Eurobar", "zwei Prozentskonto".
var gluedTails = set("bar bargeld skonto nachlass rabatt abschlag netto brutto anzahlung pauschal angezahlt bezahlt")

// splitGlued parts such words, and reads "Broto" after an amount as "brutto".
func splitGlued(t []token) []token {
	var out []token
	for i, x := range t {
		if x.kind == tWord {
			if head, tail, ok := gluedTerm(x); ok {
				out = append(out, head, tail)
				continue
			}
			if i > 0 && t[i-1].is("euro", "€", "eur") {
				x.low = taxMode(x.low)
			}
		}
		out = append(out, x)
	}
	return out
}

func gluedTerm(x token) (head, tail token, ok bool) {
	for _, stem := range []string{"euro", "prozent"} {
		rest, cut := strings.CutPrefix(x.low, stem)
		rest = strings.TrimPrefix(rest, "-")
		if !cut || !gluedTails[rest] {
			continue
		}
		r := []rune(x.s)
		at := len(r) - len([]rune(rest))
		head, tail = x, x
		head.s, head.low, head.to = string(r[:len(stem)]), stem, x.from+len(stem)
		tail.s, tail.low, tail.from, tail.gap, tail.upper = string(r[at:]), rest, x.from+at, true, false
		return head, tail, true
	}
	return x, x, false
}

// taxMode reads a misheard "brutto" or "netto".
func taxMode(w string) string {
	if len(w) < 4 || stopWords[w] || w == "bretter" || w == "netze" {
		return w
	}
	if distance(w, "brutto") <= 2 && strings.HasPrefix(w, "br") && strings.HasSuffix(w, "o") {
		return "brutto"
	}
	if distance(w, "netto") <= 1 && strings.HasPrefix(w, "n") {
		return "netto"
	}
	return w
}

// payMethod gives the means of payment a word names, also misheard: "Eckkarte".
func payMethod(w string) string {
	switch {
	case payMethods[w] != "":
		return payMethods[w]
	case len(w) < 7:
		return ""
	}
	for known, m := range payMethods {
		if len(known) >= 7 && (distance(w, known) <= 1 || cologne(w) == cologne(known) && distance(w, known) <= 3) {
			return m
		}
	}
	return ""
}

var payMethods = map[string]string{
	"bar": "cash", "bargeld": "cash", "cash": "cash", "barzahlung": "cash",
	"karte": "card", "ec": "card", "ec-karte": "card", "eckarte": "card", "girocard": "card", "girokarte": "card", "kreditkarte": "card", "kartenzahlung": "card", "kartenlesegerät": "card", "bankkarte": "card", "geldkarte": "card",
	"überwiesen": "transfer", "überwiesn": "transfer", "überweisung": "transfer", "überwies": "transfer",
}
