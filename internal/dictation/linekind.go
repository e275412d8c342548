package dictation

import (
	"strings"

	"feierabend"
)

// listLine makes the line of a price-list item. The said price wins; else the list's,
// where the said unit is the list's.
func (e *engine) listLine(a *atom) lineDraft {
	it := e.catalog.items[a.hit.item]
	l := lineDraft{a: a}
	l.Line = feierabend.Line{Kind: it.Kind, Unit: it.Unit, Text: e.listText(a, it)}
	if a.lump && a.price != nil && it.Unit != "LS" && !(a.qty != nil && !measured(it.Unit)) {
		l.Unit = "LS"
		if it.Kind == feierabend.LineLabour || it.Kind == feierabend.LineMaterial && e.isWork(a) {
			l.Kind = feierabend.LineLump
		}
		l.one()
		l.setPrice(*a.price)
		return l
	}
	same, rate := e.listQuantity(&l, it), e.listRate(it)
	switch {
	case a.price != nil && same && it.Unit != "LS" && !a.total && !likely(a.price.v, e.inModeAt(it.Price, rate)):
		// far from the list's: asked
	case a.price != nil:
		l.setPrice(*a.price)
	case a.noPrice || !same:
	default:
		l.fromProfile(e.inModeAt(it.Price, rate))
	}
	if a.price == nil && rate != e.in.Profile.VATRate {
		l.VAT = &rate
	}
	return l
}

// listRate is the rate of a price-list item: its own, or the firm's. A firm under § 19 UStG
// shows none, whatever its list says.
func (e *engine) listRate(it feierabend.PriceItem) fixed {
	if it.VAT == nil || e.in.Profile.VATScheme == "small_business" {
		return e.in.Profile.VATRate
	}
	return *it.VAT
}

// partial finds the one list item that shares a word with a line that is said to be in the
// list, and is counted in the same unit: "Rasen 600 qm nach Liste" for "Rasen mähen".
func (e *engine) partial(a *atom) bool {
	if a.price != nil || a.noPrice {
		return false
	}
	found := e.sharing(a, func(said, known string) bool { return said == known })
	if found < 0 {
		found = e.sharing(a, func(said, known string) bool { return len(known) > 4 && strings.HasSuffix(said, known) })
	}
	if found < 0 {
		return false
	}
	a.hit = &hit{item: found, i: a.words[0], j: a.words[0] + 1, fuzzy: true}
	return true
}

// sharing finds the only item in the line's unit one of whose words matches; -1 for none or several.
func (e *engine) sharing(a *atom, match func(said, known string) bool) int {
	found := -1
	for _, p := range e.catalog.phrases {
		it := e.catalog.items[p.item]
		if a.qty != nil && !a.qty.bare && !sameMeasure(a.qty.unit, it.Unit) || a.qty == nil && measured(it.Unit) || a.qty != nil && a.qty.bare && measured(it.Unit) {
			continue
		}
		for _, w := range a.words {
			said := stem(strings.TrimSuffix(catalogWord(e.t[w]), "arbeiten"))
			for k, known := range p.forms {
				if p.upper[k] && len(known.w) > 3 && match(said, known.stem) {
					if found >= 0 && found != p.item {
						return -1
					}
					found = p.item
				}
			}
		}
	}
	return found
}

// listQuantity sets quantity and unit; false when the said unit is not the list's.
func (e *engine) listQuantity(l *lineDraft, it feierabend.PriceItem) bool {
	a := l.a
	switch {
	case a.noQty:
		return true
	case it.Unit == "LS" && a.qty != nil && (a.qty.bare || a.qty.unit == "H87") && a.qty.v > feierabend.One && a.qty.v < feierabend.Dec(13): // several of a lump sum
		l.Unit = "H87"
		if l.Kind == feierabend.LineLump {
			l.Kind = feierabend.LineLabour
		}
		l.setQty(*a.qty)
		return true
	case it.Unit == "LS":
		l.one()
		return true
	case a.qty != nil && !a.qty.bare && a.qty.unit != it.Unit && !sameMeasure(a.qty.unit, it.Unit):
		if a.qty.unit == "H87" && !measured(it.Unit) {
			l.setQty(*a.qty)
			return true
		}
		if spatial(a.qty.unit) && spatial(it.Unit) { // metres of something sold by the square metre
			return true
		}
		l.Unit = a.qty.unit
		l.setQty(*a.qty)
		return false
	case a.qty != nil && !(a.qty.bare && measured(it.Unit)):
		l.setQty(*a.qty)
		return true
	case measured(it.Unit):
		return true
	case a.times != nil && (it.Unit == "E48" || a.times.v == feierabend.One):
		l.setQty(quantity{v: a.times.v, i: a.times.i, j: a.times.j})
		return true
	}
	b := &builder{e: e}
	if b.plural(a) && !a.article && !b.pairWord(a) {
		return true // "Eckventile getauscht": how many is asked
	}
	l.one()
	return true
}

// pairWord says whether the plural is the list's own name: "Wischerblätter".
func (b *builder) pairWord(a *atom) bool {
	it := b.e.catalog.items[a.hit.item]
	said := catalogWord(b.e.t[a.hit.j-1])
	for _, w := range cutPhrase(0, it.Name).words {
		if w == said {
			return true
		}
	}
	return it.Unit == "PR" || it.Unit == "SET"
}

