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
