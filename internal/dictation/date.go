package dictation

import (
	"strings"
	"time"

	"feierabend"
)

// direction says where a date without year lies: supply in the past, plans in the future.
type direction int

const (
	past   direction = -1
	future direction = 1
)

// when is a date or period at tokens [i,j).
type when struct {
	from, to time.Time
	i, j     int
	month    bool // a whole month
	week     bool // a whole week, may be narrowed by weekdays
	vague    bool // "nächste Woche": no date
	weekday  bool // only a weekday was said
	bare     bool // only a day of a month or a bare month: needs a preposition
}

func (w when) period() feierabend.Period {
	return feierabend.Period{From: w.from.Format(time.DateOnly), To: w.to.Format(time.DateOnly)}
}

var monthNames = map[string]time.Month{
	"januar": 1, "jänner": 1, "februar": 2, "feber": 2, "märz": 3, "april": 4, "mai": 5, "juni": 6, "juno": 6, "juli": 7, "julei": 7,
	"august": 8, "september": 9, "oktober": 10, "november": 11, "dezember": 12,
}

var weekdays = map[string]time.Weekday{
	"montag": 1, "dienstag": 2, "mittwoch": 3, "donnerstag": 4, "freitag": 5, "samstag": 6, "sonnabend": 6, "sonntag": 0,
}

var dayWords = map[string]int{"heute": 0, "gestern": -1, "vorgestern": -2, "vorvorgestern": -3, "morgen": 1, "übermorgen": 2}

// calendar reads dates as seen from a day.
type calendar struct {
	today time.Time
	dir   direction
}

func newCalendar(at time.Time, dir direction) calendar {
	y, m, d := at.Date()
	return calendar{today: time.Date(y, m, d, 0, 0, 0, 0, time.UTC), dir: dir}
}

func (c calendar) at(t []token, i int) (when, bool) {
	if w, ok := c.week(t, i); ok {
		return w, true
	}
	k := i
	for k < len(t) && t[k].is("von", "vom", "am", "ab", "seit", "den", "der", "zum", "im", "ganzen", "ganze") && k < i+3 {
		k++
	}
	a, ok := c.day(t, k)
	partial := false
	if !ok {
		if a, ok = c.dayOfMonth(t, k); !ok {
			a, ok = c.bareDay(t, k)
		}
		partial = ok
	}
	if !ok {
		w, ok := c.month(t, i, k)
		return w, ok
	}
	a.i = i
	if b, ok := c.second(t, a, partial); ok {
		return c.span(a, b, partial), true
	}
	if partial && (k == i || !t[k-1].is("am", "den", "der", "vom", "zum")) {
		return when{}, false
	}
	return a, true
}

// span joins two ends to a period; a first day without month takes it from the second.
func (c calendar) span(a, b when, partial bool) when {
	if partial {
		a.from = time.Date(b.from.Year(), b.from.Month(), a.from.Day(), 0, 0, 0, 0, time.UTC)
	}
	if a.weekday {
		for a.from = b.from.AddDate(0, 0, -1); a.from.Weekday() != a.to.Weekday(); {
			a.from = a.from.AddDate(0, 0, -1)
		}
	}
	if a.from.After(b.from) && a.from.Sub(b.from) > 300*24*time.Hour {
		a.from = a.from.AddDate(-1, 0, 0)
	}
	if a.from.After(b.from) {
		a.from, b.from = b.from, a.from
	}
	return when{from: a.from, to: b.from, i: a.i, j: b.j}
}

// second reads "bis …", "- …", "und …" after a first day.
func (c calendar) second(t []token, a when, partial bool) (when, bool) {
	k := a.j
	if k >= len(t) {
		return when{}, false
	}
	und := t[k].is("und") || t[k].is("auf") && k+1 < len(t) && t[k+1].is("den")
	if !und && !t[k].is("bis", "-", "–") {
		return when{}, false
	}
	k++
	for k < len(t) && t[k].is("zum", "am", "einschließlich", "den") {
		k++
	}
	b, ok := c.day(t, k)
	if !ok {
		if b, ok = c.dayOfMonth(t, k); !ok {
			return when{}, false
		}
	}
	if a.weekday && b.weekday && !und {
		b.from = c.weekdayDate(b.to.Weekday(), true)
	}
	if und {
		if partial {
			a.from = time.Date(b.from.Year(), b.from.Month(), a.from.Day(), 0, 0, 0, 0, time.UTC)
		}
		d := b.from.Sub(a.from)
		if d < -8*24*time.Hour || d > 8*24*time.Hour {
			return when{}, false
		}
	}
	return b, true
}

