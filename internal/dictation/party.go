package dictation

import (
	"strings"

	"feierabend"
)

// partyName is a person or firm at tokens [i,j).
type partyName struct {
	salutation, name, company string
	i, j                      int
	bare                      bool // neither salutation nor firm word: only trusted in clear places
}

// party finds the buyer, the address and the place of work.
func (e *engine) party() {
	if e.d.Kind == feierabend.KindNote {
		return
	}
	entry, p := e.bookEntry()
	if entry == nil && p == nil {
		p = e.findParty()
	}
	if p != nil {
		e.setParty(*p)
	}
	defer e.claimName()
	e.siteWords()
	if entry != nil {
		e.fromBook(*entry, *p)
	} else {
		e.address(p)
		e.checkPlace()
	}
	e.contactPerson()
}

func (e *engine) setParty(p partyName) {
	b := e.buyer()
	b.Salutation, b.Name, b.Company = p.salutation, p.name, p.company
	for path, v := range map[string]string{"buyer.salutation": p.salutation, "buyer.name": p.name, "buyer.company": p.company} {
		if v != "" {
			e.said(path, p.i, p.j)
		}
	}
	e.take(p.i, p.j, buyer)
}

// findParty tries the places where a buyer is named, the surest first.
func (e *engine) findParty() *partyName {
	for _, try := range []func() *partyName{e.clientParty, e.kindParty, e.salutedParty, e.firmParty, e.formParty, e.atParty, e.plainParty} {
		if p := try(); p != nil {
			return p
		}
	}
	return nil
}

// clientParty reads "Auftraggeber ist …", "Auftrag vom …".
func (e *engine) clientParty() *partyName {
	for i := range e.t {
		if e.claims[i] != free || !e.t[i].is("auftraggeber", "auftraggeberin", "auftrag", "rechnungsempfänger", "kunde", "kundin", "bauherr", "bauherrin", "besteller") {
			continue
		}
		j := i + 1
		for j < len(e.t) && (e.t[j].is("ist", "war", "vom", "von", "der", "die", "das", "für", "im", "durch") || e.t[j].s == ":") {
			j++
		}
		if p, ok := e.partyAt(j); ok && (!p.bare || e.t[i].is("auftraggeber", "rechnungsempfänger", "auftraggeberin") || e.t[i].is("bauherr", "bauherrin", "besteller") && j > i+1 || e.t[i].is("kunde", "kundin") && e.addressAfter(p.j)) {
			e.twoWords(&p)
			return &p
		}
	}
	return nil
}

func (e *engine) isKindWord(i int) bool {
	low := strings.ReplaceAll(e.t[i].low, "-", "")
	if low == "rechnung" || low == "abschlag" && (i == 0 || e.t[i-1].ends()) {
		return true
	}
	for _, k := range kindWords {
		for _, w := range k.words {
			if low == w {
				return true
			}
		}
	}
	return false
}

// kindParty reads "Rechnung an …", "Angebot für …", "Stundenzettel für die …", "Rechnung Herr …".
func (e *engine) kindParty() *partyName {
	for i := range e.t {
		if e.claims[i] == withheld || !e.isKindWord(i) || e.reported(i) {
			continue
		}
		for k := i + 1; k < len(e.t) && k < i+8 && !e.t[k].ends(); k++ {
			if e.claims[k] != free || !e.t[k].is("an", "für", "bei", "von", "vom", "beim", "zu") {
				continue
			}
			if p, ok := e.partyAt(k + 1); ok && (!p.bare || e.t[k].is("an") || e.addressAfter(p.j)) {
				return &p
			}
		}
		k := i + 1
		for k < len(e.t) && (e.t[k].kind == tPunct || e.t[k].is("bitte", "kunde", "und")) && k < i+3 {
			k++
		}
		if p, ok := e.partyAt(k); ok && (!p.bare || e.addressAfter(p.j)) {
			return &p
		}
	}
	return nil
}

