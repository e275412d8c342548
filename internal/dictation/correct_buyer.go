package dictation

import (
	"slices"
	"strings"

	"feierabend"
)

// buyerField sets a name or part of the address: "Nachname ist Clasen", "Hausnummer 14".
func (c *correction) buyerField() bool {
	e := c.e
	if c.d.Buyer == nil {
		c.d.Buyer = &feierabend.Buyer{}
	}
	b := c.d.Buyer
	for i, t := range e.t {
		k := i + 1
		for k < len(e.t) && (e.t[k].is("ist", "war", "lautet", "heißt", "sich", "nicht", "der", "die", "mit", "richtig") || e.t[k].s == ":") {
			k++
		}
		if k >= len(e.t) {
			break
		}
		switch {
		case t.is("nachname", "name", "familienname", "heißt") || t.is("schreibt") && e.t[i+1].is("sich"):
			return c.name(k)
		case t.is("hausnummer") && b.Street != "":
			if n, j, ok := e.houseNumber(k); ok {
				if cut := strings.LastIndex(b.Street, " "); cut > 0 {
					b.Street = b.Street[:cut] + " " + n
					c.said("buyer.street", k, j)
					return true
				}
			}
		case t.is("postleitzahl", "plz"):
			if p, j, ok := e.postcodeAt(k); ok {
				b.Postcode = p
				c.said("buyer.postcode", k, j)
				return true
			}
		case t.is("straße", "adresse", "anschrift", "rechnungsadresse", "rechnungsanschrift"):
			return c.addressFrom(k)
		case t.is("ort", "stadt", "wohnort") && e.t[k].kind == tWord && e.t[k].upper:
			s := street{postcode: b.Postcode}
			if e.city(&s, k) {
				b.City = s.city
				c.said("buyer.city", s.ci, s.cj)
				return true
			}
		}
	}
	return false
}

func (c *correction) said(path string, i, j int) {
	from, to := c.e.span(i, j)
	c.d.Evidence[path] = feierabend.Evidence{Source: "said", From: from, To: to}
}

func (c *correction) name(k int) bool {
	e, b := c.e, c.d.Buyer
	if salutations[e.t[k].low] != "" {
		p, ok := e.partyAt(k)
		if ok {
			b.Salutation, b.Name = p.salutation, p.name
			c.said("buyer.name", p.i, p.j)
		}
		return ok
	}
	if !e.nameWord(k) || stopWords[e.t[k].low] {
		return false
	}
	if p, ok := e.firmOrName(k); ok && p.company != "" && b.Company != "" {
		b.Company = p.company
		c.said("buyer.company", p.i, p.j)
		return true
	}
	old := strings.Fields(b.Name)
	fresh := []string{e.nameText(k)}
	j := k + 1
	if j < len(e.t) && firstNames[e.t[k].low] && e.nameWord(j) {
		fresh, old = append(fresh, e.nameText(j)), nil
		j++
	}
	if len(old) > 0 {
		old = old[:len(old)-1] // the family name is the last word
	}
	b.Name = strings.Join(append(slices.Clone(old), fresh...), " ")
	c.said("buyer.name", k, j)
	return true
}

func (c *correction) addressFrom(k int) bool {
	e, b := c.e, c.d.Buyer
	for _, s := range e.findStreets() {
		if s.i < k-1 {
			continue
		}
		b.Street = s.text
		c.said("buyer.street", s.i, s.j)
		if s.postcode != "" {
			b.Postcode = s.postcode
			c.said("buyer.postcode", s.pi, s.pj)
		}
		if s.city != "" {
			b.City = s.city
			c.said("buyer.city", s.ci, s.cj)
		}
		return true
	}
	return false
}
