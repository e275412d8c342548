package dictation

import "strings"

// plainParty reads a buyer where neither salutation, kind word nor address names him:
// "bei Andrzej Wojciechowski", "Bei Schmitz vorhin", "der Gärtnerei Sommer".
func (e *engine) plainParty() *partyName {
	for _, try := range []func(int) (partyName, bool){e.fullNameAt, e.namedFirmAt, e.surnameAt} {
		for i := range e.t {
			if e.claims[i] != free || e.t[i].kind != tWord {
				continue
			}
			if p, ok := try(i); ok {
				return &p
			}
		}
	}
	return nil
}

// fullNameAt reads first and last name after "bei" or "für".
func (e *engine) fullNameAt(i int) (partyName, bool) {
	if !e.t[i].is("bei", "beim", "für", "an") {
		return partyName{}, false
	}
	p, ok := e.partyAt(i + 1)
	return p, ok && !p.bare && p.name != "" && p.salutation == "" && !e.hasNumber(p.i, p.j)
}

// namedFirmAt reads a kind of firm with its name after an article: "dem Fitnessstudio
// Kraftwerk", "von der Gärtnerei Sommer", "die Stadt Iserlohn".
func (e *engine) namedFirmAt(i int) (partyName, bool) {
	k := i + 1
	if !e.t[i].is("der", "dem", "die", "das", "den", "vom", "beim", "im") || k >= len(e.t) || !e.t[k].upper || !e.cased || !onlyFirmWord(e.t[k]) && !firmEnd(e.t[k]) {
		return partyName{}, false
	}
	if start, _ := e.sentence(i); start > 40 || i > 0 && (e.t[i-1].is("aus", "in", "neben", "gegenüber", "hinter", "vor", "am", "durch", "mit") || e.t[i].is("im") && start != i) {
		return partyName{}, false
	}
	p, ok := e.firmOrName(k)
	if !ok || p.company == "" || p.j-p.i < 2 || e.hasNumber(p.i, p.j) {
		return partyName{}, false
	}
	for m := p.i + 1; m < p.j; m++ {
		if e.t[m].upper && (thing(e.t[m].low) || verbal(e.t[m]) || e.hits[m].j > 0 || e.claims[m] != free) {
			return partyName{}, false
		}
	}
	return p, true
}

// firmEnd says whether a compound ends in a word for a firm or house: "Fitnessstudio".
func firmEnd(t token) bool { return firmWord(t) && letters(t.s) > 6 && !verbal(t) }

// surnameAt reads one name after "bei" near the start of a sentence, where a time, a
// place within the house or a pause follows: "Bei Schmitz vorhin in der Küche".
func (e *engine) surnameAt(i int) (partyName, bool) {
	if !e.cased || !e.t[i].is("bei", "beim") || e.catalogNear(i+1) {
		return partyName{}, false
	}
	a, _ := e.sentence(i)
	if i-a > 4 {
		return partyName{}, false
	}
	k := i + 1
	if k < len(e.t) && e.t[k].is("der", "dem", "den") {
		return partyName{}, false
	}
	p, ok := e.partyAt(k)
	if !ok || !p.bare || p.name == "" || p.i != k || p.j != k+1 || strings.ContainsAny(p.name, " ") {
		return partyName{}, false
	}
	w := e.t[k]
	if e.t[i].is("beim") && strings.HasSuffix(w.low, "en") && !strings.HasSuffix(w.low, "sen") {
		return partyName{}, false // "beim Öffnen"
	}
	if !w.upper || noNames[w.low] || isPlace(w.low) && !surnameEnd(w.low) || thing(w.low) || firmWord(w) || firstNames[w.low] || letters(w.s) > 14 {
		return partyName{}, false
	}
	if p.j < len(e.t) && !(e.t[p.j].kind == tPunct || dayWords[e.t[p.j].low] != 0 || e.t[p.j].is("heute", "vorhin", "eben", "gerade", "soeben", "im", "in", "war", "waren", "haben", "hab", "hat", "ist", "das", "die", "den", "am", "noch", "wieder") || numberHere(e.t, p.j)) {
		return partyName{}, false
	}
	return p, true
}

