package dictation

import (
	"strings"

	"feierabend"
)

func (e *engine) listText(a *atom, it feierabend.PriceItem) string {
	text := it.Name
	if a.measure != "" && !strings.Contains(strings.ReplaceAll(text, ".", ","), a.measure) {
		text += " " + a.measure
	}
	if said := e.saidName(a, it); said != "" {
		text += " (" + said + ")"
	}
	extra := e.text(&atom{words: a.words, i: a.i, j: a.j})
	for _, w := range strings.Fields(extra) {
		if !wordIn(stem(strings.ToLower(w)), stem(strings.ToLower(text))) && !wordIn(w, text) && len(strings.Fields(text)) < 7 && !connectors[strings.ToLower(w)] {
			text += " " + w
		}
	}
	return text
}

// saidName is how an item was called, where its list name has none of these words.
func (e *engine) saidName(a *atom, it feierabend.PriceItem) string {
	if a.hit.fuzzy || a.hit.measure {
		return ""
	}
	var out []string
	for k := a.hit.i; k < a.hit.j; k++ {
		t := e.t[k]
		if t.kind != tWord || e.unheard(k) || !t.upper && e.cased || stopWords[t.low] || gapWords[t.low] || letters(t.s) < 3 {
			continue
		}
		for _, part := range strings.Split(t.low, "-") {
			s := []rune(stem(part))
			if len(s) < 4 && len(strings.Split(t.low, "-")) > 1 {
				continue
			}
			if strings.Contains(stem(strings.ToLower(it.Name)), string(s[:min(len(s), 5)])) {
				return ""
			}
		}
		out = append(out, t.s)
	}
	return strings.Join(out, " ")
}

// text joins the words of a line, with connecting words between neighbours; at most eight.
func (e *engine) text(a *atom) string {
	for _, words := range [][]int{a.words, a.pending} {
		if s := e.joinWords(words, false); s != "" {
			return s
		}
	}
	return e.joinWords(a.words, true)
}

// joinWords joins words; rooms and counters only where asked.
func (e *engine) joinWords(words []int, rooms bool) string {
	var out []string
	last := -1
	seen := map[string]bool{}
	for _, w := range words {
		t := e.t[w]
		if generic[t.low] || firstNames[t.low] || roles[t.low] != "" || seen[t.low] || len(out) >= 8 {
			continue
		}
		if placeWords[t.low] && !rooms || e.claims[w] == withheld || e.claims[w] == dropped || e.unheard(w) {
			continue
		}
		if last >= 0 && w-last == 2 && connectors[e.t[last+1].low] {
			out = append(out, e.t[last+1].s)
		}
		seen[t.low] = true
		s := t.s
		if !e.cased && len(out) == 0 {
			s = title(s)
		}
		out = append(out, s)
		last = w
	}
	return strings.Join(out, " ")
}
