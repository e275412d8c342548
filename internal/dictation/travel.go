package dictation

import (
	"strings"

	"feierabend"
)

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
			q := *a.qty
			if a.times != nil && a.times.v > 0 && a.times.j <= q.i { // "zweimal 22 Kilometer"
				q.v, q.i, q.rule = mul(q.v, a.times.v), a.times.i, true
			}
			l.setQty(q)
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
