package dictation

import (
	"strconv"
	"strings"
)

// street is a street with house number, and the postcode and place said with it.
type street struct {
	i, j           int // tokens of street and number
	end            int // after postcode and place
	text           string
	postcode, city string
	pi, pj, ci, cj int  // tokens of postcode and city
	led            bool // "in der Mozartstraße 9": rather a place of work
	sure           bool
}

// findStreets finds all street addresses in free tokens.
func (e *engine) findStreets() []street {
	var out []street
	for i := 0; i < len(e.t); i++ {
		if e.claims[i] != free && e.claims[i] != task {
			continue
		}
		s, ok := e.streetAt(i)
		if !ok {
			continue
		}
		if e.claims[i] == free {
			e.place(&s)
			out = append(out, s)
		}
		i = s.j - 1
	}
	return out
}

// streetAt reads a street that begins at token i.
func (e *engine) streetAt(i int) (street, bool) {
	t := e.t
	if s, ok := e.smallStreet(i); ok {
		return s, true
	}
	if t[i].kind != tWord || e.cased && !t[i].upper && !e.prepositionStreet(i) {
		return street{}, false
	}
	if s, ok := e.suffixStreet(i); ok {
		return s, true
	}
	if s, ok := e.genitiveStreet(i); ok {
		return s, true
	}
	if e.prepositionStreet(i) {
		if s, ok := e.namedStreet(i); ok || e.cased || !e.t[i].is("am", "im", "zum", "zur") {
			return s, ok
		}
		return street{}, false
	}
	return e.plainStreet(i)
}

// smallStreet reads an adjective the recogniser wrote small: ", hohler Weg 14, 59755 Arnsberg".
func (e *engine) smallStreet(i int) (street, bool) {
	t := e.t
	if !e.cased || i == 0 || i+2 >= len(t) || t[i-1].s != "," || t[i].kind != tWord || t[i].upper || stopWords[t[i].low] || !adjectival(t[i].low) || !t[i+1].upper || !streetNouns[t[i+1].low] {
		return street{}, false
	}
	n, j, ok := e.houseNumber(i + 2)
	if !ok || !e.placed(j) {
		return street{}, false
	}
	return street{i: i, j: j, end: j, text: e.streetText(i, i+2, n), sure: true}, true
}

// plainStreet reads a word and number right before a postcode with its place: "Alt-Moabit 90, 10559 Berlin".
func (e *engine) plainStreet(i int) (street, bool) {
	t := e.t[i]
	if t.kind != tWord || letters(t.s) < 4 || stopWords[t.low] || salutations[t.low] != "" || legalForms[strings.TrimSuffix(t.low, ".")] != "" || siteMarks[t.low] || phoneWords[t.low] || referenceWords[t.low] {
		return street{}, false
	}
	n, j, ok := e.houseNumber(i + 1)
	if !ok {
		return street{}, false
	}
	k := j
	for k < len(e.t) && (e.t[k].s == "," || e.t[k].is("in")) && k < j+2 {
		k++
	}
	p, end, ok := e.postcodeAt(k)
	if !ok || placeAt(e.t, end, p) == 0 {
		return street{}, false
	}
	return street{i: i, j: j, end: j, text: e.streetText(i, i+1, n), sure: true}, true
}

// suffixStreet reads "Deichstraße 34", "Lange Straße 15", "Hohler Weg 14", "Konrad-Adenauer-Ring 4".
func (e *engine) suffixStreet(i int) (street, bool) {
	t := e.t
	for k := i; k < len(t) && k < i+4; k++ {
		if t[k].kind != tWord || k > i && e.cased && !t[k].upper || stopWords[t[k].low] && !t[k].is("weg") || salutations[t[k].low] != "" {
			return street{}, false
		}
		low := strings.TrimSuffix(t[k].low, ".")
		n, j, ok := e.houseNumber(k + 1)
		if !ok {
			if k == i && !e.leadsStreet(i) {
				return street{}, false
			}
			continue
		}
		placeAdjective := k == i+1 && e.cased && i > 0 && e.t[i-1].s == "," && strings.HasSuffix(t[i].low, "er") && endsIn(low, sureStreetEnds) || k == i+1 && endsIn(low, sureStreetEnds) && ofPlace(t[i].low) // "Gostenhofer Hauptstraße"
		if k > i && !streetNouns[low] && !placeAdjective {
			return street{}, false
		}
		for m := i + 1; m < k; m++ {
			if !adjectival(t[m].low) && !(firstNames[t[i].low] && m == i+1) {
				return street{}, false
			}
		}
		sure := endsIn(low, sureStreetEnds)
		if !sure && !(endsIn(low, streetEnds) && e.followed(j)) {
			return street{}, false
		}
		if _, ok := e.hitAt(k); ok && !sure {
			return street{}, false
		}
		if k == i && firstNames[low] && !e.placed(j) || k == i && set("straße strasse str weg platz gasse ring")[low] {
			return street{}, false
		}
		return street{i: i, j: j, end: j, text: e.streetText(i, k+1, n), sure: sure, led: i > 0 && t[i-1].is("der", "dem", "die", "im", "am")}, true
	}
	return street{}, false
}

