package dictation

// ownerWords name the person behind a firm: "Gaststätte Krone, Inhaberin Frau Berg".
var ownerWords = set("inhaber inhaberin inh inh. geschäftsführer geschäftsführerin vorstand vorsitzender vorsitzende vorsitzenden kassenwart kassenwartin kassier wirt wirtin pächter pächterin betreiber betreiberin leiterin leiter")

// owner reads the person said behind the name of a firm, by an owner word or "Herrn" alone.
func (e *engine) owner(j int) {
	b := e.d.Buyer
	if b == nil || b.Company == "" || b.Name != "" {
		return
	}
	k, led := j, false
	for k < len(e.t) && k < j+8 {
		t := e.t[k]
		if ownerWords[t.low] {
			led = true
		} else if !(t.s == "," || t.s == "." && k > j && (ownerWords[e.t[k-1].low] || e.t[k-1].is("z", "hd")) || t.s == ":" || led && t.is("ist", "die", "der", "dort") || !led && t.is("der", "die", "dort", "erster", "erste", "zu", "händen", "z", "hd", "z.hd", "z.hd.")) {
			break
		}
		k++
	}
	if k >= len(e.t) || k == j || e.claims[k] != free {
		return
	}
	var p partyName
	ok := false
	if s := salutations[e.t[k].low]; s != "" && s != "Familie" {
		p, ok = e.person(k, s)
	} else if led && e.t[k].upper == e.cased {
		p, ok = e.bareName(k)
		ok = ok && p.company == ""
	}
	if !ok {
		return
	}
	b.Salutation, b.Name = p.salutation, p.name
	e.said("buyer.name", p.i, p.j)
	if p.salutation != "" {
		e.said("buyer.salutation", p.i, p.j)
	}
	e.take(j, p.j, buyer)
}
