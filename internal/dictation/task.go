package dictation

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"feierabend"
)

var callWords = set("zurückrufen anrufen rückruf zurückgerufen angerufen anzurufen zurückzurufen durchrufen durchklingeln telefonieren zurückruft anruft rückrufen rückrufbitte")

var dutyWords = set("bestellen nachbestellen bestell bestelle besorgen besorg einkaufen mitnehmen abholen")

// tasks takes callbacks, appointments and reminders out of the text (J-11: they live with the case).
func (e *engine) tasks() {
	note := e.d.Kind == feierabend.KindNote
	for a := 0; a < len(e.t); {
		b := a
		for b < len(e.t) && !e.t[b].ends() && !(note && e.t[b].s == ":") {
			b++
		}
		for _, p := range e.taskParts(a, b) {
			e.taskIn(p[0], p[1], note)
		}
		a = b + 1
	}
}

// taskParts splits a sentence before ", und" where both sides have a matter of their own.
func (e *engine) taskParts(a, b int) [][2]int {
	var out [][2]int
	start := a
	for k := a + 1; k+1 < b; k++ {
		if e.t[k].s == "," && e.t[k+1].is("und", "außerdem") && (e.taskKind(k+1, b) != "") {
			out = append(out, [2]int{start, k})
			start = k + 1
		}
	}
	return append(out, [2]int{start, b})
}

// taskKind gives call, appointment, todo, or "" when the tokens ask for nothing.
func (e *engine) taskKind(a, b int) string {
	for k := a; k < b; k++ {
		t := e.t[k]
		switch {
		case callWords[t.low] && !e.reportsCall(a, b, t.low):
			return "call"
		case t.is("ruf", "rufe", "rufst") && e.has(k+1, b, "an", "zurück", "durch"):
			return "call"
		}
	}
	for k := a; k < b; k++ {
		t := e.t[k]
		if t.is("termin", "besichtigungstermin", "ortstermin", "abnahmetermin", "aufmaßtermin") && e.hasDate(a, b) {
			return "appointment"
		}
		if t.is("erinner", "erinnere", "erinnern") || t.is("vergessen") && e.has(a, k, "nicht") || t.is("auf") && e.has(a, k, "schreib", "notier", "notiere") && e.has(a, k, "mir", "das", "dir") && !e.hasNegation(a, k) {
			return "todo"
		}
		if dutyWords[t.low] && (e.has(a, b, "noch", "bitte", "muss", "müssen", "bestell", "bestelle", "besorg") || t.is("bestellen", "nachbestellen", "besorgen") && k >= b-8) && !e.has(a, b, "hat", "haben", "euro", "€") {
			return "todo"
		}
	}
	return ""
}

func (e *engine) hasNegation(a, b int) bool {
	for k := a; k < b; k++ {
		if negations[e.t[k].low] {
			return true
		}
	}
	return false
}

// reportsCall says whether the call has already been: "er hat angerufen".
func (e *engine) reportsCall(a, b int, word string) bool {
	if word != "angerufen" && word != "zurückgerufen" && word != "telefonieren" {
		return false
	}
	return !e.has(a, b, "werden", "wird", "möchte", "will", "soll", "muss")
}

func (e *engine) hasDate(a, b int) bool {
	_, ok := e.due(a, b)
	return ok || e.clockIn(a, b)
}

func (e *engine) clockIn(a, b int) bool {
	for k := a; k < b; k++ {
		if e.t[k].kind == tClock {
			return true
		}
		if e.t[k].is("um", "gegen", "ab") {
			if _, ok := clockAt(e.t, k+1); ok {
				return true
			}
		}
	}
	return false
}

