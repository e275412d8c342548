package dictation

import (
	"strings"

	"feierabend"
)

// measure is a format such as 30x60 or 5x2.5 at tokens [i,j); it is never a quantity.
type measure struct {
	i, j int
	key  string // "30x60", decimal point
	text string // "30x60", decimal comma
}

// measureAt reads "30 mal 60", "3x1,5", "20 x 20", "30/30", "vier Meter mal eins achtzig", "Zylinder dreißig dreißig".
func measureAt(t []token, i int) (measure, bool) {
	a, ok := dimensionAt(t, i)
	if !ok {
		return measure{}, false
	}
	m := measure{i: i, j: a.j, key: a.v.String()}
	if i > 0 && strings.HasSuffix(t[i-1].low, "zylinder") && a.j < len(t) {
		if b, ok := numberAt(t, a.j); ok && cylinder(a) && cylinder(b) {
			m.key, m.j = m.key+"x"+b.v.String(), b.j
			m.text = strings.ReplaceAll(m.key, ".", ",")
			return m, true
		}
	}
	for count := 0; m.j < len(t) && count < 2; count++ {
		sep := t[m.j]
		if !sep.is("x", "×", "mal", "*") && !(sep.s == "/" && !sep.gap && m.j+1 < len(t) && !t[m.j+1].gap) {
			break
		}
		b, ok := dimensionAt(t, m.j+1)
		if !ok {
			break
		}
		m.key, m.j = m.key+"x"+b.v.String(), b.j
	}
	if !strings.Contains(m.key, "x") {
		return measure{}, false
	}
	if u, _, ok := unitAt(t, m.j); ok && (timeUnit(u) || u == "DAY") {
		return measure{}, false
	}
	m.text = strings.ReplaceAll(m.key, ".", ",")
	return m, true
}

func cylinder(n number) bool {
	w, whole := n.whole()
	return whole && w >= 20 && w <= 100 && w%5 == 0
}

// dimensionAt reads one side of a measure: "eins fünf" is 1.5, "eins achtzig" 1.8, "vier Meter" 4.
func dimensionAt(t []token, i int) (number, bool) {
	n, ok := pairAt(t, i)
	if !ok {
		if n, ok = numberAt(t, i); !ok || n.art && !t[i].is("ein") {
			return n, false
		}
		if w, whole := n.whole(); whole && w < 10 && n.word && n.j < len(t) && t[n.j].kind == tWord {
			if f, frac, ok := t[n.j].spoken(); ok && !frac && f < feierabend.Dec(10) && f > 0 && !articles[t[n.j].low] && i > 0 && t[i-1].is("mal", "x") {
				n.v, n.j = n.v+f/10, n.j+1
			}
		}
	}
	if q, ok := quantityAt(t, i); ok && q.unit == "MTR" && q.j > n.j+1 && q.j < len(t) && (t[q.j].is("mal", "x") || i > 0 && t[i-1].is("mal", "x")) {
		n.v, n.j = q.v, q.j // "drei Meter zwanzig mal …"
		return n, true
	}
	if n.j < len(t) && t[n.j].is("meter", "m", "zentimeter", "cm", "millimeter", "mm") && n.j+1 < len(t) && (t[n.j+1].is("mal", "x") || i > 0 && t[i-1].is("mal", "x") && !t[n.j].is("meter", "m")) {
		n.j++
	}
	return n, true
}
