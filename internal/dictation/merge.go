package dictation

import "feierabend"

// merger joins atoms to lines in spoken order.
type merger struct {
	e       *engine
	b       *builder
	cur     *atom
	pending []int // words of parts without figures in this sentence
	topic   []int // the first work named without figures: a name for hours said later
	roles   []string
	men     *number
	times   *number
	ich     bool   // "der Meister und ich" said before the hours
	measure string // a format said without figures, for the next line
	out     []*atom
	last    int
}

func (m *merger) flush() {
	if m.cur != nil {
		m.out = append(m.out, m.cur)
		m.cur = nil
	}
	m.pending, m.roles, m.men, m.times, m.ich, m.measure = nil, nil, nil, nil, false, ""
}

// add takes the next atom.
func (m *merger) add(a *atom) {
	if a.sentence != m.last {
		m.turn(a)
		m.last = a.sentence
	}
	switch {
	case m.sameHours(a):
	case a.noPrice || a.noQty && a.hit == nil && !(a.noun && a.price != nil):
		m.unknown(a)
	case a.hit != nil || a.travel, a.pct != nil && m.e.hasSurcharge(a.i, a.j):
		m.start(a)
	case a.named() && a.qty != nil:
		m.countedWords(a)
	case a.named() && (a.price != nil || a.lump || a.loose != nil):
		m.pricedWords(a)
	case a.named() && a.list:
		m.pricedWords(a)
	case a.named():
		m.textOnly(a)
	default:
		m.valuesOnly(a)
	}
}

// turn begins a new sentence; a sentence of values only still belongs to the last line.
func (m *merger) turn(a *atom) {
	if !a.named() && a.values() && m.cur != nil && (a.price != nil && !m.cur.priced() || a.list || a.noPrice || a.vat != nil) {
		return
	}
	if (a.noPrice || a.noQty) && m.cur != nil {
		return
	}
	if m.cur == nil && len(m.pending) > 0 && !a.named() && (a.price != nil || a.loose != nil && a.loose.v >= feierabend.Dec(20)) {
		return // "Notöffnung bei Herrn Y. Hundertneunundsiebzig."
	}
	if c := m.cur; c != nil && a.also && !a.named() && len(a.roles) == 0 && a.qty != nil && timeUnit(a.qty.unit) && c.qty != nil && (timeUnit(c.qty.unit) || c.qty.unit == "DAY") && !c.priced() {
		return // "Zwei Mann je zwölf. Also vierundzwanzig Stunden."
	}
	if m.lumpOf(a) || m.cur != nil && m.cur.lump && m.cur.price == nil && a.hit == nil && !a.travel && !(a.named() && a.figures()) {
		return // the price of "machen wir pauschal" comes in the next sentence
	}
	m.flush()
}

// lumpOf recognises "Türöffnung. Tür war nur zugefallen, Festpreis 119".
func (m *merger) lumpOf(a *atom) bool {
	return m.cur != nil && m.cur.hit != nil && !m.cur.priced() && a.hit != nil && a.hit.item == m.cur.hit.item
}

func (a *atom) priced() bool { return a.price != nil || a.noPrice }

// start opens a line for a price-list item or travel, or completes the one of the same item.
func (m *merger) start(a *atom) {
	if c := m.cur; c != nil && a.hit != nil && a.qty != nil && a.qty.bare && c.sentence == a.sentence && c.qty != nil && !c.qty.bare {
		if u := m.e.catalog.items[a.hit.item].Unit; measured(u) && c.qty.unit == u { // "94 Quadratmeter Wände, 43 Decke"
			q := *a.qty
			q.unit, q.bare = u, false
			a.qty = &q
		}
	}
	if c := m.cur; c != nil && a.hit != nil && c.hit != nil && c.hit.item == a.hit.item && (c.price == nil || a.price == nil && a.qty == nil) {
		m.join(c, a)
		return
	}
	if a.hit != nil {
		for _, o := range m.out {
			if o.hit != nil && o.hit.item == a.hit.item && (o.qty == nil && o.price == nil || a.qty == nil && a.price == nil && !a.article) && o.measure == a.measure {
				m.join(o, a)
				return
			}
		}
	}
	if c := m.cur; c != nil && a.hit != nil && a.qty == nil && a.price != nil && c.hit == nil && c.qty != nil && c.price == nil && c.qty.unit == m.e.catalog.items[a.hit.item].Unit && !c.qty.bare {
		m.join(c, a) // "3,4 Quadratmeter Wand, Verlegen zu 39"
		return
	}
	if o := m.unpriced(a); o != nil {
		o.price, o.lump = a.price, o.lump || a.lump
		return
	}
	if m.cur != nil {
		m.out = append(m.out, m.cur)
	}
	pending := m.pending
	if a.measure == "" && len(pending) > 0 {
		a.measure = m.measure
	}
	m.measure = ""
	m.flushPending()
	a.pending = pending
	m.cur = a
}

func (m *merger) flushPending() {
	m.cur = nil
	m.pending = nil
}

