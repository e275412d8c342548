package dictation

import "feierabend"

// leftovers lists the figures among the words of lines that no field of the draft has taken.
func (e *engine) leftovers(ents []entity) []entity {
	var out []entity
	tries := 0
	for _, x := range ents {
		switch {
		case x.k != eQty && x.k != ePrice && x.k != eCount, x.k == eCount && x.s == "art":
			continue
		case x.k == eQty && (x.q.unit == "DAY" || x.q.unit == "WEE" || x.q.unit == "MON"):
			continue
		}
		if tries++; tries > 200 {
			break // no dictation has as many figures
		}
		if !e.covered(x.i, x.j) && !e.aside(x) {
			out = append(out, x)
		}
	}
	return out
}

// covered says whether a field of the draft has its value from within tokens [i,j).
func (e *engine) covered(i, j int) bool {
	from, to := e.span(i, j)
	for _, ev := range e.d.Evidence {
		if ev.From < to && ev.To > from {
			return true
		}
	}
	return false
}

// aside says whether a figure counts nothing that is billed: a time of day, rooms, a value that
// a line has already or that another took the place of.
func (e *engine) aside(x entity) bool {
	if x.i > 0 && e.t[x.i-1].is("um", "ab", "gegen", "vor", "nach", "bis", "seit", "kurz", "von", "im", "am", "mit", "nr", "nummer", "in", "ral") || x.j < len(e.t) && (placeWords[e.t[x.j].low] || sizeUnits[e.t[x.j].low] || firstNames[e.t[x.j].low]) {
		return true
	}
	v := x.n.v
	if x.k == eQty {
		v = x.q.v
	}
	a, b := e.sentence(x.i)
	for n, l := range e.d.Lines {
		if (l.Quantity != nil && *l.Quantity == v || l.Price != nil && *l.Price == v) && (v >= feierabend.Dec(20) || e.lineSaid(n, a, b)) {
			return true
		}
	}
	return v >= feierabend.Dec(1000) || e.has(x.j, b, "also", "zusammen", "insgesamt", "macht") || e.has(a, x.i, "standen", "kennzeichen", "baujahr")
}

// askLeftovers sees to it that no figure near work is lost in silence: the line beside it is
// asked again, and work without a line gets one whose values are asked. A figure in a sentence
// that names no work makes no line.
func (e *engine) askLeftovers(ents []entity) {
	if !e.d.Kind.Priced() && e.d.Kind != "" {
		return
	}
	for _, x := range e.leftovers(ents) {
		a, b := e.clause(x.i)
		if e.countedThing(a, b, x) || e.pricedThing(a, b, x) {
			continue
		}
		if n := e.lineWithin(a, b); n >= 0 {
			e.reopen(n, x)
			continue
		}
		a, b = e.sentence(x.i)
		a, b = max(a, x.i-8), min(b, x.j+6)
		if l, i, j, ok := e.openLine(a, b, x); ok {
			n := len(e.d.Lines)
			e.d.Lines = append(e.d.Lines, l)
			e.said(linePath(n, "text"), i, j)
			if l.Price != nil {
				e.profile(linePath(n, "price"))
			}
		}
	}
}

// lineWithin finds the line whose words stand in tokens [a,b).
func (e *engine) lineWithin(a, b int) int {
	for n := range e.d.Lines {
		if e.lineSaid(n, a, b) {
			return n
		}
	}
	return -1
}

// lineSaid says whether words of line n stand in tokens [a,b).
func (e *engine) lineSaid(n, a, b int) bool {
	ev, ok := e.d.Evidence[linePath(n, "text")]
	from, to := e.span(a, b)
	return ok && ev.From < to && ev.To > from
}

// reopen asks the value of line n that the left figure may have meant.
func (e *engine) reopen(n int, x entity) {
	l := &e.d.Lines[n]
	path := linePath(n, "quantity")
	if ev := e.d.Evidence[path]; l.Quantity != nil && x.k != ePrice && ev.Source == "rule" && ev.To == 0 {
		l.Quantity = nil
		delete(e.d.Evidence, path)
		return
	}
	if l.Price != nil && l.Source == "profile" && (x.k == ePrice || l.Quantity != nil && x.k == eCount) {
		l.Price, l.Source = nil, ""
		delete(e.d.Evidence, linePath(n, "price"))
	}
}

