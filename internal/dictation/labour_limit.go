package dictation

import (
	"strings"
	"time"

	"feierabend"
)

// dayLimit are the hours a person can work on a day at most.
const dayLimit = 14

// possible says whether hours can be true: no more than fourteen a day and person in the time
// of supply, and no fraction that nobody speaks ("2,57 Stunden").
func (e *engine) possible(q quantity, men *number) bool {
	if !q.rule && q.unit == "HUR" && e.oddFraction(q) {
		return false
	}
	s := e.d.Supply
	if s == nil || !e.d.Kind.Priced() && e.d.Kind != "" || e.d.Kind == feierabend.KindOffer || q.unit != "HUR" {
		return true
	}
	days := 1
	if from, err := time.Parse(time.DateOnly, s.From); err == nil {
		if to, err := time.Parse(time.DateOnly, s.To); err == nil {
			days = int(to.Sub(from).Hours()/24) + 1
		}
	}
	people := e.crewSize()
	if men != nil {
		people = max(people, int(men.v/feierabend.One))
	}
	return q.v <= feierabend.Dec(dayLimit*max(days, 1)*people)
}

// oddFraction says whether the hours have two decimals other than quarters.
func (e *engine) oddFraction(q quantity) bool {
	if f := q.v % feierabend.One; f%1000 != 0 && f != 2500 && f != 7500 {
		return true
	}
	for k := q.i; k < q.j; k++ {
		if _, frac, ok := strings.Cut(e.t[k].s, ","); ok && e.t[k].kind == tNumber && len(frac) == 2 && frac != "00" && frac != "25" && frac != "50" && frac != "75" {
			return true
		}
	}
	return false
}

// crewSize is the largest number of people the text speaks of; "wir" may be three.
func (e *engine) crewSize() int {
	if e.crew > 0 {
		return e.crew
	}
	n := 1
	for i := range e.t {
		if x, ok := e.menAt(i); ok {
			n = max(n, int(x.n.v/feierabend.One))
		}
		if e.t[i].is("zu", "je") {
			n = max(n, pairs(e.t, i+1))
		}
		if e.t[i].is("wir", "uns", "mia") {
			n = max(n, 3)
		}
	}
	e.crew = n
	return n
}

// payWords speak of payment or validity, never of work.
var payWords = set("zahlen zahlt zahle zahlbar bezahlen bezahlt zahlung zahlungsziel überweisen überweist überweisung gilt gelten gültig hält halten gebunden bindend fällig frist skonto")

// workDays says whether days are those of a person at work: a role, "ich", or a word of work beside them.
func (e *engine) workDays(a *atom) bool {
	if e.in.Profile.DayHours == nil {
		return false
	}
	if a.ich || len(a.roles) > 0 || a.men != nil {
		return true
	}
	for _, w := range a.words {
		if verbal(e.t[w]) || infinitives[e.t[w].low] || works[e.t[w].low] {
			return true
		}
	}
	return false
}

// unknownDays makes a line with its price asked of days of an unknown thing.
func (e *engine) unknownDays(a *atom) []lineDraft {
	text := e.text(a)
	if text == "" || e.in.Profile.DayHours == nil && a.price == nil {
		return nil
	}
	l := lineDraft{a: a}
	l.Line = feierabend.Line{Kind: feierabend.LineMaterial, Text: text, Unit: "DAY"}
	l.setQty(*a.qty)
	if a.price != nil {
		l.setPrice(*a.price)
	}
	return []lineDraft{l}
}

// termDays says whether days or weeks at token i are those of a term: "in acht Tagen", or in a
// sentence of payment or validity.
func (e *engine) termDays(i int) bool {
	if i > 0 && e.t[i-1].is("in", "binnen", "innerhalb", "innert", "alle") {
		return true
	}
	a, b := e.clause(i)
	return e.hasSet(a, b, payWords)
}

// sideBySide says whether "ich" stands beside another by "und": "ich und der Azubi".
func (e *engine) sideBySide(a *atom) bool {
	for k := max(a.i, 0); k < a.j && k < len(e.t); k++ {
		if !e.t[k].is("ich") {
			continue
		}
		if k > a.i && e.t[k-1].is("und") || k+1 < len(e.t) && e.t[k+1].is("und") {
			return true
		}
	}
	return false
}