// join adds what b says to line a.
func (m *merger) join(a, b *atom) {
	if a.qty == nil && b.qty != nil {
		a.qty = b.qty
	}
	if a.price == nil && b.price != nil {
		a.price, a.per = b.price, b.per
	}
	if a.hit == nil {
		a.hit = b.hit
	}
	a.list = a.list || b.list
	a.lump = a.lump || b.lump
	a.noPrice = a.noPrice || b.noPrice
	a.noQty = a.noQty || b.noQty
	a.total = a.total || b.total && b.price != nil
	a.verbal, a.noun = a.verbal || b.verbal, a.noun || b.noun
	a.roles = append(a.roles, b.roles...)
	a.words = append(a.words, b.words...)
	if a.vat == nil {
		a.vat = b.vat
	}
	if a.times == nil {
		a.times = b.times
	}
	if a.men == nil {
		a.men = b.men
	}
	if a.measure == "" {
		a.measure = b.measure
	}
	a.article = a.article || b.article
}

// countedWords handles text with a quantity: a line of its own.
func (m *merger) countedWords(a *atom) {
	if m.describes(a) {
		return
	}
	if a.qty.unit != "" && timeUnit(a.qty.unit) {
		m.hours(a)
		return
	}
	if m.furtherRoom(a) {
		return
	}
	if c := m.cur; c != nil && c.hit != nil && c.qty == nil && c.price == nil && !a.verbal && c.sentence == a.sentence && m.e.partOfName(c.hit.item, a) {
		m.join(c, a) // "Dachrinne rundum neu, zweiundvierzig Meter Titanzink"
		return
	}
	if c := m.cur; c != nil && c.price != nil && c.qty == nil && c.per != "" && c.per == a.qty.unit && a.price == nil {
		c.qty = a.qty // "58 Euro der Quadratmeter, da rechnen wir vier Quadrat"
		return
	}
	m.start(a)
}

// describes says whether "das sind sechzehn Module" only describes the line before.
func (m *merger) describes(a *atom) bool {
	first := m.e.t[a.i]
	return m.cur != nil && m.cur.lump && m.cur.price != nil && a.price == nil && first.is("das", "sind", "macht", "also")
}

// pricedWords handles text with a price but no quantity.
func (m *merger) pricedWords(a *atom) {
	c := m.cur
	if a.loose != nil && a.price == nil && !a.lump && !a.list {
		if len(a.roles) > 0 || a.ich {
			m.hours(a)
			return
		}
		m.textOnly(a)
		return
	}
	if c != nil && c.qty != nil && c.price == nil && !c.list && a.price != nil && !a.lump && (a.verbal && c.hit == nil || a.per != "" && a.per == c.qty.unit) {
		m.join(c, a)
		return
	}
	if c != nil && c.qty != nil && c.price == nil && a.price != nil && !timeUnit(c.qty.unit) && m.sameNoun(c, a) {
		c.price, c.per = a.price, a.per // "zehn Tische …, pro Tisch fünfundachtzig"
		return
	}
	if c != nil && c.hit == nil && c.qty == nil && c.price == nil && c.noun && a.told && a.price != nil && (a.lump || a.per != "") {
		m.join(c, a)
		return
	}
	if c != nil && c.qty != nil && c.price != nil && !c.lump && a.price != nil && a.verbal && !a.lump && (c.qty.unit == "MTK" || c.qty.unit == "MTR" || c.qty.unit == "LM") && c.verbal && c.sentence == a.sentence {
		q := *c.qty
		a.qty = &q // "reinigen zu 3,50, dann grundieren zu 4,20": the same area
		m.start(a)
		return
	}
	m.start(a)
}

// textOnly keeps words until figures come; after a line that waits for its price they describe it.
func (m *merger) textOnly(a *atom) {
	c := m.cur
	if len(a.roles) > 0 {
		m.roles = append(m.roles, a.roles...)
		m.ich = m.ich || a.ich
	}
	if a.times != nil {
		m.times = a.times
	}
	if a.men != nil {
		m.men = a.men
	}
	if a.vat != nil && c != nil {
		c.vat = a.vat
	}
	if c != nil && c.measure == "" && a.measure != "" && c.price == nil {
		c.measure = a.measure
	}
	if c != nil && c.qty != nil && !c.priced() && !c.list {
		if len(c.words) == 0 && c.hit == nil {
			c.words, c.verbal, c.noun = a.words, a.verbal, a.noun
			return
		}
		if c.hit == nil || !a.article {
			if a.verbal && c.hit == nil {
				c.verbal = true
			}
			m.pending = append(m.pending, a.words...)
			return
		}
	}
	if a.article && (m.installs(a) || a.list) {
		m.start(a)
		return
	}
	if m.topic == nil && a.verbal && !a.told {
		m.topic = a.words
	}
	m.pending = append(m.pending, a.words...)
	if len(m.pending) > 10 {
		m.pending = m.pending[len(m.pending)-10:]
	}
	if a.measure != "" {
		m.measure = a.measure
	}
}

func (m *merger) installs(a *atom) bool {
	for _, w := range a.words {
		if installed[m.e.t[w].low] {
			return true
		}
	}
	return false
}
