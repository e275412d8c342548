package dictation

import (
	"strconv"
	"strings"

	"feierabend"
)

// pairAt reads "acht neunzig" as 8.90: a whole number and two digits without a mark between.
func pairAt(t []token, i int) (number, bool) {
	n, ok := numberAt(t, i)
	if !ok || !n.word || n.art || n.frac {
		return n, false
	}
	whole, isWhole := n.whole()
	if !isWhole || whole == 0 || whole > 999 || n.j >= len(t) || t[n.j].kind != tWord {
		return n, false
	}
	c, frac, ok := t[n.j].spoken()
	cents := int(c / feierabend.One)
	if !ok || frac || cents < 10 || cents > 99 {
		return n, false
	}
	if next, ok := numberAt(t, n.j); !ok || next.j != n.j+1 {
		return n, false
	}
	return number{v: n.v + c/100, i: i, j: n.j + 1, word: true, pair: true}, true
}

// singleDigits reads a run of spoken or written digits that are dictated one by one or in
// small groups, and gives them joined: "zwo fünf fünf vier eins" → "25541".
func digitRun(t []token, i int) (string, int) {
	out, j := "", i
	for ; j < len(t) && j < i+24 && !dayAhead(t, j); j++ {
		s := ""
		switch {
		case t[j].kind == tNumber && !strings.ContainsAny(t[j].s, ".,½¼¾"):
			s = t[j].s
		case t[j].kind == tWord:
			v, frac, ok := t[j].spoken()
			w := int(v / feierabend.One)
			if ok && !frac && w < 1000 && (t[j].low != "ein") {
				s = strconv.Itoa(w)
			}
		}
		if s == "" {
			break
		}
		out += s
	}
	return out, j
}
