package dictation

import (
	"strings"

	"feierabend"
)

// siteMarks lead to the place of work.
var siteMarks = set("baustelle bauvorhaben bv objekt einsatzort arbeitsort ausführungsort bauort liegenschaft")

// bookEntry finds the one address book entry whose alias was said (FORMAT "Address book").
// Several entries, or another salutation, take nothing but the name.
func (e *engine) bookEntry() (*feierabend.AddressEntry, *partyName, bool) {
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
		return nil, nil, false
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
	if len(best) > 1 || sal != "" && entry.Salutation != "" && sal != entry.Salutation {
		if name, ok := e.partyAt(i); ok {
			return nil, &name, true
		}
		return nil, &partyName{name: e.original(f.i, f.j), i: f.i, j: f.j}, true
	}
	return &entry, &p, false
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
		if j < len(e.t) && e.cased && e.t[j].kind == tWord && e.t[j].upper && len(words) > 0 && legalForms[e.t[j].low] == "" && !stopWords[e.t[j].low] && e.t[j].gap && monthNames[e.t[j].low] == 0 && e.uncommon(j) && e.nameWord(j) && weekdays[e.t[j].low] == 0 {
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

// siteMarked says whether words before the street make it a place of work.
func (e *engine) siteMarked(s street) bool {
	for k := s.i - 1; k >= 0 && k > s.i-6 && e.t[k].kind != tPunct; k-- {
		if siteMarks[e.t[k].low] || siteNouns[e.t[k].low] || e.t[k].is("mieter", "wohnung") {
			return true
		}
	}
	return false
}

var siteNouns = set("treppenhaus neubau altbau rohbau umbau anbau wohnung tiefgarage mehrfamilienhaus einfamilienhaus ferienhaus mietshaus wohnanlage dachgeschoss")

// siteWords reads "Baustelle Kita …", "Objekt Lindenallee 44 in 13187 Berlin", and in work
// reports the place between kind and client.
func (e *engine) siteWords() {
	for i := range e.t {
		if e.claims[i] != free || !siteMarks[e.t[i].low] || e.d.Site != "" {
			continue
		}
		j := i + 1
		for j < len(e.t) && (e.t[j].s == ":" || e.t[j].is("ist", "war", "die", "das", "der", "in", "im", "am") && !e.t[j].upper) {
			j++
		}
		if k := e.siteEnd(j); k > j {
			e.setSite(j, k)
			e.take(i, k, buyer)
		}
	}
	if e.d.Site == "" && e.d.Kind == feierabend.KindWorkReport {
		e.reportSite()
	}
}

// siteEnd finds the end of a place: the pause, or a street with its town.
func (e *engine) siteEnd(j int) int {
	for _, s := range e.streets {
		if s.i >= j && s.i <= j+4 && e.noPause(j, s.i) {
			return s.end
		}
	}
	k := j
	for k < len(e.t) && k < j+9 && e.t[k].kind != tPunct && e.claims[k] == free {
		t := e.t[k]
		if weekdays[t.low] != 0 || dayWords[t.low] != 0 || t.is("heute", "kw", "auftraggeber", "auftrag", "wegen", "für") && !t.upper || t.is("kw", "leistungszeitraum") {
			break
		}
		if !e.cased && (k > j+1 && !t.is("am", "an", "der", "im") || stopWords[t.low] && !connectors[t.low]) && t.kind != tNumber {
			break
		}
		k++
		if t.kind == tNumber && !e.cased {
			break
		}
	}
	for k > j && (stopWords[e.t[k-1].low] || connectors[e.t[k-1].low]) {
		k--
	}
	return k
}

func (e *engine) noPause(i, j int) bool {
	for k := i; k < j; k++ {
		if e.t[k].kind == tPunct {
			return false
		}
	}
	return true
}

// reportSite reads "Regiebericht Schulzentrum am Stadtwald, für die …" and a place of
// its own between the client and the next pause.
func (e *engine) reportSite() {
	for i := range e.t {
		if !e.isKindWord(i) {
			continue
		}
		j := i + 1
		if j < len(e.t) && e.t[j].upper && e.claims[j] == free && weekdays[e.t[j].low] == 0 && monthNames[e.t[j].low] == 0 {
			if k := e.siteEnd(j); k > j && (k >= len(e.t) || e.t[k].kind == tPunct) && e.d.Buyer != nil {
				e.setSite(j, k)
				return
			}
		}
		break
	}
	for k := range e.t { // after the client: "…, Spielplatz am Bach, heute …"
		if e.claims[k] != buyer || k+2 >= len(e.t) || e.t[k+1].s != "," || e.claims[k+1] != free || !e.t[k+2].upper || e.claims[k+2] != free {
			continue
		}
		if end := e.siteEnd(k + 2); end > k+2 && end < len(e.t) && e.t[end].s == "," && e.countNumbers(k+2, end) == 0 && weekdays[e.t[k+2].low] == 0 && !e.t[k+2].is("ansprechpartner") && e.t[k+2].low != "ich" && firstNames[e.t[k+2].low] == false {
			if _, hit := e.hits[k+2]; !hit {
				e.setSite(k+2, end)
			}
		}
		return
	}
}

// streetSites takes a led or marked street as place of work: "Treppenhaus in der Mozartstraße neun".
func (e *engine) streetSites(from int) {
	if e.d.Site != "" {
		return
	}
	for _, s := range e.streets {
		if e.claims[s.i] != free || s.i < from || !s.led && !e.siteMarked(s) {
			continue
		}
		i := s.i
		for k := s.i - 1; k >= 0 && e.t[k].kind != tPunct && k > s.i-5; k-- {
			if siteNouns[e.t[k].low] {
				i = k
			}
		}
		e.setSite(i, s.end)
		return
	}
}

// setSite writes the place with house numbers in digits.
func (e *engine) setSite(i, j int) {
	var words []string
	for k := i; k < j; k++ {
		inside := false
		for _, s := range e.streets {
			if s.i == k && s.j <= j {
				words, inside = append(words, s.text), true
				if s.postcode != "" && s.end <= j {
					words = append(words, s.postcode)
				}
				if s.city != "" && s.end <= j {
					words = append(words, s.city)
				}
				k = min(s.end, j) - 1
			}
		}
		if inside || e.t[k].is("in", "der", "die") && i != k && !e.t[k].upper && e.nextStreet(k) {
			continue
		}
		w := e.t[k].s
		if v, frac, ok := e.t[k].spoken(); ok && !frac && e.t[k].kind == tWord && !articles[e.t[k].low] {
			w = v.String()
		}
		if !e.cased {
			w = title(w)
		}
		words = append(words, w)
	}
	e.d.Site = strings.Join(words, " ")
	e.said("site", i, j)
	e.take(i, j, buyer)
}

func (e *engine) nextStreet(k int) bool {
	for _, s := range e.streets {
		if s.i > k && s.i <= k+2 {
			return true
		}
	}
	return false
}

// contactPerson reads "Ansprechpartner Herr Vogt" beside a firm.
func (e *engine) contactPerson() {
	b := e.d.Buyer
	if b == nil || b.Company == "" || b.Name != "" {
		return
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
