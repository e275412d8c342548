package pricelist_test

import (
	"fmt"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/pricelist"
)

func stock() []feierabend.PriceItem {
	seven := feierabend.Dec(7)
	return []feierabend.PriceItem{
		{Name: "Röhrensiphon", Kind: feierabend.LineMaterial, Unit: "H87", Price: feierabend.Dec(28), Aliases: []string{"Siphon"}},
		{Name: "Wartung", Kind: feierabend.LineLump, Unit: "LS", Price: feierabend.Dec(120)},
		{Name: "Erde", Kind: feierabend.LineMaterial, Unit: "XSA", Price: feierabend.Dec(6), VAT: &seven},
	}
}

// lines is a plan in short.
func lines(p pricelist.Plan) string {
	var b strings.Builder
	for _, c := range p.Added {
		fmt.Fprintf(&b, "+%d %s %s %s %s\n", c.Line, c.After.Name, c.After.Price, c.After.Unit, c.After.Kind)
	}
	for _, c := range p.Changed {
		fmt.Fprintf(&b, "~%d %s %s>%s %s %s %v\n", c.Line, c.After.Name, c.Before.Price, c.After.Price, c.After.Unit, c.After.Kind, c.After.Aliases)
	}
	for _, c := range p.Same {
		fmt.Fprintf(&b, "=%d %s\n", c.Line, c.After.Name)
	}
	for _, it := range p.Removed {
		fmt.Fprintf(&b, "- %s\n", it.Name)
	}
	for _, r := range p.Refused {
		fmt.Fprintf(&b, "!%d %s\n", r.Line, r.Name)
	}
	return b.String()
}

func TestPlan(t *testing.T) {
	for _, c := range []struct{ name, file, mode, want string }{
		{"prices alone keep the rest", "Bezeichnung;Preis\nRÖHRENSIPHON ;31,00\nwartung;120\n", "", "~2 RÖHRENSIPHON 28>31 H87 material [Siphon]\n~3 wartung 120>120 LS lump []\n"},
		{"the same is left alone", "Bezeichnung;Preis\nWartung;120,00\n", "", "=2 Wartung\n"},
		{"new ones are added", "Bezeichnung;Einheit;Preis\nEckventil;Stk;14,90\nKundendienst;Std;68,-\nInspektion;pauschal;99\n", "", "+2 Eckventil 14.9 H87 material\n+3 Kundendienst 68 HUR labour\n+4 Inspektion 99 LS lump\n"},
		{"replace", "Bezeichnung;Einheit;Preis\nWartung;pauschal;120\nEckventil;Stk;14,90\n", "replace", "+3 Eckventil 14.9 H87 material\n=2 Wartung\n- Röhrensiphon\n- Erde\n"},
		{"replace keeps what a refused row names", "Bezeichnung;Einheit;Preis\nWartung;pauschal;x\nEckventil;Stk;14,90\n", "replace", "+3 Eckventil 14.9 H87 material\n- Röhrensiphon\n- Erde\n!2 Wartung\n"},
		{"empty cells keep", "Bezeichnung;Einheit;Preis;Andere Namen;MwSt\nRöhrensiphon;;28;;\nErde;;6;;\n", "", "=2 Röhrensiphon\n=3 Erde\n"},
		{"empty cells empty what is replaced", "Bezeichnung;Einheit;Preis;Andere Namen;MwSt\nRöhrensiphon;;28;;\nErde;;6;;\nWartung;;120;;\n", "replace", "~2 Röhrensiphon 28>28 H87 material []\n~3 Erde 6>6 XSA material []\n=4 Wartung\n"},
		{"no unit", "Bezeichnung;Preis\nEckventil;14,90\n", "", "!2 Eckventil\n"},
		{"unit chosen", "Bezeichnung;Preis\nEckventil;14,90\n", "unit", "+2 Eckventil 14.9 H87 material\n"},
		{"doubles", "Bezeichnung;Einheit;Preis\nRohr;m;4\nEckventil;Stk;14\nROHR;m;5\nEckventil;Stk;14\n", "", "+3 Eckventil 14 H87 material\n!2 Rohr\n!4 ROHR\n!5 Eckventil\n"},
		{"an alias of another", "Bezeichnung;Einheit;Preis\nSiphon;Stk;14\n", "", "!2 Siphon\n"},
		{"an alias in the file", "Bezeichnung;Einheit;Preis;Auch\nRohr;m;4;Leitung\nKabel;m;5;leitung\n", "", "+2 Rohr 4 MTR material\n!3 Kabel\n"},
		{"formulas", "Bezeichnung;Einheit;Preis\n=A1;Stk;14\nRohr;m;=B2*2\nKabel;m;5\n@x;m;5\n", "", "+4 Kabel 5 MTR material\n!2 =A1\n!3 Rohr\n!5 @x\n"},
		{"a formula in a column that nobody reads", "Bezeichnung;Einheit;Preis;Lager\nRohr;m;4;=1+1\nKabel;m;5;3\n", "", "+3 Kabel 5 MTR material\n!2 Rohr\n"},
		{"prices that are none", "Bezeichnung;Einheit;Preis\nRohr;m;-4\nKabel;m;0\nKnie;Stk;\nBogen;Stk;auf Anfrage\n", "", "!2 Rohr\n!3 Kabel\n!4 Knie\n!5 Bogen\n"},
		{"for a hundred", "Bezeichnung;PE;Einheit;Preis\nRohr;100;m;4\nKabel;1;m;5\n", "", "+3 Kabel 5 MTR material\n!2 Rohr\n"},
		{"a point that could part thousands", "Bezeichnung;Einheit;Preis\nRohr;m;12.50\nKessel;Stk;1.234\nKabel;m;1,125\n", "", "+2 Rohr 12.5 MTR material\n!3 Kessel\n!4 Kabel\n"},
		{"a German thousand", "Bezeichnung;Einheit;Preis\nRohr;m;12,50\nKessel;Stk;1.234\n", "", "+2 Rohr 12.5 MTR material\n+3 Kessel 1234 H87 material\n"},
		{"three decimals throughout", "Bezeichnung;Einheit;Preis\nDübel;Stk;0.350\nRohr;m;12.500\nKnie;Stk;€ 1.125\n", "", "+2 Dübel 0.35 H87 material\n!3 Rohr\n!4 Knie\n"},
		{"four decimals", "Bezeichnung;Einheit;Preis\nRohr;m;12.5000 €\nKessel;Stk;1.234\n", "", "+2 Rohr 12.5 MTR material\n!3 Kessel\n"},
		{"a German thousand beside three decimals", "Bezeichnung;Einheit;Preis\nDübel;Stk;0,350\nKessel;Stk;1.234\nOfen;Stk;10.350\n", "", "+2 Dübel 0.35 H87 material\n+3 Kessel 1234 H87 material\n+4 Ofen 10350 H87 material\n"},
		{"too many cells", "Bezeichnung;Preis\nWartung;120\nRohr;4;7\n", "unit", "=2 Wartung\n!3 Rohr\n"},
		{"example of the template", string(pricelist.Template())[3:], "", "!2 Beispiel: Röhrensiphon\n!3 Beispiel: Wand streichen\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan, _, err := read([]byte(c.file), stock(), func(r *pricelist.Reading) {
				r.Replace = c.mode == "replace"
				if c.mode == "unit" {
					r.Unit = "H87"
				}
			})
			if err != nil {
				t.Fatal(err, feierabend.TextOf(err))
			}
			if got := lines(plan); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for _, r := range plan.Refused {
				if len(r.Text) < 15 || !strings.HasSuffix(r.Text, ".") && !strings.HasSuffix(r.Text, "?") {
					t.Errorf("line %d: %q is no sentence", r.Line, r.Text)
				}
			}
			seen := map[string]bool{}
			for _, it := range plan.After {
				for _, n := range append([]string{it.Name}, it.Aliases...) {
					if seen[pricelist.Fold(n)] {
						t.Errorf("%q is the name of two items", n)
					}
					seen[pricelist.Fold(n)] = true
				}
			}
		})
	}
}

