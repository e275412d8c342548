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
	if l.Price == nil && l.Quantity == nil && l.a.hit == nil && !l.a.travel {
		return
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
		return a.hit != nil && a.told && a.qty == nil && a.price == nil && !a.list && !a.verbal && !a.noPrice && !a.noQty && !a.article
	}
	if a.qty != nil && (a.qty.unit == "WEE" || a.qty.unit == "MON") && !e.machine(a) {
		return true
	}
	if a.price == nil && a.qty == nil && !a.noPrice && !a.article {
		return true
	}
	content := 0
	for _, w := range a.words {
		if t := e.t[w]; !placeWords[t.low] && !vehicles[t.low] && !generic[t.low] {
			content++
		}
	}
	if a.qty != nil && timeUnit(a.qty.unit) {
		return false
	}
	if content == 0 {
		return true
	}
	if a.price == nil && !a.noPrice && (a.qty == nil || a.qty.bare) && a.told && !e.installsWord(a) {
		return true
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
		if endsWithAny(e.t[w].low, equipmentWords) && !participle(e.t[w].low) && !verbal(e.t[w]) {
			return true
		}
	}
	return false
}

// labour makes lines of hours: one per role, the rate said or the profile's.
func (e *engine) labour(a *atom) []lineDraft {
	q := *a.qty
	if q.unit == "DAY" {
		if e.in.Profile.DayHours == nil || !a.ich && len(a.roles) == 0 && a.men == nil && len(a.words) == 0 {
			return nil // days of whom?
		}
		q.v, q.unit, q.rule = mul(q.v, *e.in.Profile.DayHours), "HUR", true
	}
	if q.unit == "MIN" && int64(q.v)%60 == 0 {
		q.v, q.unit, q.rule = q.v/60, "HUR", true
	}
	list := unique(a.roles)
	if len(list) == 0 {
		list = []string{""}
	}
	men := a.men
	if men == nil && a.each && a.ich {
		men = &number{v: feierabend.Dec(2), i: a.i, j: a.i + 1}
	}
	if men != nil && len(list) < 2 {
		q.v, q.rule = mul(q.v, men.v), true
		q.i, q.j = min(q.i, men.i), max(q.j, men.j)
	}
	var out []lineDraft
	for _, role := range list {
		l := lineDraft{a: a, qty: q, role: role}
		v := q.v
		l.Line = feierabend.Line{Kind: feierabend.LineLabour, Quantity: &v, Unit: q.unit, Text: e.labourText(a, role)}
		e.rate(&l)
		out = append(out, l)
	}
	return out
}

func mul(a, b fixed) fixed {
	return fixed(feierabend.MulDiv(int64(a), int64(b), int64(feierabend.One)))
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !containsFold(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (e *engine) labourText(a *atom, role string) string {
	text := e.text(a)
	if a.hit != nil {
		text = strings.TrimSpace(e.catalog.items[a.hit.item].Name + " " + text)
	}
	name := ""
	if role != "" && (len(a.roles) > 0) {
		name = title(role)
	}
	switch {
	case text == "" && name == "":
		return "Arbeitszeit"
	case text == "":
		return name
	case name == "":
		return text
	}
	return text + ", " + name
}

// rate gives a labour line its price per hour.
func (e *engine) rate(l *lineDraft) {
	if l.a.price != nil && !l.a.noPrice {
		l.setPrice(*l.a.price)
		return
	}
	role := l.role
	if role == "" {
		role = e.in.Profile.DefaultRole
	}
	r, ok := e.in.Profile.Rates[role]
	if !ok || l.a.noPrice || l.Unit != "HUR" {
		return
	}
	l.fromProfile(e.inMode(r))
}

func (l *lineDraft) setPrice(n number) {
	v := n.v
	l.Price, l.price = &v, n
}

func (l *lineDraft) fromProfile(v fixed) {
	l.Price, l.Source, l.fromList = &v, "profile", true
}

// inMode turns a net profile price into the mode of the draft, rounded to the cent.
func (e *engine) inMode(net fixed) fixed {
	if e.d.Prices != "gross" {
		return net
	}
	gross := feierabend.MulDiv(int64(net), 100*int64(feierabend.One)+int64(e.in.Profile.VATRate), 100*int64(feierabend.One))
	return feierabend.Dec4(gross).Cents().Dec4()
}

func (e *engine) travelLine(a *atom) lineDraft {
	l := lineDraft{a: a}
	l.Line = feierabend.Line{Kind: feierabend.LineTravel, Text: "Anfahrt", Unit: "LS"}
	t := e.in.Profile.Travel
	if t != nil && t.Label != "" && !strings.EqualFold(t.Label, "Fahrt") {
		l.Text = t.Label
	}
	km := a.qty != nil && a.qty.unit == "KMT"
	switch {
	case t != nil && t.Mode == "km" && (km || a.price == nil || a.noQty):
		l.Unit = t.Unit
		if km {
			l.setQty(*a.qty)
		}
		if a.price == nil && !a.noPrice {
			l.fromProfile(e.inMode(t.Price))
		}
	case km && a.price != nil:
		l.Unit = "KMT"
		l.setQty(*a.qty)
	default:
		e.trips(&l)
		if t != nil && t.Mode == "flat" && a.price == nil && !a.noPrice {
			l.fromProfile(e.inMode(t.Price))
		}
	}
	if a.price != nil {
		l.setPrice(*a.price)
	}
	return l
}

func (e *engine) trips(l *lineDraft) {
	switch {
	case l.a.times != nil:
		l.setQty(quantity{v: l.a.times.v, i: l.a.times.i, j: l.a.times.j})
	case l.a.qty != nil && l.a.qty.bare:
		l.setQty(*l.a.qty)
	case !l.a.noQty:
		l.one()
	}
}

func (l *lineDraft) setQty(q quantity) {
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
