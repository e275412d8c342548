package dictation

// pointers are the words of a clause that only points at what was said before it:
// "das schreibst du nicht rein", "lass das mal weg", "das kommt aber nicht drauf".
var pointers = set("das dies des du ihr wir ma man aber auch mal bitte jetzt halt besser lieber lass lasst lassen lässt weg raus draußen außen vor bleibt bleiben kommt kommen gehört muss soll sollte darf braucht brauchst schreibst schreib schreiben schreibt nimmst erwähnst erwähn erwähnen steht taucht auf nicht nichts rein drauf rauf hinein drin mit da dort hier ja so natürlich reinschreiben draufschreiben hinschreiben aufschreiben reinnehmen und nur unter uns rechnung die der zettel papier auf aufs")

// pointingBack says whether the clause [a,b) asks to leave out what was said before.
func (e *engine) pointingBack(a, b int) bool {
	if b-a < 2 || b-a > 9 {
		return false
	}
	for k := a; k < b; k++ {
		if e.t[k].kind != tWord || !pointers[e.t[k].low] {
			return false
		}
	}
	that := e.has(a, b, "das", "dies", "des")
	no := e.has(a, b, "nicht", "nichts")
	written := e.hasSet(a, b, writeVerbs) || e.has(a, b, "rein", "drauf", "rauf", "hinein", "drin", "nimmst")
	switch {
	case that && no && written && (e.hasSet(a, b, writeVerbs) || e.hasSet(a, b, modals) || e.has(a, b, "steht", "taucht", "nimmst", "brauchst")):
		return true
	case that && e.has(a, b, "lass", "lasst", "lassen", "lässt") && e.has(a, b, "weg", "raus", "draußen", "außen"):
		return true
	case that && e.has(a, b, "bleibt", "bleiben") && e.has(a, b, "weg", "draußen", "außen"):
		return true
	}
	return no && e.has(a, b, "reinschreiben", "draufschreiben", "hinschreiben", "reinnehmen", "erwähnen") && e.t[a].is("nicht", "bitte")
}

// pointed back at, a remark without figures is withheld: the clause before, with the one it
// depends on. A remark with figures is left to the readers of what is not billed.
func (e *engine) pointedRemark(i int) (int, int, bool) {
	if !e.pointed || i > 0 && e.t[i-1].kind != tPunct {
		return 0, 0, false
	}
	a, b := e.clause(i)
	if a != i || !e.pointingBack(a, b) || a < 2 || b+1 < len(e.t) && e.t[b].s != "." && (e.t[b].s == ":" || e.t[b+1].is("dass", "daß", "wie", "warum", "was", "wer", "ob")) {
		return 0, 0, false
	}
	p, q := e.clause(a - 2)
	if q-p == 1 && e.t[q].parts() && !e.t[p].upper && p > 1 { // "…, haha, das schreib mal nicht"
		p, q = e.clause(p - 2)
	}
	if p >= q || e.countNumbers(p, q) > 0 || e.hasKindWord(p, q) {
		return 0, 0, false
	}
	for e.dependent(p) {
		o := e.clauseBefore(p)
		if o == p || e.countNumbers(o, p) > 0 || e.hasKindWord(o, p) {
			break
		}
		p = o
	}
	return p, b, true
}

// dependent says whether the clause at p goes on with the one before: "…, weil er trinkt".
func (e *engine) dependent(p int) bool {
	return p > 0 && e.t[p-1].parts() && e.t[p].is("weil", "dass", "daß", "obwohl", "wegen", "und", "wenn", "als", "nachdem", "wo", "aber", "deshalb", "deswegen", "drum", "darum", "der", "die", "das") && (e.t[p].kind == tWord && (p+1 >= len(e.t) || !e.t[p+1].upper || !e.t[p].is("der", "die", "das")))
}

func (e *engine) hasKindWord(a, b int) bool {
	for k := a; k < b; k++ {
		if e.isKindWord(k) {
			return true
		}
	}
	return false
}
