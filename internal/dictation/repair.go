package dictation

// repair applies self-corrections of numbers to the tokens: the last said value stands
// ("anderthalb … ach ne, eindreiviertel"). Tokens keep their offsets, so evidence still
// points to the words that count.
func repair(t []token) []token {
	for guard := 0; guard < 20; guard++ {
		next, done := repairOnce(t)
		if done {
			return t
		}
		t = next
	}
	return t
}

// repairMark recognises words that take back what was said before; strong marks
// reach further back than mere hesitation.
func repairMark(t []token, i int) (end int, strong, ok bool) {
	before := i == 0 || t[i-1].kind == tPunct
	switch {
	case t[i].is("quatsch", "korrektur", "falsch", "verkehrt", "vielmehr", "blödsinn", "schmarrn", "schmarren", "unsinn", "kappes", "kokolores", "vertan"):
		return i + 1, true, true
	case t[i].is("nee", "nein", "ne", "nö") && (before || i > 0 && t[i-1].is("ach", "äh", "ähm", "oh", "oder", "aber", "also")):
		return i + 1, true, true
	case t[i].is("nee", "nein", "ne", "nö", "noi") && i > 0 && i+1 < len(t) && !before && countsAfter(t, i+1) && countsBefore(t, i):
		return i + 1, false, true
	case t[i].is("ach") && i+1 < len(t) && t[i+1].is("was", "wo", "quatsch"):
		return i + 2, true, true
	case t[i].is("doch") && i+1 < len(t) && t[i+1].is("nicht") && before:
		return i + 2, true, true
	case t[i].is("besser") && i+1 < len(t) && t[i+1].is("gesagt"), t[i].is("ich") && i+1 < len(t) && t[i+1].is("meine", "mein") && i > 0 && !t[i-1].ends():
		return i + 2, true, true
	case t[i].is("ach") && i+1 < len(t) && curses[t[i+1].low]:
		return i + 2, true, true
	case t[i].is("warte", "wart", "moment", "stopp", "halt", "sorry", "pardon", "verzeihung", "entschuldigung", "tschuldigung") && before, curses[t[i].low] && before && i+1 < len(t) && t[i+1].kind == tPunct:
		return i + 1, false, true
	}
	return 0, false, false
}

// curses are heard where a number is taken back.
var curses = set("mist käse verdammt verflixt scheiße quark mensch herrje")

// amount is a number with the unit or euro sign that follows it.
type amount struct {
	n       number
	unitEnd int
	unit    string
	money   bool
}

func amountAt(t []token, i int) (amount, bool) {
	n, ok := pairAt(t, i)
	if !ok {
		n, ok = numberAt(t, i)
	}
	if !ok {
		return amount{}, false
	}
	a := amount{n: n, unitEnd: n.j}
	if u, j, ok := unitAt(t, n.j); ok {
		a.unit, a.unitEnd = u, j
	} else if n.j < len(t) && t[n.j].is("euro", "€", "eur") {
		a.money, a.unitEnd = true, n.j+1
	} else if n.j < len(t) && t[n.j].is("prozent", "%") {
		a.unit, a.unitEnd = "P1", n.j+1
	} else if n.j < len(t) && t[n.j].is("mann", "leute", "leuten") {
		a.unit, a.unitEnd = "mann", n.j+1
	}
	return a, true
}

// before finds the last amount before token i in the same or the previous clause.
func before(t []token, i int, strong bool) (amount, bool) {
	clauses, limit := 0, i-14
	for k := i - 1; k >= 0 && k >= limit; k-- {
		if t[k].ends() {
			clauses += 2
		} else if t[k].parts() {
			clauses++
		}
		if clauses > 3 && !(clauses == 4 && (i == 0 || t[i-1].ends() || i > 1 && t[i-2].ends())) {
			break
		}
		a, ok := amountAt(t, k)
		if !ok || a.n.art && a.unit == "" || a.unitEnd > i {
			continue
		}
		for k > 0 && k > limit { // the number may begin further left: "eins fünf null"
			b, ok := amountAt(t, k-1)
			if !ok || b.n.j < a.n.j {
				break
			}
			a = b
			k--
		}
		for s := k - 1; s >= max(0, k-3) && a.unit == ""; s-- { // "eine Stunde zwanzig"
			if q, ok := quantityAt(t, s); ok && q.j == a.unitEnd && q.unit == "HUR" {
				a = amount{n: number{v: q.v, i: s, j: q.j}, unitEnd: q.j, unit: q.unit}
			}
		}
		if !strong {
			for m := a.unitEnd; m < i; m++ {
				if t[m].kind != tPunct && !fillerWords[t[m].low] {
					return amount{}, false
				}
			}
		}
		return a, true
	}
	return amount{}, false
}

