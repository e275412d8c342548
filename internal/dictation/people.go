package dictation

import (
	"strings"

	"feierabend"
)

// people reads "Ich und der Malte von sieben bis halb vier, halbe Stunde Pause".
func (e *engine) people() {
	c := &crew{}
	for i := 0; i < len(e.t); {
		if e.claims[i] != free {
			i++
			continue
		}
		if e.t[i].ends() {
			c.open = nil
			i++
			continue
		}
		switch j := e.crewStep(c, i); {
		case j > i:
			i = j
		default:
			i++
		}
	}
	e.setPeople(c)
}

// crewStep reads a person, a time range, hours or a break at token i.
func (e *engine) crewStep(c *crew, i int) int {
	if j, ok := e.breakAt(c, i); ok {
		return j
	}
	if m, j, ok := e.rangeAt(i); ok && len(c.open)+len(c.last) > 0 {
		c.hours(m, e, i, j)
		return j
	}
	if m, j, ok := e.sameHours(c, i); ok {
		c.hours(m, e, i, j)
		return j
	}
	if m, j, ok := e.bareHours(c, i); ok {
		c.hours(m, e, i, j)
		return j
	}
	if m, j, ok := e.hoursAt(i); ok && len(c.open) > 0 {
		if h, hit := e.clauseEquipment(i); !hit {
			c.hours(m, e, i, j)
			return j
		} else if h {
			c.open = nil
		}
	}
	if w, ok := e.workerAt(i); ok {
		c.add(w)
		return w.j
	}
	if _, hit := e.hitAt(i); hit {
		c.open = nil
	}
	return i
}

// clauseEquipment says whether hours belong to a machine.
func (e *engine) clauseEquipment(i int) (bool, bool) {
	a, b := e.clause(i)
	for k := a; k < b; k++ {
		if h, ok := e.hitAt(k); ok && e.in.Profile.PriceList[h.item].Kind == feierabend.LineEquipment {
			return true, true
		}
		if endsWithAny(e.t[k].low, equipmentWords) && (e.t[k].upper || !e.cased) {
			return true, true
		}
	}
	return false, false
}

// workerAt reads "ich", "der Malte", "Murat", "der Lehrling".
func (e *engine) workerAt(i int) (worker, bool) {
	t := e.t[i]
	if t.is("ich") {
		return worker{name: "Ich", i: i, j: i + 1}, true
	}
	k := i
	led := t.is("der", "die", "de", "unser", "unsere")
	if led {
		k++
	}
	if k >= len(e.t) || e.t[k].kind != tWord || e.claims[k] != free {
		return worker{}, false
	}
	w := e.t[k]
	if roles[w.low] != "" || w.is("praktikant", "praktikantin", "ferienjobber", "ferienjobberin", "kollege", "kollegin", "aushilfe", "werkstudent", "vorarbeiter", "polier", "junior", "senior") {
		return worker{name: title(w.s), role: true, i: i, j: k + 1}, led || e.leadsHours(k+1) || e.bareAt(e.hoursStart(k+1)) > 0 && e.sentenceHours(k)
	}
	if e.cased && !w.upper || salutations[w.low] != "" || stopWords[w.low] || letters(w.s) < 2 || containsDigit(w.s) {
		return worker{}, false
	}
	if _, hit := e.hitAt(k); hit || firmWord(w) || endsWithAny(w.low, equipmentWords) || verbal(w) || placeWords[w.low] || siteMarks[w.low] {
		return worker{}, false
	}
	if !firstNames[w.low] && !(led && e.uncommon(k) && e.leadsHours(k+1)) && !(!led && e.uncommon(k) && e.rangeSoon(k+1)) && !e.enumerated(i, k) {
		return worker{}, false
	}
	j := k + 1
	if j < len(e.t) && firstNames[w.low] && e.t[j].upper && e.cased && e.t[j].kind == tWord && e.nameWord(j) && e.uncommon(j) && e.leadsHours(j+1) {
		return worker{name: w.s + " " + e.t[j].s, i: i, j: j + 1}, true
	}
	return worker{name: title(w.s), i: i, j: j}, true
}

