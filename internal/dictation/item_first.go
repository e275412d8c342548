package dictation

import "feierabend"

// itemFirst decides once for a part without marks whether each item stands before its number:
// "Boden verlegt 18 Quadratmeter Flexkleber 7 Sack Jollyschiene 4 Stück".
func itemFirst(items []feierabend.PriceItem, ents []entity) bool {
	var seq []int // hits and quantities
	for k, x := range ents {
		switch x.k {
		case eQty:
			if !timeUnit(x.q.unit) {
				seq = append(seq, k)
			}
		case eHit, eTravel:
			seq = append(seq, k)
		case eCount:
			if x.s != "art" {
				seq = append(seq, k)
			}
		}
	}
	if len(seq) < 4 || ents[seq[0]].k != eHit {
		return false
	}
	behind, ahead := 0, 0
	for n, k := range seq {
		x := ents[k]
		if x.k != eHit {
			continue
		}
		if n+1 < len(seq) {
			behind += fits(items[x.hit.item], ents[seq[n+1]])
		}
		if n > 0 {
			ahead += fits(items[x.hit.item], ents[seq[n-1]])
		}
	}
	return behind > 1 && behind > ahead || behind >= ahead && alternating(ents, seq)
}

// alternating says whether items and numbers take turns, from an item to a number that counts
// nothing behind it.
func alternating(ents []entity, seq []int) bool {
	for n, k := range seq {
		if (n%2 == 0) != (ents[k].k == eHit) {
			return false
		}
	}
	last := seq[len(seq)-1]
	return len(seq)%2 == 0 && (last+1 >= len(ents) || ents[last+1].k != eWord && ents[last+1].k != eAt)
}

// itemParts reads a part item by item.
func (b *builder) itemParts(ents []entity) {
	start, off := 0, b.off
	for k, x := range ents {
		if k > 0 && (x.k == eHit || x.k == eTravel) {
			b.off = off + start
			b.part(ents[start:k])
			start = k
		}
	}
	b.off = off + start
	b.part(ents[start:])
}

// fits says by 1 that a figure can count the item: its unit is the list's.
func fits(it feierabend.PriceItem, x entity) int {
	switch {
	case it.Unit == "LS" && x.k == eCount:
		if x.n.v >= feierabend.Dec(13) && likely(x.n.v, it.Price) {
			return 1
		}
	case x.k == eCount && !measured(it.Unit), x.k == eQty && sameMeasure(x.q.unit, it.Unit), x.k == eQty && x.q.unit == "H87" && !measured(it.Unit):
		return 1
	}
	return 0
}
