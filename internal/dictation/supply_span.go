package dictation

import "time"

var beginWords = set("angefangen begonnen losgelegt gestartet los angefange anfangen beginnen fangen seit start beginn")

var endWords = set("fertig fertiggeworden abgeschlossen beendet geschafft fertiggestellt schluss ende durch bis vollendet abnahme übergeben")

// workSpan joins a first and a last day said apart: "Am Montag angefangen und heute fertig".
func (e *engine) workSpan(list []when) (when, bool) {
	for n := 0; n+1 < len(list); n++ {
		x, y := list[n], list[n+1]
		if !x.oneDay() || !y.oneDay() || y.i-x.j > 12 {
			continue
		}
		a, xb := e.clause(x.i)
		ya, b := e.clause(y.i)
		if xb <= ya && e.hasSet(a, xb, endWords) && e.hasSet(ya, b, beginWords) && !e.hasSet(a, xb, beginWords) { // "Fertig am 30. April, angefangen am 20."
			if y.from.Before(x.from) && x.from.Sub(y.from) <= 120*24*time.Hour {
				return when{from: y.from, to: x.to, i: x.i, j: y.j}, true
			}
			continue
		}
		if !e.hasSet(a, y.i, beginWords) || !e.hasSet(x.j, b, endWords) || e.t[max(x.i-1, 0)].is("bis") {
			continue
		}
		if x.weekday && x.from.After(y.from) {
			x.from = x.from.AddDate(0, 0, -7)
		}
		if !x.from.Before(y.from) || y.from.Sub(x.from) > 120*24*time.Hour {
			continue
		}
		return when{from: x.from, to: y.to, i: x.i, j: y.j}, true
	}
	return when{}, false
}

func (w when) oneDay() bool { return !w.vague && w.from.Equal(w.to) }

// guessedFar says whether a date without a year was laid a long way back although the
// coming one is nearer: "am zweiten Februar" said in January.
func (e *engine) guessedFar(w when) bool {
	today := newCalendar(e.in.At, past).today
	if !w.from.Before(today) || w.from.Year() >= today.Year() {
		return false
	}
	for k := w.i; k < w.j; k++ {
		if y := onlyDigits(e.t[k].s); e.t[k].kind != tWord && len(y) >= 4 && (len(y) != 4 || y[:2] == "20") {
			return false // the year was said
		}
	}
	back := today.Sub(w.to)
	ahead := w.from.AddDate(1, 0, 0).Sub(today)
	return back > 60*24*time.Hour && ahead < back
}

// farAhead says whether a day without a year was laid far into the future although its
// last one is nearer: then it is no plan.
func (e *engine) farAhead(w when) bool {
	today := newCalendar(e.in.At, past).today
	for k := w.i; k < w.j; k++ {
		if y := onlyDigits(e.t[k].s); e.t[k].kind != tWord && len(y) >= 4 {
			return false
		}
	}
	ahead := w.from.Sub(today)
	return w.from.Year() > today.Year() && ahead > 240*24*time.Hour
}

var planVerbs = set("montage einbau lieferung montiert eingebaut geliefert gemacht verlegt aufgestellt aufgebaut gestrichen erledigt durchgeführt gereinigt gewechselt getauscht ausgetauscht gesetzt gepflanzt gepflastert installiert angeschlossen")

// workPlanned says whether the clause of a date tells when the work will be: "Eingebaut
// wird am 4. Dezember", "Wir kommen am 14. Januar", "Montage KW 50".
func (e *engine) workPlanned(w when, a, b int) bool {
	if w.month || e.has(a, b, "gültig", "gilt", "zahlbar", "zahlung", "überweisen", "anrufen", "besichtigung", "besichtigt", "angeschaut", "gefragt", "angefragt", "war", "waren", "bis", "spätestens", "melden", "meldet", "bescheid", "urlaub", "geburtstag") {
		return false
	}
	if e.hasSet(a, b, planVerbs) && (e.has(a, b, "wird", "werden", "wollen", "sollen", "soll") || e.has(a, b, "montage", "einbau", "lieferung")) {
		return true
	}
	return e.has(a, b, "kommen", "fangen", "legen", "starten", "beginnen", "montieren", "liefern", "bauen") && e.has(a, b, "wir", "ich", "los", "an", "ein")
}
