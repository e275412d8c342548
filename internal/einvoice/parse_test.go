package einvoice_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/einvoice"
)

func TestParseRefuses(t *testing.T) {
	good, err := einvoice.CII(document(t, "01-standard"))
	if err != nil {
		t.Fatal(err)
	}
	swap := func(old, new string) string {
		if !bytes.Contains(good, []byte(old)) {
			t.Fatalf("no %q in the sample", old)
		}
		return strings.Replace(string(good), old, new, 1)
	}
	for name, c := range map[string]struct{ code, xml string }{
		"empty":           {"xml_broken", ""},
		"text":            {"xml_broken", "hallo"},
		"cut":             {"xml_broken", string(good[:len(good)/2])},
		"other root":      {"not_an_invoice", "<a/>"},
		"wrong namespace": {"not_an_invoice", "<Invoice/>"},
		"doctype":         {"xml_dtd", swap("<rsm:CrossIndustryInvoice", `<!DOCTYPE a [<!ENTITY b "c">]><rsm:CrossIndustryInvoice`)},
		"entity":          {"xml_broken", swap("Claasen", "&b;")},
		"too deep":        {"xml_too_large", strings.Repeat("<a>", 60) + strings.Repeat("</a>", 60)},
		"too many":        {"xml_too_large", "<a>" + strings.Repeat("<b/>", 200_001) + "</a>"},
		"too large":       {"xml_too_large", "<a>" + strings.Repeat(" ", 11<<20) + "</a>"},
		"words as amount": {"number", swap("<ram:GrandTotalAmount>552.52", "<ram:GrandTotalAmount>viel")},
		"huge amount":     {"number", swap("<ram:GrandTotalAmount>552.52", "<ram:GrandTotalAmount>99999999999999")},
		"three decimals":  {"decimals", swap("<ram:GrandTotalAmount>552.52", "<ram:GrandTotalAmount>552.521")},
		"bad date":        {"date", swap(">20260210<", ">20261340<")},
		"dollars":         {"currency", swap("<ram:InvoiceCurrencyCode>EUR", "<ram:InvoiceCurrencyCode>USD")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := einvoice.Parse([]byte(c.xml))
			if feierabend.CodeOf(err) != c.code || feierabend.KindOf(err) != feierabend.Invalid || feierabend.TextOf(err) == "" {
				t.Errorf("error %v, want Invalid %s with a text", err, c.code)
			}
		})
	}
}

// Numbers of other programs: trailing zeros, more decimals in prices, signs.
func TestParseNumbers(t *testing.T) {
	good, err := einvoice.CII(document(t, "01-standard"))
	if err != nil {
		t.Fatal(err)
	}
	s := strings.Replace(string(good), "<ram:ChargeAmount>14.9<", "<ram:ChargeAmount> +14.900046 <", 1)
	s = strings.Replace(s, "<ram:GrandTotalAmount>552.52", "<ram:GrandTotalAmount>0552.5200", 1)
	d, err := einvoice.Parse([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	if d.Lines[0].Price != 149000 || d.Sums.Gross != 552_52 {
		t.Errorf("price %s, gross %s; want 14.9 and 552.52", d.Lines[0].Price, d.Sums.Gross)
	}
}

func TestParseSkonto(t *testing.T) {
	xml, err := einvoice.CII(document(t, "02-viele-seiten"))
	if err != nil {
		t.Fatal(err)
	}
	for line, ok := range map[string]bool{
		"#SKONTO#TAGE=7#PROZENT=2.00#": true, "#SKONTO#TAGE=7#PROZENT=2.00#BASISBETRAG=100.00#": true, "#SKONTO#TAGE=7#PROZENT=2#": false,
		"#SKONTO#TAGE=7#PROZENT=2.00": false, "#SKONTO#TAGE=0#PROZENT=2.00#": false, "#SKONTO#TAGE=7#": false, "#SKONTO#": false, "#SKONTO#TAGE=7#PROZENT=2.00#x": false,
	} {
		d, err := einvoice.Parse(bytes.Replace(xml, []byte("#SKONTO#TAGE=7#PROZENT=2.00#"), []byte(line), 1))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.CashDiscount != nil && einvoice.Valid(einvoice.Check(d)); got != ok {
			t.Errorf("%s: read %v, findings %v, want valid %v", line, d.CashDiscount, einvoice.Check(d), ok)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/xrechnung/*.xml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, name := range cases(f) {
		if xml, err := einvoice.CII(document(f, name)); err == nil {
			f.Add(xml)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := einvoice.Parse(b)
		if err != nil {
			if feierabend.KindOf(err) != feierabend.Invalid {
				t.Fatalf("error of kind %s", feierabend.KindOf(err))
			}
			return
		}
		einvoice.Check(d)
		d.Compute()
		if d.TypeCode == "381" {
			return
		}
		xml, err := einvoice.UBL(d)
		if err != nil {
			t.Fatalf("read but not writable: %v", err)
		}
		if _, err := einvoice.Parse(xml); err != nil && feierabend.CodeOf(err) != "number" {
			t.Fatalf("written but not readable: %v", err)
		}
	})
}
