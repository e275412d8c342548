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
	if t[k].kind == tWord && articles[t[k].low] && k+1 < len(t) {
		if q, ok := wordQuantities[t[k+1].low]; ok {
			q.i, q.j = i, k+2
			return q, true
		}
		if v, frac, ok := wordNumber(t[k+1].low); ok && frac && v < feierabend.One {
			k++
		}
	}
	if q, ok := wordQuantities[t[k].low]; ok {
		q.i, q.j = i, k+1
		return q, true
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
	if unit == "MTR" && j < len(t) && n.word {
		if c, ok := numberAt(t, j); ok && !c.art {
			if w, whole := c.whole(); whole && w >= 10 && w < 100 && c.j == j+1 && t[j].kind == tWord && n.v%feierabend.One == 0 && (e2(t, c.j) || t[c.j].is("mal", "x")) {
				q.v, q.j = q.v+c.v/100, c.j
			}
		}
	}
	return q, true
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
