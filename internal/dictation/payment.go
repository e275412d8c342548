package dictation

import (
	"strings"

	"feierabend"
)

var paidWords = set("gegebe gebn bezahlt gezahlt überwiesen angezahlt beglichen kassiert gegeben jegeben erhalten bekommen überwiesn eingegangen vorausbezahlt anbezahlt")

// takeMeans keeps a lone "EC-Karte" out of the lines.
func (e *engine) takeMeans() {
	for i, t := range e.t {
		if e.claims[i] == free && t.kind == tWord && len(t.low) > 6 && payMethod(t.low) == "card" && e.hits[i].j == 0 {
			e.take(i, i+1, terms)
		}
	}
}

// payment reads what was already paid: "hat bar bezahlt", "dreitausend hat er schon überwiesen".
func (e *engine) payment() {
	if e.d.Kind == feierabend.KindReminder {
		e.openAmount()
		return
	}
	for k := range e.t {
		if e.claims[k] != free || !paidWords[e.t[k].low] && !e.t[k].is("anzahlung", "abschlag", "vorauszahlung") {
			continue
		}
		if e.paidAt(k) {
			return
		}
	}
	for k := range e.t { // "hat mir hundert Euro bar in die Hand gedrückt"
		a, b := e.clause(k)
		if e.claims[k] == free && e.t[k].is("bar", "bargeld") && (k == 0 || e.t[k-1].kind == tWord) && e.has(a, b, "hat", "haben", "gab") && !e.hasNegation(a, b) && e.paidAt(k) {
			return
		}
	}
}

func (e *engine) paidAt(k int) bool {
	a, b := e.sentence(k)
	if !e.punctuated(a, b) {
		a, b = max(a, k-8), min(b, k+5)
	}
	method := e.method(a, b, k)
	weak := e.t[k].is("gegeben", "jegeben", "erhalten", "bekommen", "eingegangen")
	noun := e.t[k].is("anzahlung", "abschlag", "vorauszahlung")
	if weak && method == "" || e.unpaid(a, b, k) {
		return false
	}
	m, okM := e.paidAmount(a, b, k)
	if !okM && noun {
		return false
	}
	if noun && method == "" && !e.has(a, b, "schon", "bereits", "bekommen", "erhalten", "geleistet", "abziehen", "ab") && !e.t[k].is("anzahlung") {
		return false
	}
	p := &feierabend.Paid{Method: method}
	if okM {
		c := m.v.Cents()
		p.Amount = &c
		e.said("paid.amount", m.i, m.j)
		e.take(m.i, m.j, terms)
	} else if e.partly(k) {
		return false
	} else {
		p.All = true
		e.said("paid.all", k, k+1)
	}
	e.d.Paid = p
	if p.Method != "" {
		e.said("paid.method", a, b)
	}
	e.takePayment(k)
	return true
}

// takePayment claims the words around the payment, back to the first that says something else.
func (e *engine) takePayment(k int) {
	a, b := e.clause(k)
	for i := k; i >= a; i-- {
		t := e.t[i]
		ok := stopWords[t.low] && !t.is("euro", "brutto", "netto", "pauschal", "festpreis") || paidWords[t.low] || payMethod(t.low) != "" || t.is("hand", "kunde", "kundin", "betrag", "ganzen", "herr", "frau", "bereits", "anzahlung", "abschlag", "direkt", "alles", "vorab") || e.claims[i] != free
		if !ok {
			break
		}
		e.take(i, i+1, terms)
	}
	for i := k + 1; i < b; i++ {
		if t := e.t[i]; !stopWords[t.low] && !paidWords[t.low] && payMethod(t.low) == "" && !t.is("hand", "anzahlung", "abschlag", "anzahlungsrechnung") {
			break
		}
		e.take(i, i+1, terms)
	}
}

func (e *engine) punctuated(a, b int) bool { return b-a < 28 }

// unpaid says whether the sentence [a,b) denies or only plans the payment told at token k.
func (e *engine) unpaid(a, b, k int) bool {
	ca, cb := e.clause(k)
	ca, cb = max(a, ca), min(b, cb)
	for i := ca; i < cb; i++ {
		if negations[e.t[i].low] && !e.has(i, i+4, "nur", "sondern", "bar", "offen", "mehr") && !e.has(i, cb, "sondern") {
			return true
		}
	}
	for i := a; i < b; i++ {
		if e.t[i].is("nicht", "noch") && (e.has(i, min(b, i+4), "bezahlt", "überwiesen", "gezahlt", "beglichen", "eingegangen") && e.has(a, b, "nicht")) {
			return true
		}
	}
	return e.has(a, b, "wird", "würde", "will", "möchte", "soll", "zahlt", "überweist", "zahlen", "überweisen")
}

// partly says whether the clause speaks of a part of the sum, or has a figure that was not
// understood as the amount: then not all is paid.
func (e *engine) partly(k int) bool {
	a, b := e.clause(k)
	if e.partWord(a, b) {
		return true
	}
	for i := a; i < b; i++ { // beside the verb of paying, not before a line's words
		n, ok := e.euroAt(i)
		if !ok {
			n, ok = numberAt(e.t, i)
			ok = ok && !n.art && n.v >= feierabend.Dec(20) && (n.j >= b || !e.t[n.j].is("trinkgeld", "tage", "tagen", "uhr")) && !e.dayLike(n)
		}
		if ok && e.claims[i] == free && abs(n.j-k) <= 3 && e.has(a, b, "hat", "haben", "hab") && !e.has(a, b, "ganzen", "alles", "komplett", "gesamten", "vollständig") && !e.lineWord(a, n.i) {
			return true
		}
	}
	return false
}

