package pricelist_test

import (
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/pricelist"
)

func TestDecimal(t *testing.T) {
	for typed, want := range map[string]string{
		"68": "68", "68,5": "68.5", "68,50": "68.5", "12.50": "12.5", "1.234,50": "1234.5", "1.234": "1234", "1234,5678": "1234.5678", "68 €": "68", "1.234.567,89": "1234567.89", "1 234,50": "1234.5", "0": "0", "-5": "-5", "0,05": "0.05",
		"89,-": "89", "89,--": "89", "89,– €": "89", "89.-": "89", "1.089,-": "1089", "0.125": "0.125", "−5": "-5", "-0.125": "-0.125", "0.5": "0.5", "1\u202f234,50 Euro": "1234.5", "EUR 12": "12",
		"": "", ",5": "", "5,": "", "1,2,3": "", "1.23.4": "", "12,5.0": "", "abc": "", "1e5": "", "0x10": "", "∞": "", "1,23456": "", "9999999999999": "", ".5": "", "--5": "", "1,234.50": "", "01.234": "", "0.125.000": "", ",-": "", "-": "", "#WERT!": "", "1/2": "",
	} {
		got, ok := pricelist.Decimal(typed)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q read as %s, %v; want %q", typed, got, ok, want)
		}
	}
}

// TestUnits: words of people and programs; what could be two things is not guessed.
func TestUnits(t *testing.T) {
	for word, want := range map[string]string{
		"Stk.": "H87", "St": "H87", "Stück": "H87", "h87": "H87", "m²": "MTK", "qm": "MTK", "m2": "MTK", "m³": "MTQ", "cbm": "MTQ", "lfd. m": "LM", "lfd.m.": "LM", "lfm": "LM", "m": "MTR", "Std.": "HUR", "h": "HUR", "je Stunde": "HUR", "€/h": "HUR",
		"/Stk": "H87", "pauschal": "LS", "psch.": "LS", "kg": "KGM", "t": "TNE", "l": "LTR", "Sack": "XSA", "VE": "", "100 Stk": "", "": "", ".": "", "Stunden Stück": "", "E": "",
	} {
		if got, ok := pricelist.UnitOf(word); got != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", word, got, want)
		}
	}
	words := map[string]string{}
	for _, u := range pricelist.Units() {
		for _, w := range []string{u.Code, u.Label, feierabend.UnitLabel(u.Code, feierabend.One)} {
			if got, ok := pricelist.UnitOf(w); ok && got != u.Code {
				t.Errorf("%q of %s reads as %s", w, u.Code, got)
			}
		}
		if words[u.Label] != "" {
			t.Errorf("%q is two units", u.Label)
		}
		words[u.Label] = u.Code
	}
}

func good() pricelist.Values {
	return pricelist.Values{"bezeichnung": "Röhrensiphon", "preis": "28,50", "einheit": "Stk", "art": "Material", "namen": "Siphon, Geruchsverschluss,Traps", "steuer": ""}
}

func TestRead(t *testing.T) {
	it, wrong := pricelist.Read(good())
	if len(wrong) > 0 || it.Name != "Röhrensiphon" || it.Price.String() != "28.5" || it.Unit != "H87" || it.Kind != feierabend.LineMaterial || it.VAT != nil || strings.Join(it.Aliases, "|") != "Siphon|Geruchsverschluss|Traps" {
		t.Fatalf("%+v, %v", it, wrong)
	}
	again, wrong := pricelist.Read(pricelist.Show(it))
	if len(wrong) > 0 || pricelist.Stand([]feierabend.PriceItem{again}) != pricelist.Stand([]feierabend.PriceItem{it}) {
		t.Errorf("shown and read again: %+v, %v", again, wrong)
	}
	for _, c := range []struct{ field, typed, says string }{
		{"bezeichnung", "", "fehlt"},
		{"bezeichnung", "  \t ", "fehlt"},
		{"bezeichnung", "=HYPERLINK(\"http://x\")", "Formel"},
		{"bezeichnung", "@SUM(A1)", "Formel"},
		{"bezeichnung", "12345", "kein Wort"},
		{"bezeichnung", strings.Repeat("ä", 81), "zu lang"},
		{"bezeichnung", "und", "fast jeder Nachricht"},
		{"preis", "", "fehlt"},
		{"preis", "-5", "größer als null"},
		{"preis", "0", "größer als null"},
		{"preis", "viel", "kein Betrag"},
		{"preis", "1,2,3", "kein Betrag"},
		{"preis", "99999999", "zu groß"},
		{"einheit", "", "fehlt"},
		{"einheit", "Handvoll", "kennen wir nicht"},
		{"art", "", "auswählen"},
		{"art", "Zauberei", "auswählen"},
		{"steuer", "16", "19, 7 und 0"},
		{"namen", "Mit, Siphon", "fast jeder Nachricht"},
		{"namen", "=1+1", "Formel"},
		{"namen", "7, 8", "ohne Wort"},
		{"namen", strings.Repeat("x", 61), "zu lang"},
		{"namen", "a1,b1,c1,d1,e1,f1,g1,h1,i1,j1,k1,l1,m1", "zu viele"},
	} {
		v := good()
		v[c.field] = c.typed
		_, wrong := pricelist.Read(v)
		if len(wrong) != 1 || wrong[0].Field != c.field || !strings.Contains(wrong[0].Text, c.says) {
			t.Errorf("%s %q: %v, want it to say %q", c.field, c.typed, wrong, c.says)
		}
	}
	for _, typed := range []string{"19", "19 %", "19,00", "Regelsatz"} { // the firm's own rate is kept as none
		v := good()
		v["steuer"] = typed
		if it, wrong := pricelist.Read(v); len(wrong) > 0 || it.VAT != nil {
			t.Errorf("%q: %v, %v", typed, it.VAT, wrong)
		}
	}
}

// TestAliases: commas part names, but not the numbers in them.
func TestAliases(t *testing.T) {
	for typed, want := range map[string]string{
		"NYM 3x1,5, Mantelleitung drei mal eins fünf": "NYM 3x1,5|Mantelleitung drei mal eins fünf",
		"Siphon;Traps|Knie\nBogen":                    "Siphon|Traps|Knie|Bogen",
		"röhrensiphon, Siphon, SIPHON":                "Siphon",
		"unsichtbar\u200bes\u202e Rohr\u00ad":         "unsichtbares Rohr",
		" , ,, ":                                      "",
	} {
		v := good()
		v["namen"] = typed
		if it, wrong := pricelist.Read(v); len(wrong) > 0 || strings.Join(it.Aliases, "|") != want {
			t.Errorf("%q gives %q, %v", typed, it.Aliases, wrong)
		}
	}
}