// TestRoundTrip: the list as a file, read again, changes nothing, in either mode.
func TestRoundTrip(t *testing.T) {
	list := stock()
	list = append(list,
		feierabend.PriceItem{Name: `Kugelhahn 1/2"; Messing`, Kind: feierabend.LineMaterial, Unit: "H87", Price: 1_2345, Aliases: []string{"NYM 3x1,5", "-Hahn"}},
		feierabend.PriceItem{Name: "+Aufpreis, Größe", Kind: feierabend.LineSurcharge, Unit: "E48", Price: feierabend.Dec(1234)},
		feierabend.PriceItem{Name: "'Knie' 90°", Kind: feierabend.LineMaterial, Unit: "LM", Price: 1_250_0000},
	)
	for i, u := range pricelist.Units() {
		list = append(list, feierabend.PriceItem{Name: "Posten " + u.Label, Kind: feierabend.LineKind(pricelist.Kinds()[i%8].Code), Unit: u.Code, Price: feierabend.Dec4(i*1111 + 1)})
	}
	for _, replace := range []bool{true, false} {
		plan, sure, err := read(pricelist.Write(list), list, func(r *pricelist.Reading) { r.Replace = replace })
		if err != nil || !sure || len(plan.Same) != len(list) || len(plan.Removed)+len(plan.Refused) > 0 {
			t.Errorf("replace %v: sure %v, %v\n%s", replace, sure, err, lines(plan))
		}
		if pricelist.Stand(plan.After) != pricelist.Stand(list) {
			t.Error("the list is another one")
		}
	}
	fresh, _, err := read(pricelist.Write(list), nil, nil)
	if err != nil || len(fresh.Added) != len(list) || pricelist.Stand(fresh.After) != pricelist.Stand(list) {
		t.Errorf("into an empty list: %v\n%s", err, lines(fresh))
	}
}

func TestFullList(t *testing.T) {
	var b strings.Builder
	b.WriteString("Bezeichnung;Einheit;Preis\n")
	for i := range pricelist.MaxItems {
		fmt.Fprintf(&b, "Posten %d;Stk;%d,50\n", i, i+1)
	}
	plan, _, err := read([]byte(b.String()), nil, nil)
	if err != nil || len(plan.After) != pricelist.MaxItems {
		t.Fatalf("%d items, %v", len(plan.After), err)
	}
	if _, _, err := read([]byte("Bezeichnung;Einheit;Preis\nNoch einer;Stk;1\n"), plan.After, nil); feierabend.CodeOf(err) != "list_full" {
		t.Errorf("one more: %v", err)
	}
}
