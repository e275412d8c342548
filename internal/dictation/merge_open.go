package dictation

import "strings"

// shared gives "auch je drei" to the items before that have no quantity yet.
func (m *merger) shared(a *atom) {
	for _, o := range append(append([]*atom{}, m.out...), m.cur) {
		if o.sentence == a.sentence && o.hit != nil && o.qty == nil && !o.article {
			q := *a.qty
			o.qty = &q
			o.list = o.list || a.list
		}
	}
}

func (m *merger) roomCount(c *atom) bool { return c.qty != nil && c.qty.bare && c.hit != nil }

// orphan opens a line from pending words and figures without a name.
func (m *merger) orphan(a *atom) {
	if len(m.pending) == 0 || a.qty == nil && a.price == nil && !a.list && !a.lump {
		if len(a.roles) > 0 {
			m.roles = append(m.roles, a.roles...)
		}
		if a.men != nil {
			m.men = a.men
		}
		if a.measure != "" {
			m.measure = a.measure
		}
		return
	}
	if a.measure == "" {
		a.measure = m.measure
	}
	m.measure = ""
	a.words = append(m.pending, a.words...)
	for _, w := range a.words {
		t := m.e.t[w]
		a.verbal = a.verbal || verbal(t)
		a.noun = a.noun || t.upper || !m.e.cased
	}
	m.pending = nil
	if a.qty == nil && a.price != nil {
		m.pricedWords(a)
		return
	}
	m.start(a)
}

// unknown marks the line whose price or quantity was said to be open.
func (m *merger) unknown(a *atom) {
	if a.noQty {
		for _, w := range a.words {
			if h, ok := m.e.hits[w]; ok && !(m.cur != nil && m.cur.hit != nil && m.cur.hit.item == h.item) { // "wie viel Kleber, muss ich fragen"
				m.start(&atom{i: a.i, j: a.j, hit: &h, noQty: true, sentence: a.sentence})
				return
			}
		}
		if m.cur != nil {
			m.cur.noQty, m.cur.qty = true, nil
		}
		return
	}
	if t := m.byNoun(a.words); t != nil {
		t.noPrice = true
		return
	}
	if len(a.words) > 0 && (m.cur == nil || m.cur.list || m.cur.hit != nil) {
		return // speaks of something that is no line
	}
	if m.cur != nil && m.cur.price == nil && (len(m.pending) == 0 || m.cur.qty != nil && !m.cur.list) {
		m.cur.noPrice = true
		return
	}
	if len(m.pending) > 0 {
		n := &atom{i: a.i, j: a.j, words: m.pending, noun: true, noPrice: true, article: true, sentence: a.sentence}
		m.pending = nil
		m.start(n)
	}
}

// sameNoun says whether the words of b only repeat a noun of a.
func (m *merger) sameNoun(a, b *atom) bool {
	if len(b.words) == 0 || b.hit != nil {
		return false
	}
	for _, w := range b.words {
		found := false
		for _, x := range a.words {
			found = found || stem(m.e.t[w].low) == stem(m.e.t[x].low)
		}
		if !found {
			return false
		}
	}
	return true
}

// partOfName says whether all words of an atom stand in the name of a list item.
func (e *engine) partOfName(item int, a *atom) bool {
	name := strings.ToLower(e.catalog.items[item].Name)
	for _, w := range a.words {
		if !strings.Contains(name, e.t[w].low) {
			return false
		}
	}
	return len(a.words) > 0
}

// unpriced finds the list item without a said price that a bare price speaks of: "Öffnung
// 129" after "Türöffnung".
func (m *merger) unpriced(a *atom) *atom {
	if a.hit != nil || a.travel || a.price == nil || a.qty != nil || len(a.words) != 1 {
		return nil
	}
	said := stem(m.e.t[a.words[0]].low)
	for _, o := range append(append([]*atom{}, m.out...), m.cur) {
		if o == nil || o.hit == nil || o.price != nil || o.list || o.qty != nil {
			continue
		}
		for k := o.hit.i; k < o.hit.j; k++ {
			if s := stem(m.e.t[k].low); len(said) > 4 && s != said && strings.HasSuffix(s, said) {
				return o
			}
		}
	}
	return nil
}

// byNoun finds the line without price whose text ends with the noun: "die Anlage" for "Sprechanlage".
func (m *merger) byNoun(words []int) *atom {
	list := append(append([]*atom{}, m.out...), m.cur)
	for n := len(list) - 1; n >= 0; n-- {
		a := list[n]
		if a == nil || a.price != nil {
			continue
		}
		for _, w := range words {
			for _, x := range a.words {
				if s := stem(m.e.t[w].low); len(s) > 3 && hasSuffixFold(stem(m.e.t[x].low), s) {
					return a
				}
			}
		}
	}
	return nil
}

// listed gives "alles nach Liste" to all lines of the sentence that have no price of their own.
func (m *merger) listed(a *atom) {
	if !m.e.has(a.i, a.j, "alles", "beides", "beide", "alle") {
		return
	}
	for n := len(m.out) - 1; n >= 0 && m.out[n].sentence >= a.sentence-1 && n > len(m.out)-40; n-- {
		if o := m.out[n]; o.price == nil && !o.noPrice && !o.lump && (o.qty == nil || !timeUnit(o.qty.unit)) && !(o.sentence < a.sentence && m.cur != nil && m.cur.sentence == a.sentence) {
			o.list = true
		}
	}
}
