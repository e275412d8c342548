package dictation

import "strings"

// roomEnds end nouns of rooms: "Schlafzimmer", "Heizungskeller".
var roomEnds = strings.Fields("zimmer keller flur raum küche bad diele kammer boden büro halle treppenhaus wohnung etage saal garage")

func roomWord(w string) bool {
	for _, end := range roomEnds {
		if strings.HasSuffix(w, end) && !(end == "boden" && w != "dachboden") {
			return true
		}
	}
	return placeWords[w]
}

// furtherRoom adds the measure of another room to the line before: "Laminat im Wohnzimmer 24
// und im Schlafzimmer 16 Quadratmeter".
func (m *merger) furtherRoom(a *atom) bool {
	c := m.cur
	if c == nil || c.hit == nil || c.qty == nil || c.price != nil || a.price != nil || a.list && c.list || a.hit != nil || !measured(a.qty.unit) || !sameMeasure(a.qty.unit, c.qty.unit) || a.verbal {
		return false
	}
	for _, w := range a.words {
		if !roomWord(m.e.t[w].low) {
			return false
		}
	}
	q := *c.qty
	q.v, q.j, q.rule = q.v+a.qty.v, a.qty.j, true
	c.qty, c.list = &q, c.list || a.list
	return true
}

// life are nouns of what people tell; counted or not, they are no lines.
var life = set("hund hunde hunden katze katzen kind kinder kindern enkel enkelkinder sohn söhne tochter töchter bruder brüder schwester schwestern tasse tassen kaffee kuchen brötchen semmel semmeln bier brezen wurst pizza nachbarn geburtstag geburtstage witze meerschweinchen vögel hühner pferde kühe")

// lifeBefore says whether a participle belongs to a noun of life: "drei Hunde haben gebellt".
func (e *engine) lifeBefore(a *atom, w int) bool {
	for _, k := range a.words {
		if k < w && life[e.t[k].low] {
			return true
		}
	}
	return false
}

// remainder are words for whatever else is in the list.
var remainder = set("rest übrige übrigen übriges restliche restlichen sonstige sonstiges andere anderen anderes weitere weiteres preise preis sachen teile material")
