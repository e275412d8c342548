package dictation

import "strings"

// address gives the buyer the street said with the name.
func (e *engine) address(p *partyName) {
	if p != nil {
		if s, ok := e.looseStreet(p.j); ok && !e.inStreet(s.i) {
			e.place(&s)
			e.streets = append([]street{s}, e.streets...)
		}
	}
	for _, s := range e.streets {
		if e.claims[s.i] != free || e.siteMarked(s) || p != nil && p.company != "" && s.led && s.postcode == "" {
			continue
		}
		if p == nil && !s.sure && s.postcode == "" {
			continue
		}
		if p != nil && s.end < p.i && !strings.Contains(p.name+p.company, " ") && s.postcode == "" {
			continue
		}
		e.setAddress(s)
		break
	}
	e.townOnly()
	e.streetSites(0)
}

// townOnly takes postcode and place where no street was understood.
func (e *engine) townOnly() {
	if b := e.d.Buyer; b == nil || b.Street != "" || b.Postcode != "" {
		return
	}
	for i := range e.t {
		if e.claims[i] != free {
			continue
		}
		p, j, ok := e.postcodeAt(i)
		if !ok || placeAt(e.t, j, p) == 0 || e.has(max(0, i-6), i, "baustelle", "objekt", "bv", "bauvorhaben") {
			continue
		}
		s := street{postcode: p}
		if e.city(&s, j) {
			e.d.Buyer.Postcode, e.d.Buyer.City = p, s.city
			e.said("buyer.postcode", i, j)
			e.said("buyer.city", s.ci, s.cj)
			e.take(i, s.cj, buyer)
		}
		return
	}
}

func (e *engine) setAddress(s street) {
	b := e.buyer()
	b.Street, b.Postcode, b.City = s.text, s.postcode, s.city
	e.said("buyer.street", s.i, s.j)
	if s.postcode != "" {
		e.said("buyer.postcode", s.pi, s.pj)
	}
	if s.city != "" {
		e.said("buyer.city", s.ci, s.cj)
	}
	e.take(s.i, s.end, buyer)
}

// looseStreet reads "Taunusblick 3" right after the buyer: any name with a number before a pause or a place.
func (e *engine) looseStreet(j int) (street, bool) {
	k := j
	if k < len(e.t) && e.t[k].s == "," {
		k++
	}
	if k >= len(e.t) || k == j && !e.cased {
		return street{}, false
	}
	for _, s := range e.streets {
		if s.i == k {
			return s, !s.led
		}
	}
	start := k
	for k < len(e.t) && k < start+4 && e.t[k].kind == tWord && (e.t[k].upper || k > start && e.t[k].is("der", "den", "dem", "von", "am")) && e.claims[k] == free && !e.isKindWord(k) && salutations[e.t[k].low] == "" && !siteMarks[e.t[k].low] && !referenceWords[e.t[k].low] && monthNames[e.t[k].low] == 0 {
		n, h, ok := e.houseNumber(k + 1)
		if ok && e.t[k].upper && e.uncommon(k) && (e.placed(h) || h < len(e.t) && e.t[h].is("in") && e.t[h+1 : min(h+2, len(e.t))][0].upper) {
			return street{i: start, j: h, end: h, text: e.streetText(start, k+1, n), sure: true}, true
		}
		k++
	}
	return street{}, false
}

// contactPerson reads "Ansprechpartner Herr Vogt" beside a firm.
func (e *engine) contactPerson() {
	b := e.d.Buyer
	if b == nil || b.Company == "" || b.Name != "" {
		return
	}
	for i := range e.t { // "Frau Doktor Winter ist die Ansprechpartnerin"
		if e.claims[i] != free || salutations[e.t[i].low] == "" {
			continue
		}
		if p, ok := e.person(i, salutations[e.t[i].low]); ok && e.has(p.j, p.j+4, "ansprechpartner", "ansprechpartnerin") && e.has(p.j, p.j+1, "ist") {
			b.Salutation, b.Name = p.salutation, p.name
			e.said("buyer.name", p.i, p.j)
			e.said("buyer.salutation", p.i, p.j)
			e.take(i, p.j+3, buyer)
			return
		}
	}
	for i := range e.t {
		if e.claims[i] != free || !e.t[i].is("ansprechpartner", "ansprechpartnerin", "händen", "hd", "kontakt", "z.hd") {
			continue
		}
		k := i + 1
		for k < len(e.t) && (e.t[k].is("ist", "der", "die", "von", "des") || e.t[k].s == ":") {
			k++
		}
		if k < len(e.t) && salutations[e.t[k].low] != "" {
			if p, ok := e.person(k, salutations[e.t[k].low]); ok {
				b.Salutation, b.Name = p.salutation, p.name
				e.said("buyer.name", p.i, p.j)
				e.said("buyer.salutation", p.i, p.j)
				e.take(i, p.j, buyer)
			}
		}
		return
	}
}
