package dictation

import (
	"strings"

	"feierabend"
)

// phrase is a name or alias of a price-list item, cut into words.
type phrase struct {
	item  int
	words []string
	forms []form
	upper []bool
}

// catalog finds price-list items in tokens.
type catalog struct {
	items   []feierabend.PriceItem
	phrases []phrase
}

// hit is a price-list item at tokens [i,j).
type hit struct {
	item, i, j int
	score      int
	fuzzy      bool
	measure    bool // the match includes the measure
}

func newCatalog(items []feierabend.PriceItem) catalog {
	c := catalog{items: items}
	for n, item := range items {
		for _, name := range append([]string{item.Name}, item.Aliases...) {
			if p := cutPhrase(n, name); len(p.words) > 0 {
				c.phrases = append(c.phrases, p)
			}
		}
	}
	c.bases()
	for n := range c.phrases {
		for _, w := range c.phrases[n].words {
			c.phrases[n].forms = append(c.phrases[n].forms, newForm(w))
		}
	}
	return c
}

// bases adds names without their size, "Kupferrohr" for "Kupferrohr 18 mm", where only one item has it.
func (c *catalog) bases() {
	count := map[string]int{}
	known := map[string]bool{}
	base := func(p phrase) string {
		for k, w := range p.words {
			if strings.ContainsAny(w, "0123456789") {
				return strings.Join(p.words[:k], " ")
			}
		}
		return ""
	}
	names := make([]phrase, len(c.items))
	for n, item := range c.items {
		names[n] = cutPhrase(n, item.Name)
		count[base(names[n])]++
	}
	for _, p := range c.phrases {
		known[strings.Join(p.words, " ")] = true
	}
	for n, p := range names {
		if b := base(p); len(b) > 4 && count[b] == 1 && !known[b] {
			k := len(strings.Fields(b))
			c.phrases = append(c.phrases, phrase{item: n, words: p.words[:k], upper: p.upper[:k]})
		}
	}
}

func cutPhrase(item int, name string) phrase {
	t := tokenise(name)
	p := phrase{item: item}
	for i := 0; i < len(t); {
		if m, ok := measureAt(t, i); ok {
			p.words, p.upper, i = append(p.words, "#"+m.key), append(p.upper, false), m.j
			continue
		}
		if t[i].kind != tPunct {
			p.words, p.upper = append(p.words, catalogWord(t[i])), append(p.upper, t[i].upper)
		}
		i++
	}
	return p
}

// catalogWord is the form two spellings of a trade word meet in: "LED-Spot" = "LED Spot", "achtzehner" = "18er".
func catalogWord(t token) string {
	w := strings.ReplaceAll(t.low, "-", "")
	if base, cut := strings.CutSuffix(w, "er"); cut && len(base) > 3 {
		if v, frac, ok := wordNumber(base); ok && !frac && v >= feierabend.Dec(10) {
			return v.String() + "er"
		}
	}
	if t.kind == tWord && len(w) < 7 {
		if v, frac, ok := wordNumber(w); ok && !frac && !articles[w] {
			return v.String()
		}
	}
	return w
}

// at finds the best item whose words begin at token i.
func (c catalog) at(t []token, f []form, i int, casedText bool) (hit, bool) {
	best := hit{score: 0}
	if t[i].kind == tPunct {
		return best, false
	}
	for _, p := range c.phrases {
		h, ok := p.match(t, f, i, casedText)
		if ok && h.score > best.score {
			best = h
		}
	}
	return best, best.score > 0
}

// gapWords may stand between noun and verb of a phrase: "Tür war nur zugefallen".
var gapWords = set("war nur ist waren sind die der das wurde haben hab hat wieder neu alle zweimal einmal dreimal bloß noch")

func (p phrase) match(t []token, f []form, i int, casedText bool) (hit, bool) {
	h := hit{item: p.item, i: i}
	if len(p.words) == 1 {
		return p.single(t, f, i, casedText)
	}
	j := i
	for k, w := range p.words {
		for gaps := 0; k > 0 && !p.upper[k] && !strings.HasPrefix(w, "#") && j < len(t) && gapWords[t[j].low] && t[j].low != w && gaps < 3; gaps++ {
			j++
		}
		if strings.HasPrefix(w, "#") {
			m, ok := measureAt(t, j)
			if !ok || m.key != w[1:] {
				return p.reversed(t, f, i)
			}
			j, h.measure = m.j, true
			h.score += 1000 + 10*len(w)
			continue
		}
		if j >= len(t) || t[j].kind == tPunct {
			return p.reversed(t, f, i)
		}
		same, fuzzy := sameWord(f[j], p.forms[k])
		if !same && k == 0 && !p.upper[len(p.words)-1] && len(w) >= 4 { // "Zimmertüren gekürzt" for "Türen gekürzt"
			same = strings.HasSuffix(f[j].stem, p.forms[k].stem)
		}
		if !same {
			return p.reversed(t, f, i)
		}
		h.fuzzy = h.fuzzy || fuzzy
		h.score += 1000 + 10*len(w)
		if fuzzy {
			h.score -= 5
		}
		j++
	}
	h.j = j
	return h, true
}

