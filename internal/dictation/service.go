package dictation

import (
	"strings"

	"feierabend"
)

// cares are verbs of work on a thing that stays as it is.
var cares = set("gereinigt geputzt gewartet repariert geprüft überprüft gestrichen lackiert geschliffen gewaschen poliert geölt entkalkt gespült nachgestellt eingestellt gerichtet ausgebessert freigemacht")

// service turns a material into the work of the list that its verb names: "Dachrinne, dreißig
// Meter, gereinigt" is "Rinnenreinigung" where the firm has it.
func (e *engine) service(a *atom) {
	if a.hit == nil || e.catalog.items[a.hit.item].Kind != feierabend.LineMaterial {
		return
	}
	_, end := e.clause(a.hit.i)
	for k := a.i; k < max(a.j, end) && k < len(e.t); k++ {
		w := e.t[k].low
		if k >= a.hit.i && k < a.hit.j || !treated(w) || e.claims[k] != free {
			continue
		}
		if n := e.workOn(a.hit, verbStem(w)); n >= 0 {
			a.hit = &hit{item: n, i: a.hit.i, j: a.hit.j, fuzzy: true}
			return
		}
		if cares[w] && k >= a.hit.j && k <= a.hit.j+4 {
			a.noPrice = a.price == nil // the price of a new one is not that of its care
		}
	}
}

// workOn gives the one item of work whose name has both the thing of the hit and the verb, or -1.
func (e *engine) workOn(h *hit, verb string) int {
	if len(verb) < 4 {
		return -1
	}
	noun := stem(catalogWord(e.t[h.j-1]))
	found := -1
	for _, p := range e.catalog.phrases {
		it := e.catalog.items[p.item]
		if it.Kind != feierabend.LineLabour && it.Kind != feierabend.LineLump || !sameMeasure(it.Unit, e.catalog.items[h.item].Unit) && it.Unit != "LS" {
			continue
		}
		name := strings.Join(p.words, "")
		if !strings.Contains(stem(name), verb) && !strings.Contains(stemLetters.Replace(name), verb) {
			continue
		}
		first := p.forms[0].stem
		if !strings.Contains(stemLetters.Replace(name), noun) && !(len(p.words) > 1 && len(first) > 3 && strings.HasSuffix(noun, first)) {
			continue
		}
		if found >= 0 && found != p.item {
			return -1
		}
		found = p.item
	}
	return found
}

// scattered finds the item all words of whose name stand in the line, apart from each other:
// "Boden 22 Quadratmeter verlegt" for "Boden verlegt".
func (e *engine) scattered(a *atom) {
	found := -1
	for _, p := range e.catalog.phrases {
		if len(p.words) < 2 || !sameMeasure(e.catalog.items[p.item].Unit, a.qty.unit) || !e.allSaid(a, p) {
			continue
		}
		if found >= 0 && found != p.item {
			return
		}
		found = p.item
	}
	if found >= 0 {
		a.hit = &hit{item: found, i: a.words[0], j: a.words[0] + 1, fuzzy: true}
	}
}

func (e *engine) allSaid(a *atom, p phrase) bool {
	for n := range p.words {
		ok := false
		for _, w := range a.words {
			same, _ := sameWord(newForm(catalogWord(e.t[w])), p.forms[n])
			ok = ok || same
		}
		if !ok {
			return false
		}
	}
	return true
}
