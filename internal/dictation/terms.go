package dictation

import "feierabend"

// days is a number of days, weeks or months at tokens [i,j).
type days struct{ n, i, j int }

func (e *engine) daysAt(i int) (days, bool) {
	n, ok := numberAt(e.t, i)
	w, whole := n.whole()
	if !ok || !whole || n.j >= len(e.t) || w > 400 {
		return days{}, false
	}
	switch {
	case e.t[n.j].is("tag", "tage", "tagen"):
		return days{w, i, n.j + 1}, true
	case e.t[n.j].is("woche", "wochen"):
		return days{w * 7, i, n.j + 1}, true
	}
	return days{}, false
}

// terms reads Skonto, payment term, validity, discounts and the share of an interim invoice.
func (e *engine) terms() {
	e.skonto()
	e.validity()
	e.dueDays()
	e.dueInDays()
	e.boundDays()
	e.discount()
	e.share()
	e.loneShare()
	e.termClauses()
}

// nearest finds the reading closest to token i within [a,b), later ones first at equal distance.
func nearest[T any](a, b, i, reach int, at func(int) (T, bool)) (T, bool) {
	var best T
	dist := reach + 1
	for k := a; k < b; k++ {
		if v, ok := at(k); ok {
			d := k - i
			if d < 0 {
				d = -d
			} else {
				d-- // what follows belongs rather
			}
			if d < dist {
				best, dist = v, d
			}
		}
	}
	return best, dist <= reach
}

func freeAt[T any](e *engine, at func(int) (T, bool)) func(int) (T, bool) {
	return func(k int) (T, bool) {
		var zero T
		if e.claims[k] != free {
			return zero, false
		}
		if k > 0 && e.t[k-1].is("komma") { // the tail of a number
			return zero, false
		}
		return at(k)
	}
}

func (e *engine) skonto() {
	k := e.find(0, len(e.t), "skonto")
	if k < 0 || e.claims[k] != free {
		return
	}
	a, b := e.sentence(k)
	p, okP := nearest(a, b, k, 8, freeAt(e, e.percentAt))
	if !okP {
		return
	}
	edge := max(k, p.j-1)
	ca, cb := e.clause(k)
	d, okD := nearest(edge, cb, edge, 7, freeAt(e, e.skontoDays))
	if !okD {
		d, okD = nearest(ca, cb, min(k, p.i), 7, freeAt(e, e.daysAt))
	}
	if !okD {
		d, okD = nearest(edge, b, edge, 7, freeAt(e, e.skontoDays))
	}
	if !okD {
		d, okD = nearest(a, b, min(k, p.i), 7, freeAt(e, e.daysAt))
	}
	if !okD {
		return
	}
	e.d.CashDiscount = &feierabend.CashDiscount{Percent: p.v, Days: d.n}
	e.said("cash_discount.percent", p.i, p.n)
	e.said("cash_discount.days", d.i, d.j)
	e.take(min(k, p.i, d.i), max(k+1, p.j, d.j), terms)
}

// skontoDays are days that are no payment term without Skonto: "sonst 14 Tage".
func (e *engine) skontoDays(i int) (days, bool) {
	if i > 0 && e.t[i-1].is("sonst", "ansonsten") {
		return days{}, false
	}
	return e.daysAt(i)
}

func (e *engine) validity() {
	for k := range e.t {
		if e.claims[k] != free || !e.t[k].is("gilt", "gültig", "gültigkeit", "bindefrist", "gelten", "gültigkeitsdauer", "halten", "bindend", "gebunden") {
			continue
		}
		a, b := e.sentence(k)
		d, ok := nearest(a, b, k, 6, freeAt(e, e.daysAt))
		if !ok {
			if m, months := nearest(a, b, k, 6, freeAt(e, func(i int) (quantity, bool) { return quantityAt(e.t, i) })); months && m.unit == "MON" {
				e.take(min(k, m.i), max(k+1, m.j), terms) // months have no fixed number of days
			}
			continue
		}
		if e.t[k].is("halten", "bindend", "gebunden") && !e.has(a, b, "angebot", "preis", "preise") {
			continue
		}
		if e.d.Kind == feierabend.KindOffer || e.d.Kind == feierabend.KindOrderConfirmation {
			e.d.ValidDays = &d.n
			e.said("valid_days", d.i, d.j)
		}
		e.take(min(k, d.i), max(k+1, d.j), terms)
		if i := e.find(max(a, k-2), k, "angebot"); i >= 0 {
			e.take(i, k, terms)
		}
		return
	}
}

func (e *engine) dueDays() {
	if e.dueNetto() {
		return
	}
	for k := range e.t {
		if e.claims[k] != free || !e.t[k].is("zahlbar", "zahlungsziel", "zahlungsfrist", "ziel", "frist", "fällig", "zahlungseingang", "zahlen", "zahlung", "überweisen") {
			continue
		}
		if e.t[k].is("zahlung", "zahlen", "überweisen") && !e.has(k+1, k+3, "in", "innerhalb", "binnen", "bis", "innert") {
			continue
		}
		a, b := e.sentence(k)
		d, ok := nearest(a, b, k, 5, freeAt(e, e.daysAt))
		if !ok {
			continue
		}
		e.setDue(d, min(k, d.i), max(k+1, d.j))
		return
	}
	for k := range e.t { // "Rechnung bitte, sieben Tage."
		a, b := e.clause(k)
		if d, ok := e.daysAt(k); ok && e.claims[k] == free && k == a && d.j == b && (usualTerms[d.n] || d.n > 2 && a > 1 && e.has(max(0, a-4), a, "rechnung", "bitte")) && (e.d.Kind == feierabend.KindInvoice || e.d.Kind == "") {
			e.setDue(d, k, d.j)
			return
		}
	}
	for k := range e.t {
		if d, ok := e.daysAt(k); ok && e.claims[k] == free && e.d.Kind == feierabend.KindReminder {
			e.setDue(d, k, d.j)
			return
		}
	}
	for k := range e.t { // "sonst 30 Tage"
		if e.claims[k] == free && e.t[k].is("sonst") {
			if d, ok := e.daysAt(k + 1); ok {
				e.setDue(d, k, d.j)
				return
			}
		}
	}
}

// usualTerms are payment terms that need no word beside them.
var usualTerms = map[int]bool{7: true, 8: true, 10: true, 14: true, 20: true, 21: true, 30: true, 45: true, 60: true}

// dueNetto reads "30 Tage netto", "sonst dreißig netto", "30 Tage rein netto".
func (e *engine) dueNetto() bool {
	for k := range e.t {
		if e.claims[k] != free {
			continue
		}
		n, ok := numberAt(e.t, k)
		w, whole := n.whole()
		if !ok || !whole || n.art || w < 3 || w > 120 {
			continue
		}
		j, tage := n.j, false
		if j < len(e.t) && e.t[j].is("tage", "tagen") {
			j, tage = j+1, true
		}
		if j < len(e.t) && e.t[j].is("rein", "reine") {
			j++
		}
		if j >= len(e.t) || !e.t[j].is("netto") {
			continue
		}
		if !tage && !(k > 0 && (e.t[k-1].is("sonst", "ansonsten", "oder") || e.t[k-1].s == "," && e.d.CashDiscount != nil)) {
			continue
		}
		e.setDue(days{w, k, n.j}, k, j+1)
		return true
	}
	return false
}

func (e *engine) setDue(d days, i, j int) {
	n := d.n
	e.d.DueDays = &n
	e.said("due_days", d.i, d.j)
	e.take(i, j, terms)
}
