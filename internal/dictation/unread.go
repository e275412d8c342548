package dictation

import (
	"strings"

	"feierabend"
)

// unreadAt finds a figure in digits that is no number, such as "1.29.0 Euro": its value is asked,
// and the line beside it stays.
func (e *engine) unreadAt(i int) (entity, bool) {
	t := e.t[i]
	if t.kind != tNumber {
		return entity{}, false
	}
	if _, ok := digitNumber(t.s); ok {
		return entity{}, false
	}
	if i+1 < len(e.t) && e.t[i+1].is("euro", "€", "eur") {
		return entity{k: ePrice, n: number{i: i, j: i + 2}, j: i + 2}, true
	}
	if u, j, ok := unitAt(e.t, i+1); ok {
		return entity{k: eQty, q: quantity{unit: u, i: i, j: j}, j: j}, true
	}
	if i > 0 && e.t[i-1].is("pauschal", "festpreis", "à", "á", "zu", "für", "kostet", "macht", "je") {
		return entity{k: ePrice, n: number{i: i, j: i + 1}, j: i + 1}, true
	}
	return entity{k: eSkip, j: i + 1}, true
}

// oddPrice says whether a said price is one that nobody can mean: a comma before three digits
// ("3,450" for 3.450), or a lump sum of work below ten euros.
func (e *engine) oddPrice(l lineDraft) bool {
	if l.Price == nil || l.fromList || l.price.i < 0 || l.price.j > len(e.t) {
		return false
	}
	for k := l.price.i; k < l.price.j; k++ {
		if _, frac, ok := strings.Cut(e.t[k].s, ","); ok && e.t[k].kind == tNumber && len(frac) == 3 {
			return true
		}
	}
	return l.Kind == feierabend.LineLump && l.Unit == "LS" && l.a.lump && *l.Price < feierabend.Dec(10)
}

// doubtfulWord is the probability below which a recognised word is left out of a line's text.
const doubtfulWord = 0.25

// unheard says whether the recogniser was unsure of word w.
func (e *engine) unheard(w int) bool {
	t := e.t[w]
	for _, x := range e.in.Words {
		if x.From < t.to && x.To > t.from && x.P > 0 && x.P < doubtfulWord {
			return true
		}
	}
	return false
}
