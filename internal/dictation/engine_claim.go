package dictation

import "feierabend"

// claim says who has taken a token.
type claim byte

// take claims tokens [i,j) that are still free.
func (e *engine) take(i, j int, c claim) {
	for k := max(i, 0); k < j && k < len(e.claims); k++ {
		if e.claims[k] == free {
			e.claims[k] = c
		}
	}
}

func (e *engine) isFree(i, j int) bool {
	for k := i; k < j && k < len(e.claims); k++ {
		if e.claims[k] != free {
			return false
		}
	}
	return true
}

// span gives the rune range of tokens [i,j); after a repair they may be out of order.
func (e *engine) span(i, j int) (int, int) {
	from, to := e.t[i].from, e.t[j-1].to
	for k := i; k < j; k++ {
		from, to = min(from, e.t[k].from), max(to, e.t[k].to)
	}
	return from, to
}

func (e *engine) said(path string, i, j int) {
	if i < 0 || j <= i || j > len(e.t) {
		return
	}
	from, to := e.span(i, j)
	e.d.Evidence[path] = feierabend.Evidence{Source: "said", From: from, To: to}
}

// saidRule marks a value worked out from said words.
func (e *engine) saidRule(path string, i, j int) {
	e.said(path, i, j)
	if ev, ok := e.d.Evidence[path]; ok {
		ev.Source = "rule"
		e.d.Evidence[path] = ev
	}
}

func (e *engine) rule(path string) { e.d.Evidence[path] = feierabend.Evidence{Source: "rule"} }

func (e *engine) profile(path string) { e.d.Evidence[path] = feierabend.Evidence{Source: "profile"} }

// longest is how many tokens to either side a sentence or clause is looked at: longer ones
// are no speech, and the work on hostile texts stays linear.
const longest = 200

// sentence gives the bounds of the sentence around token i.
func (e *engine) sentence(i int) (int, int) {
	a, b := i, i
	for a > 0 && i-a < longest && !e.t[a-1].ends() {
		a--
	}
	for b < len(e.t) && b-i < longest && !e.t[b].ends() {
		b++
	}
	return a, b
}

// clause gives the bounds of the part between commas around token i.
func (e *engine) clause(i int) (int, int) {
	a, b := i, i
	for a > 0 && i-a < longest && !e.t[a-1].ends() && !e.t[a-1].parts() {
		a--
	}
	for b < len(e.t) && b-i < longest && !e.t[b].ends() && !e.t[b].parts() {
		b++
	}
	return a, b
}

// has says whether one of the words stands in tokens [i,j).
func (e *engine) has(i, j int, words ...string) bool { return e.find(i, j, words...) >= 0 }

func (e *engine) find(i, j int, words ...string) int {
	for k := max(i, 0); k < j && k < len(e.t); k++ {
		if e.t[k].is(words...) {
			return k
		}
	}
	return -1
}

// findHits looks up the price list, longest hits first from the left.
func (e *engine) findHits() {
	forms := make([]form, len(e.t))
	for i, t := range e.t {
		forms[i] = newForm(catalogWord(t))
	}
	for i := 0; i < len(e.t); i++ {
		if e.claims[i] != free {
			continue
		}
		if h, ok := e.catalog.at(e.t, forms, i, e.cased); ok && e.isFree(h.i, h.j) {
			e.hits[i] = h
			i = h.j - 1
		}
	}
}

// hitAt gives the hit that covers token i.
func (e *engine) hitAt(i int) (hit, bool) {
	for k := i; k >= 0 && k > i-7; k-- {
		if h, ok := e.hits[k]; ok && i < h.j {
			return h, true
		}
	}
	return hit{}, false
}

// original is the text of tokens [i,j) as written.
func (e *engine) original(i, j int) string {
	if i >= j {
		return ""
	}
	from, to := e.span(i, j)
	return string(e.src[from:to])
}