// leadsHours says whether a time range or hours follow in the clause or the next.
func (e *engine) leadsHours(k int) bool {
	for m := k; m < len(e.t) && m < k+8 && !e.t[m].ends(); m++ {
		if _, _, ok := e.rangeAt(m); ok {
			return true
		}
		if _, _, ok := e.hoursAt(m); ok {
			return true
		}
	}
	return false
}

func (e *engine) rangeSoon(k int) bool {
	for m := k; m < len(e.t) && m < k+3; m++ {
		if _, _, ok := e.rangeAt(m); ok {
			return true
		}
		if e.t[m].kind == tWord && !e.t[m].is("von", "und", "war", "hat") {
			break
		}
	}
	return false
}

// rangeAt reads "von sieben bis halb vier", "7:00 bis 15:30", "7 bis 16 Uhr".
func (e *engine) rangeAt(i int) (int, int, bool) {
	k := i
	if e.t[k].is("von") {
		k++
	}
	a, ok := clockAt(e.t, k)
	if !ok {
		return 0, i, false
	}
	j := a.j
	if x, y, ok := e.clockRepair(j); ok { // "von Viertel acht, also Viertel nach sieben, bis …"
		a, j = x, y
	}
	if j < len(e.t) && e.t[j].s == "," {
		j++
	}
	if j+1 >= len(e.t) || !e.t[j].is("bis", "-", "–") {
		return 0, i, false
	}
	b, ok := clockAt(e.t, j+1)
	if !ok {
		return 0, i, false
	}
	if _, _, unit := unitAt(e.t, b.j); unit && k == i {
		return 0, i, false
	}
	m := worked(a, b)
	return m, b.j, m > 0 && m <= 16*60
}

func (e *engine) clockRepair(j int) (clock, int, bool) {
	if j+2 < len(e.t) && e.t[j].s == "," && e.t[j+1].is("also", "sprich", "das") {
		k := j + 2
		for k < len(e.t) && e.t[k].is("heißt", "ist", "um") {
			k++
		}
		if c, ok := clockAt(e.t, k); ok {
			return c, c.j, true
		}
	}
	return clock{}, j, false
}

// hoursAt reads "sechs Stunden", "eine halbe Stunde", "dreißig Minuten".
func (e *engine) hoursAt(i int) (int, int, bool) {
	q, ok := quantityAt(e.t, i)
	if !ok || !timeUnit(q.unit) {
		return 0, i, false
	}
	m := int(q.v * 60 / feierabend.One)
	if q.unit == "MIN" {
		m = int(q.v / feierabend.One)
	}
	return m, q.j, true
}

// breakAt reads "halbe Stunde Pause", "Pause 30 Minuten", "ohne Pause", for the persons of the last hours.
func (e *engine) breakAt(c *crew, i int) (int, bool) {
	k := i
	both := e.t[k].is("beide", "alle", "jeweils", "jeder")
	if both {
		k++
	}
	for k < len(e.t) && e.t[k].is("mit", "a", "je", "haben", "hatten", "einer", "eine", "und", "abzüglich") && e.t[k].kind == tWord && k < i+3 {
		if _, _, ok := e.hoursAt(k); ok {
			break
		}
		k++
	}
	if k < len(e.t) && e.t[k].is("ohne", "kein", "keine") && k+1 < len(e.t) && e.t[k+1].is("pause") {
		return k + 2, true
	}
	if k < len(e.t) && e.t[k].is("pause") {
		if m, j, ok := e.hoursAt(k + 1); ok {
			c.rest(m, both, e, i, j)
			return j, true
		}
		return i, false
	}
	if m, j, ok := e.hoursAt(k); ok && j < len(e.t) {
		p := j
		for p < len(e.t) && p < j+3 && e.t[p].is("war", "mittag", "mittags", "die") {
			p++
		}
		if p < len(e.t) && strings.HasSuffix(e.t[p].low, "pause") {
			c.rest(m, both, e, i, p+1)
			return p + 1, true
		}
	}
	return i, false
}
