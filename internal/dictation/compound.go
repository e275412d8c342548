package dictation

import "strings"

// joinCompounds puts compounds together that the recogniser has parted, "Regie Bericht", "Öl
// Filter", "Dach Rinne": where the joined word is one of the price list or names a kind.
func (e *engine) joinCompounds(t []token) []token {
	known := e.compounds()
	var out []token
	for i := 0; i < len(t); i++ {
		n := 0
		for parts := 3; parts >= 2 && n == 0; parts-- {
			if e.joinable(t, i, parts) && known.has(glue(t[i:i+parts])) {
				n = parts
			}
		}
		if n == 0 {
			out = append(out, t[i])
			continue
		}
		x := t[i]
		x.low, x.to = glue(t[i:i+n]), t[i+n-1].to
		for k := i + 1; k < i+n; k++ {
			x.s += strings.ToLower(strings.TrimPrefix(t[k].s, "-"))
		}
		x.value, x.frac, x.ok = 0, false, false
		out = append(out, x)
		i += n - 1
	}
	return out
}

// joinable says whether tokens [i,i+n) can be parts of one compound.
func (e *engine) joinable(t []token, i, n int) bool {
	if i+n > len(t) {
		return false
	}
	for k := i; k < i+n; k++ {
		if t[k].kind != tWord || e.cased && !t[k].upper && k > i || strings.Contains(t[k].s, ".") || k > i && (letters(t[k].s) < 3 || articles[t[k].low]) {
			return false
		}
	}
	return !articles[t[i].low] && (t[i].upper || !e.cased || !stopWords[t[i].low])
}

func glue(t []token) string {
	var b strings.Builder
	for _, x := range t {
		b.WriteString(strings.ReplaceAll(strings.ToLower(x.s), "-", ""))
	}
	return b.String()
}

// vocabulary are compounds and their stems.
type vocabulary map[string]bool

func (v vocabulary) has(w string) bool { return v[w] || len(w) > 7 && v["~"+stem(w)] }

// compounds are the long words of the price list, and the words of kinds and terms.
func (e *engine) compounds() vocabulary {
	v := vocabulary{}
	for _, p := range e.catalog.phrases {
		for _, w := range p.words {
			if len(w) >= 6 {
				v[w], v["~"+stem(w)] = true, true
			}
		}
	}
	for _, k := range kindWords {
		for _, w := range k.words {
			v[w] = true
		}
	}
	for w := range travelWords {
		v[w] = true
	}
	return v
}
