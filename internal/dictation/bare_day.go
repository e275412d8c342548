package dictation

// bareDay reads the "9" of "9 bis 11 März", whose month stands only with the last day.
func (c calendar) bareDay(t []token, i int) (when, bool) {
	n, ok := numberAt(t, i)
	d, whole := n.whole()
	if !ok || !whole || n.art || n.pair || d < 1 || d > 31 {
		return when{}, false
	}
	j := n.j
	if j+1 < len(t) && t[j].s == "." && !t[j].gap && t[j+1].is("-", "–") { // 20.-24. Juli
		j++
	}
	if j+1 >= len(t) || !t[j].is("bis", "-", "–", "und") {
		return when{}, false
	}
	k := j + 1
	for k < len(t) && t[k].is("zum", "den") {
		k++
	}
	end, ok := c.day(t, k)
	if !ok || end.weekday || !monthSaid(t, end) || end.from.Day() <= d {
		return when{}, false
	}
	led := i > 0 && t[i-1].is("am", "vom", "den", "von")
	if gap := end.from.Day() - d; t[j].is("und") && gap > 1 && !led {
		return when{}, false // "Schrauben 20 und am 24. Juli"
	}
	return when{from: end.from.AddDate(0, 0, d-end.from.Day()), to: end.from, i: i, j: j}, true
}

// monthSaid says whether a day was said with the name of its month.
func monthSaid(t []token, w when) bool {
	for k := w.i; k < w.j; k++ {
		if monthNames[t[k].low] > 0 {
			return true
		}
	}
	return false
}

// dayAhead says whether the number at i is the day of a month named right behind it.
func dayAhead(t []token, i int) bool {
	k := i + 1
	if k < len(t) && t[k].is("ord.") {
		k++
	}
	return k < len(t) && len(t[i].s) <= 2+len("siebenundzwanzig")*btoi(t[i].kind == tWord) && monthNames[t[k].low] > 0
}