// day reads one day: heute, am Freitag, 12. März, 24.02.2026.
func (c calendar) day(t []token, i int) (when, bool) {
	if i >= len(t) {
		return when{}, false
	}
	low := t[i].low
	if d, ok := dayWords[low]; ok && t[i].kind == tWord {
		w := when{from: c.today.AddDate(0, 0, d), i: i, j: i + 1}
		w.to = w.from
		if w.j < len(t) && t[w.j].is("nacht", "früh", "vormittag", "abend", "mittag", "nachmittag", "morgen") {
			w.j++
		}
		return c.sameDay(t, w), true
	}
	if t[i].is("soeben", "vorhin") || t[i].is("eben") && (i+1 < len(t) && t[i+1].is("bei", "beim", "gerade") || i > 0 && (i+1 >= len(t) || t[i+1].kind == tPunct) && (t[i-1].is("gemacht", "fertig", "gerade", "grad") || participle(t[i-1].low))) || t[i].is("gerade") && i+1 < len(t) && t[i+1].is("eben") {
		w := when{from: c.today, to: c.today, i: i, j: i + 1}
		if t[i].is("gerade") {
			w.j++
		}
		return w, true
	}
	if t[i].is("vor") {
		if n, ok := numberAt(t, i+1); ok && n.j < len(t) {
			w, whole := n.whole()
			if t[n.j].is("woche") {
				w *= 7
			}
			if whole && w > 0 && w < 15 && t[n.j].is("tagen", "tag", "woche") {
				x := c.today.AddDate(0, 0, -w)
				return when{from: x, to: x, i: i, j: n.j + 1}, true
			}
		}
	}
	if t[i].kind == tDate {
		return c.numeric(t, i)
	}
	if w, ok := c.pointDay(t, i); ok {
		return w, true
	}
	if w, ok := c.weekdayAt(t, i); ok {
		return w, true
	}
	if m, ok := monthNames[low]; ok && i+1 < len(t) && t[i+1].kind == tWord { // "Januar dreißigster"
		if n, j, ok := ordinalAt(t, i+1); ok {
			return c.dated(t, n, m, i, j)
		}
	}
	if n, j, ok := ordinalAt(t, i); ok && j < len(t) {
		if m, ok := monthNames[t[j].low]; ok {
			return c.dated(t, n, m, i, j+1)
		}
		if m, j2, ok := ordinalAt(t, j); ok && m <= 12 && t[j].kind == tWord {
			return c.dated(t, n, time.Month(m), i, j2)
		}
	}
	return when{}, false
}

// sameDay takes "am Freitag" or a date right after "heute" as the same day.
func (c calendar) sameDay(t []token, w when) when {
	k := w.j
	if k < len(t) && (t[k].is("am") || t[k].s == ",") {
		k++
	}
	if k < len(t) {
		if d, ok := weekdays[t[k].low]; ok && d == w.from.Weekday() {
			w.j = k + 1
		} else if e, ok := c.day(t, k); ok && e.from.Equal(w.from) && !e.weekday {
			w.j = e.j
		}
	}
	return w
}

func (c calendar) weekdayAt(t []token, i int) (when, bool) {
	k, last, next := i, false, false
	switch {
	case t[k].is("letzten", "letzter", "letzte", "vorigen", "vergangenen"):
		last = true
		k++
	case t[k].is("nächsten", "kommenden"):
		next = true
		k++
	case t[k].is("diesen"):
		k++
	}
	if k >= len(t) {
		return when{}, false
	}
	d, ok := weekdays[t[k].low]
	if !ok {
		for name, day := range weekdays {
			if rest, cut := strings.CutPrefix(t[k].low, name); cut && set("abend morgen mittag früh nacht vormittag nachmittag")[rest] {
				d, ok = day, true
			}
		}
	}
	if !ok {
		return when{}, false
	}
	e := c
	if last {
		e.dir = past
	} else if next {
		e.dir = future
	}
	w := when{from: e.weekdayDate(d, false), i: i, j: k + 1, weekday: true}
	w.to = w.from
	if k+2 < len(t) && (t[k+1].s == "," || t[k+1].is("den", "dem")) { // "Montag, zwölfter Januar"
		n := k + 2
		if t[n].is("den", "dem", "der") {
			n++
		}
		if full, ok := c.day(t, n); ok && !full.weekday && full.from.Weekday() == d && dayWords[t[n].low] == 0 && !t[n].is("heute") {
			full.i = i
			return full, true
		}
	}
	return w, true
}

// weekdayDate finds the nearest such weekday strictly before or after today; inclusive counts today too.
func (c calendar) weekdayDate(d time.Weekday, inclusive bool) time.Time {
	x := c.today
	if !inclusive {
		x = x.AddDate(0, 0, int(c.dir))
	}
	for x.Weekday() != d {
		x = x.AddDate(0, 0, int(c.dir))
	}
	return x
}
