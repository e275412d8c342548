package dictation

import (
	"strings"

	"feierabend"
)

// timesAt reads "zweimal", "3 mal", "2x".
func (e *engine) timesAt(i int) (entity, bool) {
	if v, ok := timesWord(e.t[i].low); ok {
		return entity{k: eTimes, n: number{v: v, i: i, j: i + 1}, j: i + 1}, true
	}
	n, ok := numberAt(e.t, i)
	travel := ok && !n.art && n.j < len(e.t) && e.t[n.j].is("mal", "x", "×") && (i > 0 && travelWords[e.t[i-1].low] || n.j+1 < len(e.t) && travelWords[e.t[n.j+1].low])
	if m, ok := measureAt(e.t, i); ok && !travel { // "Anfahrt 2x 35 €" is no size
		return entity{k: eMeasure, s: m.text, j: m.j}, true
	}
	if !ok || n.art || n.j >= len(e.t) || !e.t[n.j].is("mal", "x", "×") {
		return entity{}, false
	}
	return entity{k: eTimes, n: number{v: n.v, i: i, j: n.j}, j: n.j + 1}, true
}

// vatAt reads percentages: tax rates, and others for surcharges.
func (e *engine) vatAt(i int) (entity, bool) {
	k := i
	if e.t[k].is("mit", "zu") {
		k++
	}
	if p, ok := e.percentAt(k); ok {
		p.i = k
		kind := ePercent
		rate := p.v == 0 || p.v == feierabend.Dec(7) || p.v == feierabend.Dec(19)
		a, b := e.clause(i)
		if rate && !e.hasSurcharge(a, b) {
			kind = eVAT
		}
		j := p.j
		for j < len(e.t) && (taxWords[e.t[j].low] || e.t[j].is("drauf", "wie", "besprochen")) {
			j++
		}
		return entity{k: kind, n: number{v: p.v, i: k, j: p.n}, j: j}, true
	}
	n, ok := numberAt(e.t, k)
	if !ok || n.art || !(n.v == 0 || n.v == feierabend.Dec(7) || n.v == feierabend.Dec(19)) {
		return entity{}, false
	}
	a, b := e.clause(i)
	tail := n.j >= b || e.t[n.j].is("drauf", "prozent")
	if !tail || !e.has(a, i, "geht", "gehen", "läuft", "laufen", "kommen", "kommt") {
		return entity{}, false
	}
	return entity{k: eVAT, n: number{v: n.v, i: k, j: n.j}, j: n.j}, true
}

func (e *engine) hasSurcharge(a, b int) bool {
	for k := a; k < b; k++ {
		if strings.Contains(e.t[k].low, "zuschlag") {
			return true
		}
	}
	return false
}

var sizeUnits = set("kilowatt kw kwp kva ampere volt watt zoll mm millimeter cm zentimeter grad jahre jahr jahren ps bar db lumen kelvin ah mm²")

var sizeWords = set("breit hoch lang tief stark dick breite höhe länge tiefe stärke")

// sizeAt reads descriptions that are no quantity: "zwei Meter achtzig breit", "9,8 kWp", "RAL 9010", "erster Stock".
func (e *engine) sizeAt(i int) (entity, bool) {
	if e.t[i].is("ral", "dn", "nr", "typ", "format", "größe", "maß", "din", "klasse", "nummer", "zimmer", "haus", "wohnung", "raum", "seit", "vor") && i+1 < len(e.t) {
		if m, ok := measureAt(e.t, i+1); ok {
			return entity{k: eMeasure, s: m.text, j: m.j}, true
		}
		if e.t[i].is("vor", "seit") {
			if q, ok := quantityAt(e.t, i+1); ok && (q.unit == "DAY" || q.unit == "WEE" || q.unit == "MON" || timeUnit(q.unit)) {
				return entity{k: eSkip, j: q.j}, true
			}
			return entity{}, false
		}
		if n, ok := pairAt(e.t, i+1); ok {
			return entity{k: eSkip, j: n.j}, true
		}
		if n, ok := numberAt(e.t, i+1); ok && !n.art {
			return entity{k: eSkip, j: n.j}, true
		}
		return entity{}, false
	}
	if e.t[i].kind == tNumber && i > 0 && monthNames[e.t[i-1].low] > 0 && (i+1 >= len(e.t) || e.t[i+1].kind == tPunct) { // "TÜV bis März 27"
		return entity{k: eSkip, j: i + 1}, true
	}
	if j, ok := e.tyreAt(i); ok {
		return entity{k: eSkip, j: j}, true
	}
	n, ok := pairAt(e.t, i)
	if !ok {
		if n, ok = numberAt(e.t, i); !ok || n.art {
			if o, j, ok := ordinalAt(e.t, i); ok && o > 0 && j < len(e.t) && e.t[j].is("stock", "og", "etage", "obergeschoss") {
				return entity{k: eSkip, j: j + 1}, true
			}
			return entity{}, false
		}
	}
	j := n.j
	if j < len(e.t) && e.t[j].is("meter", "m", "cm", "zentimeter", "mm", "millimeter") {
		j++
		if c, ok := numberAt(e.t, j); ok && c.j < len(e.t) && sizeWords[e.t[c.j].low] {
			j = c.j
		}
	}
	if j < len(e.t) && sizeWords[e.t[j].low] {
		return entity{k: eSkip, j: j + 1}, true
	}
	if n.j < len(e.t) && sizeUnits[e.t[n.j].low] {
		j := n.j + 1
		if j < len(e.t) && e.t[j].is("peak", "stark", "breit", "hoch", "lang", "dick") {
			j++
		}
		return entity{k: eSkip, j: j}, true
	}
	return entity{}, false
}

