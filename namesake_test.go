package feierabend_test

import (
	"strings"
	"testing"

	"feierabend"

	"github.com/google/go-cmp/cmp"
)

// TestNamesakes: the entries of the address book that fit become choices that differ, each
// fit for a button, in the order of the draft; those that have gone are left out.
func TestNamesakes(t *testing.T) {
	at := func(id, salutation, street, city string) feierabend.BookEntry {
		return feierabend.BookEntry{ID: feierabend.AddressID(id), AddressEntry: feierabend.AddressEntry{
			Buyer: feierabend.Buyer{Salutation: salutation, Name: "Petersen", Street: street, Postcode: "25524", City: city},
		}}
	}
	const long = "Friedrich-Wilhelm-Lübke-Straße 117"
	for name, c := range map[string]struct {
		book   []feierabend.BookEntry
		titles []string
	}{
		"streets":       {[]feierabend.BookEntry{at("a", "Frau", "Lindenweg 12", "Itzehoe"), at("b", "Frau", "Ahornweg 2", "Itzehoe")}, []string{"Lindenweg 12", "Ahornweg 2", "Andere Anschrift"}},
		"places":        {[]feierabend.BookEntry{at("a", "Frau", "Dorfstraße 8", "Itzehoe"), at("b", "Frau", "dorfstraße 8", "Wilster")}, []string{"Itzehoe", "Wilster", "Andere Anschrift"}},
		"one household": {[]feierabend.BookEntry{at("a", "Frau", "Dorfstraße 8", "Itzehoe"), at("b", "Herr", "Dorfstraße 8", "Itzehoe")}, []string{"Frau Petersen", "Herr Petersen", "Andere Anschrift"}},
		"nothing": {
			[]feierabend.BookEntry{at("a", "Frau", "Dorfstraße 8", "Itzehoe"), at("b", "Frau", "Dorfstraße 8", "Itzehoe"), at("c", "Frau", "Dorfstraße 8", "Itzehoe")},
			[]string{"1. Dorfstraße 8", "2. Dorfstraße 8", "3. Dorfstraße 8"},
		},
		"long":     {[]feierabend.BookEntry{at("a", "Frau", long, "Itzehoe"), at("b", "Frau", "Ahornweg 2", "Itzehoe")}, []string{"Friedrich-Wilhe… 117", "Ahornweg 2", "Andere Anschrift"}},
		"one gone": {[]feierabend.BookEntry{at("b", "Frau", "Ahornweg 2", "Itzehoe")}, []string{"Ahornweg 2", "Andere Anschrift"}},
		"all gone": {nil, nil},
	} {
		d := feierabend.Draft{Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Name: "Petersen"}, Questions: []string{"buyer.address"}, Entries: []feierabend.AddressID{"a", "b", "c"}}
		q := d.WithEntries(append(c.book, at("z", "Frau", "Fremdweg 1", "Kiel"))).Question("buyer.address")
		var titles []string
		for _, o := range q.Choices {
			titles = append(titles, o.Title)
			if len([]rune(o.Title)) > feierabend.ChatTitleMax {
				t.Errorf("%s: %q does not fit on a button", name, o.Title)
			}
		}
		if diff := cmp.Diff(c.titles, titles); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for _, e := range c.book {
			if full := e.Label() + ", " + e.Street + ", 25524 " + e.City; !strings.Contains(q.Hint, full) {
				t.Errorf("%s: the hint does not name %q: %q", name, full, q.Hint)
			}
		}
		if !strings.HasSuffix(q.Text, "?") || strings.Contains(q.Hint, "Fremdweg") || d.Namesakes != nil {
			t.Errorf("%s: %+v", name, q)
		}
	}
}
