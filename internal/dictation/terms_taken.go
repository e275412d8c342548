package dictation

// atOnce are words for payment without a term.
var atOnce = set("sofort gleich direkt erhalt bar umgehend")

// dueTaken reads a payment term that was taken back: "Zahlbar sofort, nee, zehn Tage". The
// last one stands; "zehn Tage, nee, sofort" has none.
func (e *engine) dueTaken() bool {
	for k := range e.t {
		if e.claims[k] != free || !e.t[k].is("zahlbar", "zahlungsziel", "zahlungsfrist", "ziel", "fällig", "zahlen", "zahlung", "bezahlen", "überweisen") {
			continue
		}
		a, b := e.sentence(k)
		if b+1 < len(e.t) {
			if _, _, ok := repairMark(e.t, b+1); ok { // "Zahlbar sofort. Nee, zehn Tage."
				_, b = e.sentence(b + 1)
			}
		}
		m := e.markIn(k+1, b)
		if m < 0 || e.has(a, b, "skonto", "prozent", "%") {
			continue
		}
		start := k
		for start > a && (atOnce[e.t[start-1].low] || e.t[start-1].is("ist")) {
			start--
		}
		last, found := days{}, false
		for j := m; j < b; j++ {
			if d, ok := e.daysAt(j); ok && e.claims[j] == free {
				last, found = d, true
			}
		}
		if found {
			e.setDue(last, start, last.j)
			return true
		}
		if e.hasSet(m, b, atOnce) && e.countNumbers(m, b) == 0 {
			e.take(start, b, terms)
			return true
		}
	}
	return false
}

// markIn finds a word that takes back what was said, in [a,b).
func (e *engine) markIn(a, b int) int {
	for i := a; i < b; i++ {
		if _, _, ok := repairMark(e.t, i); ok {
			return i
		}
	}
	return -1
}
