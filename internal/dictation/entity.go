package dictation

import (
	"strings"

	"feierabend"
)

// entityKind sorts what the words of lines mean.
type entityKind byte

const (
	eWord    entityKind = iota
	eEnd                // end of a sentence
	eComma              // comma, colon, or words taken by something else
	eJoin               // und, plus, dazu, dann: parts when what follows has figures of its own
	eHit                // price-list item
	eMeasure            // 30x60
	eCount              // bare number
	eQty                // number and unit
	ePrice              // surely a price
	ePer                // "der Quadratmeter": the price is per unit
	eAt                 // zu, à, je: a price or a share for each follows
	eList               // nach Liste
	eLump               // pauschal, Festpreis
	eRole               // Geselle, Azubi
	eTravel             // Anfahrt
	eTimes              // zweimal
	eMen                // zwei Mann
	eAlso               // also, zusammen: a result follows
	eVAT                // null Prozent
	ePercent            // another percentage
	eNoPrice            // "den Preis krieg ich noch"
	eNoQty              // "wie viele, guck ich nach"
	eSkip               // descriptions: 2,80 breit, 9,8 kWp
)

// entity is a reading of tokens [i,j).
type entity struct {
	k    entityKind
	i, j int
	n    number
	q    quantity
	hit  hit
	s    string // role, unit, measure
}

// entities reads the free tokens.
func (e *engine) entities() []entity {
	var out []entity
	for i := 0; i < len(e.t); {
		x := e.entityAt(i)
		x.i = i
		if x.j <= i {
			x.j = i + 1
		}
		out = append(out, x)
		i = x.j
	}
	return out
}

func (e *engine) entityAt(i int) entity {
	t := e.t[i]
	switch {
	case t.ends():
		return entity{k: eEnd}
	case e.claims[i] != free || t.parts():
		return entity{k: eComma}
	}
	if x, ok := e.unknownAt(i); ok {
		return x
	}
	if h, ok := e.hits[i]; ok && e.isFree(h.i, h.j) {
		return entity{k: eHit, hit: h, j: h.j}
	}
	for _, read := range []func(int) (entity, bool){e.travelAt, e.listAt, e.markAt, e.timesAt, e.vatAt, e.sizeAt, e.menAt, e.figureAt} {
		if x, ok := read(i); ok && e.isFree(i, x.j) {
			return x
		}
	}
	if r := roles[t.low]; r != "" {
		return entity{k: eRole, s: r}
	}
	return entity{k: eWord}
}

var travelWords = set("anfahrt anfahrten fahrt fahrten fahrtkosten anfahrtspauschale fahrtpauschale anfahrtskosten anreise wegegeld fahrkosten anfahrtsweg fahrtweg wegstrecke kilometergeld anfahrtkosten anfahrtpauschale")

// travelAt reads "Anfahrt" or the firm's own label, e.g. "Hol- und Bringservice".
func (e *engine) travelAt(i int) (entity, bool) {
	if e.in.Profile.Travel != nil {
		words := tokenise(e.in.Profile.Travel.Label)
		k := 0
		for k < len(words) && i+k < len(e.t) && words[k].low == e.t[i+k].low {
			k++
		}
		if k > 0 && k == len(words) {
			return entity{k: eTravel, j: i + k}, true
		}
		if last := words[max(len(words)-1, 0)]; len(words) > 1 && e.t[i].low == last.low && len(last.low) > 6 {
			return entity{k: eTravel, j: i + 1}, true
		}
	}
	if e.t[i].is("gefahren", "gefahrene", "gefahrn") {
		a, b := e.clause(i)
		for k := a; k < b; k++ {
			if q, ok := quantityAt(e.t, k); ok && q.unit == "KMT" {
				return entity{k: eTravel, j: i + 1}, true
			}
		}
	}
	if !travelWords[e.t[i].low] {
		return entity{}, false
	}
	return entity{k: eTravel, j: i + 1}, true
}

// listAt reads "nach Liste", "aus der Liste", "Listenpreis", "Satz wie immer".
func (e *engine) listAt(i int) (entity, bool) {
	k := i
	for k < len(e.t) && k < i+5 && e.t[k].is("preis", "preise", "nach", "laut", "aus", "wie", "gemäß", "per", "von", "der", "die", "den", "auch", "beides", "alles", "unserer", "unsere", "stehen", "steht", "in", "satz", "üblicher", "normaler", "zum") {
		k++
	}
	if k < len(e.t) && e.t[k].is("liste", "preisliste", "listenpreis", "listenpreise", "listenpreisen", "preislisten") {
		return entity{k: eList, j: k + 1}, true
	}
	if k < len(e.t) && k > i && e.t[k-1].is("wie") && e.t[k].is("immer", "üblich", "gehabt", "sonst") {
		return entity{k: eList, j: k + 1}, true
	}
	if e.t[i].is("stundensatz", "normalsatz") {
		return entity{k: eList, j: i + 1}, true
	}
	return entity{}, false
}