// unitInHit says whether the unit belongs to an item's name: "Eimer Farbe", "Rolle Unterspannbahn".
func (e *engine) unitInHit(q quantity) bool {
	h, ok := e.hits[q.j-1]
	return ok && q.j > q.i+1 && h.j > q.j
}

// tyreAt reads "205 55 R16".
func (e *engine) tyreAt(i int) (int, bool) {
	j := i
	for j < len(e.t) && (e.t[j].kind == tNumber || e.t[j].s == "/") {
		j++
	}
	if j-i < 2 || j >= len(e.t) || !strings.HasPrefix(e.t[j].low, "r") || !containsDigit(e.t[j].low) {
		return i, false
	}
	return j + 1, true
}

func (e *engine) menAt(i int) (entity, bool) {
	n, ok := numberAt(e.t, i)
	if !ok || n.v < feierabend.Dec(2) || n.j >= len(e.t) || !e.t[n.j].is("mann", "frauen", "kollegen", "leute", "leuten", "personen", "männer", "mitarbeiter", "monteure", "männern", "mitarbeitern", "gesellen", "helfer", "azubis", "monteuren", "lehrlinge", "lehrlingen") {
		return entity{}, false
	}
	x := entity{k: eMen, n: n, j: n.j + 1}
	x.s = roles[e.t[n.j].low]
	return x, true
}

// figureAt reads prices, quantities and bare numbers.
func (e *engine) figureAt(i int) (entity, bool) {
	if _, j := digitRun(e.t, i); j-i >= 4 {
		return entity{k: eSkip, j: j}, true // dictated digits that nobody has claimed
	}
	if q, ok := e.quantity(i); ok && i > 0 && e.t[i-1].is("davon", "darin", "darunter") {
		return entity{k: eSkip, j: q.j}, true // a part of what was said
	}
	if n, ok := e.euroAt(i); ok {
		return entity{k: ePrice, n: n, j: n.j}, true
	}
	if q, ok := e.quantity(i); ok && (q.unit == "DAY" || q.unit == "WEE" || q.unit == "MON") && e.termDays(i) {
		return entity{k: eSkip, j: q.j}, true
	}
	if q, ok := e.quantity(i); ok && !e.unitInHit(q) {
		return entity{k: eQty, q: q, j: q.j}, true
	}
	if n, ok := pairAt(e.t, i); ok {
		return entity{k: ePrice, n: n, j: n.j, s: "pair"}, true
	}
	n, ok := numberAt(e.t, i)
	if !ok {
		return entity{}, false
	}
	unit := e.unitAhead(i)
	if unit == "" {
		unit = e.unitBehind(i, n.j)
	}
	if unit != "" && !n.art && n.v > 0 {
		return entity{k: eQty, q: quantity{v: n.v, unit: unit, i: n.i, j: n.j}, j: n.j}, true
	}
	if n.v <= 0 {
		return entity{k: eSkip, j: n.j}, true
	}
	if n.art && !e.t[i].is("eins") {
		return entity{k: eCount, n: n, j: n.j, s: "art"}, true
	}
	return entity{k: eCount, n: n, j: n.j}, true
}

var unsureWords = set("weiß nachschauen nachschaun nachschaue schauen gucken guck gucke guckn gucka fragen frag krieg kriege kommt reich reiche später folgt händler offen klären unbekannt nachtragen trag trage nachreichen nach muss nachreiche steht")

// unknownAt reads clauses that say a price or a quantity is not known yet.
func (e *engine) unknownAt(i int) (entity, bool) {
	if x, ok := e.askedQuantity(i); ok {
		return x, true
	}
	if i > 0 && !e.t[i-1].ends() && !e.t[i-1].parts() && e.claims[i-1] == free && !e.t[i-1].is("und", "aber") && e.cased {
		return entity{}, false
	}
	_, b := e.clause(i)
	if !e.cased {
		b = min(b, i+8)
	}
	if e.countNumbers(i, b) > 0 {
		return entity{}, false
	}
	unsure := func(a, b int) bool { return e.hasSet(a, b, unsureWords) }
	nextEnd := b
	if b < len(e.t) && e.t[b].parts() {
		_, nextEnd = e.clause(b + 1)
		if b+1 >= len(e.t) {
			nextEnd = b
		}
	}
	what := eWord
	switch {
	case e.has(i, b, "was") && e.has(i, b, "kostet", "kosten"), e.has(i, b, "preis", "preise", "kosten") && unsure(i, b) && !e.has(i, b, "liste", "preisliste"):
		what = eNoPrice
	case e.has(i, b, "viele", "viel", "wieviel", "wieviele") && e.has(i, b, "wie", "wieviel", "wieviele") && (unsure(i, b) || unsure(b, nextEnd)):
		what = eNoQty
	default:
		return entity{}, false
	}
	j := b
	for j < len(e.t) && e.t[j].parts() {
		_, end := e.clause(j + 1)
		if j+1 >= len(e.t) || !unsure(j+1, end) || e.countNumbers(j+1, end) > 0 {
			break
		}
		j = end
	}
	return entity{k: what, i: i, j: j}, true
}
