package dictation

import "strings"

// centsFollow says whether the small number c behind an amount in euros that begins at token i
// is its cents. Before a mark or a word of grammar it is; before a unit it counts what follows;
// before a thing only where the thing has a figure of its own: "Schraube 7 Euro 40 Dübel 3 Stück".
func centsFollow(t []token, i int, c number) bool {
	if dayAhead(t, c.i) || c.j < len(t) && t[c.j].is("mann", "leute", "ord.") {
		return false
	}
	if c.j >= len(t) || e2(t, c.j) {
		return true
	}
	if _, _, unit := unitAt(t, c.j); unit || t[c.j].kind != tWord || t[c.j].is("mal", "x", "aw", "uhr", "prozent") || sizeUnits[t[c.j].low] {
		return false
	}
	if next := t[c.j]; travelWords[next.low] || participle(next.low) && !next.upper && !strings.Contains(next.low, "zahl") { // not "50 angezahlt"
		return true
	}
	any, own := figureBehind(t, c.j)
	return own || any && !countedFirst(t, i)
}

// countedFirst says whether the thing before the amount at i was counted before it was named,
// "zwei Schrauben 7 Euro": then the next number counts too.
func countedFirst(t []token, i int) bool {
	k := i - 1
	for k >= 0 && t[k].is("zu", "je", "à", "a", "für", "kostet", "kosten", "jeweils") {
		k--
	}
	if k >= 0 {
		if _, _, unit := unitAt(t, k); unit {
			return false
		}
	}
	for n := 0; n < 2 && k >= 0 && t[k].kind == tWord; n, k = n+1, k-1 {
		if _, _, unit := unitAt(t, k); unit {
			return !nounBefore(t, k-2)
		}
		if t[k].is("euro", "€", "eur") {
			return false
		}
		if t[k].ok || articles[t[k].low] {
			return true
		}
	}
	return k >= 0 && t[k].kind == tNumber && !(k > 0 && t[k-1].is("euro", "€", "eur"))
}

// nounBefore says whether token k names a thing that the quantity behind it counts.
func nounBefore(t []token, k int) bool {
	return k >= 0 && t[k].kind == tWord && !stopWords[t[k].low] && !t[k].ok && !t[k].is("euro", "€", "eur")
}

// figureBehind says whether the thing at token k has a quantity behind it, and whether that is
// surely its own, as no other thing follows that it could count.
func figureBehind(t []token, k int) (any, own bool) {
	for n := k + 1; n < len(t) && n < k+5 && t[n].kind != tPunct; n++ {
		x, ok := numberAt(t, n)
		if !ok {
			continue
		}
		j := x.j
		if _, end, unit := unitAt(t, j); unit {
			j = end
		}
		if x.art || j < len(t) && t[j].is("euro", "€", "eur", "cent", "ct", "prozent") && j == x.j || t[n-1].is("zu", "je", "à", "für", "kostet", "kosten", "nach") {
			return false, false
		}
		_, number := numberAt(t, j)
		return true, e2(t, j) || number
	}
	return false, false
}
