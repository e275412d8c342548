package dictation

import (
	"strings"

	"feierabend"
)

// exclude takes clauses out that are told but not billed: "den verrechnen wir nicht",
// "macht er selber", "im Angebot standen achtzig", "im Stundensatz drin".
func (e *engine) exclude() {
	for a := 0; a < len(e.t); {
		b := a
		for b < len(e.t) && !e.t[b].ends() && !e.t[b].parts() {
			b++
		}
		if b > a && (e.pointed || b-a <= 14) && (e.postponed(a, b) || e.given(a, b) || e.included(a, b) || e.toldOnly(a, b) || e.wished(a, b)) {
			start := e.unbilledFrom(a, b)
			if start == a && e.pointsBack(a, b) {
				start = e.clauseBefore(a)
			}
			e.take(start, b, dropped)
			e.notePart(a, b)
		}
		if _, asked := e.askedQuantity(a); b > a && !asked && (e.pointed || b-a <= 14) && e.unbilled(a, b) {
			start := a
			if e.refersBack(a, b) {
				start = e.clauseBefore(a)
			}
			e.notePart(a, b)
			e.take(start, b, dropped)
		}
		a = b + 1
	}
	e.promised()
	e.freeTravel()
	e.vehicle()
	e.explained()
}

// freeTravel takes travel out that is not billed, also where no comma shows the clause.
func (e *engine) freeTravel() {
	for i := range e.t {
		if e.claims[i] != free || !travelWords[e.t[i].low] {
			continue
		}
		for k := i + 1; k < len(e.t) && k <= i+6 && !e.t[k].ends(); k++ {
			if e.t[k].is("nicht", "nichts") && e.has(i, k+3, "berechne", "berechnen", "verrechne", "verrechnen", "nehmen", "nehme") {
				e.take(i, k+1, dropped)
			}
		}
	}
}

// clauseBefore gives the start of the clause before a in the same sentence, or a.
func (e *engine) clauseBefore(a int) int {
	if a < 2 || !e.t[a-1].parts() {
		return a
	}
	p, _ := e.clause(a - 2)
	return p
}

// refersBack says whether an unbilled clause speaks of the one before: "die berechnen wir nicht".
func (e *engine) refersBack(a, b int) bool {
	if e.t[a].is("nee", "nein") {
		return true
	}
	if e.t[a].is("aber") && a+1 < b {
		a++
	}
	pronoun := e.t[a].is("die", "den", "das", "der", "da") && (a+1 >= b || !e.t[a+1].upper)
	return pronoun && e.has(a, b, "verrechnen", "berechnen", "berechne", "verrechne", "zählen", "zählt", "aufschreiben", "rechnen", "weg", "raus", "nichts", "umsonst", "kostenlos", "kulanz", "geschenkt", "pauschal", "pauschale", "extra")
}

