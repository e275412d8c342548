package dictation

import "strings"

// reasonVerbs tell why a number is taken back: "nee, einmal war ich krank, vier".
var reasonVerbs = set("war waren ist hat hab habe haben hatte hatten ging fiel kam blieb lag fehlt fehlen nahm brach wurde wird konnte könnte mussten bin sind passt passen gibt gab lief stand rief sagte")

// reasonEnds are words in "-te" that are no verbs of the past.
var reasonEnds = set("heute bitte letzte erste zweite dritte beste bereite leute rote breite")

// reasoned reads a number taken back with the reason in between and puts the last number in
// the place of the first; the reason is dropped. The mark stands at tokens [i,end).
func reasoned(t []token, i, end int) ([]token, bool) {
	from := end
	for from < len(t) && t[from].kind == tPunct {
		from++
	}
	to := from
	for to < len(t) && to < from+14 && t[to].kind != tPunct {
		to++
	}
	if to >= len(t)-1 || t[to].kind != tPunct || !tellsReason(t, from, to) {
		return nil, false
	}
	k := to + 1
	for k < len(t) && k < to+5 && t[k].is("also", "dann", "macht", "bleiben", "bleibt", "nur", "sind", "waren", "das", "es", "mithin", "demnach", "somit") {
		k++
	}
	if k >= len(t) {
		return nil, false
	}
	if _, ok := timesWord(t[k].low); ok {
		x := amount{n: number{i: k, j: k + 1}, unitEnd: k + 1, unit: "mal"}
		return repairTimesFar(t, i, x)
	}
	x, ok := amountAt(t, k)
	if !ok {
		return nil, false
	}
	y, ok := takenBack(t, i, x)
	if !ok || !closes(t, x, y) || x.n.art && !nounAgain(t, x, y) {
		return nil, false
	}
	if n := x.unitEnd; nounAgain(t, x, y) {
		t = append(append([]token{}, t[:n]...), t[n+1:]...) // the noun said again
	}
	return replace(t, i, x, y), true
}

// tellsReason says whether a clause has a verb, and no number as its result.
func tellsReason(t []token, from, to int) bool {
	verb := false
	for k := from; k < to; k++ {
		low := t[k].low
		if t[k].kind != tWord {
			continue
		}
		verb = verb || reasonVerbs[low] || !t[k].upper && len(low) > 4 && strings.HasSuffix(low, "te") && !reasonEnds[low]
		if t[k].is("waren", "sind", "macht", "warens", "sinds") && k+1 < to {
			m := k + 1
			for m < to-1 && t[m].is("es", "das", "nur", "doch", "ja", "eben") {
				m++
			}
			if a, ok := amountAt(t, m); ok && !a.n.art && a.unitEnd >= to {
				return false // "nee, das waren vier"
			}
		}
		if a, ok := amountAt(t, k); ok && !a.n.art && k == from && a.unitEnd < to && t[a.unitEnd].is("waren", "sind", "warens", "sinds") && a.unitEnd+2 >= to {
			return false // "nee, vier waren es"
		}
	}
	return verb
}

// takenBack finds the amount before the mark that x replaces.
func takenBack(t []token, i int, x amount) (amount, bool) {
	for k := i - 1; k >= 0 && k > i-22; k-- {
		if t[k].ends() && k < i-1 {
			break
		}
		a, ok := amountAt(t, k)
		if !ok || a.n.art || a.unitEnd > i || a.unit == "P1" || a.unitEnd < len(t) && sizeUnits[t[a.unitEnd].low] {
			continue
		}
		for k > 0 {
			b, ok := amountAt(t, k-1)
			if !ok || b.n.j < a.n.j {
				break
			}
			a, k = b, k-1
		}
		led := k > 0 && t[k-1].is("je", "à", "á", "zu", "für", "jeweils")
		switch {
		case x.money && (a.money || led && a.unit == ""), x.unit != "" && a.unit == x.unit:
			return a, true
		case !x.money && !a.money && !led && (x.unit == "" || a.unit == ""):
			return a, true
		}
	}
	return amount{}, false
}

// closes says whether the statement ends behind x, or goes on with the noun or price of y.
func closes(t []token, x, y amount) bool {
	k := x.unitEnd
	if k >= len(t) || t[k].kind == tPunct || t[k].is("je", "à", "á", "zu", "nach", "jeweils", "waren", "sind", "laut", "aus") {
		return true
	}
	return nounAgain(t, x, y)
}

// nounAgain says whether the noun behind y is said again behind x.
func nounAgain(t []token, x, y amount) bool {
	return x.unitEnd < len(t) && y.unitEnd < len(t) && t[x.unitEnd].kind == tWord && stem(t[x.unitEnd].low) == stem(t[y.unitEnd].low)
}

// repairTimesFar is repairTimes over a whole sentence: "dreimal Anfahrt, nee, einmal bin ich mitgefahren, zweimal".
func repairTimesFar(t []token, mark int, x amount) ([]token, bool) {
	for k := mark - 1; k >= 0 && k > mark-16 && (!t[k].ends() || k == mark-1); k-- {
		if _, ok := timesWord(t[k].low); ok {
			out := append([]token{}, t[:k]...)
			out = append(out, t[x.n.i])
			out = append(out, t[k+1:mark]...)
			return append(out, t[x.n.j:]...), true
		}
	}
	return nil, false
}

// termShift says whether days of a payment term would replace a number that is none.
func termShift(t []token, mark int, x, y amount) bool {
	if x.unit != "DAY" && x.unit != "WEE" || y.unit == "DAY" || y.unit == "WEE" {
		return false
	}
	k := mark - 1
	if k >= 0 && t[k].ends() {
		k--
	}
	for ; k >= 0 && k > mark-16 && !t[k].ends(); k-- {
		if payWords[t[k].low] || t[k].is("zahlungsfrist", "ziel", "bezahlen") {
			return true
		}
	}
	return false
}