// markAt reads marks: pauschal, per unit, prepositions of price, results, joins.
func (e *engine) markAt(i int) (entity, bool) {
	t := e.t[i]
	next := func(words ...string) bool { return i+1 < len(e.t) && e.t[i+1].is(words...) }
	switch {
	case t.is("pauschal", "pauschale", "festpreis", "pauschalpreis", "psch", "komplettpreis", "pauschalbetrag", "pausch"):
		return entity{k: eLump, j: i + 1}, true
	case t.is("zu", "je") && pairs(e.t, i+1) > 0:
		n := pairs(e.t, i+1)
		return entity{k: eMen, n: number{v: feierabend.Dec(n), i: i, j: i + 2}, j: i + 2}, true
	case t.is("der", "die", "das", "den", "pro", "je", "per", "immer") || t.s == "/":
		if x, ok := e.perAt(i); ok {
			return x, true
		}
		if t.is("je") {
			return entity{k: eAt, s: "je", j: i + 1}, true
		}
	case t.is("à", "á", "a", "zu", "für", "kostet", "kosten", "macht", "zum", "jeweils", "um", "@"):
		if x, ok := numberAt(e.t, i+1); ok && !x.art || next("je", "jeweils", "€", "insgesamt", "zusammen") {
			return entity{k: eAt, s: t.low, j: i + 1}, true
		}
		if t.is("jeweils") {
			return entity{k: eAt, s: "je", j: i + 1}, true
		}
	case t.is("sagen", "sag") && next("wir", "mal"), t.is("sprich"):
		return entity{k: eAlso, s: "also", j: i + 2 - btoi(t.is("sprich"))}, true
	case t.is("also", "zusammen", "insgesamt", "gesamt", "macht"):
		return entity{k: eAlso, s: t.low, j: i + 1}, true
	case t.is("und", "plus", "dazu", "dann", "sowie", "außerdem", "ferner", "zusätzlich", "&", "+"):
		return entity{k: eJoin, j: i + 1}, true
	}
	return entity{}, false
}

// pairs reads "(zu) zweit", also in dialect.
func pairs(t []token, i int) int {
	if i >= len(t) {
		return 0
	}
	return map[string]int{"zweit": 2, "zwoat": 2, "zwoit": 2, "zwoten": 2, "dritt": 3, "viert": 4}[t[i].low]
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// perAt reads "der Quadratmeter", "pro Stück", "die Stunde", "immer der Quadratmeter".
func (e *engine) perAt(i int) (entity, bool) {
	k := i
	if e.t[k].is("immer") {
		k++
	}
	if k < len(e.t) && (e.t[k].is("der", "die", "das", "den", "pro", "je", "per") || e.t[k].s == "/") {
		k++
	}
	if k < len(e.t) && e.t[k].is("laufende", "laufender", "laufenden", "laufendem") {
		if u, j, ok := unitAt(e.t, k); ok {
			return entity{k: ePer, s: u, j: j}, true
		}
	}
	u, j, ok := unitAt(e.t, k)
	if !ok || k == i || j < len(e.t) && e.t[j].is("war", "waren", "hat") {
		return entity{}, false
	}
	return entity{k: ePer, s: u, j: j}, true
}

// timesAt reads "zweimal", "3 mal", "2x".
func (e *engine) timesAt(i int) (entity, bool) {
	if v, ok := timesWord(e.t[i].low); ok {
		return entity{k: eTimes, n: number{v: v, i: i, j: i + 1}, j: i + 1}, true
	}
	if m, ok := measureAt(e.t, i); ok {
		return entity{k: eMeasure, s: m.text, j: m.j}, true
	}
	n, ok := numberAt(e.t, i)
	if !ok || n.art || n.j >= len(e.t) || !e.t[n.j].is("mal", "x") {
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

var sizeUnits = set("kilowatt kw kwp kva ampere volt watt zoll mm millimeter cm zentimeter grad jahre jahr jahren ps bar db lumen kelvin ah mm² quadrat-millimeter tage-")

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
	if n, ok := e.euroAt(i); ok {
		return entity{k: ePrice, n: n, j: n.j}, true
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
