package dictation

import (
	"feierabend"
)

var doubtWords = set("ob unklar unsicher klären fragen nachfragen frag weiß glaub glaube vielleicht eventuell prüfen nachschauen")

var taxWords = set("steuer mehrwertsteuer umsatzsteuer mwst ust mwst.")

// vat reads the tax scheme and the mode of prices. Nothing is concluded from the buyer;
// doubt becomes a question (§ 14c UStG: wrongly shown tax is owed).
func (e *engine) vat() {
	e.taxDoubt()
	for i := 0; i < len(e.t); i++ {
		if e.claims[i] != free {
			continue
		}
		if j, ok := e.section13b(i); ok {
			if j < len(e.t) && e.t[j].is("nicht") || i > 0 && e.t[i-1].is("nicht", "kein", "ohne") {
				e.take(i, j, terms)
				continue
			}
			e.d.VATScheme = "reverse_charge"
			e.said("vat_scheme", i, j)
			e.takeTax(i, j)
			continue
		}
		e.grossAt(i)
		e.noTaxAt(i)
	}
	if e.habit && e.d.Prices == "" {
		e.d.Prices = "gross"
		e.profile("prices")
	}
	if e.d.VATScheme == "reverse_charge" && (e.askVAT || e.in.Profile.VATScheme == "small_business") {
		e.d.VATScheme, e.askVAT = "", e.in.Profile.VATScheme != "small_business"
	}
}

// habitual says that the firm says prices to private people gross, and that it did so
// here: a price was said to a person, and neither „netto“ nor „brutto“.
func (e *engine) habitual() bool {
	b := e.d.Buyer
	if e.in.Profile.SpokenPrices != "gross" || e.habit || e.net || e.d.Prices != "" || e.d.VATScheme != "" || e.in.Profile.VATScheme == "small_business" || b == nil || b.Name == "" || b.Company != "" {
		return false
	}
	for i, l := range e.d.Lines {
		if l.Price != nil && e.d.Evidence[linePath(i, "price")].Source == "said" {
			return true
		}
	}
	return false
}

// section13b reads "§13b", "Paragraf dreizehn b", "Steuerschuldnerschaft des Leistungsempfängers".
func (e *engine) section13b(i int) (int, bool) {
	if e.t[i].is("steuerschuldnerschaft", "reverse-charge") || e.t[i].is("reverse") && i+1 < len(e.t) && e.t[i+1].is("charge") {
		j := i + 1
		for j < len(e.t) && e.t[j].is("charge", "des", "der", "leistungsempfängers", "leistungsempfänger", "kehrt", "sich", "um") {
			j++
		}
		return j, true
	}
	k := i
	for k < len(e.t) && (e.t[k].s == "§" || e.t[k].is("paragraf", "paragraph")) {
		k++
	}
	if k+1 < len(e.t) && (e.t[k].s == "13" || e.t[k].is("dreizehn")) && e.t[k+1].is("b") || k < len(e.t) && e.t[k].is("13b", "dreizehnb") {
		j := k + 1
		if j < len(e.t) && e.t[j].is("b") {
			j++
		}
		return j, true
	}
	return 0, false
}

// takeTax claims the words around a statement on tax.
func (e *engine) takeTax(i, j int) {
	for i > 0 && e.t[i-1].is("nach", "das", "ganze", "gemäß", "laut", "alles") && e.claims[i-1] == free {
		i--
	}
	e.take(i, j, terms)
	_, b := e.sentence(j - 1)
	for k := j; k < b; k++ {
		if taxWords[e.t[k].low] {
			for m := j; m <= k; m++ {
				if _, ok := numberAt(e.t, m); ok {
					return
				}
			}
			e.take(j, k+1, terms)
			return
		}
	}
}

// taxDoubt turns "ob da Steuer drauf kommt, weiß ich nicht" into a question.
func (e *engine) taxDoubt() {
	for a := 0; a < len(e.t); {
		b := a
		for b < len(e.t) && !e.t[b].ends() {
			b++
		}
		tax, doubt := false, false
		for k := a; k < b && b-a < 45; k++ {
			if e.claims[k] == withheld {
				continue
			}
			_, is13 := e.section13b(k)
			p, isPct := e.percentAt(k)
			tax = tax || taxWords[e.t[k].low] || is13 || isPct && (p.v == 0 || p.v == feierabend.Dec(19) || p.v == feierabend.Dec(7))
			doubt = doubt || e.t[k].is("ob") || doubtWords[e.t[k].low] && e.has(a, b, "nicht", "noch", "musst", "muss", "nochmal", "mal")
		}
		if tax && doubt {
			e.askVAT = true
			e.take(a, b, dropped)
		}
		a = b + 1
	}
}

func (e *engine) grossAt(i int) {
	t := e.t[i]
	next := func(d int, words ...string) bool { return i+d < len(e.t) && e.t[i+d].is(words...) }
	j := 0
	switch {
	case t.is("brutto", "bruttopreise", "bruttopreis", "bruttobeträge") && !(i > 0 && e.t[i-1].is("nicht", "kein", "keine")):
		j = i + 1
	case t.is("inkl", "inklusive", "einschließlich") && (next(1, "mwst", "mehrwertsteuer", "steuer", "umsatzsteuer", "ust") || next(2, "mwst", "mehrwertsteuer", "steuer")):
		for j = i + 1; !taxWords[e.t[j].low]; j++ {
		}
		j++
	case t.is("alles") && (next(1, "drin", "inklusive", "inkl") || next(2, "drin") && next(1, "ist", "mit")):
		j = i + 2
	case taxWords[t.low] && (next(2, "drin", "enthalten", "dabei", "inbegriffen") || next(1, "drin", "enthalten", "inbegriffen") || next(3, "drin", "enthalten") && next(1, "ist")) && !e.has(i, i+4, "nicht"):
		for j = i + 1; !e.t[j].is("drin", "enthalten", "dabei", "inbegriffen"); j++ {
		}
		j++
	default:
		e.net = e.net || t.is("netto")
		if t.is("netto") || t.is("zuzüglich", "zzgl") && next(1, "mwst", "mehrwertsteuer", "steuer", "umsatzsteuer") {
			e.take(i, i+1, terms)
			for k := i + 1; k < len(e.t) && taxWords[e.t[k].low]; k++ {
				e.take(k, k+1, terms)
			}
		}
		return
	}
	if e.d.Prices == "" {
		e.d.Prices = "gross"
		e.said("prices", i, j)
	}
	for i > 0 && e.t[i-1].is("alles", "alle", "auch", "preise") && e.claims[i-1] == free {
		i--
	}
	e.take(i, j, terms)
}

// noTaxAt reads "ohne Steuer, bin Kleinunternehmer". Where the profile says otherwise it is asked.
func (e *engine) noTaxAt(i int) {
	t := e.t[i]
	small := t.is("kleinunternehmer", "kleinunternehmerin", "kleinunternehmerregelung")
	none := t.is("ohne", "keine", "steuerfrei") && (t.is("steuerfrei") || i+1 < len(e.t) && taxWords[e.t[i+1].low])
	if !small && !none {
		return
	}
	a, b := e.clause(i)
	e.take(a, b, terms)
	if e.in.Profile.VATScheme == "small_business" || e.d.VATScheme != "" || small && e.in.Profile.VATScheme == "" {
		return // the last: the scheme itself is asked
	}
	for k := range e.t {
		if _, ok := e.section13b(k); ok {
			return
		}
	}
	e.askVAT = true
}
