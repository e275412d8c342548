package dictation

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"sort"
	"strings"
	"sync"
)

//go:embed data/de-postcodes.tsv.gz
var postcodesGz []byte // GeoNames, CC-BY-4.0 (docs/third-party.md)

// postcodes are the rows "postcode<TAB>place", sorted, unpacked at the first use.
var postcodes = sync.OnceValue(func() []string {
	z, err := gzip.NewReader(bytes.NewReader(postcodesGz))
	if err != nil {
		return nil
	}
	b, err := io.ReadAll(z)
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
})

// placesOf lists the places of a postcode. The table helps to see where a said place name
// ends and what a misheard one was; it never fills in a place nobody said.
func placesOf(postcode string) []string {
	rows := postcodes()
	var out []string
	for i := sort.SearchStrings(rows, postcode+"\t"); i < len(rows) && strings.HasPrefix(rows[i], postcode+"\t"); i++ {
		out = append(out, rows[i][len(postcode)+1:])
	}
	return out
}

// placeNames are all place names in small letters, sorted.
var placeNames = sync.OnceValue(func() []string {
	var out []string
	for _, row := range postcodes() {
		_, name, _ := strings.Cut(row, "\t")
		if !strings.ContainsAny(name, " ,") {
			out = append(out, strings.ToLower(name))
		}
	}
	sort.Strings(out)
	return out
})

// isPlace says whether a lower-case word is the name of a German place.
func isPlace(w string) bool {
	names := placeNames()
	i := sort.SearchStrings(names, w)
	return i < len(names) && names[i] == w
}

// placeAt gives the number of tokens from i that are the place of the postcode, at most five.
func placeAt(t []token, i int, postcode string) int {
	best := 0
	for _, place := range placesOf(postcode) {
		words := tokenise(place)
		k := 0
		for k < len(words) && i+k < len(t) && (t[i+k].kind == tWord || t[i+k].s == "." && words[k].s == ".") && words[k].low == t[i+k].low {
			k++
		}
		if k > best && k <= 5 && (k == len(words) || k > 0 && len(words[0].low) > 3 && words[k].kind == tPunct || k == 1 && len(words) == 2 && len(words[0].low) > 4 && isPlace(words[0].low) || k > 0 && len(words) > 1 && words[k].kind == tWord && words[k].is("am", "an", "im", "in", "bei", "ob", "vor")) {
			best = k
		}
	}
	return best
}