func (e *engine) taskIn(a, b int, note bool) {
	if b-a < 2 || e.anyClaimed(a, b, withheld) && !note {
		return
	}
	kind := e.taskKind(a, b)
	if note && kind == "" {
		if !e.noteworthy(a, b) {
			return
		}
		if _, ok := e.due(a, b); ok && e.clockIn(a, b) {
			kind = "appointment"
		} else {
			kind = "todo"
		}
	}
	if kind == "" {
		return
	}
	if !note {
		a = e.trimTask(a, b, kind)
	}
	for a < b && (e.t[a].kind == tPunct || e.t[a].is("und", "ach", "so", "äh", "ähm", "dann", "ja", "also", "außerdem", "noch", "notier", "mal")) {
		a++
	}
	if a >= b {
		return
	}
	n := len(e.d.Tasks)
	path := "tasks[" + strconv.Itoa(n) + "]."
	t := feierabend.Task{Text: e.taskText(a, b)}
	if kind == "call" || kind == "appointment" {
		t.Kind = kind
	}
	if w, ok := e.due(a, b); ok {
		t.Due = w.from.Format(time.DateOnly)
		e.said(path+"due", w.i, w.j)
	}
	e.d.Tasks = append(e.d.Tasks, t)
	e.said(path+"text", a, b)
	e.take(a, b, task)
}

func (e *engine) anyClaimed(a, b int, c claim) bool {
	for k := a; k < b; k++ {
		if e.claims[k] == c {
			return true
		}
	}
	return false
}

// trimTask keeps billed words before a task out of it: it begins after the last "und",
// or after the last price or list item before the words that ask.
func (e *engine) trimTask(a, b int, kind string) int {
	trigger := b
	for k := a; k < b; k++ {
		if callWords[e.t[k].low] || e.t[k].is("ruf", "rufe", "erinner", "erinnere", "termin", "vergessen", "bestellen", "besorgen", "schreib") {
			trigger = k
			break
		}
	}
	for k := trigger - 1; k > a; k-- {
		billed := e.t[k].is("euro", "€", "liste")
		if _, _, ok := unitAt(e.t, k); ok && !e.t[k].is("tag", "tage", "woche", "wochen", "monat") {
			billed = true
		}
		if h, ok := e.hitAt(k); ok && !e.hasDutyOnly(kind) && e.countNumbers(a, h.j) > 0 {
			billed = true
		}
		if !billed {
			continue
		}
		for m := k + 1; m < trigger; m++ {
			if e.t[m].is("und") || e.t[m].s == "," {
				return m + 1
			}
		}
		return k + 1
	}
	return a
}

func (e *engine) hasDutyOnly(kind string) bool { return kind == "todo" }

// noteworthy says whether a sentence of a note names something.
func (e *engine) noteworthy(a, b int) bool {
	for k := a; k < b; k++ {
		if e.t[k].kind == tWord && !stopWords[e.t[k].low] && letters(e.t[k].s) > 3 && !e.t[k].is("rechnung", "notier", "notiere", "merken", "notiz", "keine", "heute", "merk", "bloß", "abrechnen", "verrechnen", "aufschreiben", "bitte", "erinnerung") {
			return true
		}
	}
	return false
}

// due is the date of a task; a vague time or a month is none.
func (e *engine) due(a, b int) (when, bool) {
	c := newCalendar(e.in.At, future)
	for k := a; k < b; k++ {
		if e.t[k].is("in") && k+2 < b {
			if n, ok := numberAt(e.t, k+1); ok && n.j < b && e.t[n.j].is("tagen", "tag") {
				if w, whole := n.whole(); whole && w < 60 {
					x := c.today.AddDate(0, 0, w)
					return when{from: x, to: x, i: k, j: n.j + 1}, true
				}
			}
		}
		w, ok := c.at(e.t[:b], k)
		if !ok {
			continue
		}
		if w.vague {
			return when{}, false
		}
		if w.month || w.week || w.from.Before(c.today) {
			continue
		}
		return w, true
	}
	return when{}, false
}

// taskText is the sentence as said, without fillers at its ends, at most 160 runes.
func (e *engine) taskText(a, b int) string {
	s := strings.TrimRightFunc(e.original(a, b), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
	r := []rune(s)
	if len(r) > 160 {
		r = r[:160]
	}
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
