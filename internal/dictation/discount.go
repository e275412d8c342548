package dictation

import "feierabend"

var discountWords = []string{"nachlass", "nachlaß", "rabatt", "abzug", "runter", "preisnachlass", "abschlagen", "rabattieren", "treuerabatt", "stammkundenrabatt", "gutschein"}

// discount reads "drei Prozent Nachlass", "minus 30 Euro", "zehn Prozent auf alles runter".
// A discount on one line only cannot stand in a draft and is left out.
func (e *engine) discount() {
	for k := range e.t {
		if e.claims[k] != free {
			continue
		}
		a, b := e.clause(k)
		if e.t[k].is(discountWords...) {
			if p, ok := nearest(a, b, k, 6, freeAt(e, e.percentAt)); ok {
				if e.onPart(a, b) {
					e.take(a, b, dropped)
					continue
				}
				e.d.Discount = &p.v
				e.said("discount", p.i, p.n)
				e.take(min(k, p.i), max(k+1, p.j), terms)
				e.takeAll(a, b)
				return
			}
			if m, ok := nearest(a, b, k, 6, freeAt(e, e.euroAt)); ok && !e.onPart(a, b) {
				e.setDiscountAmount(m, min(k, m.i), max(k+1, m.j))
				e.takeAll(a, b)
				return
			}
		}
		if e.t[k].is("minus", "abzüglich") {
			if m, ok := e.euroAt(k + 1); ok {
				e.setDiscountAmount(m, k, m.j)
				return
			}
			if p, ok := e.percentAt(k + 1); ok {
				e.d.Discount = &p.v
				e.said("discount", p.i, p.n)
				e.take(k, p.j, terms)
				return
			}
		}
	}
}

func (e *engine) takeAll(a, b int) {
	for k := a; k < b; k++ {
		if e.t[k].is("alles", "auf", "alle", "gesamt", "allem") {
			e.take(k, k+1, terms)
		}
	}
}

// onPart says whether a discount is for a part: "auf die Fliesen".
func (e *engine) onPart(a, b int) bool {
	for k := a; k+1 < b; k++ {
		if !e.t[k].is("auf", "für", "bei", "vom") {
			continue
		}
		m := k + 1
		for m < b && e.t[m].is("die", "das", "den", "dem", "der") {
			m++
		}
		if m < b && e.t[m].kind == tWord && e.t[m].upper && !e.t[m].is("rechnung", "gesamtsumme", "summe", "gesamtpreis", "rechnungsbetrag", "ganze", "gesamtbetrag", "endpreis", "angebot", "rechnungssumme", "alles") {
			return true
		}
	}
	return false
}

func (e *engine) setDiscountAmount(m number, i, j int) {
	c := m.v.Cents()
	e.d.DiscountAmount = &c
	e.said("discount_amount", m.i, m.j)
	e.take(i, j, terms)
}

// share reads the percent of an interim invoice.
func (e *engine) share() {
	if e.d.Kind != feierabend.KindInterimInvoice {
		return
	}
	for k := range e.t {
		p, ok := e.percentAt(k)
		if !ok || e.claims[k] != free {
			continue
		}
		a, b := e.sentence(k)
		near := e.find(a, b, "abschlag", "akonto", "davon", "abschlagsrechnung", "abschlagszahlung", "anzahlung", "erstmal")
		if near < 0 || e.has(a, b, "mehrwertsteuer", "umsatzsteuer") {
			continue
		}
		e.d.Share = &p.v
		e.said("share", p.i, p.n)
		e.take(k, p.j, terms)
		if m := e.find(max(a, k-4), min(b, p.j+4), "abschlag", "akonto"); m >= 0 {
			e.take(m, m+1, terms)
		}
		return
	}
}
