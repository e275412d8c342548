package dictation

import "strings"

// PlacesOf lists the places and parts of places that the table knows for a
// postcode, nil for one that it does not know (GeoNames, CC-BY-4.0).
func PlacesOf(postcode string) []string { return placesOf(postcode) }

// PostcodesOf lists, in their order, at most limit postcodes of the places for
// which same says yes.
func PostcodesOf(same func(place string) bool, limit int) (out []string) {
	for _, row := range postcodes() {
		code, name, _ := strings.Cut(row, "\t")
		if (len(out) == 0 || out[len(out)-1] != code) && same(name) {
			if out = append(out, code); len(out) == limit {
				break
			}
		}
	}
	return out
}
