package dictation

// asLong says whether token k gives a role the hours said before: "der Azubi auch",
// "der Helfer genauso lange".
func (e *engine) asLong(k int) bool {
	if k >= len(e.t) || !e.t[k].is("auch", "genauso", "ebenso", "ebenfalls", "dito", "desgleichen") {
		return false
	}
	k++
	for k < len(e.t) && e.t[k].is("lang", "lange", "viel", "so") {
		k++
	}
	return k >= len(e.t) || e.t[k].kind == tPunct
}

// another says whether role x at its token has the hours of the part so far.
func (b *builder) another(x entity) bool {
	c := b.cur
	return c.qty != nil && (timeUnit(c.qty.unit) || c.qty.unit == "DAY") && (c.ich || len(c.roles) > 0) && b.e.asLong(x.j)
}

// copyHours opens a part with the hours of the one before.
func (b *builder) copyHours() {
	q, words := *b.cur.qty, b.cur.words
	q.rule = true
	b.fresh()
	b.cur.qty, b.cur.words = &q, words
}

// sameHours gives a role without hours those of the line before.
func (m *merger) sameHours(a *atom) bool {
	c := m.cur
	if c == nil || len(a.roles) != 1 || a.qty != nil || a.loose != nil || a.price != nil || a.named() || c.qty == nil || !timeUnit(c.qty.unit) && c.qty.unit != "DAY" || containsFold(c.roles, a.roles[0]) {
		return false
	}
	if !c.ich && len(c.roles) == 0 || !m.e.asLong(a.j) && !m.e.asLong(a.j-1) {
		return false
	}
	q := *c.qty
	q.rule = true
	a.qty, a.words = &q, c.words
	m.out, m.cur = append(m.out, c), a
	return true
}