// salutedParty reads the first person with salutation who is not somebody else.
func (e *engine) salutedParty() *partyName {
	for i := range e.t {
		if e.claims[i] != free || salutations[e.t[i].low] == "" || i > 0 && (e.t[i-1].is("mieter", "mieterin", "nachbar", "nachbarin", "bauleiter", "architekt", "hausmeister", "ansprechpartner", "ansprechpartnerin", "und") || generic[e.t[i-1].low] && !e.t[i-1].is("kunde", "kundin")) {
			continue
		}
		if p, ok := e.partyAt(i); ok {
			return &p
		}
	}
	return nil
}

// firmParty reads a firm by its legal form or after "Firma", anywhere.
func (e *engine) firmParty() *partyName {
	for i := range e.t {
		if e.claims[i] != free || !e.t[i].is("firma", "fa") && !e.t[i].is("für", "bei", "an", "von") {
			continue
		}
		if i > 0 && e.t[i].is("von", "an") && !e.t[i-1].is("rechnung", "geht", "auftrag") {
			continue
		}
		k := i
		if !e.t[i].is("firma", "fa") {
			k++
		}
		if p, ok := e.partyAt(k); ok && p.company != "" {
			return &p
		}
	}
	return nil
}

// formParty reads a firm anywhere by its legal form, back to the start of its name.
func (e *engine) formParty() *partyName {
	for i := range e.t {
		if e.claims[i] != free || legalForms[strings.TrimSuffix(e.t[i].low, ".")] == "" || !e.cased || !e.t[i].upper {
			continue
		}
		a := i
		for a > 0 && e.t[a-1].kind == tWord && e.claims[a-1] == free && (e.t[a-1].upper || e.t[a-1].is("und")) && !e.isKindWord(a-1) {
			a--
		}
		if p, ok := e.partyAt(a); ok && a < i && p.company != "" {
			return &p
		}
	}
	return nil
}

// atParty reads "beim Wimmer, Ludwigstraße 4": a bare name needs its address behind it.
func (e *engine) atParty() *partyName {
	for i := range e.t {
		if e.claims[i] != free || !e.t[i].is("bei", "beim", "für", "an", "von", "vom") {
			continue
		}
		if p, ok := e.partyAt(i + 1); ok && e.addressAfter(p.j) {
			return &p
		}
	}
	if p, ok := e.partyAt(0); ok && p.bare && e.addressAfter(p.j) {
		return &p
	}
	return nil
}

// addressAfter says whether a street with number follows the name.
func (e *engine) addressAfter(j int) bool {
	for _, s := range e.streets {
		if s.i >= j && s.i <= j+2 && !s.led {
			return true
		}
		if s.i == j+1 && s.city != "" && e.t[j].is("am", "zum", "zur") && e.cased && e.t[j-1].upper && !thing(e.t[j-1].low) {
			return true // "Meier am Sportplatz 4 in Wedel"
		}
	}
	_, ok := e.looseStreet(j)
	return ok
}

// partyAt reads a person or firm at token i, after articles and general words.
func (e *engine) partyAt(i int) (partyName, bool) {
	for skipped := 0; i < len(e.t) && skipped < 6; skipped++ {
		t := e.t[i]
		switch {
		case t.is("die", "den", "der", "dem", "das", "ein", "einen", "neuen", "neue", "unseren", "unsere", "meinen", "firma", "fa"):
		case generic[t.low] && salutations[t.low] == "" && i+1 < len(e.t) && (e.t[i+1].s == "," && i+2 < len(e.t) && e.t[i+2].upper || e.t[i+1].upper && e.t[i+1].kind == tWord):
			if e.t[i+1].s == "," {
				i++
			}
		default:
			skipped = 6
			continue
		}
		i++
	}
	if i >= len(e.t) || e.claims[i] != free && e.claims[i] != task || e.t[i].kind != tWord {
		return partyName{}, false
	}
	if s := salutations[e.t[i].low]; s != "" {
		return e.person(i, s)
	}
	return e.firmOrName(i)
}