// spatial says whether the unit is one of length, area or volume, which are misheard for each other.
func spatial(u string) bool { return u == "MTR" || u == "LM" || u == "MTK" || u == "MTQ" }

func sameMeasure(a, b string) bool {
	return a == b || (a == "MTR" && b == "LM") || (a == "LM" && b == "MTR")
}

// freeLine makes a line that is not in the price list.
func (e *engine) freeLine(a *atom) lineDraft {
	l := lineDraft{a: a}
	l.Text = e.text(a)
	if l.Text == "" {
		return lineDraft{}
	}
	if a.measure != "" {
		l.Text += " " + a.measure
	}
	low := strings.ToLower(l.Text)
	flat := a.price != nil && (a.lump || a.qty == nil)
	if a.price != nil && !a.noPrice {
		l.setPrice(*a.price)
	}
	switch {
	case a.qty != nil && !(a.lump && a.price != nil):
		l.Unit = a.qty.unit
		if l.Unit == "" {
			l.Unit = "H87"
		}
		l.setQty(*a.qty)
		if a.qty.bare && a.per != "" && a.per != "HUR" {
			l.Unit = a.per
		}
	case a.pct != nil && strings.Contains(low, "zuschlag"):
		l.Unit = "LS"
		l.one()
	case a.price != nil && a.qty == nil && !a.lump && a.per != "" && a.per != "H87" && a.per != "LS":
		l.Unit = a.per // "pro Einsatz 45": how many is asked
		if a.per == "SET" || a.per == "PR" {
			l.one()
		}
	case flat && (a.lump || e.isWork(a) || hasAny(low, disposalWords) || hasAny(low, subcontractWords)):
		l.Unit = "LS"
		l.one()
	case a.per != "" && measured(a.per):
		l.Unit = a.per
	case a.each && a.price != nil && !a.article && !e.isWork(a):
		l.Unit = "H87" // "Rahmen je 140": how many is asked
	case a.price != nil || a.noPrice || a.article:
		l.Unit = "H87"
		if hasAny(low, []string{"zuschlag"}) {
			l.Unit = "LS"
		}
		l.one()
	}
	l.Kind = e.freeKind(a, low, l.Unit)
	if l.Kind == feierabend.LineMaterial && a.qty == nil && a.noQty {
		l.Quantity = nil
	}
	return l
}

// isWork says whether the words name work rather than a thing.
func (e *engine) isWork(a *atom) bool {
	for _, w := range a.words {
		t := e.t[w]
		if verbal(t) && !installed[t.low] {
			return true
		}
		if infinitives[t.low] {
			return true
		}
	}
	return false
}

// otherWork says whether a line names more work than clearing away: "ausbauen und entsorgen".
func (e *engine) otherWork(a *atom) bool {
	for _, w := range a.words {
		if t := e.t[w]; (infinitives[t.low] || works[t.low] || participle(t.low)) && !hasAny(t.low, disposalWords) {
			return true
		}
	}
	return false
}

func (e *engine) isMaterial(a *atom) bool {
	for _, w := range a.words {
		if endsWithAny(e.t[w].low, materialWords) {
			return true
		}
	}
	return false
}

func (e *engine) freeKind(a *atom, low, unit string) feierabend.LineKind {
	lump := a.lump && a.price != nil
	switch {
	case strings.Contains(low, "zuschlag"):
		return feierabend.LineSurcharge
	case hasAny(low, subcontractWords):
		return feierabend.LineSubcontract
	case hasAny(low, disposalWords) && !e.otherWork(a):
		return feierabend.LineDisposal
	case e.machine(a) && (unit == "HUR" || unit == "DAY" || unit == "LS" || unit == "WEE"):
		return feierabend.LineEquipment
	case unit == "LS" && e.isMaterial(a) && !e.isWork(a):
		return feierabend.LineMaterial
	case lump || unit == "LS":
		return feierabend.LineLump
	case unit == "E48" || timeUnit(unit):
		return feierabend.LineLabour
	case unit == "MTK" || unit == "MTR" || unit == "LM" || unit == "MTQ":
		if e.isWork(a) || e.surface(a) || e.anyParticiple(a) {
			return feierabend.LineLabour
		}
		return feierabend.LineMaterial
	case unit == "H87" && e.treats(a):
		return feierabend.LineLabour
	}
	return feierabend.LineMaterial
}

func (e *engine) anyParticiple(a *atom) bool {
	for _, w := range a.words {
		if t := e.t[w].low; participle(t) && t != "geliefert" && t != "verbraucht" && t != "verbaut" && t != "gekauft" {
			return true
		}
	}
	return false
}

func (e *engine) surface(a *atom) bool {
	for _, w := range a.words {
		if surfaces[e.t[w].low] {
			return true
		}
	}
	return false
}

func (e *engine) treats(a *atom) bool {
	for _, w := range a.words {
		t := e.t[w]
		if treated(t.low) || !t.upper && (infinitives[t.low] || separable(t.low)) && !puttingIn[t.low] {
			return true
		}
	}
	return false
}
