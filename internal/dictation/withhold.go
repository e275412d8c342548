package dictation

import "strings"

// writeVerbs ask for something to be written; with a negation what follows is withheld.
var writeVerbs = set("schreibsch schreib schreibe schreibst schreiben schreibt reinschreiben reinschreib hinschreiben reinzuschreiben erwähn erwähne erwähnst erwähnen erwähnt reinnehmen reintun reinsetzen vermerken vermerk vermerke aufführen nennen auftauchen drinstehen reinkommen draufschreiben draufstehen")

var negations = set("nicht nichts kein keine keinen nie niemals")

var modals = set("muss soll braucht brauch darf gehört kommt sollte müsste kommen sollen")

// privateEnds close a remark that is not for the paper.
var privateEnds = [][]string{
	{"unter", "uns"},
	{"geht", "keinen", "was", "an"},
	{"geht", "niemanden", "was", "an"},
	{"für", "dich", "behalten"},
	{"behalt", "das", "für", "dich"},
	{"nur", "für", "dich"},
	{"nichts", "davon"},
	{"davon", "nichts"},
	{"ist", "geheim"},
	{"noch", "geheim"},
	{"nicht", "zu", "schreiben"},
	{"nicht", "schreiben"},
	{"nur", "intern"},
	{"vertraulich"},
	{"nicht", "auf", "die", "rechnung"},
	{"nicht", "in", "die", "rechnung"},
	{"nicht", "aufs", "papier"},
	{"nicht", "ins", "angebot"},
	{"nicht", "in", "den", "bericht"},
}

// withhold finds what must appear nowhere and takes it out of the text for good.
func (e *engine) withhold() {
	for i := 0; i < len(e.t); i++ {
		a, b, ok := e.withheldAt(i)
		if !ok {
			continue
		}
		e.addWithheld(a, b)
		e.take(a, b, withheld)
		i = max(i, b-1)
	}
	e.withholdEchoes()
}

// withheldAt gives the tokens that a withholding around token i covers.
func (e *engine) withheldAt(i int) (int, int, bool) {
	if e.claims[i] != free {
		return 0, 0, false
	}
	from, to := e.sentence(i)
	if a, b, ok := e.remarkEndAt(i, from, to); ok {
		return a, b, true
	}
	for _, words := range privateEnds {
		if e.matches(i, words) {
			if e.onlyLater(i) {
				a, _ := e.clause(i)
				e.take(e.clauseBefore(a), to, dropped)
				return 0, 0, false
			}
			a := from
			if !e.pointed {
				return e.remarkBefore(i), to, true
			}
			if i-from <= 3 && from > 1 { // a sentence of its own: it speaks of the one before
				a, _ = e.sentence(from - 2)
			}
			if i-from > 3 {
				a = e.remarkStart(i)
			}
			return a, to, true
		}
	}
	if e.t[i].is("nicht") && i+1 < to && e.t[i+1].is("rein", "drauf", "rauf", "hinein", "drinstehen", "drin") && i > from && e.hasSet(max(from, i-5), i, modals) {
		a, _ := e.clause(i)
		if e.t[a].is("das", "dies") && (a+1 >= i || !e.t[a+1].is("mit", "von") && !e.t[a+1].upper) && a > from {
			a = e.clauseBefore(a)
		}
		return a, to, true
	}
	if a, b, ok := e.leftOut(i, from, to); ok {
		return a, b, true
	}
	if e.t[i].is("kein") && i+1 < len(e.t) && e.t[i+1].is("wort") {
		return i, to, true
	}
	return e.unwritten(i, from, to)
}

// remarkStart goes back clause by clause from token i while they have no figures.
func (e *engine) remarkStart(i int) int {
	a, _ := e.clause(i)
	for {
		p := e.clauseBefore(a)
		if p == a || e.countNumbers(p, a) > 0 {
			return a
		}
		a = p
	}
}

// leftOut reads "…, aber das lass weg": the remark before it is withheld, unless it has
// figures, which are then only not billed.
func (e *engine) leftOut(i, from, to int) (int, int, bool) {
	if e.t[i].is("lass", "lässt") && e.has(i, to, "weg", "raus") {
		a, b := e.clause(i)
		if !e.pointed && i > a+1 && e.t[i-1].is("das") {
			return e.remarkBefore(i - 1), min(i+3, b), true
		}
		if k := e.find(a, i, "das"); k >= a && k <= a+1 && (k+1 >= b || !e.t[k+1].upper) && a > from {
			if p := e.clauseBefore(a); e.countNumbers(p, a) == 0 {
				return p, b, true
			}
		}
	}
	return 0, 0, false
}

