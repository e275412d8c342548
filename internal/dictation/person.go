package dictation

import "strings"

// person reads titles and names after a salutation.
func (e *engine) person(i int, salutation string) (partyName, bool) {
	p := partyName{salutation: salutation, i: i}
	k := i + 1
	var words []string
	for k < len(e.t) && titles[e.t[k].low] != "" {
		words = append(words, titles[e.t[k].low])
		k++
	}
	names := 0
	end := e.nameEnd(k)
	for k < len(e.t) && names < 4 && e.nameWord(k) {
		if names > 0 && k >= end && !nameParticles[e.t[k-1].low] && !e.goesOn(k, names) {
			break
		}
		if nameParticles[e.t[k].low] && !(k+1 < len(e.t) && e.nameWord(k+1)) {
			break
		}
		words = append(words, e.nameText(k))
		if !nameParticles[e.t[k].low] {
			names++
		}
		k++
	}
	if names == 0 {
		return p, false
	}
	p.j, p.name = k, strings.Join(words, " ")
	return p, true
}

// goesOn says whether word k is still the name: after a first name, or before a pause.
func (e *engine) goesOn(k, names int) bool {
	if firstNames[e.t[k-1].low] {
		return true
	}
	if !e.cased || names > 2 || verbal(e.t[k]) {
		return false
	}
	m := k
	for m < len(e.t) && m < k+3 && e.nameWord(m) && e.uncommon(m) { // all words up to the pause before the address
		m++
	}
	return m > k && m < len(e.t) && e.t[m].s == "," && e.addressAfter(m)
}

func (e *engine) nameText(k int) string {
	if e.cased || nameParticles[e.t[k].low] {
		return e.t[k].s
	}
	return title(e.t[k].s)
}

// nameWord says whether token k can be part of a person's name.
func (e *engine) nameWord(k int) bool {
	t := e.t[k]
	if t.kind != tWord || e.claims[k] != free && e.claims[k] != task || letters(t.s) < 2 {
		return false
	}
	if nameParticles[t.low] {
		return !e.inStreet(k)
	}
	if e.cased && !t.upper || strings.ContainsAny(t.s, "0123456789/") {
		return false
	}
	if stopWords[t.low] && !t.upper || dayWords[t.low] != 0 || t.is("heute") || weekdays[t.low] != 0 || t.is("sonntag") || legalForms[t.low] != "" || generic[t.low] || roles[t.low] != "" {
		return false
	}
	if !e.cased && (stopWords[t.low] || monthNames[t.low] > 0 || participle(t.low)) {
		return false
	}
	if _, hit := e.hits[k]; hit && !e.cased {
		return false
	}
	return !e.inStreet(k)
}

func (e *engine) inStreet(k int) bool {
	for _, s := range e.streets {
		if k >= s.i && k < s.j {
			return true
		}
	}
	return false
}

// bareName reads one name, or first and last name, that is no common word.
func (e *engine) bareName(i int) (partyName, bool) {
	p := partyName{i: i, bare: true}
	var words []string
	k := i
	for k < len(e.t) && (titles[e.t[k].low] != "" || k > i && e.t[k].is("med", "phil", "rer", "nat")) {
		if t := titles[e.t[k].low]; t != "" {
			words = append(words, t)
		}
		k++
	}
	start := k
	for k < len(e.t) && k < start+3 && e.nameWord(k) && e.uncommon(k) {
		if k > start && !e.goesOn(k, k-start) {
			break
		}
		words = append(words, e.nameText(k))
		k++
		if firstNames[e.t[k-1].low] && k+2 < len(e.t) && e.t[k].is("und") && firstNames[e.t[k+1].low] && e.nameWord(k+2) && e.uncommon(k+2) { // "Sofia und Jannik Albers"
			p.j, p.name = k+3, strings.Join(append(words, "und", e.nameText(k+1), e.nameText(k+2)), " ")
			p.bare = false
			return p, true
		}
	}
	if k == start {
		return p, false
	}
	if k-start > 1 && e.cased && !firstNames[e.t[start].low] && !firstNames[e.t[k-1].low] && len(words) == k-start {
		p.company, p.j = strings.Join(words, " "), k // two unknown words are rather a firm
		return p, true
	}
	p.j, p.name = k, strings.Join(words, " ")
	p.bare = !(k-start > 1 && firstNames[e.t[start].low]) && start == i
	return p, true
}

// uncommon says that a word is none of the trades' or everyday vocabulary.
func (e *engine) uncommon(k int) bool {
	t := e.t[k]
	if _, hit := e.hits[k]; hit {
		return false
	}
	_, _, unit := unitAt(e.t, k)
	if unit || verbal(t) || placeWords[t.low] || vehicles[t.low] || stopWords[t.low] || monthNames[t.low] > 0 || surfaces[t.low] || infinitives[t.low] {
		return false
	}
	if _, ok := numberAt(e.t, k); ok {
		return false
	}
	for _, end := range []string{"ung", "ungen", "heit", "keit", "schaft", "arbeiten", "arbeit", "straße", "anlage", "tür", "fenster", "dach", "wand", "platte", "leitung", "heizung", "zaun", "treppe"} {
		if strings.HasSuffix(t.low, end) {
			return false
		}
	}
	return true
}
