package dictation

import (
	"strings"

	"feierabend"
)

func hasSuffixFold(s, suffix string) bool {
	return strings.HasSuffix(strings.ToLower(s), strings.ToLower(suffix))
}

func fallbackText(k feierabend.LineKind) string {
	switch k {
	case feierabend.LineTravel:
		return "Anfahrt"
	case feierabend.LineMaterial:
		return "Material"
	}
	return "Arbeitszeit"
}

// lineDraft is a line with the tokens its values came from.
type lineDraft struct {
	feierabend.Line
	a        *atom
	qty      quantity
	price    number
	role     string
	fromList bool
	ruled    bool // quantity by rule, not said
	open     bool // a value was said that cannot be read
}

// build turns grouped atoms into the lines of the draft.
func (e *engine) build(list []*atom) {
	var out []lineDraft
	for _, a := range list {
		out = append(out, e.linesOf(a)...)
	}
	e.surcharges(out)
	for _, l := range out {
		e.addLine(l)
	}
}

func (e *engine) addLine(l lineDraft) {
	if l.Price == nil && l.Quantity == nil && l.a.hit == nil && !l.a.travel && !l.a.list && !l.open {
		return
	}
	if e.oddPrice(l) {
		l.Price = nil
	}
	i := len(e.d.Lines)
	if e.d.Kind == feierabend.KindWorkReport {
		l.Price, l.Source = nil, ""
		if l.Kind == feierabend.LineLabour && timeUnit(l.Unit) || l.Kind == feierabend.LineTravel {
			return
		}
	}
	e.d.Lines = append(e.d.Lines, l.Line)
	e.said(linePath(i, "text"), l.a.i, l.a.j)
	switch {
	case l.Quantity == nil:
	case l.ruled:
		e.rule(linePath(i, "quantity"))
	case l.qty.rule:
		e.saidRule(linePath(i, "quantity"), l.qty.i, l.qty.j)
	default:
		e.said(linePath(i, "quantity"), l.qty.i, l.qty.j)
	}
	switch {
	case l.Price == nil:
	case l.fromList:
		e.profile(linePath(i, "price"))
	case l.price.word && l.price.i < 0:
		e.rule(linePath(i, "price"))
	default:
		e.said(linePath(i, "price"), l.price.i, l.price.j)
		if l.a.total && l.Quantity != nil && *l.Quantity != feierabend.One {
			e.saidRule(linePath(i, "price"), l.price.i, l.price.j)
		}
	}
	if l.VAT != nil && l.a.vat != nil {
		e.said(linePath(i, "vat"), l.a.vat.i, l.a.vat.j)
	}
}

// linesOf makes the line of an atom; hours of several roles make one each.
func (e *engine) linesOf(a *atom) []lineDraft {
	if e.unfit(a) {
		return nil
	}
	e.service(a)
	if a.hit == nil && !a.travel && a.qty != nil && !a.qty.bare {
		e.scattered(a)
	}
	if a.qty != nil && (timeUnit(a.qty.unit) || a.qty.unit == "DAY") && !a.travel && !e.machine(a) {
		return e.labour(a)
	}
	var l lineDraft
	switch {
	case a.travel:
		l = e.travelLine(a)
	case a.hit == nil && a.list && e.partial(a):
		l = e.listLine(a)
	case a.hit != nil && !(a.qty != nil && timeUnit(a.qty.unit) && e.catalog.items[a.hit.item].Unit != "HUR"):
		l = e.listLine(a)
	default:
		l = e.freeLine(a)
	}
	if l.Kind == "" {
		return nil
	}
	if a.vat != nil && a.vat.v != e.in.Profile.VATRate {
		v := a.vat.v
		l.VAT = &v
	}
	e.totalPrice(&l)
	return []lineDraft{l}
}

