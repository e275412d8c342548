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
	entry, p, ambiguous := e.bookEntry()
	if entry == nil && p == nil {
		p = e.findParty()
	}
	if p != nil {
		e.setParty(*p)
	}
	e.siteWords()
	if entry != nil {
		e.fromBook(*entry, *p)
	} else {
		e.address(p)
		_ = ambiguous
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
	for _, try := range []func() *partyName{e.clientParty, e.kindParty, e.salutedParty, e.firmParty, e.atParty} {
		if p := try(); p != nil {
			return p
		}
	}
	return nil
}

// clientParty reads "Auftraggeber ist …", "Auftrag vom …".
func (e *engine) clientParty() *partyName {
	for i := range e.t {
		if e.claims[i] != free || !e.t[i].is("auftraggeber", "auftraggeberin", "auftrag", "rechnungsempfänger", "kunde") {
			continue
		}
		j := i + 1
		for j < len(e.t) && (e.t[j].is("ist", "war", "vom", "von", "der", "die", "das", "für", "im", "durch") || e.t[j].s == ":") {
			j++
		}
		if p, ok := e.partyAt(j); ok && (!p.bare || e.t[i].is("auftraggeber", "rechnungsempfänger") || e.t[i].is("kunde") && e.addressAfter(p.j)) {
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
	for k < len(e.t) && names < 3 && e.nameWord(k) {
		if names > 0 && !nameParticles[e.t[k-1].low] && !e.goesOn(k, names) {
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
	if !e.cased || names > 1 || verbal(e.t[k]) {
		return false
	}
	_, hit := e.hits[k]
	return !hit && k+1 < len(e.t) && e.t[k+1].s == "," && e.addressAfter(k+1)
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

// firmOrName reads the words of a firm, or a bare name.
func (e *engine) firmOrName(i int) (partyName, bool) {
	p := partyName{i: i, bare: true}
	firm := i > 0 && e.t[i-1].is("firma", "fa")
	k, firmEnd := i, 0
	var words []string
	for k < len(e.t) && k < i+8 && e.firmPart(k, i) {
		t := e.t[k]
		isFirm := firmWord(t) || k == i && firmLeads[t.low] && k+1 < len(e.t) && e.firmPart(k+1, i) && !verbal(e.t[k+1]) && e.t[k+1].kind == tWord
		firm = firm || isFirm
		words = append(words, e.firmText(k))
		k++
		if legalForms[strings.TrimSuffix(t.low, ".")] != "" && !(k < len(e.t) && (e.t[k].is("&", "und", "+") && k+1 < len(e.t) && e.t[k+1].is("co") || e.t[k].is("kg", "co"))) {
			firmEnd = k
			break
		}
		if !e.cased && isFirm && firmEnd == 0 && k > i+1 {
			firmEnd = k
		}
	}
	for len(words) > 0 && set("& + und für am an der von")[strings.ToLower(words[len(words)-1])] {
		words, k = words[:len(words)-1], k-1
	}
	if len(words) == 0 {
		return p, false
	}
	if firm {
		k, words = e.firmLimit(i, k, firmEnd, words)
		p.company, p.bare, p.j = strings.Join(words, " "), false, k
		return e.withStreet(p), len(words) > 1 || !generic[e.t[i].low] && !onlyFirmWord(e.t[i])
	}
	return e.bareName(i)
}

// onlyFirmWord says whether the word alone is a kind of firm and no name: "Hausverwaltung", "Praxis".
func onlyFirmWord(t token) bool {
	w := strings.ReplaceAll(t.low, "-", "")
	for _, f := range firmWords {
		if w == f {
			return true
		}
	}
	return false
}

// firmLimit ends a firm of an uncased text at its legal form, else two words after the firm word.
func (e *engine) firmLimit(i, k, firmEnd int, words []string) (int, []string) {
	if e.cased {
		return k, words
	}
	for m := i; m < k; m++ {
		if legalForms[strings.TrimSuffix(e.t[m].low, ".")] != "" {
			return k, words
		}
	}
	end := i + 2
	if end+1 < k && e.t[end].is("und", "&") {
		end += 2
	}
	if end < k {
		return end, words[:end-i]
	}
	return k, words
}

// withStreet takes the street into the name of an owners' association: "WEG Lindenstraße 12".
func (e *engine) withStreet(p partyName) partyName {
	if !e.t[p.i].is("weg", "eigentümergemeinschaft", "wohnungseigentümergemeinschaft", "hausgemeinschaft") {
		return p
	}
	for n, s := range e.streets {
		if s.i >= p.i+1 && s.i <= p.j {
			p.company = e.firmText(p.i) + " " + s.text
			p.j = s.j
			e.streets = append(e.streets[:n:n], e.streets[n+1:]...)
			return p
		}
	}
	return p
}

// firmPart says whether token k belongs to the name that began at i.
func (e *engine) firmPart(k, i int) bool {
	t := e.t[k]
	if e.claims[k] != free && e.claims[k] != task || e.inStreet(k) && !(k > i && e.t[i].is("weg", "eigentümergemeinschaft")) {
		return false
	}
	if t.is("&", "+") || t.is("und") {
		return k > i && k+1 < len(e.t) && (e.t[k+1].upper || e.t[k+1].is("co", "partner", "söhne", "sohn") || !e.cased && k == i+2) && e.t[k+1].kind == tWord && !stopWords[e.t[k+1].low]
	}
	if t.kind != tWord || legalForms[strings.TrimSuffix(t.low, ".")] != "" {
		return t.kind == tWord && k > i
	}
	if dayWords[t.low] != 0 || t.is("heute", "kw") || weekdays[t.low] != 0 || t.is("bv", "objekt", "baustelle", "bauvorhaben") || e.isKindWord(k) || phoneWords[t.low] {
		return false
	}
	if t.is("am", "an", "der", "zum", "zur") && e.cased {
		return k > i && k+1 < len(e.t) && (e.t[k+1].upper || e.t[k+1].is("der")) && (firmWord(e.t[i]) || e.legalFormAhead(k)) && e.t[k].kind == tWord
	}
	if e.cased {
		return t.upper && salutations[t.low] == ""
	}
	return !stopWords[t.low] && !strings.ContainsAny(t.s, "0123456789") && monthNames[t.low] == 0
}

// legalFormAhead says whether "GmbH" or the like ends the name within a few words.
func (e *engine) legalFormAhead(k int) bool {
	for m := k + 1; m < len(e.t) && m < k+5 && e.t[m].kind == tWord; m++ {
		if legalForms[strings.TrimSuffix(e.t[m].low, ".")] != "" {
			return true
		}
	}
	return false
}

func (e *engine) firmText(k int) string {
	t := e.t[k]
	if t.low == "doktor" || t.low == "dr" {
		return "Dr."
	}
	if e.cased || t.is("und", "&", "+") {
		if t.is("&", "+") {
			return "&"
		}
		return t.s
	}
	return title(t.s)
}

// bareName reads one name, or first and last name, that is no common word.
func (e *engine) bareName(i int) (partyName, bool) {
	p := partyName{i: i, bare: true}
	var words []string
	k := i
	for k < len(e.t) && titles[e.t[k].low] != "" {
		words = append(words, titles[e.t[k].low])
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
	if k-start > 1 && e.cased && !firstNames[e.t[start].low] && len(words) == k-start {
		p.company, p.j = strings.Join(words, " "), k // two unknown words are rather a firm
		return p, true
	}
	p.j, p.name = k, strings.Join(words, " ")
	p.bare = !(k-start > 1 && firstNames[e.t[start].low])
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
	for _, end := range []string{"ung", "heit", "keit", "schaft", "arbeiten", "arbeit", "straße", "anlage", "tür", "fenster", "dach", "wand", "platte", "leitung", "heizung", "zaun", "treppe"} {
		if strings.HasSuffix(t.low, end) {
			return false
		}
	}
	return true
}
