package dictation

import (
	"iter"
	"strings"
)

// PlacesOf lists the places and parts of places that the table knows for a
// postcode, nil for one that it does not know (GeoNames, CC-BY-4.0).
func PlacesOf(postcode string) []string { return placesOf(postcode) }

// Places gives every row of the table, postcode and place, in the order of postcodes.
func Places() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, row := range postcodes() {
			if code, name, _ := strings.Cut(row, "\t"); !yield(code, name) {
				return
			}
		}
	}
}
