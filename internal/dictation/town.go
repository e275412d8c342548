package dictation

import "strings"

// followed says whether after an address the sentence pauses or a place follows.
func (e *engine) followed(j int) bool {
	return j >= len(e.t) || e.t[j].kind == tPunct && !e.t[j].is("%", "€") || e.t[j].is("in", "und", "bv", "heute", "gestern") || e.placed(j)
}

// placed says whether a postcode or "in <place>" stands at j.
func (e *engine) placed(j int) bool {
	for j < len(e.t) && (e.t[j].s == "," || e.t[j].is("in")) {
		j++
	}
	_, _, ok := e.postcodeAt(j)
	return ok
}

// postcodeAt reads "25541", "zwo fünf fünf vier eins", "fünfundachtzig dreihundertvierundfünfzig".
func (e *engine) postcodeAt(i int) (string, int, bool) {
	if i+1 < len(e.t) && e.t[i].is("d", "de") && e.t[i+1].s == "-" {
		i += 2
	}
	if i < len(e.t) && strings.HasPrefix(e.t[i].low, "d-") && len(e.t[i].s) == 7 && strings.Trim(e.t[i].s[2:], "0123456789") == "" {
		return e.t[i].s[2:], i + 1, true
	}
	out := ""
	for k := i; k < len(e.t) && k < i+9 && (e.t[k].kind != tPunct || k > i && e.t[k].s == "-" && !e.t[k].gap); k++ {
		if e.t[k].s == "-" {
			continue // 2-5-5-2-4
		}
		s, j := digitRun(e.t[k:k+1], 0)
		if j == 0 {
			break
		}
		out += s
		if len(out) == 5 {
			if k > i && k+1 < len(e.t) { // spoken: a further number would make it something else
				if _, more := digitRun(e.t[k+1:k+2], 0); more > 0 && e.t[k+1].kind == tWord && !e.t[k+1].is("eine", "einen") {
					return "", i, false
				}
				if _, _, unit := unitAt(e.t, k+1); unit || e.t[k+1].is("euro", "€") {
					return "", i, false
				}
			}
			return out, k + 1, true
		}
		if len(out) > 5 {
			break
		}
	}
	return "", i, false
}

// place reads postcode and city after a street: ", 25541 Itzehoe", "in Itzehoe, 25541".
func (e *engine) place(s *street) {
	k := s.j
	skip := func() {
		for k < len(e.t) && (e.t[k].s == "," || e.t[k].s == "." && e.placed(k+1) || e.t[k].is("in", "und")) && k < s.j+3 {
			k++
		}
	}
	skip()
	if p, j, ok := e.postcodeAt(k); ok {
		s.postcode, s.pi, s.pj, s.end = p, k, j, j
		if j < len(e.t) && (e.t[j].is("in") || e.t[j].s == ",") {
			j++
		}
		if c := s.i - 2; !e.city(s, j) && c > 0 && e.t[s.i-1].s == "," && e.t[c-1].is("in") && (isPlace(e.t[c].low) || placeAt(e.t, c, p) == 1) { // "in Weingarten, Abteistraße 7, 88250"
			s.city, s.ci, s.cj = e.t[c].s, c, c+1
		}
		return
	}
	if k == s.j || k > 0 && !e.t[k-1].is("in") && !e.cityThenPostcode(k) && !e.lonePlace(k) {
		return
	}
	before := *s
	if !e.city(s, k) {
		*s = before
		return
	}
	j := s.end
	if j < len(e.t) && e.t[j].s == "," {
		j++
	}
	if p, pj, ok := e.postcodeAt(j); ok {
		s.postcode, s.pi, s.pj, s.end = p, j, pj, pj
	}
}

// lonePlace recognises ", Freising." by the table of places.
func (e *engine) lonePlace(k int) bool {
	return e.cased && k < len(e.t) && e.t[k].upper && (k+1 >= len(e.t) || e.t[k+1].ends() || e.t[k+1].s == ",") && isPlace(e.t[k].low)
}

// cityThenPostcode recognises ", Itzehoe, 25524".
func (e *engine) cityThenPostcode(k int) bool {
	for j := k; j < len(e.t) && j < k+4; j++ {
		if e.t[j].s == "," {
			_, _, ok := e.postcodeAt(j + 1)
			return ok && j > k
		}
		if !e.t[j].upper && e.cased {
			return false
		}
	}
	return false
}

// city reads the place name at token k.
func (e *engine) city(s *street, k int) bool {
	n := 0
	if s.postcode != "" {
		n = placeAt(e.t, k, s.postcode)
	}
	if n == 0 && k < len(e.t) && e.t[k].kind == tWord && (e.t[k].upper || !e.cased) && e.cityWord(k) {
		n = 1
		prefix := set("bad sankt st groß klein markt hohen burg alt neu schwäbisch bergisch hann")
		if two := k + 1; s.postcode != "" && e.cased && two+1 < len(e.t) && e.t[two].upper && e.cityWord(two) && !verbal(e.t[two]) && (e.t[two+1].parts() || e.t[two+1].ends()) && !isPlace(e.t[k].low) && e.uncommon(two) {
			n = 2 // "Timmendorfer Strand" where the table knows neither
		} else if prefix[strings.TrimSuffix(e.t[k].low, ".")] && k+1 < len(e.t) && (e.t[k+1].upper || !e.cased) {
			n = 2
		} else if k+2 < len(e.t) && e.t[k+1].is("am", "an", "im", "bei", "ob", "vor") && e.cased {
			end := k + 2
			for end < len(e.t) && e.t[end].is("der", "dem", "den") {
				end++
			}
			if end < len(e.t) && e.t[end].upper && (end+1 >= len(e.t) || e.t[end+1].kind == tPunct) && weekdays[e.t[end].low] == 0 && monthNames[e.t[end].low] == 0 {
				n = end + 1 - k
			}
		}
	}
	if n == 0 {
		return false
	}
	s.ci, s.cj, s.end = k, k+n, k+n
	s.city = e.original(k, k+n)
	if !e.cased {
		words := strings.Fields(s.city)
		for i, w := range words {
			if !set("am an der im bei ob vor dem")[w] {
				words[i] = title(w)
			}
		}
		s.city = strings.Join(words, " ")
	}
	return true
}

func (e *engine) cityWord(k int) bool {
	low := e.t[k].low
	if stopWords[low] || dayWords[low] != 0 || low == "heute" || monthNames[low] > 0 || weekdays[low] != 0 || low == "sonntag" || placeWords[low] || salutations[low] != "" || low == "kw" {
		return false
	}
	if _, hit := e.hits[k]; hit {
		return false
	}
	_, _, unit := unitAt(e.t, k)
	return !unit
}

// inPlace says whether "in <place of the table>" stands at j.
func (e *engine) inPlace(j int) bool {
	if j < len(e.t) && e.t[j].s == "," {
		j++
	}
	return j+1 < len(e.t) && e.t[j].is("in") && isPlace(e.t[j+1].low)
}

// ofPlace says whether the word is made from the name of a place: "Bonner".
func ofPlace(w string) bool {
	base, cut := strings.CutSuffix(w, "er")
	return cut && len(base) > 3 && (isPlace(base) || isPlace(base+"en") || isPlace(base+"e"))
}
