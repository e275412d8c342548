package dictation

func (b *builder) item(ents []entity, k int, x entity) {
	c := b.cur
	if c.hit != nil && c.hit.item == x.hit.item {
		return
	}
	if c.hit != nil && b.e.nameGoesOn(*c.hit, x.hit) {
		return
	}
	timed := c.qty != nil && timeUnit(c.qty.unit) && b.e.catalog.items[x.hit.item].Unit != "HUR"
	if c.hit != nil || c.complete() || c.travel || c.qty != nil && timeUnit(c.qty.unit) && len(c.roles) > 0 || timed && (!b.e.pointed || b.figureAhead(ents, k)) || c.qty != nil && b.roomWords(c) {
		b.fresh()
		c = b.cur
	}
	h := x.hit
	c.hit = &h
}

// roomWords says whether the quantity so far counts rooms.
func (b *builder) roomWords(c *atom) bool {
	for _, w := range c.words {
		if placeWords[b.e.t[w].low] {
			return true
		}
	}
	return false
}

// hoursAhead says whether the person at entity k has hours of their own: "drei Stunden hab ich
// gebraucht der Lehrling war zwei Stunden dabei".
func (b *builder) hoursAhead(ents []entity, k int) bool {
	for n := k + 1; n < len(ents) && n < k+4; n++ {
		switch ents[n].k {
		case eQty:
			return timeUnit(ents[n].q.unit)
		case eCount:
			return ents[n].s != "art" && n+1 >= len(ents) // "der Helfer vier"
		case eRole, eHit:
			return false
		}
	}
	return false
}

// nameGoesOn says whether the words of the second hit stand in the name of the first: "Geländer
// sechs Meter verzinkt" for "Geländer verzinkt".
func (e *engine) nameGoesOn(a, next hit) bool {
	for k := next.i; k < next.j; k++ {
		if e.t[k].upper {
			return false
		}
		found := false
		for _, p := range e.catalog.phrases {
			for _, f := range p.forms {
				found = found || p.item == a.item && f.stem == stem(catalogWord(e.t[k]))
			}
		}
		if !found {
			return false
		}
	}
	return true
}
