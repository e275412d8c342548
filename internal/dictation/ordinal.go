package dictation

import (
	"strings"
	"time"

	"feierabend"
)

func (c calendar) numeric(t []token, i int) (when, bool) {
	f := strings.Split(strings.TrimSuffix(t[i].s, "."), ".")
	d, m := atoi(f[0]), atoi(f[1])
	if len(f) == 3 {
		y := atoi(f[2])
		if y < 100 {
			y += 2000
		} else if len(f[2]) == 5 { // "20026": zweitausend, sechsundzwanzig
			y = 2000 + y%100
		}
		return c.exact(y, time.Month(m), d, i, i+1)
	}
	return c.dated(t, d, time.Month(m), i, i+1)
}

// pointDay reads "8.9" before "bis" and a written date: "8.9 bis 9.09.2026".
func (c calendar) pointDay(t []token, i int) (when, bool) {
	d, m, ok := strings.Cut(t[i].s, ".")
	if !ok || t[i].kind != tNumber || i+2 >= len(t) || !t[i+1].is("bis", "-", "und") || t[i+2].kind != tDate || len(d) > 2 || len(m) > 2 || atoi(d) < 1 || atoi(m) < 1 {
		return when{}, false
	}
	f := strings.Split(strings.TrimSuffix(t[i+2].s, "."), ".")
	if len(f) == 3 {
		end, ok := c.numeric(t, i+2)
		if !ok {
			return when{}, false
		}
		return c.exact(end.from.Year(), time.Month(atoi(m)), atoi(d), i, i+1)
	}
	return c.dated(t, atoi(d), time.Month(atoi(m)), i, i+1)
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
	if v := t[i].value; t[i].ok && !t[i].frac && !articles[low] && v >= feierabend.One && v <= feierabend.Dec(31) && dayAhead(t, i) {
		return int(v / feierabend.One), i + 1, true
	}
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