// openLine makes a line with open values of the work that stands beside a left figure in tokens
// [a,b): hours of a role, or a word of the price list with a word of work.
func (e *engine) openLine(a, b int, x entity) (l feierabend.Line, i, j int, ok bool) {
	for k := a; k < b; k++ {
		t := e.t[k]
		if e.claims[k] != free || e.covered(k, k+1) {
			continue
		}
		if r := roles[t.low]; r != "" && (x.k == eCount || timeUnit(x.q.unit)) {
			l = feierabend.Line{Kind: feierabend.LineLabour, Text: title(r), Unit: "HUR"}
			if rate, known := e.in.Profile.Rates[r]; known {
				rate = e.inMode(rate)
				l.Price, l.Source = &rate, "profile"
			}
			return l, k, k + 1, true
		}
		if n := e.listWord(k); n >= 0 {
			it := e.catalog.items[n]
			return feierabend.Line{Kind: it.Kind, Text: e.original(k, k+1), Unit: it.Unit}, k, k + 1, true
		}
	}
	return l, 0, 0, false
}

// listWord gives the one price-list item that has the noun at token k in its name, or -1.
func (e *engine) listWord(k int) int {
	t := e.t[k]
	if t.kind != tWord || letters(t.s) < 5 || stopWords[t.low] || e.cased && !t.upper || placeWords[t.low] {
		return -1
	}
	found := -1
	for _, p := range e.catalog.phrases {
		for n, w := range p.words {
			if p.upper[n] && stem(w) == stem(catalogWord(t)) {
				if found >= 0 && found != p.item {
					return -1
				}
				found = p.item
			}
		}
	}
	return found
}

// countedThing makes a line with its price asked of "16 Dosen" in a sentence of billed lines,
// where nothing in the part tells a story.
func (e *engine) countedThing(a, b int, x entity) bool {
	k := x.j
	if x.k != eCount || k >= b || e.cased && !e.t[k].upper || !e.cased || letters(e.t[k].s) < 4 || stopWords[e.t[k].low] || life[e.t[k].low] || generic[e.t[k].low] || roomWord(e.t[k].low) || e.claims[k] != free || verbal(e.t[k]) {
		return false
	}
	if e.hasSet(a, b, finite) || x.n.v%feierabend.One != 0 || e.covered(k, k+1) {
		return false
	}
	sa, sb := e.sentence(x.i)
	if e.lineWithin(sa, sb) < 0 {
		return false
	}
	n := len(e.d.Lines)
	v := x.n.v
	e.d.Lines = append(e.d.Lines, feierabend.Line{Kind: feierabend.LineMaterial, Text: e.t[k].s, Quantity: &v, Unit: "H87"})
	e.said(linePath(n, "text"), k, k+1)
	e.said(linePath(n, "quantity"), x.i, x.j)
	return true
}

// pricedThing makes a line with open values of "Armatur dazu 210" in a sentence of billed lines.
func (e *engine) pricedThing(a, b int, x entity) bool {
	if x.k != eCount && x.k != ePrice || x.n.v < feierabend.Dec(10) || !e.cased || e.hasSet(a, b, finite) {
		return false
	}
	if sa, sb := e.sentence(x.i); e.lineWithin(sa, sb) < 0 {
		return false
	}
	for k := x.i - 1; k >= a && k > x.i-4; k-- {
		t := e.t[k]
		if t.kind != tWord || e.claims[k] != free || e.covered(k, k+1) {
			return false
		}
		if !t.upper {
			continue
		}
		if letters(t.s) < 4 || life[t.low] || generic[t.low] || roomWord(t.low) || vehicles[t.low] || stopWords[t.low] || firstNames[t.low] {
			return false
		}
		n := len(e.d.Lines)
		e.d.Lines = append(e.d.Lines, feierabend.Line{Kind: feierabend.LineMaterial, Text: t.s, Unit: "H87"})
		e.said(linePath(n, "text"), k, k+1)
		return true
	}
	return false
}

// notePart remembers a clause that takes a part of a line out: "einer davon auf Garantie".
func (e *engine) notePart(a, b int) {
	if e.has(a, b, "davon") && (e.given(a, b) || e.hasNegation(a, b) || e.has(a, b, "garantie", "gewährleistung", "kulanz", "umsonst", "kostenlos", "geschenkt", "reklamation")) && len(e.parts) < 20 {
		e.parts = append(e.parts, a)
	}
}

// askParts asks the quantity of the line before a part that is not billed.
func (e *engine) askParts() {
	for _, i := range e.parts {
		a, _ := e.sentence(i)
		for n := len(e.d.Lines) - 1; n >= 0; n-- {
			if l := &e.d.Lines[n]; l.Quantity != nil && i > a && e.lineSaid(n, a, i) {
				l.Quantity = nil
				delete(e.d.Evidence, linePath(n, "quantity"))
				break
			}
		}
	}
}
