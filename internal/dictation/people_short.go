package dictation

import (
	"strings"

	"feierabend"
)

// hourWords may stand between a person and the hours: "Tim auch zehn", "ich selber acht".
var hourWords = set("auch hat hatte war waren haben selber selbst noch nur heute gestern wieder dann ebenfalls")

// things end nouns of machines and materials that stand before hours or numbers like names.
var things = strings.Fields("gerät maschine hammer säge bohrer schrauber wagen zeug material pause stunden zeit arbeit meter rohr blech stahl holz stein fahrt")

// enumerated says whether an unknown word k that opens a clause is the name of a person with
// hours: "Arif acht Stunden, Kai sieben, ich selber acht".
func (e *engine) enumerated(i, k int) bool {
	if !e.uncommon(k) || e.cased && !e.t[k].upper || endsWithAny(e.t[k].low, things) || roles[e.t[k].low] != "" || generic[e.t[k].low] && !e.t[k].is("kollege") || e.isKindWord(k) {
		return false
	}
	if i > 0 && e.t[i-1].kind != tPunct && !e.t[i-1].is("und") {
		return false
	}
	if e.sameWord(k+1) && e.sentenceHours(k) {
		return true
	}
	j := e.hoursStart(k + 1)
	if _, end, ok := e.hoursAt(j); ok {
		return end >= len(e.t) || e.t[end].kind == tPunct || e.t[end].is("und") || e.t[end].kind == tWord && !e.t[end].upper
	}
	return e.bareAt(j) > 0 && e.sentenceHours(k)
}

// hoursStart skips the words between a person and the hours.
func (e *engine) hoursStart(k int) int {
	for j := k; k < len(e.t) && k < j+3 && hourWords[e.t[k].low]; {
		k++
	}
	return min(k, len(e.t)-1)
}

// sentenceHours says whether the sentence of token i names hours.
func (e *engine) sentenceHours(i int) bool {
	for k := i; k > 0 && k > i-40 && !e.t[k-1].ends(); k-- {
		if _, _, ok := e.hoursAt(k); ok {
			return true
		}
		if _, _, ok := e.rangeAt(k); ok {
			return true
		}
	}
	for k := i; k < len(e.t) && k < i+40 && !e.t[k].ends(); k++ {
		if _, _, ok := e.hoursAt(k); ok {
			return true
		}
	}
	return false
}

// bareAt gives the end of a number alone at token i that can be hours of a day, or 0.
func (e *engine) bareAt(i int) int {
	n, ok := numberAt(e.t, i)
	if !ok || n.art || n.v <= 0 || n.v > feierabend.Dec(dayLimit) {
		return 0
	}
	if n.j < len(e.t) && e.t[n.j].kind != tPunct && !e.t[n.j].is("und") {
		return 0
	}
	return n.j
}

// bareHours reads the hours of a person whose unit was said with another's.
func (e *engine) bareHours(c *crew, i int) (minutes, j int, ok bool) {
	if len(c.open) == 0 || !e.sentenceHours(i) {
		return 0, i, false
	}
	if last := c.all[c.open[len(c.open)-1]]; e.hoursStart(last.nj) != i {
		return 0, i, false
	}
	j = e.bareAt(i)
	if j == 0 {
		return 0, i, false
	}
	n, _ := numberAt(e.t, i)
	return int(n.v * 60 / feierabend.One), j, true
}

// sameWord says whether token k gives a person the hours of the one before: "Tarek auch".
func (e *engine) sameWord(k int) bool {
	return k < len(e.t) && e.t[k].is("auch", "genauso", "ebenso", "ebenfalls", "dito") && (k+1 >= len(e.t) || e.t[k+1].kind == tPunct || e.t[k+1].is("und"))
}

func (e *engine) sameHours(c *crew, i int) (minutes, j int, ok bool) {
	if len(c.open) == 0 || len(c.last) == 0 || !e.sameWord(i) || e.hoursStart(c.all[c.open[len(c.open)-1]].nj) <= i-1 {
		return 0, i, false
	}
	last := c.all[c.last[len(c.last)-1]]
	return last.min, i + 1, last.known && last.min > 0
}
