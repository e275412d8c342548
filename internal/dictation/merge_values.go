package dictation

// valuesOnly gives figures without a name to the line they complete.
func (m *merger) valuesOnly(a *atom) {
	if a.qty != nil && timeUnit(a.qty.unit) || a.qty != nil && (len(a.roles) > 0 || a.ich) && (a.qty.unit == "DAY" || a.qty.bare) || a.qty != nil && a.qty.unit == "DAY" && m.cur == nil {
		m.hours(a)
		return
	}
	c := m.cur
	if t := m.e.in.Profile.Travel; a.qty != nil && a.qty.unit == "KMT" && t != nil && t.Mode == "km" && !(c != nil && c.travel) {
		a.travel = true
		m.start(a)
		return
	}
	if a.list && !a.figures() {
		m.listed(a)
	}
	if a.loose != nil {
		m.loose(a)
		return
	}
	if a.also && a.each && a.price != nil && a.per == "" && c != nil && c.qty != nil && timeUnit(c.qty.unit) && !a.price.pair {
		q := *c.qty // "also je zehn"
		q.v, q.i, q.j, q.rule = a.price.v, a.price.i, a.price.j, false
		c.qty, c.men = &q, nil
		return
	}
	if a.each && a.qty != nil && a.qty.bare && c != nil && c.qty == nil {
		m.shared(a)
		return
	}
	if c == nil || a.qty != nil && c.qty != nil && !a.also && !m.roomCount(c) || a.price != nil && c.price != nil {
		m.orphan(a)
		return
	}
	if a.qty != nil && c.qty != nil {
		if a.also && !a.qty.bare || m.roomCount(c) {
			c.qty = a.qty
		}
		a.qty = nil
	}
	if a.qty != nil && c.hit == nil && c.price != nil && c.lump {
		return
	}
	m.join(c, a)
}
