package dictation

import "strings"

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
		firm = firm || k > i && titles[t.low] != "" && titles[e.t[i].low] == "" // "Zahnärzte Dr. Roth"
		words = append(words, e.firmText(k))
		k++
		if legalForms[strings.TrimSuffix(t.low, ".")] != "" && !(t.is("stiftung") && k == i+1) && !(k < len(e.t) && (e.t[k].is("&", "und", "+") && k+1 < len(e.t) && e.t[k+1].is("co") || e.t[k].is("kg", "co"))) {
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
	if k-i <= 4 && (k >= len(e.t) || e.t[k].kind == tPunct) && !e.workWord(i+1, k) {
		return k, words // all words up to the pause
	}
	end := i + 2
	for end < k && (titles[e.t[end-1].low] != "" || firmPrefixes[e.t[end-1].low]) {
		end++
	}
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
		return t.kind == tWord && (k > i || t.is("stiftung"))
	}
	if t.is("für") && k > i && onlyFirmWord(e.t[k-1]) { // "Praxis für Logopädie Winter"
		return k+1 < len(e.t) && e.cased && e.t[k+1].upper && e.uncommon(k+1) && !thing(e.t[k+1].low)
	}
	if k > i && (siteNouns[t.low] || t.is("auftraggeber", "adresse", "ansprechpartner") || monthNames[t.low] > 0 && !t.is("mai", "august") && titles[e.t[k-1].low] == "") {
		return false
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

// firmPrefixes are never the last word of a name.
var firmPrefixes = set("sankt st bad neu alt zur zum evangelische katholische evangelischen katholischen")

// workWord says whether a word of the work stands in [i,j).
func (e *engine) workWord(i, j int) bool {
	for k := i; k < j; k++ {
		if e.t[k].kind == tWord && (participle(e.t[k].low) || e.hits[k].j > 0 || thing(e.t[k].low) || infinitives[e.t[k].low]) {
			return true
		}
	}
	return false
}