// genitiveStreet reads ("des" is read as dialect "das") "Straße des Friedens 13", "Platz der Einheit 2", "Allee am Röthelheim 4".
func (e *engine) genitiveStreet(i int) (street, bool) {
	t := e.t
	if !streetNouns[t[i].low] || i+2 >= len(t) || !t[i+1].is("das", "der", "am", "im", "an", "zum", "zur", "vom") {
		return street{}, false
	}
	for k := i + 2; k < len(t) && k < i+6 && t[k].kind == tWord && salutations[t[k].low] == ""; k++ {
		n, j, ok := e.houseNumber(k + 1)
		if !ok {
			continue
		}
		if !t[k].upper && e.cased || !e.followed(j) {
			return street{}, false
		}
		return street{i: i, j: j, end: j, text: e.streetText(i, k+1, n), sure: true, led: i > 0 && t[i-1].is("der", "dem", "die", "im", "am")}, true
	}
	return street{}, false
}

// leadsStreet says whether a word may stand before "Straße" or "Weg" as part of the name.
func (e *engine) leadsStreet(i int) bool {
	if firmWord(e.t[i]) && letters(e.t[i].s) > 4 && !(i+1 < len(e.t) && e.t[i+1].upper && streetNouns[e.t[i+1].low]) || i > 0 && e.cased && firmWord(e.t[i-1]) && letters(e.t[i-1].s) > 4 && i+2 < len(e.t) && e.t[i+1].kind == tWord && e.t[i+1].upper && e.t[i+2].upper {
		return false // "Malerbetrieb Köhler Äußere Straße 5"
	}
	if i > 0 && (salutations[e.t[i-1].low] != "" || firstNames[e.t[i-1].low] || titles[e.t[i-1].low] != "") {
		return false
	}
	if e.cased && e.t[i].upper && i+1 < len(e.t) && e.t[i+1].upper && streetNouns[e.t[i+1].low] && !stopWords[e.t[i].low] && !e.isKindWord(i) {
		return true // "Rochus Straße 7", which the recogniser has parted
	}
	return adjectival(e.t[i].low) && !firstNames[e.t[i].low] || firstNames[e.t[i].low] && e.cased && i > 0 && e.t[i-1].s == ","
}

// streetNouns stand alone after an adjective or a name: "Lange Straße", "Hohler Weg".
var streetNouns = set("straße strasse str weg gasse platz allee ring damm ufer chaussee wall markt tor hof graben steig berg kamp stieg pfad landstraße reihe dorfstraße heerstraße poststraße chaussee")

func adjectival(w string) bool {
	for _, x := range []string{"er", "en", "e"} {
		if strings.HasSuffix(w, x) && len(w) > 3 && !endsIn(w, sureStreetEnds) {
			return true
		}
	}
	return false
}

// prepositionStreet says whether "Am", "An der", "Auf dem" at i may begin a street name.
func (e *engine) prepositionStreet(i int) bool {
	if e.t[i].is("bei") && (!e.cased || i+1 >= len(e.t) || !e.t[i+1].is("der", "den", "dem")) {
		return false
	}
	if !e.cased && e.t[i].is("an", "in", "auf", "unter", "hinter", "vor") && (i+1 >= len(e.t) || !e.t[i+1].is("der", "den", "dem")) {
		return false
	}
	return e.t[i].is("am", "an", "im", "in", "auf", "zum", "zur", "unter", "hinter", "vor", "bei") && (e.t[i].upper || !e.cased || e.lowerNamed(i))
}

