package dictation

func (b *builder) item(x entity) {
	c := b.cur
	if c.hit != nil && c.hit.item == x.hit.item {
		return
	}
	timed := c.qty != nil && timeUnit(c.qty.unit) && b.e.catalog.items[x.hit.item].Unit != "HUR"
	if c.hit != nil || c.complete() || c.travel || c.qty != nil && timeUnit(c.qty.unit) && len(c.roles) > 0 || timed && !b.e.pointed || c.qty != nil && b.roomWords(c) {
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
