package dictation

import (
	"strings"
	"time"
)

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
	if k > 0 && t[k-1].is("anfang", "mitte", "ende") && monthNames[t[k].low] > 0 {
		return when{i: i, j: k + 1, vague: true}, true
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