// partWord says whether a word for a part of the sum stands in [a,b).
func (e *engine) partWord(a, b int) bool {
	for i := a; i < b; i++ {
		low := e.t[i].low
		if e.t[i].kind == tWord && (strings.HasPrefix(low, "ange") && strings.HasSuffix(low, "zahlt") || strings.HasPrefix(low, "teil") || strings.HasPrefix(low, "abschlag") || strings.HasPrefix(low, "anzahl") || low == "anbezahlt" || low == "hälfte") {
			return true
		}
	}
	return false
}

// lineWord says whether a noun of a line stands in [a,b).
func (e *engine) lineWord(a, b int) bool {
	for i := a; i < b; i++ {
		if e.t[i].kind == tWord && e.claims[i] == free && !stopWords[e.t[i].low] && (e.t[i].upper && e.cased || e.hits[i].j > 0 || verbal(e.t[i])) && salutations[e.t[i].low] == "" && !generic[e.t[i].low] {
			return true
		}
	}
	return false
}

// method finds the means of payment in [a,b) around token k.
func (e *engine) method(a, b, k int) string {
	for m := a; m < b; m++ {
		if how := payMethod(e.t[m].low); how != "" && !(m > 0 && e.t[m-1].is("nicht")) {
			return how
		}
	}
	return ""
}

// paidAmount finds the amount of a part payment: with euro sign, or a bare number of some size
// that is neither percent nor quantity.
func (e *engine) paidAmount(a, b, k int) (number, bool) {
	whole := e.find(a, b, "ganzen", "gesamten", "alles", "komplett", "gesamte", "vollständig")
	if whole >= 0 {
		return number{}, false
	}
	ca, cb := e.clause(k)
	for _, r := range [][2]int{{ca, cb}, {a, b}} {
		lo, hi := max(r[0], a), min(r[1], b)
		if m, ok := nearest(lo, hi, k, 9, freeAt(e, e.euroAt)); ok && e.partOf(m, k) {
			return m, true
		}
		m, ok := nearest(lo, hi, k, 9, freeAt(e, func(i int) (number, bool) {
			n, ok := pairAt(e.t, i)
			if !ok {
				n, ok = numberAt(e.t, i)
			}
			if !ok || n.art || n.v < feierabend.Dec(20) {
				return n, false
			}
			if _, _, unit := unitAt(e.t, n.j); unit || n.j < len(e.t) && (e.t[n.j].is("prozent", "%") || e.t[n.j].kind == tWord && e.t[n.j].upper && !e.t[n.j].is("abschlag", "anzahlung", "euro")) {
				return n, false
			}
			if i > 0 && e.t[i-1].is("am", "vom", "kw", "nummer") || e.has(n.j, n.j+2, "trinkgeld") {
				return n, false
			}
			return n, true
		}))
		if ok && e.partOf(m, k) {
			return m, true
		}
		if r[0] == ca && (e.has(ca, cb, "bezahlt", "gezahlt", "gegeben", "jegeben", "bekommen", "erhalten") && !e.has(ca, cb, "anzahlung", "angezahlt", "abschlag", "bereits", "schon")) {
			return number{}, false // the price stands in another clause
		}
	}
	return number{}, false
}

// partOf says whether the amount belongs to the payment and not to a line before it.
func (e *engine) partOf(m number, k int) bool {
	if m.i > k {
		return true
	}
	if a, _ := e.clause(k); m.i > a && e.lineWord(a, m.i) && !e.has(a, k, "hat", "haben", "hab", "schon", "bereits", "davon", "sind", "wurden") && !e.partWord(a, k+1) {
		return false // "Tür geöffnet 80 Euro bar bezahlt": the price of the line
	}
	for i := m.j; i < k; i++ {
		if e.t[i].kind == tWord && e.t[i].upper && !e.t[i].is("euro", "abschlag", "anzahlung", "karte", "herr", "frau", "kunde", "kundin") {
			return e.t[i].upper && e.has(m.j, k, "hat", "haben", "wurden", "wurde", "sind")
		}
	}
	return e.cased || e.has(max(0, m.i-3), k+4, "anzahlung", "angezahlt", "abschlag", "bereits", "schon", "vorab") || e.has(m.j, k, "hat", "haben", "hab")
}

// openAmount reads the sum of a reminder; it is the only figure of its totals.
func (e *engine) openAmount() {
	for k := range e.t {
		if e.claims[k] != free {
			continue
		}
		m, ok := e.euroAt(k)
		if !ok && k > 0 && e.t[k-1].is("über", "von") {
			if n, okN := pairAt(e.t, k); okN {
				m, ok = n, true
			} else if n, okN := numberAt(e.t, k); okN && !n.art && !e.dayLike(n) {
				m, ok = n, true
			}
		}
		if !ok || e.has(max(0, k-4), k, "mahngebühr", "mahngebühren", "mahnkosten") || m.j < len(e.t) && e.t[m.j].is("mahngebühr", "mahngebühren", "mahnkosten", "gebühr") {
			continue
		}
		if e.d.Totals != nil {
			return
		}
		c := m.v.Cents()
		e.d.Totals = &feierabend.Totals{Gross: &c}
		e.said("totals.gross", m.i, m.j)
	}
}

func (e *engine) dayLike(n number) bool {
	_, _, unit := unitAt(e.t, n.j)
	return unit
}
