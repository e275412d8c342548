package dictation

import "feierabend"

// loose gives a number alone to the open value of the line.
func (m *merger) loose(a *atom) {
	c := m.cur
	if c == nil {
		if a.ich || a.told || a.loose.v >= 10000_0000 || len(a.roles) > 0 || len(m.pending) == 0 || a.loose.v < feierabend.Dec(20) && !a.lump {
			return
		}
		a.price, a.loose = a.loose, nil
		m.orphan(a)
		return
	}
	if c.hit != nil && c.qty == nil && c.price == nil && !a.lump {
		if q, ok := m.b.countOf(c, *a.loose, a.looseAt, m.unitBefore()); ok {
			c.qty = &q
			return
		}
	}
	switch {
	case a.also && c.qty != nil && c.price == nil || a.also && c.qty != nil && timeUnit(c.qty.unit):
		q := *c.qty
		q.v, q.i, q.j, q.rule = a.loose.v, a.loose.i, a.loose.j, false
		c.qty, c.men = &q, nil
		c.roles = append(c.roles, a.roles...)
	case (len(a.roles) > 0 || a.ich) && c.qty != nil && timeUnit(c.qty.unit):
		m.hours(a)
	case c.hit != nil && c.qty == nil && !a.lump && !a.loose.frac && a.loose.v%feierabend.One == 0 && (a.loose.v <= feierabend.Dec(12) || m.e.t[a.i].is("waren", "sind", "es")): // "Fenster eingestellt, waren fünf"
		c.qty = &quantity{v: a.loose.v, i: a.loose.i, j: a.loose.j, bare: true}
		c.list = c.list || a.list
	case c.list && !a.lump && !c.lump: // its price is the list's
	case c.price == nil && (a.lump || c.lump || c.qty != nil || c.hit != nil || len(m.pending) > 0 && a.loose.v >= feierabend.Dec(20)):
		c.price = a.loose
		c.lump = c.lump || a.lump
	}
}

// hours makes a labour line, or gives the hours to the work that was just named.
func (m *merger) hours(a *atom) {
	c := m.cur
	if a.qty == nil && a.loose != nil {
		if c == nil || c.qty == nil || !timeUnit(c.qty.unit) && c.qty.unit != "DAY" {
			return
		}
		a.qty = &quantity{v: a.loose.v, unit: c.qty.unit, i: a.loose.i, j: a.loose.j}
		a.loose = nil
	}
	if a.qty.unit == "DAY" && !a.named() && !a.ich && len(a.roles) == 0 && a.men == nil && !(c != nil && c.named() && c.qty == nil) && !a.also && len(m.pending) == 0 && len(m.roles) == 0 && m.men == nil {
		return // "Rechnung bitte, neun Tage"
	}
	if a.also && c != nil && c.qty != nil && (c.qty.unit == a.qty.unit || timeUnit(a.qty.unit) && (c.qty.unit == "DAY" || timeUnit(c.qty.unit))) && !(c.complete() && c.hit != nil) {
		c.qty, c.men = a.qty, nil
		c.roles = append(c.roles, a.roles...)
		if a.price != nil && c.price == nil {
			c.price, c.per = a.price, a.per
		}
		return
	}
	if c != nil && c.hit != nil && c.qty == nil && m.e.catalog.items[c.hit.item].Unit == "HUR" && !a.named() {
		m.join(c, a)
		return
	}
	if c != nil && c.qty == nil && c.price == nil && c.hit == nil && !c.travel && c.named() {
		m.join(c, a)
		return
	}
	if len(a.words) == 0 {
		a.words, a.verbal = m.pending, true
		m.pending = nil
		if len(a.words) == 0 && c != nil && c.hit == nil && c.qty != nil && timeUnit(c.qty.unit) && c.sentence == a.sentence {
			a.words = c.words
		}
		if len(a.words) == 0 {
			a.words, m.topic = m.topic, nil
		}
	}
	if a.men == nil {
		a.men = m.men
	}
	if len(a.roles) == 0 {
		a.roles = m.roles
		a.ich = a.ich || m.ich
	}
	if m.times != nil && a.each && a.qty != nil { // "viermal geputzt, jedes Mal drei Stunden"
		a.qty.v, a.qty.i, a.qty.rule = mul(a.qty.v, m.times.v), m.times.i, true
	}
	m.roles, m.men, m.times, m.ich = nil, nil, nil, false
	m.start(a)
}
