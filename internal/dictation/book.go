package dictation

import (
	"strings"

	"feierabend"
)

// bookEntry finds the one address book entry whose alias was said (FORMAT "Address book").
// Several entries, or another salutation, take nothing but the name; several are named
// in the draft, so that somebody can choose.
func (e *engine) bookEntry() (*feierabend.AddressEntry, *partyName) {
	type found struct {
		n, i, j int
	}
	var best []found
	size := 0
	for n, a := range e.in.Profile.AddressBook {
		longest := found{n: -1}
		for _, alias := range a.Aliases {
			if i, j, ok := e.alias(alias); ok && j-i > longest.j-longest.i {
				longest = found{n, i, j}
			}
		}
		if longest.n < 0 {
			continue
		}
		if l := longest.j - longest.i; l > size {
			best, size = []found{longest}, l
		} else if l == size {
			best = append(best, longest)
		}
	}
	if len(best) == 0 {
		return nil, nil
	}
	f := best[0]
	sal := ""
	i := f.i
	if salutations[e.t[i].low] == "" && i > 0 && salutations[e.t[i-1].low] != "" {
		i--
	}
	if s := salutations[e.t[i].low]; s != "" {
		sal = s
	}
	p := partyName{salutation: sal, i: i, j: f.j}
	entry := e.in.Profile.AddressBook[f.n]
	if entry.Company != "" {
		p.company = entry.Company
	} else {
		p.name = entry.Name
	}
	if len(best) > 1 && len(e.in.Book) == len(e.in.Profile.AddressBook) {
		for _, b := range best {
			if own := e.in.Profile.AddressBook[b.n].Salutation; sal == "" || own == "" || own == sal {
				e.d.Entries = append(e.d.Entries, e.in.Book[b.n])
			}
		}
	}
	if len(best) > 1 || sal != "" && entry.Salutation != "" && sal != entry.Salutation {
		if name, ok := e.partyAt(i); ok {
			return nil, &name
		}
		return nil, &partyName{name: e.original(f.i, f.j), i: f.i, j: f.j}
	}
	return &entry, &p
}

// alias finds the words of an alias where a buyer may be named, not followed by more of a name.
func (e *engine) alias(alias string) (int, int, bool) {
	words := tokenise(alias)
	same := func(a, b token) bool {
		if titles[a.low] != "" && titles[a.low] == titles[b.low] || salutations[a.low] != "" && salutations[a.low] == salutations[b.low] {
			return true
		}
		return a.low == b.low
	}
	for i := 0; i+len(words) <= len(e.t); i++ {
		k := 0
		for k < len(words) && e.claims[i+k] == free && same(words[k], e.t[i+k]) {
			k++
		}
		if k < len(words) {
			continue
		}
		j := i + k
		if j < len(e.t) && e.cased && e.t[j].kind == tWord && e.t[j].upper && len(words) > 0 && legalForms[e.t[j].low] == "" && !stopWords[e.t[j].low] && e.t[j].gap && monthNames[e.t[j].low] == 0 && e.uncommon(j) && e.nameWord(j) && weekdays[e.t[j].low] == 0 && !siteMarks[e.t[j].low] && !e.isKindWord(j) && !e.t[j].is("adresse", "objekt", "bitte") {
			continue // "Wohlers Schmidt" is somebody else
		}
		if i > 0 && (firstNames[e.t[i-1].low] || e.t[i-1].is("mieter", "nachbar", "nachbarn", "kollege")) {
			continue
		}
		return i, j, true
	}
	return 0, 0, false
}

// fromBook fills the buyer from the address book; a street said otherwise is not overwritten.
func (e *engine) fromBook(a feierabend.AddressEntry, p partyName) {
	j := p.j
	if j < len(e.t) && legalForms[e.t[j].low] != "" {
		j++
	}
	for _, s := range e.streets { // "Eigentümergemeinschaft Am Stadtpark sieben bis elf"
		if s.i < j && s.j > j {
			j = s.j
		}
	}
	e.take(p.i, j, buyer)
	own := -1
	for n, s := range e.streets {
		if s.i >= j && !s.led && e.claims[s.i] == free && !e.siteMarked(s) && s.postcode != "" {
			own = n
			break
		}
	}
	b := e.buyer()
	email, phone, ref := b.Email, b.Phone, b.Reference
	if own >= 0 && !sameStreet(e.streets[own].text, a.Street) {
		b.Salutation, b.Name, b.Company = a.Salutation, a.Name, a.Company
		e.setAddress(e.streets[own])
	} else {
		*b = a.Buyer
	}
	for path, v := range map[string]string{"buyer.salutation": b.Salutation, "buyer.name": b.Name, "buyer.company": b.Company, "buyer.street": b.Street, "buyer.postcode": b.Postcode, "buyer.city": b.City, "buyer.email": b.Email, "buyer.phone": b.Phone, "buyer.reference": b.Reference} {
		if _, ok := e.d.Evidence[path]; v != "" && (!ok || strings.HasPrefix(path, "buyer.n") || path == "buyer.company" || path == "buyer.salutation") {
			e.profile(path)
		}
	}
	if email != "" {
		b.Email = email
	}
	if phone != "" {
		b.Phone = phone
	}
	if ref != "" {
		b.Reference = ref
	}
	e.streetSites(j)
}

func sameStreet(a, b string) bool { return strings.EqualFold(a, b) }