func (p phrase) reversed(t []token, f []form, i int) (hit, bool) {
	if len(p.words) != 2 || i+1 >= len(t) || strings.HasPrefix(p.words[0], "#") || strings.HasPrefix(p.words[1], "#") || t[i+1].kind == tPunct {
		return hit{}, false
	}
	a, _ := sameWord(f[i], p.forms[1])
	b, _ := sameWord(f[i+1], p.forms[0])
	if !a || !b || !p.upper[0] && !p.upper[1] {
		return hit{}, false
	}
	return hit{item: p.item, i: i, j: i + 2, score: 1900 + 10*len(p.words[0])}, true
}

// single matches a one-word phrase, also where the recogniser parted the compound.
func (p phrase) single(t []token, f []form, i int, casedText bool) (hit, bool) {
	w := p.words[0]
	h := hit{item: p.item, i: i, j: i + 1, score: 1000 + 10*len(w)}
	said := f[i].w
	same, fuzzy := sameWord(f[i], p.forms[0])
	if same && casedText && p.upper[0] && !t[i].upper && t[i].kind == tWord && !participle(said) {
		return h, false
	}
	if same && !(fuzzy && stopWords[said]) {
		h.fuzzy = fuzzy
		if fuzzy {
			h.score -= 5
		}
		return h, true
	}
	if i+1 < len(t) && t[i].kind == tWord && t[i+1].kind == tWord && len(w) >= 7 && letters(said) >= 3 && letters(t[i+1].s) >= 3 && !stopWords[said] && !stopWords[t[i+1].low] && unitWords[said] == "" {
		if two := said + f[i+1].w; abs(len(two)-len(w)) > 4 {
			return h, false
		} else if same, fuzzy := sameWord(newForm(two), p.forms[0]); same {
			h.j, h.fuzzy, h.score = i+2, fuzzy, 1990+10*len(w)
			return h, true
		}
	}
	if i+1 < len(t) && t[i].kind == tWord && len(said) <= 3 && t[i+1].kind == tNumber && said+t[i+1].s == w { // "Q 3"
		h.j, h.score = i+2, 1990+10*len(w)
		return h, true
	}
	if i+2 < len(t) && len(w) >= 10 && t[i].kind == tWord && t[i+1].kind == tWord && t[i+2].kind == tWord {
		if three := said + f[i+1].w + f[i+2].w; three == w || abs(len(three)-len(w)) < 4 && stem(three) == p.forms[0].stem {
			h.j, h.score = i+3, 2990+10*len(w)
			return h, true
		}
	}
	return h, false
}

// verbStem is the stem of a participle's infinitive: "gepflastert", "abgedeckt", "verlegt".
func verbStem(w string) string {
	w = strings.TrimSuffix(strings.TrimSuffix(w, "et"), "t")
	if rest, cut := strings.CutPrefix(w, "ge"); cut {
		return stem(rest)
	}
	for _, p := range participlePrefixes {
		if rest, cut := strings.CutPrefix(w, p+"ge"); cut {
			return stem(p + rest)
		}
	}
	return stem(w)
}

func sameWord(said, known form) (same, fuzzy bool) {
	switch {
	case said.w == known.w:
		return true, false
	case len(known.w) < 4 || len(said.w) < 4 || strings.ContainsAny(known.w, "0123456789"):
		return false, false
	case said.stem == known.stem && abs(len(said.w)-len(known.w)) <= 4:
		return true, false
	}
	if participle(said.w) && done(said.w, known) {
		return true, false
	}
	if base, cut := strings.CutSuffix(known.w, "ung"); cut && strings.HasSuffix(said.w, "en") && said.stem == stem(base) {
		return true, false // "Pulverbeschichten"
	}
	if said.w[0] != known.w[0] && (said.sound == "" || known.sound == "" || said.sound[0] != known.sound[0]) {
		return false, false
	}
	return alike(said, known), true
}

// done says whether a participle belongs to a known verb or noun of work: "gepflastert" to
// "Pflastern", "entrümpelt" to "Entrümpelung".
func done(said string, known form) bool {
	if base, cut := strings.CutSuffix(known.w, "ung"); cut {
		return verbStem(said) == stem(base)
	}
	return (strings.HasSuffix(known.w, "en") || strings.HasSuffix(known.w, "ern") || strings.HasSuffix(known.w, "eln")) && verbStem(said) == known.stem
}