// after finds the corrected amount behind a mark.
func after(t []token, i int) (amount, bool) {
	for k := i; k < len(t) && k < i+16; k++ {
		if a, ok := amountAt(t, k); ok && !(a.n.art && a.unit == "") {
			if t[k].kind == tWord && k > 0 && t[k-1].is("um", "vor") {
				continue
			}
			return a, true
		}
		if a, ok := timesWord(t[k].low); ok {
			return amount{n: number{v: a, i: k, j: k + 1}, unitEnd: k + 1, unit: "mal"}, true
		}
		if t[k].ends() && k > i+1 {
			return amount{}, false
		}
	}
	return amount{}, false
}

func repairOnce(t []token) ([]token, bool) {
	for i := range t {
		if cut, ok := struckNumber(t, i); ok {
			return cut, false
		}
		end, strong, ok := repairMark(t, i)
		if !ok {
			continue
		}
		x, okX := after(t, end)
		if !okX {
			continue
		}
		if x.unit == "mal" {
			if out, ok := repairTimes(t, i, x); ok {
				return out, false
			}
			continue
		}
		y, okY := before(t, i, strong)
		if !okY || !compatible(t, x, y, end) {
			continue
		}
		return replace(t, i, x, y), false
	}
	return t, true
}

// compatible says whether x can stand in the place of y.
func compatible(t []token, x, y amount, end int) bool {
	for k := end; k < x.n.i; k++ { // nouns of their own between mark and number make a new statement, unless a clause explains
		if t[k].kind == tWord && t[k].upper && !fillerWords[t[k].low] && !hasSagen(t, end, x.n.i) {
			return false
		}
	}
	if y.unit == "" && !y.money && y.n.v >= 10000_0000 && y.n.j == y.n.i+1 && x.n.v < 10000_0000 {
		return false // a postcode
	}
	if x.unit == "" && !x.money {
		if next := x.unitEnd; next < len(t) && t[next].kind == tWord && t[next].upper && y.unit != "" {
			return false
		}
		return true
	}
	if x.money {
		return y.money || y.unit == ""
	}
	return x.unit == y.unit || y.unit == "" && !y.money
}

func hasSagen(t []token, i, j int) bool {
	for k := i; k < j; k++ {
		if t[k].is("sagen", "also", "machen") {
			return true
		}
	}
	return false
}

// replace puts the number of x where y stood and drops everything from the mark to x.
func replace(t []token, mark int, x, y amount) []token {
	out := append([]token{}, t[:y.n.i]...)
	out = append(out, t[x.n.i:x.n.j]...)
	if x.unitEnd > x.n.j && y.unitEnd == y.n.j {
		out = append(out, t[x.n.j:x.unitEnd]...)
	}
	out = append(out, t[y.n.j:mark]...)
	return append(out, t[x.unitEnd:]...)
}

// repairTimes handles "zweimal, nee, einmal".
func repairTimes(t []token, mark int, x amount) ([]token, bool) {
	for k := mark - 1; k >= 0 && k > mark-5; k-- {
		if _, ok := timesWord(t[k].low); ok {
			out := append([]token{}, t[:k]...)
			out = append(out, t[x.n.i])
			out = append(out, t[k+1:mark]...)
			return append(out, t[x.n.j:]...), true
		}
	}
	return nil, false
}

// struckNumber drops "nicht vierundzwanzig" and "statt 4" after another number.
func struckNumber(t []token, i int) ([]token, bool) {
	if !t[i].is("nicht", "statt") || i == 0 || !(t[i-1].kind == tPunct || t[i].is("statt") || t[i-1].is("und")) {
		return nil, false
	}
	a, ok := amountAt(t, i+1)
	if !ok || a.n.art {
		return nil, false
	}
	if a.unitEnd < len(t) && t[a.unitEnd].kind == tWord && !t[a.unitEnd].is("sondern", "und") {
		return nil, false
	}
	return append(append([]token{}, t[:i]...), t[a.unitEnd:]...), true
}

// timesWord reads "zweimal", "dreimal".
func timesWord(w string) (v fixed, ok bool) {
	n := len(w) - 3
	if n < 3 || w[n:] != "mal" {
		return 0, false
	}
	base := w[:n]
	if v, frac, ok := wordNumber(base); ok && !frac {
		return v, true
	}
	return 0, false
}
