package dictation

// unitAhead gives the unit of a bare number whose sentence named it before: "Kilometer waren's
// achtunddreißig", "an Stunden rechnen wir acht vom Meister und zwölf vom Gesellen".
func (e *engine) unitAhead(i int) string {
	a := i
	for a > 0 && a > i-14 && e.t[a-1].kind != tPunct {
		a--
	}
	for k := a; k < i && k < a+3; k++ {
		unit, j, ok := unitAt(e.t, k)
		if !ok || unit != "HUR" && unit != "KMT" || k > a && !e.t[k-1].is("an", "die", "und", "gefahrene") || e.claims[k] != free {
			continue
		}
		if e.inverted(j, i) {
			return unit
		}
	}
	return ""
}

// inverted says whether tokens [j,i) lead from a unit to its number: a verb such as "waren's",
// and behind it no noun but those of people.
func (e *engine) inverted(j, i int) bool {
	if j >= i || !e.t[j].is("waren", "warens", "sind", "sinds", "war", "wurden", "rechnen", "rechne", "hab", "habe", "haben", "hatten", "hatte", "macht", "machen", "kommen", "brauchen", "gefahren") {
		return false
	}
	for k := j; k < i; k++ {
		if t := e.t[k]; t.kind == tWord && t.upper && e.cased && roles[t.low] == "" {
			return false
		}
		if _, _, ok := unitAt(e.t, k); ok {
			return false
		}
	}
	return true
}

// leadsUnit says whether token i is the unit of a number that comes later: "Kilometer waren's …".
func (e *engine) leadsUnit(i int) bool {
	unit, _, ok := unitAt(e.t, i)
	if !ok {
		return false
	}
	for k := i + 1; k < len(e.t) && k < i+8 && e.t[k].kind != tPunct; k++ {
		if n, ok := numberAt(e.t, k); ok && !n.art {
			return e.unitAhead(k) == unit
		}
	}
	return false
}

// unitBehind gives the unit that a bare number shares with the next: "Boden 6,8 und Wand 24
// Quadratmeter", "im Wohnzimmer 24 und im Schlafzimmer 16 Quadratmeter".
func (e *engine) unitBehind(i, j int) string {
	if j+2 >= len(e.t) || !e.t[j].is("und") || i == 0 {
		return ""
	}
	before := e.t[i-1].low
	if h, ok := e.hitAt(i - 1); ok && !measured(e.catalog.items[h.item].Unit) || !ok && !surfaces[before] && !roomWord(before) {
		return ""
	}
	for k := j + 1; k < len(e.t) && k < j+5 && e.t[k].kind != tPunct; k++ {
		if _, ok := numberAt(e.t, k); !ok {
			continue
		}
		if q, ok := quantityAt(e.t, k); ok && k > j+1 && measured(q.unit) && !timeUnit(q.unit) {
			return q.unit
		}
		return ""
	}
	return ""
}
