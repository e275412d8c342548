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
		if a, ok = c.dayOfMonth(t, k); ok {
			partial = true
		}
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
	und := t[k].is("und")
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
	if t[i].is("soeben", "vorhin") || t[i].is("eben") && i+1 < len(t) && t[i+1].is("bei", "beim", "gerade") || t[i].is("gerade") && i+1 < len(t) && t[i+1].is("eben") {
		w := when{from: c.today, to: c.today, i: i, j: i + 1}
		if t[i].is("gerade") {
			w.j++
		}
		return w, true
	}
	if t[i].kind == tDate {
		return c.numeric(t, i)
	}
	if w, ok := c.weekdayAt(t, i); ok {
		return w, true
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

func (c calendar) numeric(t []token, i int) (when, bool) {
	f := strings.Split(strings.TrimSuffix(t[i].s, "."), ".")
	d, m := atoi(f[0]), atoi(f[1])
	if len(f) == 3 {
		y := atoi(f[2])
		if y < 100 {
			y += 2000
		}
		return c.exact(y, time.Month(m), d, i, i+1)
	}
	return c.dated(t, d, time.Month(m), i, i+1)
}

func (c calendar) exact(y int, m time.Month, d, i, j int) (when, bool) {
	x := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if d < 1 || m < 1 || m > 12 || x.Day() != d || y < 2000 || y > 2100 {
		return when{}, false
	}
	return when{from: x, to: x, i: i, j: j}, true
}

// dated gives day and month their year: said, or the nearest in the direction.
func (c calendar) dated(t []token, d int, m time.Month, i, j int) (when, bool) {
	if j < len(t) && t[j].kind == tNumber && len(t[j].s) == 4 && strings.HasPrefix(t[j].s, "20") {
		return c.exact(atoi(t[j].s), m, d, i, j+1)
	}
	w, ok := c.exact(c.today.Year(), m, d, i, j)
	if !ok {
		return w, false
	}
	if c.dir == past && w.from.After(c.today) {
		return c.exact(c.today.Year()-1, m, d, i, j)
	}
	if c.dir == future && w.from.Before(c.today) {
		return c.exact(c.today.Year()+1, m, d, i, j)
	}
	return w, true
}

// dayOfMonth reads "am 24.", whose month is the nearest in the direction.
func (c calendar) dayOfMonth(t []token, i int) (when, bool) {
	n, j, ok := ordinalAt(t, i)
	if !ok || j < len(t) && t[j].kind == tWord && t[j].upper && !t[j].is("bis", "und", "um", "war") && t[i].kind == tWord {
		return when{}, false
	}
	for k := 0; k < 3; k++ {
		month := time.Date(c.today.Year(), c.today.Month()+time.Month(k*int(c.dir)), 1, 0, 0, 0, 0, time.UTC)
		w, ok := c.exact(month.Year(), month.Month(), n, i, j)
		if ok && (c.dir == past && !w.from.After(c.today) || c.dir == future && !w.from.Before(c.today)) {
			w.bare = true
			return w, true
		}
	}
	return when{}, false
}

// week reads "KW 42, Montag bis Mittwoch", "letzte Woche", "diese Woche".
func (c calendar) week(t []token, i int) (when, bool) {
	k := i
	for k < len(t) && t[k].is("in", "der", "die", "ganze", "ganzen", "die") && k < i+3 {
		k++
	}
	if k+1 >= len(t) {
		return when{}, false
	}
	monday := c.today.AddDate(0, 0, -(int(c.today.Weekday())+6)%7)
	switch {
	case t[k].is("kw", "kalenderwoche"):
		n, ok := numberAt(t, k+1)
		whole, isWhole := n.whole()
		if !ok || !isWhole || whole < 1 || whole > 53 {
			return when{}, false
		}
		monday, k = c.isoWeek(whole), n.j
	case t[k].is("letzte", "letzter", "vorige", "voriger", "vergangene") && t[k+1].is("woche"):
		monday, k = monday.AddDate(0, 0, -7), k+2
	case t[k].is("diese", "dieser") && t[k+1].is("woche"):
		k += 2
	case t[k].is("nächste", "nächster", "kommende", "kommender") && t[k+1].is("woche", "monat"):
		return when{i: i, j: k + 2, vague: true}, true
	default:
		return when{}, false
	}
	w := when{from: monday, to: monday.AddDate(0, 0, 6), i: i, j: k, week: true}
	return c.narrow(t, w), true
}

func (c calendar) isoWeek(n int) time.Time {
	best := time.Time{}
	for y := c.today.Year() - 1; y <= c.today.Year()+1; y++ {
		jan4 := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC)
		m := jan4.AddDate(0, 0, -(int(jan4.Weekday())+6)%7+7*(n-1))
		past := !m.After(c.today)
		if c.dir == -1 && past || c.dir == 1 && !m.AddDate(0, 0, 6).Before(c.today) && best.IsZero() {
			best = m
		}
	}
	return best
}

