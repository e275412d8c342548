package einvoice_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/einvoice"
)

// The official valid samples must not be rejected.
func TestCheckAcceptsOfficialSamples(t *testing.T) {
	files, err := filepath.Glob("testdata/xrechnung/*.xml")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d samples (%v)", len(files), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		d, err := einvoice.Parse(b)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		for _, x := range einvoice.Check(d) {
			if x.Severity == einvoice.Error {
				t.Errorf("%s: %s %s", f, x.Rule, x.Text)
			}
		}
		if d.Number == "" || d.Seller.Name == "" || d.Buyer.Name == "" || len(d.Lines) == 0 || d.Sums.Gross == 0 {
			t.Errorf("%s: only %q, %d lines, gross %s read", f, d.Number, len(d.Lines), d.Sums.Gross)
		}
	}
}

func TestCheckFinds(t *testing.T) {
	type mutation struct {
		rule     string
		severity einvoice.Severity
		base     string
		change   func(*feierabend.Document)
	}
	e, w := einvoice.Error, einvoice.Warning
	for name, m := range map[string]mutation{
		"no number":           {"BR-02", e, "01-standard", func(d *feierabend.Document) { d.Number = "" }},
		"no date":             {"BR-03", e, "01-standard", func(d *feierabend.Document) { d.IssuedOn = "" }},
		"date of no calendar": {"BR-DATE", e, "01-standard", func(d *feierabend.Document) { d.DueOn = "2026-02-30" }},
		"type code":           {"BR-DE-17", e, "01-standard", func(d *feierabend.Document) { d.TypeCode = "325" }},
		"period backwards":    {"BR-29", e, "01-standard", func(d *feierabend.Document) { d.SupplyFrom = "2026-03-01" }},
		"no supply date":      {"§ 14 Abs. 4 Nr. 6 UStG", w, "01-standard", func(d *feierabend.Document) { d.SupplyFrom, d.SupplyTo = "", "" }},
		"no seller":           {"BR-06", e, "01-standard", func(d *feierabend.Document) { d.Seller.Name = "" }},
		"no buyer":            {"BR-07", e, "01-standard", func(d *feierabend.Document) { d.Buyer.Name = "" }},
		"no buyer city":       {"§ 14 Abs. 4 Nr. 1 UStG", e, "01-standard", func(d *feierabend.Document) { d.Buyer.City = "" }},
		"no tax number":       {"§ 14 Abs. 4 Nr. 2 UStG", e, "01-standard", func(d *feierabend.Document) { d.Seller.TaxNumber = "" }},
		"vat id country":      {"BR-CO-09", e, "02-viele-seiten", func(d *feierabend.Document) { d.Seller.VATID = "123456788" }},
		"vat id digit":        {"VAT-ID", w, "02-viele-seiten", func(d *feierabend.Document) { d.Seller.VATID = "DE123456789" }},
		"no lines":            {"BR-16", e, "01-standard", func(d *feierabend.Document) { d.Lines = nil }},
		"unit":                {"BR-23", e, "01-standard", func(d *feierabend.Document) { d.Lines[0].Unit = "Stück" }},
		"negative price":      {"BR-27", e, "01-standard", func(d *feierabend.Document) { d.Lines[0].Price = -1 }},
		"no rate":             {"BR-S-05", e, "01-standard", func(d *feierabend.Document) { d.Lines[0].Rate = 0 }},
		"rate with E":         {"BR-E-05", e, "03-kleinunternehmer", func(d *feierabend.Document) { d.Lines[0].Rate = feierabend.Dec(19) }},
		"16 percent":          {"§ 12 UStG", w, "01-standard", func(d *feierabend.Document) { d.Lines[0].Rate = feierabend.Dec(16) }},
		"line amount":         {"PEPPOL-EN16931-R120", w, "01-standard", func(d *feierabend.Document) { d.Lines[0].Net += 3 }},
		"sum of lines":        {"BR-CO-10", e, "01-standard", func(d *feierabend.Document) { d.Sums.Lines++ }},
		"allowances":          {"BR-CO-11", e, "07-nachlass-skonto", func(d *feierabend.Document) { d.Sums.Allowances-- }},
		"net":                 {"BR-CO-13", e, "01-standard", func(d *feierabend.Document) { d.Sums.Net++ }},
		"vat":                 {"BR-CO-14", e, "01-standard", func(d *feierabend.Document) { d.Sums.VAT++ }},
		"gross":               {"BR-CO-15", e, "01-standard", func(d *feierabend.Document) { d.Sums.Gross += 100 }},
		"payable":             {"BR-CO-16", e, "16-teilzahlung", func(d *feierabend.Document) { d.Sums.Payable++ }},
		"vat of a rate":       {"BR-CO-17", e, "06-sieben-prozent", func(d *feierabend.Document) { d.Sums.Taxes[0].Amount += 2 }},
		"vat off by a cent":   {"BR-CO-17", w, "06-sieben-prozent", func(d *feierabend.Document) { d.Sums.Taxes[0].Amount++ }},
		"basis":               {"BR-S-08", e, "01-standard", func(d *feierabend.Document) { d.Sums.Taxes[0].Basis++ }},
		"no breakdown":        {"BR-CO-18", e, "01-standard", func(d *feierabend.Document) { d.Sums.Taxes = nil }},
		"rate not in it":      {"BR-S-01", e, "06-sieben-prozent", func(d *feierabend.Document) { d.Sums.Taxes = d.Sums.Taxes[:1] }},
		"§ 19 without reason": {"BR-E-10", e, "03-kleinunternehmer", func(d *feierabend.Document) { d.Sums.Taxes[0].Reason = "" }},
		"reason with S":       {"BR-S-10", e, "01-standard", func(d *feierabend.Document) { d.Sums.Taxes[0].Reason = "frei" }},
		"§ 13b without ID":    {"BR-AE-02", e, "04-13b", func(d *feierabend.Document) { d.Buyer.VATID = "" }},
		"no term":             {"BR-CO-25", e, "01-standard", func(d *feierabend.Document) { d.DueOn, d.PaymentTerms = "", "" }},
		"iban digits":         {"BR-DE-19", e, "01-standard", func(d *feierabend.Document) { d.IBAN = "DE02120300000000202052" }},
		"skonto of 100":       {"BR-DE-18", e, "07-nachlass-skonto", func(d *feierabend.Document) { d.CashDiscount.Percent = feierabend.Dec(100) }},
		"skonto in the terms": {"BR-DE-18", e, "02-viele-seiten", func(d *feierabend.Document) { d.PaymentTerms = "#SKONTO#TAGE=7#PROZENT=2#" }},
		"no Leitweg-ID":       {"BR-DE-15", e, "02-viele-seiten", func(d *feierabend.Document) { d.BuyerReference = "" }},
		"no contact":          {"BR-DE-5", e, "02-viele-seiten", func(d *feierabend.Document) { d.Seller.Contact = "" }},
		"no buyer address":    {"PEPPOL-EN16931-R010", e, "02-viele-seiten", func(d *feierabend.Document) { d.Buyer.Email = "" }},
		"storno of nothing":   {"BR-DE-26", w, "13-storno", func(d *feierabend.Document) { d.Preceding = nil }},
		"unbelievable":        {"LIMIT", e, "01-standard", func(d *feierabend.Document) { d.Lines[0].Net = 1 << 62 }},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, m.base)
			if list := einvoice.Check(d); !einvoice.Valid(list) {
				t.Fatalf("base %s has errors: %v", m.base, list)
			}
			m.change(&d)
			list := einvoice.Check(d)
			if !slices.ContainsFunc(list, func(f einvoice.Finding) bool { return f.Rule == m.rule && f.Severity == m.severity }) {
				t.Errorf("findings %v, want %s %s", list, m.severity, m.rule)
			}
			for _, f := range list {
				if !strings.HasSuffix(f.Text, ".") {
					t.Errorf("%q is no sentence", f.Text)
				}
			}
		})
	}
}

func TestValidIBAN(t *testing.T) {
	for s, want := range map[string]bool{
		"DE02120300000000202051": true, "DE02 1203 0000 0000 2020 51": true, "PL61109010140000071219812874": true, "AT611904300234573201": true,
		"DE02120300000000202050": false, "DE0212030000000020205": false, "de02120300000000202051": false, "DE02120300000000202O51": false, "": false, "DE": false,
	} {
		if got := einvoice.ValidIBAN(s); got != want {
			t.Errorf("ValidIBAN(%q) = %v, want %v", s, got, want)
		}
	}
}
