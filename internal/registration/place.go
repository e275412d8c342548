package registration

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"feierabend/internal/dictation"
)

// placeCheck is what the table says to postcode and place.
type placeCheck int

const (
	placeFits     placeCheck = iota
	placeDiffers             // the postcode is known, with other places
	placeUnlisted            // the table does not know the postcode
)

// checkPlace compares postcode and place with the table of the country. known are
// what may be meant instead, best first, at most three: places where the place
// differs, postcodes of the place where the postcode is not known.
func checkPlace(postcode, city string) (c placeCheck, known []string) {
	said := plainPlace(city)
	places := dictation.PlacesOf(postcode)
	if len(places) == 0 {
		return placeUnlisted, postcodesOf()[said]
	}
	for _, p := range places {
		if samePlace(said, plainPlace(p)) {
			return placeFits, nil
		}
	}
	known = slices.Clone(places)
	slices.SortStableFunc(known, func(a, b string) int { return distance(said, plainPlace(a)) - distance(said, plainPlace(b)) })
	return placeDiffers, known[:min(3, len(known))]
}

// postcodesOf are, for the plain form of each place, its first three postcodes. They are
// made at the first use: the table has ten thousands of rows, and a stranger's form asks.
var postcodesOf = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for code, place := range dictation.Places() {
		p := plainPlace(place)
		if had := out[p]; len(had) < 3 && !slices.Contains(had, code) {
			out[p] = append(had, code)
		}
	}
	return out
})

// Place compares postcode and place with the table of the country, for others who ask
// for an address: words are what may be meant instead, at most three.
func Place(postcode, city string) (fits bool, words []string) {
	c, words := checkPlace(postcode, city)
	return c == placeFits, words
}

// short names that everybody writes.
var nicknames = map[string]string{
	"ffm": "frankfurt am main", "frankfurt ffm": "frankfurt am main", "muc": "muenchen", "hh": "hamburg", "kaiserslautern kl": "kaiserslautern", "ms": "muenster", "hb": "bremen",
}

// written out, so that "St. Georgen a.d.Saale" and "Sankt Georgen an der Saale" meet.
var abbreviated = map[string]string{
	"st": "sankt", "a": "am", "b": "bei", "i": "im", "o": "ob", "v": "vor", "d": "der", "m": "main", "t": "tauber", "rh": "rhein", "ndb": "niederbayern", "obb": "oberbayern",
}

// plainPlace is the form in which spellings meet: small letters, umlauts written
// out, no accents, marks as spaces, what stands in brackets left out.
func plainPlace(s string) string {
	s, _, _ = strings.Cut(s, "(")
	s = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace(strings.ToLower(norm.NFC.String(s)))
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r < 0x300 || r > 0x36f: // no accent
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		if long, ok := abbreviated[w]; ok && (i > 0 || w == "st") {
			words[i] = long
		}
	}
	s = strings.Join(words, " ")
	if long, ok := nicknames[s]; ok {
		return long
	}
	return s
}

// samePlace takes the whole name, the name without what it lies at ("Frankfurt",
// "Frankfurt/Main"), and the name with a part of the place behind it ("Hamburg-Altona").
func samePlace(said, known string) bool {
	if said == known || strings.ReplaceAll(said, " ", "") == strings.ReplaceAll(known, " ", "") {
		return true
	}
	if strings.HasPrefix(said, known+" ") || strings.HasPrefix(known, said+" ") && !slices.Contains([]string{"bad", "sankt", "am", "gross", "klein", "ober", "unter", "neu", "alt", "markt"}, said) {
		return true
	}
	a, b := withoutSmall(said), withoutSmall(known)
	return len(a) > 1 && slices.EqualFunc(a, b, func(x, y string) bool { return x == y || len(x) == 1 && strings.HasPrefix(y, x) }) // "v. d. H."
}

// withoutSmall leaves out "am", "an der" and the like: "frankfurt main".
func withoutSmall(s string) (out []string) {
	for _, w := range strings.Fields(s) {
		if !slices.Contains([]string{"am", "an", "der", "im", "in", "bei", "ob", "vor", "vorm", "dem", "den", "auf", "a", "d"}, w) {
			out = append(out, w)
		}
	}
	return out
}

// distance is the number of letters to change, leave out or add (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
