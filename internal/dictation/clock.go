package dictation

import (
	"strings"

	"feierabend"
)

// clock is a time of day in minutes at tokens [i,j).
type clock struct {
	min  int
	i, j int
	day  bool // said for all 24 hours: 15:30, "nachmittags"
}

// clockAt reads "7:30", "halb vier", "Viertel nach sieben", "dreiviertel vier", "zwanzig nach eins", "16 Uhr".
func clockAt(t []token, i int) (clock, bool) {
	if i >= len(t) {
		return clock{}, false
	}
	if t[i].kind == tClock {
		h, m, _ := strings.Cut(t[i].s, ":")
		c := clock{min: atoi(h)*60 + atoi(m), i: i, j: i + 1, day: true}
		return c.uhr(t), c.min < 24*60 && atoi(m) < 60
	}
	if c, ok := pointClock(t, i); ok {
		return c, true
	}
	hour := func(k int) (int, int, bool) {
		n, ok := numberAt(t, k)
		w, whole := n.whole()
		return w, n.j, ok && whole && w <= 24 && !n.frac && n.j == k+1
	}
	low := standard(t[i].low)
	if off, ok := map[string]int{"halb": -30, "viertel": -45, "dreiviertel": -15}[low]; ok {
		if h, j, ok := hour(i + 1); ok && h > 0 && h <= 12 {
			return clock{min: h*60 + off, i: i, j: j}.uhr(t), true
		}
	}
	if low == "mittag" || low == "mittags" {
		return clock{min: 12 * 60, i: i, j: i + 1, day: true}, true
	}
	return clockWords(t, i, hour)
}

func clockWords(t []token, i int, hour func(int) (int, int, bool)) (clock, bool) {
	n, ok := numberAt(t, i)
	if t[i].is("viertel") {
		n, ok = number{v: feierabend.Dec(15), j: i + 1}, true
	}
	w, whole := n.whole()
	if !ok || !whole || n.frac {
		return clock{}, false
	}
	if n.j < len(t) && t[n.j].is("vor", "nach") {
		sign := 1
		if t[n.j].is("vor") {
			sign = -1
		}
		k, half := n.j+1, 0
		if k < len(t) && t[k].is("halb") {
			k, half = k+1, -30
		}
		if h, j, ok := hour(k); ok && w < 30 {
			return clock{min: h*60 + half + sign*w, i: i, j: j}.uhr(t), true
		}
	}
	if w > 24 || n.art && !t[i].is("eins") || n.j != i+1 || n.v%feierabend.One != 0 {
		return clock{}, false
	}
	return clock{min: w * 60, i: i, j: n.j, day: w > 12}.uhr(t), true
}

// uhr takes "Uhr", minutes after it and the part of the day.
func (c clock) uhr(t []token) clock {
	if c.j < len(t) && t[c.j].is("uhr") {
		c.j++
		if n, ok := numberAt(t, c.j); ok && c.min%60 == 0 && n.j == c.j+1 {
			if w, whole := n.whole(); whole && w > 0 && w < 60 && !n.art && c.i+1 == c.j-1 {
				c.min, c.j = c.min+w, n.j
			}
		}
	}
	if c.j < len(t) && t[c.j].is("nachmittags", "abends", "nachmittag", "abend") {
		if c.min < 12*60 {
			c.min += 12 * 60
		}
		c.day = true
		c.j++
	}
	return c
}

// worked gives the minutes between two times; an end before the start lies in the afternoon.
func worked(a, b clock) int {
	if b.min <= a.min && b.min <= 12*60 {
		b.min += 12 * 60
	}
	return b.min - a.min
}

// pointClock reads "8.30 Uhr".
func pointClock(t []token, i int) (clock, bool) {
	h, m, ok := strings.Cut(t[i].s, ".")
	if !ok || t[i].kind != tNumber || len(h) > 2 || len(m) != 2 || i+1 >= len(t) || !t[i+1].is("uhr") || atoi(h) > 23 || atoi(m) > 59 || atoi(m) < 0 {
		return clock{}, false
	}
	return clock{min: atoi(h)*60 + atoi(m), i: i, j: i + 1, day: true}.uhr(t), true
}