// lowerNamed says whether a street name begins with a preposition the recogniser wrote
// small: "am Hafen 3", not "am Gartenweg 3".
func (e *engine) lowerNamed(i int) bool {
	k := i + 1
	for k < len(e.t) && k < i+3 && e.t[k].is("der", "den", "dem", "alten", "neuen", "hohen", "langen") {
		k++
	}
	if e.t[i].is("an", "in", "auf", "unter", "hinter", "vor", "bei") && k == i+1 || k >= len(e.t) || !e.t[k].upper || endsIn(e.t[k].low, sureStreetEnds) {
		return false
	}
	_, _, ok := e.houseNumber(k + 1)
	return ok
}

// namedStreet reads "Am Hafen 3", "An der alten Mühle 7": with a capital preposition within
// the sentence, or where a place follows.
func (e *engine) namedStreet(i int) (street, bool) {
	t := e.t
	k := i + 1
	for k < len(t) && t[k].is("der", "den", "dem", "alten", "neuen") {
		k++
	}
	start := k
	for k < len(t) && k < start+3 && t[k].kind == tWord && (t[k].upper || !e.cased) && !stopWords[t[k].low] {
		n, j, ok := e.houseNumber(k + 1)
		if ok {
			capital := t[i].upper && i > 0 && !t[i-1].ends()
			if !capital && e.t[i].is("in", "an", "auf", "bei") && endsIn(t[k].low, sureStreetEnds) {
				return street{}, false // "in der Meldorfer Straße 91"
			}
			if weekdays[t[k].low] != 0 || monthNames[t[k].low] > 0 || placeWords[t[k].low] || !(capital && e.followed(j) || e.placed(j) || e.inPlace(j)) {
				return street{}, false
			}
			return street{i: i, j: j, end: j, text: e.streetText(i, k+1, n), sure: capital}, true
		}
		k++
	}
	return street{}, false
}

func (e *engine) streetText(i, j int, number string) string {
	var words []string
	for k := i; k < j; k++ {
		w := e.t[k].s
		if k == i || !e.cased && !e.t[k].is("der", "den", "dem", "das", "am", "an", "im", "in", "auf", "zum", "zur", "von", "und") {
			w = title(w)
		}
		words = append(words, w)
	}
	s := strings.Join(words, " ")
	for _, short := range []string{"str.", "str", "straß"} {
		if base, cut := strings.CutSuffix(s, short); cut {
			s = base + "straße"
			break
		}
		if base, cut := strings.CutSuffix(s, title(short)); cut {
			s = base + "Straße"
			break
		}
	}
	return s + " " + number
}

// houseNumber reads "34", "18 a", "sieben bis elf", "7-11".
func (e *engine) houseNumber(i int) (string, int, bool) {
	n, j, ok := e.houseDigits(i)
	if !ok {
		return "", i, false
	}
	if j+1 < len(e.t) && (e.t[j].is("bis") || e.t[j].s == "-" && !e.t[j].gap) {
		if m, k, ok := e.houseDigits(j + 1); ok && atoi(m) > atoi(n) && atoi(m) < atoi(n)+60 && !(k < len(e.t) && e.t[k].is("uhr")) {
			return n + "-" + m, k, true
		}
	}
	if j < len(e.t) && e.t[j].kind == tWord && len(e.t[j].s) == 1 && strings.Contains("abcdefgh", strings.ToLower(e.t[j].s)) {
		end := j+1 >= len(e.t) || e.t[j+1].kind != tWord || e.t[j+1].is("in")
		if !e.t[j].gap || end {
			return n + strings.ToLower(e.t[j].s), j + 1, true
		}
	}
	return n, j, true
}

func (e *engine) houseDigits(i int) (string, int, bool) {
	if i >= len(e.t) {
		return "", i, false
	}
	if i+1 < len(e.t) && e.t[i].is("nummer", "nr", "hausnummer") {
		i++
	}
	t := e.t[i]
	if t.kind == tNumber {
		return t.s, i + 1, len(t.s) <= 4 && strings.Trim(t.s, "0123456789") == ""
	}
	if t.kind != tWord || articles[t.low] && t.low != "eins" {
		return "", i, false
	}
	v, frac, ok := t.spoken()
	w := int(v / 10_000)
	return strconv.Itoa(w), i + 1, ok && !frac && w > 0 && w < 1000
}
