package dictation

// atom is what one stretch of words says about a line; several may make one line.
type atom struct {
	i, j                          int   // tokens
	words                         []int // tokens of the text
	hit                           *hit
	qty                           *quantity
	price                         *number
	per                           string
	loose                         *number // a number alone: the next open value of the line
	list, lump, noPrice, noQty    bool
	also, each, travel, ich, told bool // told: has a finite verb, so it may be a story
	total                         bool // the price is for all
	roles                         []string
	men                           *number
	times                         *number
	vat, pct                      *number
	measure                       string
	verbal, noun                  bool
	article                       bool // "ein …": one of it
	pending                       []int
	looseAt                       int // entity of loose
	sentence                      int
}

func (a *atom) figures() bool {
	return a.qty != nil || a.price != nil || a.loose != nil || a.times != nil && a.travel
}

func (a *atom) values() bool {
	return a.figures() || a.list || a.lump || a.noPrice || a.noQty || a.vat != nil || a.measure != "" || len(a.roles) > 0 || a.men != nil || a.times != nil || a.pct != nil || a.per != ""
}

func (a *atom) named() bool { return a.hit != nil || a.noun || a.verbal || a.travel }

func (a *atom) empty() bool { return !a.named() && !a.values() && !a.ich }

// complete says that nothing more than a remark can follow.
func (a *atom) complete() bool { return a.price != nil || a.list || a.noPrice }

// builder turns entities into atoms and atoms into lines.
type builder struct {
	e        *engine
	cur      *atom
	atoms    []*atom
	sentence int
	each     bool
	all      []entity // every entity of the text
	off      int      // the first of the part
}

// lines reads the billed lines from what no other reader has taken.
func (e *engine) lines() {
	b := &builder{e: e}
	ents := e.entities()
	b.all = ents
	start := 0
	for k, x := range ents {
		switch {
		case x.k == eEnd, x.k == eComma, x.k == eJoin && b.parts(ents, start, k):
			b.off = start
			b.part(ents[start:k])
			start = k + 1
			if x.k == eEnd {
				b.sentence++
			}
		}
	}
	b.off = start
	b.part(ents[start:])
	m := &merger{e: e, b: b}
	for _, a := range b.atoms {
		m.add(a)
	}
	m.flush()
	e.build(m.out)
	e.askLeftovers(ents)
	e.askParts()
}

// parts says whether an "und" at k parts two lines: both sides have figures or items of their own.
func (b *builder) parts(ents []entity, start, k int) bool {
	if !b.e.t[ents[k].i].is("und", "&", "+") {
		return true
	}
	if k > 0 && k+1 < len(ents) && ents[k-1].k == eWord && ents[k+1].k == eWord && verbal(b.e.t[ents[k-1].i]) && verbal(b.e.t[ents[k+1].i]) {
		return false // "liefern und montieren"
	}
	own := func(list []entity) (item, figure bool) {
		for n, x := range list {
			switch x.k {
			case eHit, eTravel:
				item = true
			case eQty, ePrice:
				figure = true
			case eCount:
				figure = figure || x.s != "art"
			case eEnd:
				return
			case eComma:
				if n+1 < len(list) && (list[n+1].k == ePrice || list[n+1].k == eAt) {
					figure = true
				}
				return
			case eJoin:
				if item || figure {
					return
				}
			}
		}
		return
	}
	beforeItem, beforeFigure := own(ents[start:k])
	afterItem, afterFigure := own(ents[k+1:])
	if k+1 < len(ents) && ents[k+1].k == eRole && !afterFigure {
		return false
	}
	return (beforeItem || beforeFigure) && (afterItem || afterFigure)
}

func (b *builder) fresh() {
	if b.cur != nil && !b.cur.empty() {
		b.atoms = append(b.atoms, b.cur)
	}
	b.cur = &atom{i: -1, sentence: b.sentence}
	b.each = false
}

// part reads one stretch between commas.
func (b *builder) part(ents []entity) {
	if itemFirst(b.e.catalog.items, ents) {
		b.itemParts(ents)
		return
	}
	b.fresh()
	for k, x := range ents {
		b.step(ents, k, x)
	}
	b.fresh()
}