// unfit drops atoms that name nothing to bill.
func (e *engine) unfit(a *atom) bool {
	if a.hit != nil || a.travel {
		return a.hit != nil && a.told && a.qty == nil && a.price == nil && !a.list && !e.putIn(a) && !a.noPrice && !a.noQty && !a.article
	}
	if a.qty != nil && a.qty.unit == "KMT" {
		return true // the mileage of a car
	}
	if a.qty != nil && (a.qty.unit == "WEE" || a.qty.unit == "MON") && !e.machine(a) {
		return true
	}
	if a.pct != nil && e.hasSurcharge(a.i, a.j) {
		return false
	}
	if a.price == nil && a.qty == nil && !a.noPrice && !a.article && !(a.list && a.noun && !e.isWork(a)) {
		return true
	}
	if a.price == nil && a.qty != nil && a.qty.bare && (&builder{e: e}).roomWords(a) {
		return true // "ein Zimmer neu verkabelt"
	}
	content := 0
	for _, w := range a.words {
		if t := e.t[w]; !placeWords[t.low] && !vehicles[t.low] && !generic[t.low] && !life[t.low] && !(a.list && remainder[t.low]) && !(participle(t.low) && e.lifeBefore(a, w)) {
			content++
		}
	}
	if a.qty != nil && (timeUnit(a.qty.unit) || a.qty.unit == "DAY" && (len(a.roles) > 0 || a.ich || a.men != nil)) {
		return false
	}
	if content == 0 {
		return true
	}
	if a.price == nil && !a.noPrice && (a.qty == nil || a.qty.bare) && !e.installsWord(a) && (a.told || e.d.Kind != feierabend.KindWorkReport && !a.list) {
		return true // "zwei Sachen": counted, but neither price nor work
	}
	return false
}

// putIn says whether a word tells that a thing was installed or sold.
func (e *engine) putIn(a *atom) bool {
	for _, w := range a.words {
		if installed[e.t[w].low] {
			return true
		}
	}
	return false
}

func (e *engine) installsWord(a *atom) bool {
	for _, w := range a.words {
		if participle(e.t[w].low) {
			return true
		}
	}
	return false
}

// machine says whether time or days count a machine.
func (e *engine) machine(a *atom) bool {
	if a.hit != nil {
		it := e.catalog.items[a.hit.item]
		return it.Kind == feierabend.LineEquipment || it.Unit == "HUR" || it.Unit == "DAY"
	}
	for _, w := range a.words {
		if strings.HasSuffix(e.t[w].low, "fräsen") {
			continue
		}
		if endsWithAny(e.t[w].low, equipmentWords) && !participle(e.t[w].low) && !verbal(e.t[w]) {
			return true
		}
	}
	return false
}

func (l *lineDraft) setPrice(n number) {
	if n.v <= 0 { // cannot be read: asked
		l.open = true
		return
	}
	v := n.v
	l.Price, l.price = &v, n
}

func (l *lineDraft) fromProfile(v fixed) {
	l.Price, l.Source, l.fromList = &v, "profile", true
}

// inMode turns a net profile price into the mode of the draft, rounded to the cent.
func (e *engine) inMode(net fixed) fixed { return e.inModeAt(net, e.in.Profile.VATRate) }

// inModeAt does so for a line with a rate of its own.
func (e *engine) inModeAt(net, rate fixed) fixed {
	if e.d.Prices != "gross" {
		return net
	}
	gross := feierabend.MulDiv(int64(net), 100*int64(feierabend.One)+int64(rate), 100*int64(feierabend.One))
	return feierabend.Dec4(gross).Cents().Dec4()
}

func (l *lineDraft) setQty(q quantity) {
	if q.v <= 0 {
		l.open = true
		return
	}
	v := q.v
	l.Quantity, l.qty = &v, q
}

func (l *lineDraft) one() {
	v := feierabend.One
	l.Quantity, l.ruled = &v, true
}

// totalPrice turns "drei Stück, zusammen 174 Euro" into the price of one.
func (e *engine) totalPrice(l *lineDraft) {
	if !l.a.total || l.Price == nil || l.fromList || l.Quantity == nil || l.a.also && l.a.per != "" || *l.Quantity <= feierabend.One || l.a.each {
		return
	}
	each := feierabend.Dec4(feierabend.MulDiv(int64(*l.Price), int64(feierabend.One), int64(*l.Quantity)))
	if each%100 == 0 && mul(each, *l.Quantity) == *l.Price {
		l.Price = &each
		return
	}
	l.Unit = "LS"
	l.one()
}
