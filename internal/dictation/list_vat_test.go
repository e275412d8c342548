package dictation_test

import (
	"fmt"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/dictation"
)

// TestListVAT: an item of the list with a rate of its own keeps it, its gross price is
// worked out with that rate, and a firm under § 19 UStG never shows one.
func TestListVAT(t *testing.T) {
	seven := feierabend.Dec(7)
	list := []feierabend.PriceItem{
		{Name: "Blumenerde", Kind: feierabend.LineMaterial, Unit: "XSA", Price: feierabend.Dec(10), VAT: &seven},
		{Name: "Rindenmulch", Kind: feierabend.LineMaterial, Unit: "XSA", Price: feierabend.Dec(10)},
	}
	at := time.Date(2026, 2, 10, 17, 0, 0, 0, time.UTC)
	for _, c := range []struct{ name, scheme, said, want string }{
		{"net", feierabend.SchemeStandard, "Zwei Sack Blumenerde und ein Sack Rindenmulch.", "10 at 7, 10 at own, gross 33.30"},
		{"gross", feierabend.SchemeStandard, "Zwei Sack Blumenerde und ein Sack Rindenmulch, alles brutto.", "10.7 at 7, 11.9 at own, gross 33.30"},
		{"§ 19", feierabend.SchemeSmallBusiness, "Zwei Sack Blumenerde und ein Sack Rindenmulch.", "10 at own, 10 at own, gross 30.00"},
	} {
		p := feierabend.Profile{PriceList: list}
		p.SetScheme(c.scheme)
		d := dictation.Draft(dictation.Input{Text: "Rechnung an Frau Ott, Lindenweg 12, 25524 Itzehoe, gestern. " + c.said, At: at, Profile: p})
		got := ""
		for _, l := range d.Lines {
			rate := "own"
			if l.VAT != nil {
				rate = l.VAT.String()
			}
			got += fmt.Sprintf("%s at %s, ", l.Price, rate)
		}
		if d.Totals == nil {
			t.Fatalf("%s: no totals, questions %v", c.name, d.Questions)
		}
		if later, ok := dictation.Correct(d, dictation.Input{Text: "Alles brutto.", At: at, Profile: p}); c.name == "net" && (!ok || later.Lines[0].Price.String() != "10.7" || later.Lines[1].Price.String() != "11.9") {
			t.Errorf("gross by a correction: %v, %+v", ok, later.Lines)
		}
		if got += "gross " + d.Totals.Gross.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