// unbilled says whether the clause tells something that is not to be billed.
func (e *engine) unbilled(a, b int) bool {
	no := e.hasNegation(a, b)
	has := func(w ...string) bool { return e.has(a, b, w...) }
	switch {
	case no && has("verrechnen", "berechnen", "berechne", "verrechne", "verrechnet", "berechnet", "zählen", "zählt", "aufschreiben", "rechnen", "brauchst", "abrechnen", "extra", "thema", "will", "dabei", "nötig", "dazu"):
		return true
	case has("lassen", "lass", "lasse") && has("weg", "raus", "aus", "sein"):
		return true
	case has("selber", "selbst", "bauseits", "eigenleistung") && (has("macht", "machen", "gemacht", "legt", "hat", "haben", "hatte", "hatten", "kauft", "gekauft", "stellt", "besorgt", "gestellt", "übernimmt", "entsorgt", "bringt", "will", "wollen") || has("bauseits", "eigenleistung")):
		return true
	case has("behalten", "gestellt") && has("haben", "hat", "kunde", "die", "vom") && has("die", "der", "er", "sie", "kunde", "kunden") && has("behalten"):
		return true
	case has("drin", "enthalten", "inbegriffen", "inklusive") && e.within(a, b):
		return true
	case has("umsonst", "kostenlos", "kulanz", "kulanzweise", "geschenkt", "gratis", "kostenfrei"):
		return true
	case has("standen", "stand", "steht", "hieß", "waren", "war", "hatten", "hatte", "sind") && has("angebot", "voranschlag", "kostenvoranschlag") && e.has(a, b, "im", "laut"):
		return true
	case has("letztes", "damals", "voriges") && has("mal", "jahr"):
		return true
	case has("erst", "ursprünglich", "zuerst", "vorher", "früher") && has("gesagt", "wollten", "wollte", "geplant", "gedacht", "hatten", "ausgemacht") && e.countNumbers(a, b) > 0 && !has("und"):
		return true
	case has("ohne", "kein", "keine") && has("anfahrt", "fahrt", "anfahrtspauschale", "fahrtkosten"):
		return true
	case no && has("die", "das", "den", "für") && has("liste", "billigen", "billige", "teuren", "normalen") && e.countNumbers(a, b) == 0:
		return true
	case e.t[a].is("nicht", "kein", "keine", "keinen") && !has("rechnung") && e.countNumbers(a, b) == 0 && !(b-a <= 2 && has("pause")):
		return true
	case no && e.pointed && b-a <= 9 && e.countNumbers(a, b) == 0 && !e.hasSet(a, b, unsureWords) && !has("preis", "kostet", "kosten", "viel", "viele", "noch"):
		return true
	case has("macht", "machen") && e.t[a].is("nee", "nein") && e.countNumbers(a, b) == 0:
		return true
	case has("pause") && e.d.Kind != "work_report":
		return true
	case has("grad") && has("wetter", "regen", "trocken", "sonnig", "kalt", "warm", "minus"):
		return true
	case has("lieferzeit", "gewährleistung", "garantie", "lieferfrist"):
		return true
	case has("demnächst", "nächstes") && e.unbilledFrom(a, b) == a, has("angeboten", "alternativ", "wahlweise") && !(e.d.Kind == feierabend.KindOffer && has("angeboten")):
		return true
	case e.d.Kind != feierabend.KindOffer && e.d.Kind != feierabend.KindOrderConfirmation && e.unbilledFrom(a, b) == a && has("nächste", "nächsten", "nächster") && has("woche", "monat", "mal", "jahr") && !has("zahlbar", "zahlt"):
		return true
	case has("frei", "inklusive", "dabei") && has("anfahrt", "fahrt"):
		return true
	case has("pauschal", "pauschale") && has("ist", "sind") && e.countNumbers(a, b) == 0 && e.t[a].is("das", "die", "aber"):
		return true
	case e.t[a].is("davon", "darunter") && !has("prozent", "%", "abschlag") && e.d.Kind != feierabend.KindInterimInvoice:
		return true // "davon eine Stunde nur gepumpt"
	case has("gestanden", "ausgefallen", "gewartet") && has("regen", "wetter", "sturm", "frost"):
		return true
	case has("eingerechnet", "einkalkuliert", "abgegolten", "mitgerechnet"):
		return true
	case has("trinkgeld"):
		return true
	}
	return false
}

// within recognises "im Stundensatz drin", "in der Pauschale enthalten".
func (e *engine) within(a, b int) bool {
	k := e.find(a, b, "stundensatz", "pauschale", "preis", "satz", "stunden", "festpreis", "pauschalpreis", "anfahrt")
	return k > a && (e.t[k-1].is("im") || k > a+1 && e.t[k-1].is("der", "dem", "den") && e.t[k-2].is("in", "mit"))
}

// vehicle takes number plates and models out: "Kennzeichen E R, Z L, vierhundertelf", "Golf sieben".
func (e *engine) vehicle() {
	for i := range e.t {
		if e.claims[i] != free {
			continue
		}
		if e.t[i].is("kennzeichen", "fahrzeug", "fahrgestellnummer", "kilometerstand", "fin", "wetter") {
			_, b := e.sentence(i)
			end := min(b, i+10)
			for k := i + 1; k < end; k++ { // letters and numbers of the plate only
				t := e.t[k]
				_, num := numberAt(e.t, k)
				if !(num || t.kind == tPunct || t.kind == tWord && (len(t.s) <= 4 || strings.ToUpper(t.s) == t.s) && !stopWords[t.low] || t.kind == tWord && containsDigit(t.s)) {
					end = k
					break
				}
				if _, _, ok := unitAt(e.t, k+1); ok && num && e.t[k].kind == tNumber && k > i+2 {
					end = k
					break
				}
				if num && (k+1 >= b || e.t[k+1].kind == tPunct) && k > i+1 || containsDigit(t.s) && t.kind == tNumber {
					end = k + 1
					break
				}
			}
			e.take(i, end, dropped)
		}
		if vehicles[e.t[i].low] && (e.t[i].upper || !e.cased) {
			j := i + 1
			if j < len(e.t) {
				if n, ok := numberAt(e.t, j); ok && !n.art && !n.pair {
					j = n.j
					if j < len(e.t) && e.t[j].kind == tWord && len(e.t[j].s) == 1 && !e.t[j].gap {
						j++
					}
				}
			}
			e.take(i, j, dropped)
		}
	}
}

func containsDigit(s string) bool {
	for _, c := range s {
		if c >= '0' && c <= '9' {
			return true
		}
	}
	return false
}

// explained takes reasons and asides out: clauses that begin with "weil", "damit", "obwohl".
func (e *engine) explained() {
	for i := range e.t {
		if e.claims[i] != free || !e.t[i].is("weil", "obwohl", "damit", "nachdem", "bevor", "während", "falls", "wenn") {
			continue
		}
		if i > 0 && e.t[i-1].kind != tPunct && e.cased {
			continue
		}
		_, b := e.clause(i)
		if !e.cased && b-i > 8 {
			continue
		}
		e.take(i, b, dropped)
	}
}