func numberHere(t []token, i int) bool {
	_, ok := numberAt(t, i)
	return ok
}

func (e *engine) catalogNear(k int) bool {
	_, hit := e.hits[k]
	return hit
}

func surnameEnd(w string) bool { return endsIn(w, []string{"mann", "er", "ing", "meier", "meyer"}) }

// noNames follow "bei" and are no people.
var noNames = set(`regen nacht bedarf gelegenheit frost schnee sturm hitze wind wetter licht strom gas wasser händler großhändler hersteller lieferant lieferung abholung bestellung auftrag zahlung fragen rückfragen problemen ankunft beginn start ende abnahme
 auto wagen bus motor stillstand minusgraden plusgraden temperaturen kälte hochwasser betrieb wechsel versuch probelauf druck volllast trockenheit tauwetter vollmond neumond schichtwechsel feueralarm alarm wasserschaden rohrbruch stromausfall gefahr notdienst
 bauhaus obi hornbach hagebau toom amazon ebay ikea aldi lidl edeka rewe conrad würth stahlgruber hilti tag mittag mitternacht dunkelheit tageslicht bauherrn bauherr besichtigung aufmaß einsatz arbeit feierabend gewitter nebel glätte eis kunden kunde kundin nachbarn nachbar
 leuten familie firma rechnung angebot material objekt gelände baustelle garten notfall termin treffen telefonat gespräch umzug einzug auszug montag dienstag mittwoch donnerstag freitag samstag sonntag`)

func (e *engine) hasNumber(i, j int) bool { return e.countNumbers(i, j) > 0 }

// claimName keeps the buyer's name out of the lines wherever it is said again:
// "Räderwechsel Schmitz", and address rests: a place with a broken postcode.
func (e *engine) claimName() {
	b := e.d.Buyer
	if b == nil {
		e.clientRest()
		return
	}
	mine := map[string]bool{}
	for _, w := range strings.Fields(strings.ToLower(b.Name)) {
		if len(w) > 3 && !nameParticles[w] && titles[strings.Trim(w, ".")] == "" {
			mine[w] = true
		}
	}
	for i, t := range e.t {
		if e.claims[i] != free || t.kind != tWord {
			continue
		}
		if mine[t.low] && (t.upper || !e.cased) && e.uncommon(i) && roles[t.low] == "" && e.d.Kind != "work_report" {
			e.take(i, i+1, buyer)
		}
	}
	e.addressRest()
	e.clientRest()
}

// clientRest keeps words after "Auftraggeber" that were not understood out of the lines.
func (e *engine) clientRest() {
	for i := range e.t {
		if e.claims[i] != free || !e.t[i].is("auftraggeber", "auftraggeberin", "rechnungsempfänger") {
			continue
		}
		a, b := e.clause(i)
		for k := i; k < b && e.claims[k] == free && !roleWords[e.t[k].low] && !numberHere(e.t, k) && e.hits[k].j == 0 && e.t[k].low != "ich"; k++ {
			e.take(k, k+1, buyer)
		}
		if i-1 == a && e.t[a].kind == tNumber && a > 0 && e.t[a-1].s == "," {
			e.take(a, i, buyer) // the house number before it
		}
	}
}

// addressRest claims what is left of the address between the buyer and the next pause
// of the sentence: figures with a place of the table, and the place alone.
func (e *engine) addressRest() {
	for i := range e.t {
		if e.claims[i] != buyer || i+1 >= len(e.t) || e.claims[i+1] != free {
			continue
		}
		k := i + 1
		for k < len(e.t) && k < i+6 && (e.t[k].s == "," || e.t[k].kind == tNumber || e.t[k].is("in", "-")) && e.claims[k] == free {
			k++
		}
		if k >= len(e.t) || k == i+1 || e.claims[k] != free || !e.t[k].upper || !isPlace(e.t[k].low) || e.hits[k].j > 0 || !e.uncommon(k) || thing(e.t[k].low) {
			continue
		}
		if !numberHere(e.t, k-1) && !(e.t[k-1].is("in") && e.d.Buyer.City == "") {
			continue
		}
		if _, _, unit := unitAt(e.t, k); !unit {
			e.take(i+1, k+1, buyer)
		}
	}
}
