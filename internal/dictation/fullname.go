package dictation

// nameEnd finds where a name of several words that begins at k ends, if it ends in a
// pause: "Mechthild Auer,", "Ngo Van Thanh.". Without a pause a noun may be the work
// ("Herrn Petrow Rohrbruch beseitigt"), and the end is k.
func (e *engine) nameEnd(k int) int {
	if k >= len(e.t) || !e.nameWord(k) || !e.cased && nameParticles[e.t[k].low] {
		return k
	}
	m, words := k+1, 1
	for ; m < len(e.t) && words < 4 && e.nameWord(m); m++ {
		if nameParticles[e.t[m].low] {
			if !e.cased {
				return k
			}
			if !e.t[m].upper && !foreignParticles[e.t[m].low] && !e.t[m].is("von") && !nameParticles[e.t[m-1].low] || m+1 >= len(e.t) || !e.t[m+1].upper && !nameParticles[e.t[m+1].low] {
				return k
			}
			continue
		}
		if low := e.t[m].low; !e.uncommon(m) || thing(low) || firmWord(e.t[m]) || siteMarks[low] || phoneWords[low] || e.isKindWord(m) || isPlace(low) && letters(low) > 6 {
			return k
		}
		words++
	}
	if m < len(e.t) && e.t[m].kind != tPunct && !e.streetStarts(m) {
		return k
	}
	if m+1 < len(e.t) && e.countsThings(m+1) {
		return k
	}
	return m
}

// foreignParticles stand within names also behind a first name nobody knows.
var foreignParticles = set("van de ten ter el al di da la le lo del della bin ibn abu dos")

func (e *engine) streetStarts(m int) bool {
	for _, s := range e.streets {
		if s.i == m {
			return true
		}
	}
	return false
}

// countsThings says whether a quantity of something named before follows: "…, 20 Quadratmeter,".
func (e *engine) countsThings(k int) bool {
	q, ok := quantityAt(e.t, k)
	if !ok || timeUnit(q.unit) || q.bare {
		return false
	}
	return q.j >= len(e.t) || !e.t[q.j].upper
}

// thingTails end nouns of the trades that are no surnames.
var thingTails = []string{
	"ausfall", "schaden", "schäden", "bruch", "störung", "verstopfung", "rohr", "boden", "decke", "küche", "terrasse", "balkon", "schloss", "zylinder", "pumpe", "kessel", "therme", "boiler", "hahn",
	"lampe", "dose", "schalter", "kabel", "fliese", "fliesen", "platten", "rinne", "hecke", "rasen", "regal", "tisch", "parkett", "laminat", "reifen", "bremse", "bremsen", "motor", "becken", "dusche", "toilette", "spüle",
	"heizkörper", "thermostat", "ventil", "siphon", "armatur", "batterie", "fassade", "garage", "keller", "zimmer", "wohnung", "raum", "tor", "türen", "rollladen", "jalousie", "markise", "carport", "pflaster", "mauer", "beet", "teich",
	"wanne", "kasten", "ofen", "herd", "kamin", "leuchte", "antenne", "gerät", "maschine", "filter", "schlauch", "stecker", "klingel", "melder", "flur", "dachboden", "schuppen", "einfahrt", "auffahrt", "pool", "podest", "stufe", "stufen", "handlauf", "gitter",
	"scheibe", "scheiben", "transporter", "anhänger", "auspuff", "scheinwerfer", "kupplung", "schlüssel", "briefkasten", "spiegelschrank", "schrank", "estrich", "tapete", "putz", "silikon", "fuge", "fugen", "abfluss", "ablauf", "zulauf", "wasser", "strom", "internet", "garten",
	"steckdose", "steckdosen", "sicherung", "verteiler", "auftrag", "rechnung", "material", "stunden", "meter",
}

func thing(w string) bool { return endsIn(w, thingTails) }

// twoWords makes a bare name of two unknown words before a pause a firm: "Auftraggeber
// Nordheide Eulenried."
func (e *engine) twoWords(p *partyName) {
	if end := e.nameEnd(p.i); p.bare && e.cased && p.j == p.i+1 && end > p.j && !firstNames[e.t[p.i].low] {
		p.company, p.name, p.bare, p.j = e.original(p.i, end), "", false, end
	}
}
