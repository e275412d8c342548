package einvoice_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/einvoice"
)

var update = flag.Bool("update", false, "write golden files")

// document reads a business case of test/invoices.
func document(t testing.TB, name string) feierabend.Document {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../test/invoices", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var d feierabend.Document
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d.Compute()
	return d
}

// cases lists the business cases.
func cases(t testing.TB) (names []string) {
	t.Helper()
	files, err := filepath.Glob("../../test/invoices/*.json")
	if err != nil || len(files) < 12 {
		t.Fatalf("found %d business cases (%v), want at least 12", len(files), err)
	}
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".json"))
	}
	return names
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata/golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		// one element a line makes the difference readable
		lines := func(b []byte) []string { return strings.SplitAfter(strings.ReplaceAll(string(b), "><", ">\n<"), "\n") }
		t.Errorf("%s differs (-want +got):\n%s", path, cmp.Diff(lines(want), lines(got)))
	}
}

func TestWriteGolden(t *testing.T) {
	for _, name := range cases(t) {
		t.Run(name, func(t *testing.T) {
			d := document(t, name)
			cii, err := einvoice.CII(d)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".cii.xml", cii)
			ubl, err := einvoice.UBL(d)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".ubl.xml", ubl)
			again, err := einvoice.CII(d)
			if err != nil || !bytes.Equal(cii, again) {
				t.Errorf("same document, other bytes (%v)", err)
			}
		})
	}
}

// letterOnly clears what the XML does not carry, and fills what the writers fill.
func letterOnly(d feierabend.Document) feierabend.Document {
	d.ID, d.Case, d.Site, d.Greeting = "", "", "", ""
	if d.Profile == "" {
		d.Profile = feierabend.ProfileEN16931
	}
	if d.TypeCode == "" {
		d.TypeCode = "380"
	}
	d.Sums.LabourNet, d.Sums.LabourGross = 0, 0
	parties := []*feierabend.Party{&d.Seller, &d.Buyer}
	if d.DeliverTo != nil {
		parties = append(parties, d.DeliverTo)
	}
	for _, p := range parties {
		p.Salutation, p.Tagline = "", ""
		if p.Country == "" {
			p.Country = "DE"
		}
		if p.Email != "" && p.ElectronicAddr == "" {
			p.ElectronicAddr, p.ElectronicScheme = p.Email, "EM"
		}
	}
	for i := range d.Lines {
		d.Lines[i].Kind = ""
	}
	if d.Sums.Payable == 0 { // nothing to transfer: no bank account in the XML
		d.IBAN, d.BIC, d.Account = "", "", ""
	}
	if d.PaidMethod == "transfer" { // BT-81 of a transfer says how to pay the rest
		d.PaidMethod = ""
	}
	return d
}

func TestParseReadsWhatWasWritten(t *testing.T) {
	for _, name := range cases(t) {
		want := letterOnly(document(t, name))
		for syntax, write := range map[string]func(feierabend.Document) ([]byte, error){"cii": einvoice.CII, "ubl": einvoice.UBL} {
			t.Run(name+"/"+syntax, func(t *testing.T) {
				xml, err := write(document(t, name))
				if err != nil {
					t.Fatal(err)
				}
				got, err := einvoice.Parse(xml)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("document changed on the way (-want +got):\n%s", diff)
				}
				if list := einvoice.Check(got); !einvoice.Valid(list) {
					t.Errorf("findings on our own document: %v", list)
				}
			})
		}
	}
}

func TestWritersRefuse(t *testing.T) {
	two := document(t, "15-schluss")
	two.Profile = feierabend.ProfileXRechnung
	if _, err := einvoice.CII(two); feierabend.CodeOf(err) != "use_ubl" {
		t.Errorf("XRechnung-CII with two earlier invoices: error %v, want use_ubl", err)
	}
	if _, err := einvoice.UBL(two); err != nil {
		t.Errorf("XRechnung-UBL with two earlier invoices: %v", err)
	}
	credit := document(t, "01-standard")
	credit.TypeCode = "381"
	if _, err := einvoice.UBL(credit); feierabend.CodeOf(err) != "ubl_credit_note" {
		t.Errorf("381 as UBL invoice: error %v, want ubl_credit_note", err)
	}
}

// Text from outside cannot leave its element, and what XML cannot hold is dropped.
func TestEscaping(t *testing.T) {
	d := document(t, "01-standard")
	d.Buyer.Name = `</ram:Name><x a="1">&amp;` + "\x00\x0b\x1f\uFFFE\xff]]>"
	d.Lines[0].Unit = `H87" evil="1`
	d.Buyer.ElectronicAddr, d.Buyer.ElectronicScheme = "a@b.example", `EM" evil="1`
	for syntax, write := range map[string]func(feierabend.Document) ([]byte, error){"cii": einvoice.CII, "ubl": einvoice.UBL} {
		xml, err := write(d)
		if err != nil {
			t.Fatal(err)
		}
		got, err := einvoice.Parse(xml)
		if err != nil {
			t.Fatalf("%s: %v", syntax, err)
		}
		if want := `</ram:Name><x a="1">&amp;` + "\uFFFD]]>"; got.Buyer.Name != want {
			t.Errorf("%s: name %q, want %q", syntax, got.Buyer.Name, want)
		}
		if got.Lines[0].Unit != d.Lines[0].Unit || got.Buyer.ElectronicScheme != d.Buyer.ElectronicScheme {
			t.Errorf("%s: attribute values changed: %q %q", syntax, got.Lines[0].Unit, got.Buyer.ElectronicScheme)
		}
	}
}

func BenchmarkCII6(b *testing.B) {
	d := document(b, "01-standard")
	for b.Loop() {
		if _, err := einvoice.CII(d); err != nil {
			b.Fatal(err)
		}
	}
}
