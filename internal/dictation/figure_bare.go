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
	default:
		return quantity{}, false
	}
	return q, true
}

// likely says whether an amount can be the price of something that the list has at another:
// at least a third of it, at most three times as much.
func likely(said, list fixed) bool {
	return list <= 0 || said*3 >= list && said <= list*3
}

// unitBefore is the unit of the quantity said last in this sentence.
func (b *builder) unitBefore() string {
	for k := len(b.atoms) - 1; k >= 0 && b.atoms[k].sentence == b.sentence; k-- {
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
	for _, x := range b.all[min(k+1, len(b.all)):] {
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
