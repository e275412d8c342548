package drafting

import (
	"reflect"
	"testing"

	"feierabend"
)

// Whatever is typed for whatever path: no panic, and a refusal changes nothing.
func FuzzSet(f *testing.F) {
	for _, s := range [][2]string{
		{"lines[1].price", "12,50 €"},
		{"lines[0].quantity", "zweieinhalb Stunden"},
		{"lines[2]", "drop"},
		{"lines", "zwei Stunden Arbeit und Anfahrt"},
		{"buyer.address", "Lindenweg 12\n25524\nItzehoe"},
		{"buyer.name", "Frau Petersen"},
		{"supply", "12. bis 14. November"},
		{"vat", "19 %"},
		{"paid.invoice", "none"},
		{"lines[99999999999999999999].price", "1"},
		{"lines[", ""},
		{"buyer.", "x"},
		{"due_days", "1e9"},
		{"discount", "-3"},
	} {
		f.Add(s[0], s[1], true)
		f.Add(s[0], s[1], false)
	}
	f.Fuzz(func(t *testing.T, path, value string, heard bool) {
		ed := editor(sample(), profile())
		ed.heard = heard
		err := ed.set(path, value)
		if err != nil {
			if feierabend.KindOf(err) != feierabend.Invalid || feierabend.TextOf(err) == "" {
				t.Fatalf("%q = %q: %v", path, value, err)
			}
			if !reflect.DeepEqual(ed.d, clone(sample())) {
				t.Fatalf("%q = %q was refused and changed the draft", path, value)
			}
			return
		}
		d := ed.done()
		for i, l := range d.Lines {
			if l.Quantity != nil && *l.Quantity <= 0 || l.Price != nil && *l.Price < 0 {
				t.Fatalf("%q = %q: line %d has %v × %v", path, value, i, l.Quantity, l.Price)
			}
		}
		Summary(d, profile())
	})
}
