package dictation

import (
	"maps"
	"slices"
	"strconv"
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

// buyerField sets a name or part of the address: "Nachname ist Clasen", "Hausnummer 14".
func (c *correction) buyerField() bool {
	e := c.e
	if c.d.Buyer == nil {
		c.d.Buyer = &feierabend.Buyer{}
	}
	b := c.d.Buyer
	for i, t := range e.t {
		k := i + 1
		for k < len(e.t) && (e.t[k].is("ist", "war", "lautet", "heißt", "sich", "nicht", "der", "die", "mit", "richtig") || e.t[k].s == ":") {
			k++
		}
		if k >= len(e.t) {
			break
		}
		switch {
		case t.is("nachname", "name", "familienname", "heißt") || t.is("schreibt") && e.t[i+1].is("sich"):
			return c.name(k)
		case t.is("hausnummer") && b.Street != "":
			if n, j, ok := e.houseNumber(k); ok {
				if cut := strings.LastIndex(b.Street, " "); cut > 0 {
					b.Street = b.Street[:cut] + " " + n
					c.said("buyer.street", k, j)
					return true
				}
			}
		case t.is("postleitzahl", "plz"):
			if p, j, ok := e.postcodeAt(k); ok {
				b.Postcode = p
				c.said("buyer.postcode", k, j)
				return true
			}
		case t.is("straße", "adresse", "anschrift", "rechnungsadresse", "rechnungsanschrift"):
			return c.addressFrom(k)
		case t.is("ort", "stadt", "wohnort") && e.t[k].kind == tWord && e.t[k].upper:
			s := street{postcode: b.Postcode}
			if e.city(&s, k) {
				b.City = s.city
				c.said("buyer.city", s.ci, s.cj)
				return true
			}
		}
	}
	return false
}

func (c *correction) said(path string, i, j int) {
	from, to := c.e.span(i, j)
	c.d.Evidence[path] = feierabend.Evidence{Source: "said", From: from, To: to}
}

func (c *correction) name(k int) bool {
	e, b := c.e, c.d.Buyer
	if salutations[e.t[k].low] != "" {
		p, ok := e.partyAt(k)
		if ok {
			b.Salutation, b.Name = p.salutation, p.name
			c.said("buyer.name", p.i, p.j)
		}
		return ok
	}
	if !e.nameWord(k) || stopWords[e.t[k].low] {
		return false
	}
	if p, ok := e.firmOrName(k); ok && p.company != "" && b.Company != "" {
		b.Company = p.company
		c.said("buyer.company", p.i, p.j)
		return true
	}
	old := strings.Fields(b.Name)
	fresh := []string{e.nameText(k)}
	j := k + 1
	if j < len(e.t) && firstNames[e.t[k].low] && e.nameWord(j) {
		fresh, old = append(fresh, e.nameText(j)), nil
		j++
	}
	if len(old) > 0 {
		old = old[:len(old)-1] // the family name is the last word
	}
	b.Name = strings.Join(append(slices.Clone(old), fresh...), " ")
	c.said("buyer.name", k, j)
	return true
}

func (c *correction) addressFrom(k int) bool {
	e, b := c.e, c.d.Buyer
	for _, s := range e.findStreets() {
		if s.i < k-1 {
			continue
		}
		b.Street = s.text
		c.said("buyer.street", s.i, s.j)
		if s.postcode != "" {
			b.Postcode = s.postcode
			c.said("buyer.postcode", s.pi, s.pj)
		}
		if s.city != "" {
			b.City = s.city
			c.said("buyer.city", s.ci, s.cj)
		}
		return true
	}
	return false
}

// conditions reads a message that sets dates, terms, discounts or payment alone.
func (c *correction) conditions() bool {
	e := c.e
	e.d.Kind = c.d.Kind
	e.withhold()
	e.vat()
	e.terms()
	e.payment()
	e.supply()
	found := e.d
	if len(found.Evidence) == 0 && len(found.Withhold) == 0 {
		return false
	}
	d := &c.d
	if found.Supply != nil {
		d.Supply = found.Supply
	}
	if found.DueDays != nil {
		d.DueDays = found.DueDays
	}
	if found.CashDiscount != nil {
		d.CashDiscount = found.CashDiscount
	}
	if found.Discount != nil {
		d.Discount, d.DiscountAmount = found.Discount, nil
	}
	if found.DiscountAmount != nil {
		d.DiscountAmount, d.Discount = found.DiscountAmount, nil
	}
	if found.ValidDays != nil {
		d.ValidDays = found.ValidDays
	}
	if found.Share != nil {
		d.Share = found.Share
	}
	if found.Paid != nil {
		d.Paid = found.Paid
	}
	if found.VATScheme != "" {
		d.VATScheme = found.VATScheme
	}
	if found.Prices == "gross" && d.Prices != "gross" {
		c.gross()
	}
	for _, w := range found.Withhold {
		d.Withhold = append(d.Withhold, w)
		for i := range d.Lines {
			if t := cutWord(d.Lines[i].Text, w); t != "" {
				d.Lines[i].Text = t
			}
		}
	}
	maps.Copy(d.Evidence, found.Evidence)
	c.more()
	return true
}

// gross turns the draft's mode; profile prices are worked out anew, said ones were meant gross.
func (c *correction) gross() {
	c.d.Prices = "gross"
	c.e.d.Prices = "gross"
	for i := range c.d.Lines {
		if l := &c.d.Lines[i]; l.Source == "profile" && l.Price != nil {
			v := c.e.inMode(*l.Price)
			l.Price = &v
		}
	}
}

// more adds lines: "noch zwei Eckventile", "und eine Anfahrt dazu".
func (c *correction) more() bool {
	e := c.e
	if !e.has(0, len(e.t), "noch", "dazu", "außerdem", "zusätzlich", "plus", "auch", "fehlt", "fehlen", "vergessen", "hinzu", "extra") {
		return false
	}
	e.d.Kind, e.d.Prices = c.d.Kind, c.d.Prices
	e.lines()
	if len(e.d.Lines) == 0 {
		return false
	}
	base := len(c.d.Lines)
	for i, l := range e.d.Lines {
		c.d.Lines = append(c.d.Lines, l)
		for p, ev := range e.d.Evidence {
			if n, field, ok := feierabend.LinePath(p); ok && n == i {
				c.d.Evidence["lines["+strconv.Itoa(base+i)+"]."+field] = ev
			}
		}
	}
	return true
}
