package dictation

import (
	"feierabend"
)

// quantity is a number with its unit at tokens [i,j).
type quantity struct {
	v    fixed
	unit string
	i, j int
	art  bool // only "ein"
	rule bool // worked out: product, AW, days
	bare bool // no unit was said
}

var wordQuantities = map[string]quantity{
	"viertelstunde": {v: 2500, unit: "HUR"}, "viertelstündchen": {v: 2500, unit: "HUR"}, "dreiviertelstunde": {v: 7500, unit: "HUR"},
	"viertelstund": {v: 2500, unit: "HUR"}, "dreiviertelstund": {v: 7500, unit: "HUR"}, "halbstunde": {v: 5000, unit: "HUR"},
}

// quantityAt reads "zwei Stunden", "drei Meter zwanzig", "ein halber Tag", "'ne Dreiviertelstunde".
func quantityAt(t []token, i int) (quantity, bool) {
	if i >= len(t) {
		return quantity{}, false
	}
	k := i
	if t[k].kind == tWord && (articles[t[k].low] || t[k].is("a")) && k+1 < len(t) {
		if q, ok := wordQuantities[t[k+1].low]; ok {
			q.i, q.j = i, k+2
			return q, true
		}
		if v, frac, ok := t[k+1].spoken(); ok && frac && v < feierabend.One {
			k++
		}
	}
	if q, ok := wordQuantities[t[k].low]; ok {
		q.i, q.j = i, k+1
		return q, true
	}
	if (t[k].low == "a" || t[k].low == "ne") && k+1 < len(t) && t[k+1].is("stunde", "stündchen") { // Bavarian "a Stund"
		return quantity{v: feierabend.One, unit: "HUR", i: i, j: k + 2, art: true, rule: true}, true
	}
	n, ok := pairAt(t, k)
	if !ok {
		if n, ok = numberAt(t, k); !ok {
			return quantity{}, false
		}
	}
	unit, j, ok := unitAt(t, n.j)
	if !ok {
		return quantity{}, false
	}
	q := quantity{v: n.v, unit: unit, i: i, j: j, art: n.art}
	if unit == "HUR" && j < len(t) {
		q.minutes(t)
	}
	if unit == "MTR" && j < len(t) && n.word {
		if c, ok := numberAt(t, j); ok && !c.art {
			if w, whole := c.whole(); whole && w >= 10 && w < 100 && c.j == j+1 && t[j].kind == tWord && n.v%feierabend.One == 0 && (e2(t, c.j) || w%5 == 0 || t[c.j].is("mal", "x")) {
				q.v, q.j = q.v+c.v/100, c.j
			}
		}
	}
	return q, true
}

// fraction adds "(zwei Stunden und) eine Viertelstunde", "… eine halbe".
func (q *quantity) fraction(t []token, k int) bool {
	if k+1 < len(t) && articles[t[k].low] {
		k++
	}
	if k >= len(t) {
		return false
	}
	v, j := wordQuantities[t[k].low].v, k+1
	if v == 0 {
		f, frac, ok := t[k].spoken()
		if !ok || !frac || f >= feierabend.One {
			return false
		}
		v = f
		if j < len(t) && unitWords[t[j].low] == "HUR" {
			j++
		}
	}
	q.v, q.j, q.rule = q.v+v, j, true
	return true
}

// minutes adds "zwei Stunden fünfzehn (Minuten)".
func (q *quantity) minutes(t []token) {
	k := q.j
	if t[k].is("und") {
		k++
	}
	if k > q.j && q.fraction(t, k) {
		return
	}
	m, ok := numberAt(t, k)
	w, whole := m.whole()
	if !ok || !whole || m.art || w < 1 || w > 59 || m.j != k+1 {
		return
	}
	said := m.j < len(t) && t[m.j].is("minuten", "minute", "min")
	if !said && !(k == q.j && w >= 5 && (m.j >= len(t) || t[m.j].kind == tPunct || t[m.j].is("ach", "nee", "nein", "äh", "ähm", "quatsch", "halt"))) {
		return
	}
	q.v += fixed(feierabend.MulDiv(int64(m.v), 1, 60))
	q.j, q.rule = m.j, true
	if said {
		q.j++
	}
}

// quantity reads a quantity, or the firm's own time unit: "24 AW".
func (e *engine) quantity(i int) (quantity, bool) {
	if u := e.in.Profile.TimeUnit; u != nil {
		if n, ok := numberAt(e.t, i); ok && n.j < len(e.t) && e.t[n.j].is(lowered(u.Name), "arbeitswerte", "arbeitswert") {
			v := feierabend.Dec4(feierabend.MulDiv(int64(n.v), int64(u.Minutes), 60*int64(feierabend.One)))
			return quantity{v: v, unit: "HUR", i: i, j: n.j + 1, rule: true}, true
		}
	}
	return quantityAt(e.t, i)
}
