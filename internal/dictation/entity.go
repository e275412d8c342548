package dictation

import "feierabend"

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
	if u, j, ok := unitAt(e.t, i); ok && j < len(e.t) && t.upper && (i == 0 || !e.t[i-1].ok && e.t[i-1].kind != tNumber) { // "Stunde sechsundzwanzig"
		if n, ok := numberAt(e.t, j); ok && !n.art {
			return entity{k: ePer, s: u, j: j}
		}
	}
	for _, read := range []func(int) (entity, bool){e.travelAt, e.listAt, e.workedAt, e.markAt, e.unreadAt, e.timesAt, e.vatAt, e.sizeAt, e.menAt, e.figureAt} {
		if x, ok := read(i); ok && e.isFree(i, x.j) {
			return x
		}
	}
	if r := roles[t.low]; r != "" {
		return entity{k: eRole, s: r}
	}
	if e.leadsUnit(i) {
		return entity{k: eSkip}
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
	case t.is("jedes") && next("mal"), t.is("jedesmal"):
		return entity{k: eAt, s: "je", j: i + 1 + btoi(t.is("jedes"))}, true
	case t.is("à", "á", "a", "zu", "für", "kostet", "kosten", "zum", "jeweils", "um", "@"):
		if x, ok := numberAt(e.t, i+1); ok && !x.art || next("je", "jeweils", "€", "insgesamt", "zusammen") {
			return entity{k: eAt, s: t.low, j: i + 1}, true
		}
		if t.is("jeweils") {
			return entity{k: eAt, s: "je", j: i + 1}, true
		}
	case t.is("sagen", "sag") && next("wir", "mal"), t.is("sprich", "schreib", "rechne", "nimm"):
		return entity{k: eAlso, s: "also", j: i + 2 - btoi(!t.is("sagen", "sag"))}, true
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
