package dictation

import (
	"feierabend"
)

var planWords = set("ausführung ausführungstermin ausführen ausgeführt beginn start starten anfangen liefertermin montagetermin ausführungszeitraum durchführung zeitraum")

// otherTimes mark clauses that speak of another time than that of the work.
var otherTimes = set("wollte wollten letztes nächstes nächste damals gefragt frist fällig geboren erst lieferzeit")

// supply finds the date or period of the work (BT-72, BT-73/74).
func (e *engine) supply() {
	k := e.d.Kind
	if k == feierabend.KindReminder || k == feierabend.KindNote {
		e.takeDates()
		return
	}
	plan := k == feierabend.KindOffer || k == feierabend.KindOrderConfirmation
	dir := past
	if plan {
		dir = future
	}
	var best when
	rank := 0
	for _, w := range e.dates(dir) {
		if r := e.rank(w, plan); r > rank {
			best, rank = w, r
		}
	}
	if w, ok := e.workSpan(e.dates(dir)); ok {
		best, rank = w, 6
	}
	e.takeDates()
	if rank == 0 || !plan && e.guessedFar(best) {
		return
	}
	p := best.period()
	e.d.Supply = &p
	e.said("supply", best.i, best.j)
}

// dates lists the dates said in free tokens.
func (e *engine) dates(dir direction) []when {
	c := newCalendar(e.in.At, dir)
	var out []when
	for i := 0; i < len(e.t); i++ {
		if e.claims[i] != free {
			continue
		}
		w, ok := c.at(e.t, i)
		if !ok || !e.isFree(w.i, w.j) {
			continue
		}
		out = append(out, w)
		i = w.j - 1
	}
	return out
}

// rank says how surely a date is that of the work; 0 is not at all.
func (e *engine) rank(w when, plan bool) int {
	a, b := e.clause(w.i)
	sa, _ := e.sentence(w.i)
	if w.vague || e.otherDate(w, a, b) {
		return 0
	}
	if plan {
		if e.farAhead(w) || e.t[w.i].is("vom") && w.oneDay() {
			return 0 // "die Anfrage war vom 3. November"
		}
		sure := e.d.Kind == feierabend.KindOrderConfirmation && !w.month && !w.week && !w.weekday || e.workPlanned(w, a, b)
		if !sure && !e.hasSet(max(a, w.i-5), min(b, w.j+4), planWords) && !e.hasSet(max(sa, w.i-4), w.i, planWords) {
			return 0
		}
	} else if w.from.After(newCalendar(e.in.At, past).today) {
		return 0
	}
	switch {
	case w.month && w.bare && !(w.j >= len(e.t) || e.t[w.j].kind == tPunct || w.i == 0 || e.t[w.j].is("für") || !e.cased || e.t[w.i-1].kind == tPunct):
		return 1
	case w.month:
		return 2
	case w.week:
		return 3
	case w.weekday && w.from.Equal(w.to) && e.has(a, b, "ja", "war") && e.has(a, w.i, "ja"):
		return 1 // "war ja Samstag" explains
	case w.weekday && w.from.Equal(w.to):
		return 4
	}
	if w.from.Before(w.to) {
		return 6
	}
	return 5
}

func (e *engine) hasSet(i, j int, words map[string]bool) bool {
	for k := max(i, 0); k < j && k < len(e.t); k++ {
		if words[e.t[k].low] {
			return true
		}
	}
	return false
}

// otherDate says whether the date belongs to another document, a deadline or a story.
func (e *engine) otherDate(w when, a, b int) bool {
	if w.i > 0 && e.t[w.i-1].is("bis", "zum", "rechnung", "angebot", "auftrag", "schreiben", "mail") && !(w.i > 1 && e.t[w.i-1].is("rechnung") && e.t[w.i].is("heute", "gestern", "vorgestern", "letzten", "am")) {
		if !(e.isKindWord(w.i-1) && !e.t[w.i].is("vom")) {
			return true
		}
	}
	if e.t[w.i].is("vom") && w.from.Equal(w.to) && w.i > 0 && (e.isKindWord(w.i-1) || e.t[w.i-1].is("mail", "auftrag", "bestellung", "schreiben", "angebots")) {
		return true
	}
	if b-a < 14 && e.has(a, b, "krank", "urlaub") {
		return true
	}
	if e.hasSet(a, b, otherTimes) && !(w.from.Equal(w.to) && e.t[w.j-1].is("heute")) {
		return !e.t[w.i].is("heute", "gestern", "vorgestern") || e.has(a, b, "wollte", "gefragt")
	}
	return w.weekday && w.i > 0 && e.t[w.i-1].is("immer", "jeden", "jeweils")
}

// takeDates claims all dates, so that no number of a date is read as anything else.
func (e *engine) takeDates() {
	for _, dir := range []direction{past, future} {
		for _, w := range e.dates(dir) {
			if w.month && w.bare && e.t[w.i].is("mai") && w.i > 0 && salutations[e.t[w.i-1].low] != "" {
				continue
			}
			e.take(w.i, w.j, date)
		}
	}
	for i := range e.t {
		if e.d.Kind == feierabend.KindWorkReport {
			break
		}
		if c, ok := clockAt(e.t, i); ok && e.claims[i] == free && c.j-i >= 3 && e.t[i+1].is("nach", "vor") {
			e.take(i, c.j, date)
		}
		if e.claims[i] == free && (e.t[i].is("um", "gegen") || e.t[i].kind == tClock) {
			k := i
			if e.t[i].kind != tClock {
				k++
			}
			if c, ok := clockAt(e.t, k); ok && e.isFree(i, c.j) {
				if _, euro := e.euroAt(k); !euro {
					e.take(i, c.j, date)
				}
			}
		}
	}
}
