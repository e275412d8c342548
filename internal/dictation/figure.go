package dictation

import "feierabend"

// nounFollows says whether after k the part goes on with a thing that a quantity may count.
func (b *builder) nounFollows(ents []entity, k int) bool {
	for n := k + 1; n < len(ents) && n < k+4; n++ {
		switch x := ents[n]; x.k {
		case eHit, eTravel:
			if x.k == eHit && b.cur != nil && b.cur.hit != nil && b.e.nameGoesOn(*b.cur.hit, x.hit) {
				continue
			}
			return true
		case eMeasure:
			continue
		case eCount:
			if x.s != "art" || n == k+1 && ents[k].s != "art" {
				return false // "sechzig, ein Zylinder"
			}
		case eWord:
			t := b.e.t[x.i]
			if t.kind != tWord {
				return false
			}
			if participle(t.low) && n == k+1 {
				return false
			}
			if stopWords[t.low] && !(t.upper && workNoun(t)) {
				if connectors[t.low] || finite[t.low] {
					return false
				}
				continue
			}
			if t.upper || !b.e.cased {
				return !infinitives[t.low] || t.upper
			}
		default:
			return false
		}
	}
	return false
}

func (b *builder) quantity(ents []entity, k int, x entity) {
	c := b.cur
	q := x.q
	if b.times(c, q) {
		return
	}
	if b.each && timeUnit(q.unit) && c.qty != nil && (c.qty.bare || c.qty.unit == "E48") && c.qty.v > feierabend.One { // "zwölf Termine à zwei Stunden"
		q.v = fixed(feierabend.MulDiv(int64(q.v), int64(c.qty.v), int64(feierabend.One)))
		q.i, q.rule = c.qty.i, true
		c.qty = &q
		return
	}
	if c.also && c.qty != nil && c.qty.unit == q.unit {
		c.qty, c.men = &q, nil
		return
	}
	if c.qty != nil || c.price != nil && c.per != q.unit || c.list && c.hit == nil || (c.hit != nil || c.noun || c.travel) && b.nounFollows(ents, k) {
		if !(c.qty != nil && c.qty.art && c.qty.bare) {
			b.fresh()
			c = b.cur
		}
	}
	c.qty = &q
}

// count decides whether a bare number counts things or is a price.
func (b *builder) count(ents []entity, k int, x entity) {
	c := b.cur
	n := x.n
	led := k > 0 && (ents[k-1].k == eAt || ents[k-1].k == eLump || ents[k-1].k == ePer)
	trailed := k+1 < len(ents) && (ents[k+1].k == eLump || ents[k+1].k == ePer)
	if n.art && x.s == "art" && len(c.roles) > 0 && c.qty == nil && x.i > 0 && b.e.t[x.i-1].is("auch", "ebenfalls") {
		c.loose, c.looseAt = &n, b.off+k // "der Stift auch eine"
		return
	}
	if n.art && x.s == "art" {
		if b.nounFollows(ents, k) && c.qty == nil && !c.complete() {
			c.article = true
		}
		return
	}
	if per := onlyPer(ents, k); per != "" && !n.art && !led && !trailed && c.price == nil {
		c.per = per
		b.setPrice(n)
		return
	}
	follows := b.nounFollows(ents, k) && n.v < feierabend.Dec(2000)
	listed := k+1 < len(ents) && ents[k+1].k == eList
	switch {
	case led && listed && n.v%feierabend.One == 0 && c.qty == nil: // "auch je drei aus der Liste"
		c.qty = &quantity{v: n.v, i: n.i, j: n.j, bare: true}
	case led && !(follows && !trailed && ents[k-1].k == eAt && ents[k-1].s == "für"):
		b.setPrice(n)
	case trailed:
		b.priceOf(ents, k, entity{k: ePrice, n: n, i: x.i, j: x.j})
	case follows && c.hit != nil && c.qty == nil && c.price == nil && n.v%feierabend.One == 0 && b.containerNext(ents, k):
		c.qty = &quantity{v: n.v, i: n.i, j: n.j, bare: true}
	case follows:
		if c.qty != nil || c.complete() || c.hit != nil || c.travel || c.noun && !b.e.cased {
			b.fresh()
			c = b.cur
		}
		c.qty = &quantity{v: n.v, i: n.i, j: n.j, bare: true}
	case c.also && c.qty != nil && n.v >= feierabend.One:
		q := *c.qty
		q.v, q.i, q.j, q.rule = n.v, n.i, n.j, false
		c.qty = &q
	default:
		b.looseNumber(c, n, k)
	}
}

// looseNumber sorts a number that neither marks nor words explain.
func (b *builder) looseNumber(c *atom, n number, k int) {
	if c.hit != nil && c.qty == nil && c.price == nil && c.loose == nil {
		if q, ok := b.countOf(c, n, b.off+k, b.unitBefore()); ok {
			c.qty = &q
			return
		}
	}
	if n.i > 0 && b.e.t[n.i-1].is("ne", "nee", "nein", "nö") && c.qty != nil && c.price == nil {
		c.noQty, c.qty = true, nil // which of the two?
		return
	}
	if c.hit == nil && c.qty == nil && c.price == nil && c.loose == nil && c.noun && !c.lump {
		if q, ok := b.countShared(c, n, b.off+k); ok {
			c.qty, c.list = &q, true
			return
		}
	}
	switch {
	case c.loose != nil || c.price != nil:
	case c.hit != nil && c.qty == nil && b.plural(c) && n.v%feierabend.One == 0:
		c.qty = &quantity{v: n.v, i: n.i, j: n.j, bare: true}
	case (c.hit != nil || c.travel) && !(c.qty != nil && c.qty.unit == "KMT"):
		c.price = &n
	case c.noun && !c.told && len(c.roles) == 0 && !c.ich && n.v >= feierabend.Dec(20) && !b.roomWords(c) && (n.word || n.v%feierabend.One != 0):
		c.price = &n
	default:
		c.loose, c.looseAt = &n, b.off+k
	}
}

// plural says whether the item was said in the plural.
func (b *builder) plural(c *atom) bool {
	it := b.e.catalog.items[c.hit.item]
	if measured(it.Unit) || it.Unit == "LS" || c.article {
		return false
	}
	said := catalogWord(b.e.t[c.hit.j-1])
	for _, name := range append([]string{it.Name}, it.Aliases...) {
		p := cutPhrase(0, name)
		for _, w := range p.words {
			if w == said && w == cutPhrase(0, it.Name).words[0] {
				return false
			}
			if stem(w) == stem(said) && len(said) > len(w) {
				return true
			}
		}
	}
	return false
}

func (b *builder) priceOf(ents []entity, k int, x entity) {
	if x.s == "pair" && b.nounFollows(ents, k) && !(k > 0 && (ents[k-1].k == eAt || ents[k-1].k == eLump)) && b.cur.qty == nil && !b.cur.named() {
		return // "dreißig zwanzig Rohre": neither
	}
	b.setPrice(x.n)
}

func (b *builder) setPrice(n number) {
	if b.cur.price != nil {
		b.fresh()
	}
	b.cur.price = &n
}