// narrow takes weekdays after a week into it: "letzte Woche, Montag bis Freitag".
func (c calendar) narrow(t []token, w when) when {
	k := w.j
	for k < len(t) && (t[k].s == "," || t[k].is("von", "am")) {
		k++
	}
	if k >= len(t) {
		return w
	}
	d, ok := weekdays[t[k].low]
	if !ok {
		return w
	}
	day := func(d time.Weekday) time.Time { return w.from.AddDate(0, 0, (int(d)+6)%7) }
	out := when{from: day(d), to: day(d), i: w.i, j: k + 1}
	if k+2 < len(t) && t[k+1].is("bis", "und", "-") {
		if e, ok := weekdays[t[k+2].low]; ok {
			out.to, out.j = day(e), k+3
		} else if off, ok := dayWords[t[k+2].low]; ok {
			out.to, out.j = c.today.AddDate(0, 0, off), k+3
		}
	}
	return out
}

// month reads "im Oktober", "ganzer Oktober", "letzten Monat"; k is the token after the prepositions.
func (c calendar) month(t []token, i, k int) (when, bool) {
	if k >= len(t) {
		return when{}, false
	}
	y, m, ok := c.today.Year(), time.Month(0), false
	if t[k].is("letzten", "vorigen") && k+1 < len(t) && t[k+1].is("monat") {
		x := time.Date(y, c.today.Month()-1, 1, 0, 0, 0, 0, time.UTC)
		y, m, k = x.Year(), x.Month(), k+1
	} else if m, ok = monthNames[t[k].low]; !ok {
		return when{}, false
	} else if k+1 < len(t) && t[k+1].kind == tNumber && len(t[k+1].s) == 4 && strings.HasPrefix(t[k+1].s, "20") {
		y = atoi(t[k+1].s)
		k++
	} else if c.dir == past && m > c.today.Month() {
		y--
	} else if c.dir == future && m < c.today.Month() {
		y++
	}
	from := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	return when{from: from, to: from.AddDate(0, 1, -1), i: i, j: k + 1, month: true, bare: i == k}, true
}

var ordinalStems = map[string]int{"erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "sechst": 6, "siebt": 7, "siebent": 7, "acht": 8, "neunt": 9}

// ordinalAt reads "zwölfter", "24.", and "12" before a month.
func ordinalAt(t []token, i int) (int, int, bool) {
	if i >= len(t) {
		return 0, i, false
	}
	if t[i].kind == tNumber {
		n := atoi(t[i].s)
		if strings.ContainsAny(t[i].s, ",½¼¾") || n < 1 || n > 31 {
			return 0, i, false
		}
		if i+1 < len(t) && t[i+1].low == "ord." {
			return n, i + 2, true
		}
		if i+1 < len(t) && monthNames[t[i+1].low] > 0 {
			return n, i + 1, true
		}
		return 0, i, false
	}
	if t[i].kind != tWord {
		return 0, i, false
	}
	low := t[i].low
	for _, end := range []string{"en", "er", "e", "es"} {
		stem, cut := strings.CutSuffix(low, end)
		if !cut {
			continue
		}
		if n, ok := ordinalStems[stem]; ok {
			return n, i + 1, true
		}
		for _, t := range []string{"st", "t"} {
			if base, cut := strings.CutSuffix(stem, t); cut {
				if v, frac, ok := wordNumber(base); ok && !frac && v >= feierabend.Dec(10) && v <= feierabend.Dec(31) {
					return int(v / feierabend.One), i + 1, true
				}
			}
		}
		if n := ordinalTail(stem); n > 0 {
			return n, i + 1, true
		}
	}
	return 0, i, false
}

// ordinalTail reads "einunddreißigst" whose tens carry variants.
func ordinalTail(stem string) int {
	base, cut := strings.CutSuffix(standard(stem), "st")
	if !cut {
		return 0
	}
	n, ok := below100(base, -1)
	if !ok || n > 31 || n < 20 {
		return 0
	}
	return n
}

func atoi(s string) int {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' || n > 1_000_000 {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}
