package dictation

import (
	"maps"
	"slices"
	"strings"

	"feierabend"
)

// Correct applies a later message to a draft: „die Arbeitszeit waren 6, nicht 4“, „Anfahrt
// streichen“, „Nachname ist Clasen“, „noch zwei Eckventile“. It gives a new draft, or false
// when the text is no correction (a dictation of its own, or nothing we understand).
// Evidence of changed values has ranges in the new text.
func Correct(prev feierabend.Draft, in Input) (feierabend.Draft, bool) {
	e := newEngine(in)
	if len(e.t) == 0 || len(e.t) > 60 || e.ownDictation(prev) {
		return prev, false
	}
	c := &correction{e: e, d: prev}
	c.d.Lines = slices.Clone(prev.Lines)
	c.d.Evidence = maps.Clone(prev.Evidence)
	if c.d.Evidence == nil {
		c.d.Evidence = map[string]feierabend.Evidence{}
	}
	if prev.Buyer != nil {
		b := *prev.Buyer
		c.d.Buyer = &b
	}
	e.findHits()
	for _, try := range []func() bool{c.remove, c.buyerField, c.change, c.conditions, c.more} {
		if try() {
			c.d.Questions = Questions(c.d, in.Profile)
			if c.d.Kind != feierabend.KindReminder {
				c.d.Totals = Totals(c.d, in.Profile)
			}
			return c.d, true
		}
	}
	return prev, false
}

type correction struct {
	e *engine
	d feierabend.Draft
}

// ownDictation says whether the text starts a document or names another buyer.
func (e *engine) ownDictation(prev feierabend.Draft) bool {
	first := -1
	for i := range e.t {
		if e.isKindWord(i) && !e.reported(i) && !e.t[i].is("rechnung") || e.t[i].is("rechnung") && i+1 < len(e.t) && e.t[i+1].is("an", "für", "von", "bei", "frau", "herr", "herrn", "familie") {
			first = i
			break
		}
	}
	if first < 0 {
		return false
	}
	return len(e.t) > 4
}

var removeWords = set("streichen streich streiche gestrichen weg raus löschen lösch lösche entfernen entfern weglassen rausnehmen rauslassen entfällt entfallen")

// remove drops a line: "Anfahrt streichen", "die Anfahrt weg".
func (c *correction) remove() bool {
	e := c.e
	verb := -1
	for i, t := range e.t {
		if removeWords[t.low] || t.is("ohne") && i == 0 {
			verb = i
		}
	}
	if verb < 0 || e.countNumbers(0, len(e.t)) > 1 || e.t[verb].is("streichen", "gestrichen") && e.countNumbers(0, len(e.t)) > 0 {
		return false
	}
	i := c.lineOf(0, len(e.t))
	if i < 0 {
		return false
	}
	c.d.Lines = slices.Delete(c.d.Lines, i, i+1)
	shifted := map[string]feierabend.Evidence{}
	for p, ev := range c.d.Evidence {
		n, field, ok := feierabend.LinePath(p)
		switch {
		case !ok:
			shifted[p] = ev
		case n < i:
			shifted[p] = ev
		case n > i:
			shifted[feierabend.PathOfLine(n-1, field)] = ev
		}
	}
	c.d.Evidence = shifted
	return true
}

// lineOf finds the one line that tokens [a,b) name, or -1.
func (c *correction) lineOf(a, b int) int {
	e := c.e
	best, found := 0, -1
	for i, l := range c.d.Lines {
		score := 0
		for k := a; k < b; k++ {
			t := e.t[k]
			if t.kind != tWord || stopWords[t.low] && !travelWords[t.low] {
				continue
			}
			switch {
			case t.is("arbeitszeit", "stunden", "arbeit", "arbeitsstunden", "stunde") && l.Kind == feierabend.LineLabour && l.Unit == "HUR":
				score++
			case travelWords[t.low] && l.Kind == feierabend.LineTravel:
				score += 2
			case roles[t.low] != "" && wordIn(roles[t.low], l.Text):
				score += 2
			case len(t.low) > 3 && strings.Contains(stem(strings.ToLower(strings.ReplaceAll(l.Text, "-", ""))), stem(strings.ReplaceAll(t.low, "-", ""))):
				score += 2
			}
			if h, ok := e.hits[k]; ok && strings.HasPrefix(l.Text, e.catalog.items[h.item].Name) {
				score += 3
			}
		}
		if score > best {
			best, found = score, i
		} else if score == best && score > 0 {
			found = -1
		}
	}
	return found
}

// change sets quantity or price of a line: "die Arbeitszeit waren 6, nicht 4", "das Eckventil kostet 16 Euro".
func (c *correction) change() bool {
	raw := tokenise(c.e.in.Text)
	old, hasOld := notNumber(raw)
	e := c.e
	for i := range e.t {
		a, ok := amountAt(e.t, i)
		if !ok || a.n.art && a.unit == "" {
			continue
		}
		if i > 0 && e.t[i-1].is("noch") || i > 1 && e.t[0].is("noch", "dazu", "plus", "außerdem", "zusätzlich") || a.unit == "P1" || a.unit == "mann" {
			return false
		}
		verb := e.has(0, len(e.t), "waren", "war", "sind", "ist", "kostet", "kosten", "nur", "statt", "sondern", "beträgt", "macht", "lauten", "heißt", "stimmt", "ändern", "auf") || hasOld
		if !verb {
			return false
		}
		price := a.money || e.has(0, len(e.t), "kostet", "kosten", "preis", "€")
		line := c.lineOf(0, len(e.t))
		if line < 0 {
			line = c.byValue(old, hasOld, price, a.unit)
		}
		if line < 0 {
			return false
		}
		c.set(line, a, price)
		return true
	}
	return false
}

// notNumber finds the value that is taken back: "nicht 4", "statt vier".
func notNumber(t []token) (fixed, bool) {
	for i := 0; i+1 < len(t); i++ {
		if t[i].is("nicht", "statt") {
			if a, ok := amountAt(t, i+1); ok {
				return a.n.v, true
			}
		}
	}
	return 0, false
}

// byValue finds the one line that has the old value, or the one with the unit.
func (c *correction) byValue(old fixed, hasOld, price bool, unit string) int {
	found := -1
	for i, l := range c.d.Lines {
		match := unit != "" && l.Unit == unit && !price
		if hasOld {
			match = !price && l.Quantity != nil && *l.Quantity == old || price && l.Price != nil && *l.Price == old
		}
		if match {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

func (c *correction) set(i int, a amount, price bool) {
	l := &c.d.Lines[i]
	v := a.n.v
	from, to := c.e.span(a.n.i, a.unitEnd)
	ev := feierabend.Evidence{Source: "said", From: from, To: to}
	if price {
		l.Price, l.Source = &v, ""
		c.d.Evidence[linePath(i, "price")] = ev
		return
	}
	if a.unit == "MIN" && l.Unit == "HUR" {
		v = fixed(feierabend.MulDiv(int64(v), 1, 60))
		ev.Source = "rule"
	}
	l.Quantity = &v
	c.d.Evidence[linePath(i, "quantity")] = ev
}