// remarkBefore finds where a remark before token i begins in a text without marks: after
// the last figure, unit or list word, at most twelve words back.
func (e *engine) remarkBefore(i int) int {
	for k := i - 1; k >= max(i-12, 0); k-- {
		_, _, unit := unitAt(e.t, k)
		if n, ok := numberAt(e.t, k); ok && !n.art || unit || e.t[k].ends() || e.t[k].is("liste", "listenpreis", "euro", "€", "anfahrt") {
			return k + 1
		}
	}
	return max(i-12, 0)
}

func (e *engine) matches(i int, words []string) bool {
	if i+len(words) > len(e.t) {
		return false
	}
	for k, w := range words {
		if e.t[i+k].low != w {
			return false
		}
	}
	return true
}

// addWithheld notes the key words of tokens [a,b).
func (e *engine) addWithheld(a, b int) {
	for k := a; k < b; k++ {
		t := e.t[k]
		if t.kind != tWord || stopWords[t.low] || commonWords[t.low] || writeVerbs[t.low] || negations[t.low] || letters(t.s) < 3 || !t.upper && letters(t.s) < 4 {
			continue
		}
		if roles[t.low] != "" || firstNames[t.low] || t.is("herr", "herrn", "frau", "familie", "doktor", "dr", "geht", "klären", "keinen", "niemanden", "uns", "brauch", "intern", "vertraulich", "haste") {
			continue
		}
		if k > 0 && t.upper && e.t[k-1].is("herr", "herrn", "frau", "familie") {
			continue
		}
		if !containsFold(e.d.Withhold, t.s) {
			e.d.Withhold = append(e.d.Withhold, t.s)
		}
	}
}

func containsFold(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

// withholdEchoes drops other clauses that tell the withheld thing again.
func (e *engine) withholdEchoes() {
	for i := range e.t {
		if e.claims[i] != free || e.t[i].kind != tWord || !e.t[i].upper || !containsFold(e.d.Withhold, e.t[i].s) {
			continue
		}
		a, b := e.clause(i)
		if e.leadsHours(i) {
			continue
		}
		if numbers := e.countNumbers(a, b); numbers == 0 {
			e.take(a, b, withheld)
		} else {
			e.take(i, i+1, withheld)
		}
	}
}

func (e *engine) countNumbers(a, b int) int {
	n := 0
	for k := a; k < b; k++ {
		if x, ok := numberAt(e.t, k); ok && !x.art {
			n++
		}
	}
	return n
}

// guard is the last fence: no withheld word stands in any text of the draft.
func (e *engine) guard() {
	d := &e.d
	d.Withhold = e.notNames(d.Withhold)
	for _, w := range d.Withhold {
		for i := range d.Lines {
			d.Lines[i].Text = cutWord(d.Lines[i].Text, w)
			if d.Lines[i].Text == "" {
				d.Lines[i].Text = fallbackText(d.Lines[i].Kind)
			}
		}
		for i := range d.Tasks {
			d.Tasks[i].Text = cutWord(d.Tasks[i].Text, w)
		}
		if wordIn(w, d.Site) {
			d.Site = ""
		}
	}
}

// notNames keeps names of the draft out of the withheld words.
func (e *engine) notNames(list []string) []string {
	var out []string
	for _, w := range list {
		known := e.d.Buyer != nil && (wordIn(w, e.d.Buyer.Name) || wordIn(w, e.d.Buyer.Company))
		for _, p := range e.d.People {
			known = known || wordIn(w, p.Name)
		}
		if !known {
			out = append(out, w)
		}
	}
	return out
}

func wordIn(word, text string) bool {
	return text != "" && strings.Contains(strings.ToLower(text), strings.ToLower(word))
}

// cutWord removes every word of the text that contains w.
func cutWord(text, w string) string {
	if !wordIn(w, text) {
		return text
	}
	var out []string
	for _, f := range strings.Fields(text) {
		if !wordIn(w, f) {
			out = append(out, f)
		}
	}
	return strings.Join(out, " ")
}
