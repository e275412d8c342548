package dictation

import "feierabend"

// countOf reads a bare number behind a price-list item as its quantity, where it can be no
// price: "Wände 41" behind square metres, "auch zwei", "also vier", or "alles nach Liste".
func (b *builder) countOf(c *atom, n number, k int, unit string) (quantity, bool) {
	it := b.e.catalog.items[c.hit.item]
	if it.Unit == "LS" || n.pair || c.lump || c.list && c.each || n.v%feierabend.One != 0 && !measured(it.Unit) {
		return quantity{}, false
	}
	q := quantity{v: n.v, unit: it.Unit, i: n.i, j: n.j}
	dear := likely(n.v, it.Price)
	again := n.i > 0 && b.e.t[n.i-1].is("auch", "ebenfalls", "also", "wir", "sind", "sinds") && !b.e.t[n.i-1].is("macht")
	switch {
	case (b.listCovers(k) || c.list) && !(dear && !measured(it.Unit) && n.v >= feierabend.Dec(20)):
	case again && !(dear && !measured(it.Unit) && n.v >= feierabend.Dec(20)):
	case sameMeasure(unit, it.Unit) && measured(it.Unit):
	case !dear && n.v < it.Price && n.v < feierabend.Dec(20) || !dear && n.v > it.Price && n.v < feierabend.Dec(1000) && it.Price < feierabend.Dec(15):
		q.bare, q.unit = true, ""
	case !n.frac && n.v < feierabend.Dec(20) && n.v%feierabend.One == 0 && (b.listLater(k) || b.counting()) && !measured(it.Unit):
		q.bare, q.unit = true, ""
	case measured(it.Unit) && it.Unit != "HUR" && n.v%(feierabend.One/10) == 0: // without a number it could not be billed: asked
		q.bare, q.unit = true, ""
	default:
		return quantity{}, false
	}
	return q, true
}

// counting says whether the item before was counted by a bare number too: "Steckdosen zwölf, Schalter vier".
func (b *builder) counting() bool {
	n := len(b.atoms)
	return n > 0 && b.atoms[n-1].sentence == b.sentence && b.atoms[n-1].hit != nil && b.atoms[n-1].qty != nil && b.atoms[n-1].price == nil
}

// reach is how many entities ahead a list is looked for.
const reach = 60

// listLater says whether the list is named later in the sentence at all.
func (b *builder) listLater(k int) bool {
	for _, x := range b.all[min(k+1, len(b.all)):min(k+reach, len(b.all))] {
		switch x.k {
		case eEnd, ePrice, eAt:
			return false
		case eList:
			return true
		}
	}
	return false
}

// likely says whether an amount can be the price of something that the list has at another:
// at least a third of it, at most three times as much.
func likely(said, list fixed) bool {
	return list <= 0 || said*3 >= list && said <= list*3
}

// unitBefore is the unit of the quantity said last in this sentence.
func (b *builder) unitBefore() string {
	for k := len(b.atoms) - 1; k >= max(0, len(b.atoms)-reach) && b.atoms[k].sentence == b.sentence; k-- {
		if a := b.atoms[k]; a.price != nil {
			return ""
		} else if a.qty != nil {
			return a.qty.unit
		}
	}
	return ""
}

// unitBefore is the unit of the line before the current one, where it has no price of its own.
func (m *merger) unitBefore() string {
	if n := len(m.out); n > 0 && m.out[n-1].sentence == m.last && m.out[n-1].price == nil && m.out[n-1].qty != nil {
		return m.out[n-1].qty.unit
	}
	return ""
}

// listCovers says whether "alles nach Liste" later in the sentence speaks of entity k.
func (b *builder) listCovers(k int) bool {
	own, items := false, 0
	for _, x := range b.all[min(k+1, len(b.all)):min(k+reach, len(b.all))] {
		switch x.k {
		case eComma:
			own = false
		case eHit, eQty, eWord:
			if x.k == eHit {
				own = true
				items++
			}
		case ePrice, eAt:
			return false
		case eEnd:
			return false
		case eList:
			return !own && (items == 0 || b.e.has(x.i, x.j, "alles", "beides", "beide", "alle", "preise", "listenpreise"))
		}
	}
	return false
}

// times multiplies "dreimal je zwei Stunden", "drei Tage je vier Stunden", "vier mal Fenster
// putzen je 35 Quadratmeter".
func (b *builder) times(c *atom, q quantity) bool {
	if !b.each {
		return false
	}
	n, i := fixed(0), 0
	switch {
	case c.times != nil && c.qty == nil:
		n, i = c.times.v, c.times.i
	case c.qty != nil && (c.qty.unit == "DAY" || c.qty.unit == "E48" && c.hit == nil) && timeUnit(q.unit):
		n, i = c.qty.v, c.qty.i
	default:
		return false
	}
	q.v, q.i, q.rule = mul(n, q.v), i, true
	c.qty, c.times = &q, nil
	return true
}

// onlyPer gives the unit of "45 ausgemacht die Stunde", where the bare number k is the only
// figure of its part and a unit of prices stands apart from it.
func onlyPer(ents []entity, k int) string {
	per := ""
	for n, x := range ents {
		switch x.k {
		case ePer:
			per = x.s
		case eCount:
			if n != k && x.s != "art" {
				return ""
			}
		case eQty, ePrice, eHit, eRole, eAt:
			return ""
		}
	}
	return per
}

// countShared reads a bare number behind a noun that only one item of the list shares, in the
// unit said before: "Boden elf Quadratmeter, Wand dreißig, alles Liste".
func (b *builder) countShared(c *atom, n number, k int) (quantity, bool) {
	unit := b.unitBefore()
	if !measured(unit) || timeUnit(unit) || n.pair || !b.listCovers(k) {
		return quantity{}, false
	}
	q := quantity{v: n.v, unit: unit, i: n.i, j: n.j}
	try := *c
	try.qty, try.list = &q, true
	return q, b.e.partial(&try)
}

// containers are nouns that count what stands before them: "Seife zwei Kanister".
var containers = set("kanister dose dosen tüte tüten stange stangen bund tafel tafeln bogen ballen ring ringe einheit einheiten exemplar exemplare fass fässer behälter")

// containerNext says whether the word behind number k is a container, or stands in the item's own name.
func (b *builder) containerNext(ents []entity, k int) bool {
	if k+1 >= len(ents) || ents[k+1].k != eWord {
		return false
	}
	w := b.e.t[ents[k+1].i].low
	if containers[w] {
		return true
	}
	for _, p := range b.e.catalog.phrases {
		if p.item != b.cur.hit.item || len(p.words) < 2 {
			continue
		}
		for n, known := range p.forms {
			if p.upper[n] && known.stem == stem(w) {
				return true
			}
		}
	}
	return false
}