func (b *builder) step(ents []entity, k int, x entity) {
	if b.cur.noQty && (x.k == eHit || x.k == eTravel || x.k == eRole) {
		b.fresh() // "… wie viele guck ich nach Kugelhahn 2 Stück"
	}
	switch x.k {
	case eWord:
		b.word(ents, k, x)
	case eHit:
		b.item(ents, k, x)
	case eTravel:
		if c := b.cur; c.hit != nil || c.complete() || c.noun || c.travel || len(c.roles) > 0 || c.qty != nil && timeUnit(c.qty.unit) {
			b.fresh()
		}
		b.cur.travel = true
	case eQty:
		b.quantity(ents, k, x)
	case eCount:
		b.count(ents, k, x)
	case ePrice:
		b.priceOf(ents, k, x)
	case ePer:
		b.cur.per = x.s
	case eAt:
		b.each = b.each || x.s == "je" || x.s == "à" || x.s == "á" || x.s == "a" || x.s == "zu"
		b.cur.each = b.cur.each || x.s == "je"
	case eMen:
		b.menOf(x)
	case eRole:
		if b.another(x) {
			b.copyHours()
		} else if c := b.cur; c.qty != nil && c.ich && len(c.roles) == 0 && b.hoursAhead(ents, k) {
			b.fresh()
		} else if c.qty != nil && len(c.roles) > 0 && (c.complete() || k+1 < len(ents) && ents[k+1].k == eQty) {
			b.fresh()
		}
		b.cur.roles = append(b.cur.roles, x.s)
	default:
		b.mark(x)
	}
	if b.cur.i < 0 {
		b.cur.i = x.i
	}
	b.cur.j = max(b.cur.j, x.j)
}

func (b *builder) menOf(x entity) {
	n := x.n
	b.cur.men = &n
	if x.s != "" {
		b.cur.roles = append(b.cur.roles, x.s)
	}
}

func (b *builder) mark(x entity) {
	c := b.cur
	n := x.n
	switch x.k {
	case eList:
		c.list = true
	case eLump:
		if c.price != nil && c.lump {
			b.fresh()
			c = b.cur
		}
		c.lump = true
	case eTimes:
		c.times = &n
	case eAlso:
		c.also = true
		c.total = c.total || x.s == "zusammen" || x.s == "insgesamt" || x.s == "gesamt"
	case eVAT:
		c.vat = &n
	case ePercent:
		c.pct = &n
	case eMeasure:
		c.measure = x.s
	case eNoPrice:
		c.noPrice = true
		b.nounOfUnknown(x)
	case eNoQty:
		if h, ok := b.e.hitIn(x.i, x.j); ok && c.hit != nil && c.hit.item != h.item {
			b.fresh()
		}
		b.cur.noQty, b.cur.qty = true, nil
		b.nounOfUnknown(x)
	}
}

// nounOfUnknown keeps the noun of "was die Anlage kostet" to find its line.
func (b *builder) nounOfUnknown(x entity) {
	for k := x.i; k < x.j; k++ {
		t := b.e.t[k]
		if _, _, unit := unitAt(b.e.t, k); unit || amountNouns[t.low] {
			continue
		}
		_, hit := b.e.hits[k]
		if t.kind == tWord && (t.upper || hit) && !stopWords[t.low] && !t.is("preis", "händler", "auto", "zettel", "lieferant", "großhandel", "großhändler") && !unsureWords[t.low] {
			b.cur.words = append(b.cur.words, k)
			return
		}
	}
}

var finite = set("hat hatte haben hatten war waren ist sind will wollte wollen soll sollte möchte kann muss wird wurde wurden haben's spielt spielen")

func (b *builder) word(ents []entity, k int, x entity) {
	t := b.e.t[x.i]
	c := b.cur
	switch {
	case t.is("ich"), t.is("mir") && x.i > 0 && b.e.t[x.i-1].is("von"):
		c.ich = true
	case finite[t.low]:
		c.told = true
	case t.is("jeweils", "jeder", "pro"):
		c.each = true
	}
	if t.kind != tWord || stopWords[t.low] && !(t.upper && b.e.cased && x.i > 0 && !b.e.t[x.i-1].ends() && workNoun(t)) || generic[t.low] || letters(t.s) < 2 || b.e.isKindWord(x.i) {
		return
	}
	verb := verbal(t)
	if b.e.cased && !t.upper && !verb {
		return
	}
	if firstNames[t.low] {
		return
	}
	if c.qty != nil && timeUnit(c.qty.unit) && t.upper && b.e.cased && !verb && k+1 < len(ents) && ents[k+1].k == eLump { // "neun Stunden Geselle Material pauschal 60"
		b.fresh()
		c = b.cur
	}
	if c.complete() && !participle(t.low) && (!b.e.cased || b.figureAhead(ents, k)) && !(c.price == nil && c.hit == nil && !c.noun) {
		b.fresh()
		c = b.cur
	}
	if c.loose != nil && c.price == nil && len(c.words) == 0 && c.qty == nil && x.i > 0 && b.e.has(c.loose.j, x.i, "für") {
		c.price, c.loose = c.loose, nil // "vierzehntausend für die Anlage"
	}
	c.words = append(c.words, x.i)
	c.verbal = c.verbal || verb
	c.noun = c.noun || t.upper || !b.e.cased
	if k > 0 && ents[k-1].k == eCount && ents[k-1].s == "art" {
		c.article = true
	}
}

func workNoun(t token) bool { return works[t.low] }

func (b *builder) figureAhead(ents []entity, k int) bool {
	for _, x := range ents[k+1:] {
		if x.k == eQty || x.k == ePrice || x.k == eCount && x.s != "art" || x.k == eList {
			return true
		}
	}
	return false
}
