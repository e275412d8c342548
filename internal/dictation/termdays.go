package dictation

import (
	"strings"

	"feierabend"
)

// payStems begin words of paying that lead to a payment term: "in acht Tagen zahlen".
var payStems = []string{"zahl", "bezahl", "überweis", "begleich", "geldeingang", "zahlung"}

// dueInDays reads a payment term by its shape: "(soll) in N Tagen zahlen", "Zahlung
// binnen N Tagen", "Geld will ich in N Tagen haben".
func (e *engine) dueInDays() {
	if e.d.DueDays != nil {
		return
	}
	for k := range e.t {
		d, ok := e.daysAt(k)
		if !ok || e.claims[k] != free {
			continue
		}
		a, b := e.clause(k)
		if e.t[a].is("also", "sprich", "nämlich") && k == a+1 && a > 1 { // "Er zahlt nächste Woche, also sieben Tage."
			a = e.clauseBefore(a)
		} else if !e.leadsDays(k) {
			continue
		}
		p := e.payWord(a, b)
		if p < 0 || e.hasSet(a, b, paidWords) && e.has(a, b, "hat", "haben", "ist", "wurde", "vor") || e.nearWord(k, "skonto") {
			continue
		}
		e.setDue(d, k-1, d.j)
		e.take(p, p+1, terms)
		e.take(a, b, terms)
		return
	}
}

// leadsDays says whether "in", "binnen", "innerhalb von" stands before token k, or "Zeit" behind the days.
func (e *engine) leadsDays(k int) bool {
	if k > 0 && e.t[k-1].is("in", "innerhalb", "binnen", "innert", "nach", "bis") || k > 1 && e.t[k-1].is("von") && e.t[k-2].is("innerhalb", "binnen") {
		return true
	}
	return e.has(k+2, k+4, "zeit")
}

func (e *engine) payWord(a, b int) int {
	for k := a; k < b; k++ {
		if e.t[k].kind != tWord || e.claims[k] != free {
			continue
		}
		if e.t[k].is("geld") {
			return k
		}
		for _, s := range payStems {
			if strings.HasPrefix(e.t[k].low, s) && !strings.HasPrefix(e.t[k].low, "zahlr") {
				return k
			}
		}
	}
	return -1
}

func (e *engine) nearWord(k int, words ...string) bool {
	a, b := e.sentence(k)
	return e.has(a, b, words...)
}

// boundDays reads how long an offer stands: "Das Angebot hält drei Wochen", "20 Tage
// daran gebunden", also where the recogniser misheard "gültig".
func (e *engine) boundDays() {
	if e.d.ValidDays != nil || e.d.Kind != feierabend.KindOffer && e.d.Kind != feierabend.KindOrderConfirmation {
		return
	}
	for k := range e.t {
		d, ok := e.daysAt(k)
		if !ok || e.claims[k] != free {
			continue
		}
		a, b := e.clause(k)
		w := -1
		for m := a; m < b; m++ {
			low := e.t[m].low
			switch {
			case e.claims[m] != free || e.t[m].kind != tWord:
			case e.t[m].is("gebunden", "bindend", "bindung", "bindefrist", "gilt", "gelten", "gültigkeit"), len(low) > 5 && !stopWords[low] && distance(low, "gültig") <= 2 && strings.HasSuffix(low, "tig"):
				w = m
			case e.t[m].is("hält", "halten", "steht", "stehen", "bleibt", "bleiben") && e.has(a, b, "angebot", "preis", "preise", "daran", "dran", "konditionen"):
				w = m
			}
		}
		if w < 0 {
			continue
		}
		n := d.n
		e.d.ValidDays = &n
		e.said("valid_days", d.i, d.j)
		e.take(a, b, terms)
		return
	}
}

// termClauses keeps days of payment and validity out of the lines, whatever became of them.
func (e *engine) termClauses() {
	for k := range e.t {
		d, ok := e.daysAt(k)
		if !ok || e.claims[k] != free {
			continue
		}
		a, b := e.clause(k)
		if e.payWord(a, b) < 0 && !e.has(a, b, "frist", "gebunden", "bindend", "gültig", "gültigkeit", "gilt", "skonto", "mahnung", "zahlungsziel") {
			continue
		}
		if e.countNumbers(a, k) == 0 && e.countNumbers(d.j, b) == 0 && !e.hasSet(a, b, roleWords) {
			e.take(a, b, terms)
		}
	}
}

var roleWords = func() map[string]bool {
	out := map[string]bool{}
	for w := range roles {
		out[w] = true
	}
	return out
}()

// loneShare reads the share of an interim invoice where no word names it: "Fünfzig
// Prozent jetzt, der Rest …", "die Hälfte jetzt".
func (e *engine) loneShare() {
	if e.d.Kind != feierabend.KindInterimInvoice || e.d.Share != nil {
		return
	}
	lone := percent{i: -1}
	for k := range e.t {
		p, ok := e.percentAt(k)
		if !ok || e.claims[k] != free {
			continue
		}
		a, b := e.clause(k)
		if e.has(a, b, "mehrwertsteuer", "umsatzsteuer", "mwst", "steuer", "skonto", "zuschlag", "aufschlag", "ust") || e.has(a, b, discountWords...) || k > 0 && e.t[k-1].is("minus", "plus", "komma") {
			continue
		}
		if lone.i >= 0 || p.v <= 0 || p.v >= feierabend.Dec(100) {
			return
		}
		lone = p
	}
	if lone.i >= 0 {
		e.d.Share = &lone.v
		e.said("share", lone.i, lone.n)
		e.take(lone.i, lone.j, terms)
		return
	}
	k := e.find(0, len(e.t), "hälfte")
	if k < 0 || e.claims[k] != free {
		return
	}
	a, b := e.sentence(k)
	if e.has(a, b, "jetzt", "sofort", "erstmal", "vorab", "abschlag", "davon", "rest", "berechnen", "abrechnen") && !e.has(a, b, "fertig", "geschafft", "gemacht") {
		half := feierabend.Dec(50)
		e.d.Share = &half
		e.rule("share")
		e.take(k, k+1, terms)
	}
}
