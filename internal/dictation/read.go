package dictation

import (
	"time"

	"feierabend"
)

// answerFillers may surround a typed or spoken answer.
var answerFillers = set("das es die der den waren war sind ist so etwa circa ca ungefähr genau glatt ja also ähm äh halt rund am kostet kosten macht für je pro zu à stück insgesamt zusammen bitte mal doch netto brutto")

// core cuts fillers and marks off both ends.
func core(t []token) []token {
	for len(t) > 0 && (t[0].kind == tPunct && !t[0].is("€") || answerFillers[t[0].low] && len(t) > 1) {
		t = t[1:]
	}
	for len(t) > 0 && (t[len(t)-1].kind == tPunct && !t[len(t)-1].is("€", "%") || answerFillers[t[len(t)-1].low] && len(t) > 1) {
		t = t[:len(t)-1]
	}
	return t
}

// ReadNumber reads an answer that is one number as Germans say or type it, with or
// without a unit: "zweieinhalb", "2,5 Stunden", "eindreiviertel". The whole text must be it.
func ReadNumber(s string) (feierabend.Dec4, bool) {
	t := core(repair(joinUnits(tokenise(s))))
	if len(t) == 0 {
		return 0, false
	}
	if q, ok := quantityAt(t, 0); ok && q.j == len(t) {
		return q.v, true
	}
	if n, ok := numberAt(t, 0); ok && n.j == len(t) {
		return n.v, true
	}
	if n, ok := numberAt(t, 0); ok && n.j == len(t)-1 && t[n.j].is("prozent", "%", "mal") {
		return n.v, true
	}
	if v, ok := timesWord(t[0].low); ok && len(t) == 1 {
		return v, true
	}
	return 0, false
}

// ReadMoney reads an answer that is one amount in euro: "acht neunzig", "58 Euro 90",
// "1.250 €", "zwölfhundert". The whole text must be it.
func ReadMoney(s string) (feierabend.Dec4, bool) {
	t := core(repair(joinUnits(tokenise(s))))
	if len(t) == 0 {
		return 0, false
	}
	for _, read := range []func([]token, int) (number, bool){euroAt, pairAt, numberAt} {
		if n, ok := read(t, 0); ok && n.j == len(t) && n.v >= 0 {
			return n.v, true
		}
	}
	if v, ok := slang[t[len(t)-1].low]; ok && (len(t) == 1 || len(t) == 2 && articles[t[0].low]) {
		return feierabend.Dec(v), true
	}
	return 0, false
}

var slang = map[string]int{"fünfer": 5, "zehner": 10, "zwanni": 20, "zwanziger": 20, "fuffi": 50, "fuffziger": 50, "fünfziger": 50, "hunni": 100, "hunderter": 100, "tausender": 1000}

// ReadDate reads an answer that is a day or period, as seen from at: "gestern",
// "letzten Dienstag", "12. bis 14. November", "KW 42".
func ReadDate(s string, at time.Time) (feierabend.Period, bool) {
	t := tokenise(s)
	c := newCalendar(at, past)
	for i := 0; i < len(t) && i < 6; i++ {
		if w, ok := c.at(t, i); ok && !w.vague {
			return w.period(), true
		}
		if w, ok := c.dayOfMonth(t, i); ok && i == 0 && w.j >= len(t)-1 {
			return w.period(), true
		}
		if t[i].kind == tWord && !answerFillers[t[i].low] && !stopWords[t[i].low] {
			break
		}
	}
	return feierabend.Period{}, false
}

// ReadAddress reads street with number, postcode and city out of an answer; absent parts
// are "". ok is false when nothing of an address was found.
func ReadAddress(s string) (road, postcode, city string, ok bool) {
	e := newEngine(Input{Text: s})
	list := e.findStreets()
	if len(list) == 0 {
		if x, ok := e.answerStreet(); ok {
			e.place(&x)
			list = append(list, x)
		}
	}
	if len(list) > 0 {
		x := list[0]
		return x.text, x.postcode, x.city, true
	}
	for i := range e.t { // only postcode and town
		if p, j, found := e.postcodeAt(i); found {
			x := street{j: j, postcode: p}
			e.city(&x, j)
			return "", p, x.city, true
		}
	}
	return "", "", "", false
}

// answerStreet reads "Seeblick 3" at the start of an answer.
func (e *engine) answerStreet() (street, bool) {
	for k := 0; k < len(e.t) && k < 5 && e.t[k].kind == tWord; k++ {
		n, j, ok := e.houseNumber(k + 1)
		if ok && letters(e.t[k].s) > 2 && (j >= len(e.t) || e.t[j].kind == tPunct || e.placed(j) || e.t[j].is("in")) {
			return street{i: 0, j: j, end: j, text: e.streetText(0, k+1, n), sure: true}, true
		}
	}
	return street{}, false
}
