package pdf_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"feierabend"
	"feierabend/internal/einvoice"
	"feierabend/internal/pdf"
)

var renderer = sync.OnceValues(pdf.New)

func newRenderer(t testing.TB) *pdf.Renderer {
	t.Helper()
	r, err := renderer()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

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

func render(t testing.TB, d feierabend.Document) (file, xml []byte) {
	t.Helper()
	xml, err := einvoice.CII(d)
	if err != nil {
		t.Fatal(err)
	}
	file, err = newRenderer(t).Render(d, xml)
	if err != nil {
		t.Fatal(err)
	}
	return file, xml
}

// Same document, same bytes, from any goroutine; and the XML comes out as it went in.
func TestRenderIsDeterministicAndCarriesXML(t *testing.T) {
	files, err := filepath.Glob("../../test/invoices/*.json")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d business cases (%v)", len(files), err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := document(t, name)
			first, xml := render(t, d)
			again, _ := render(t, d)
			if !bytes.Equal(first, again) {
				t.Error("same document, other bytes")
			}
			gotName, got, err := pdf.ExtractXML(first)
			if err != nil {
				t.Fatal(err)
			}
			want := "factur-x.xml"
			if d.Profile == feierabend.ProfileXRechnung {
				want = "xrechnung.xml"
			}
			if gotName != want || !bytes.Equal(got, xml) {
				t.Errorf("attachment %s with %d bytes, want %s with %d", gotName, len(got), want, len(xml))
			}
			for _, must := range []string{"<pdfaid:conformance>U<", "/AFRelationship/Alternative", "/GTS_PDFA1", "fx:DocumentFileName>" + want} {
				if !bytes.Contains(first, []byte(must)) {
					t.Errorf("file lacks %s", must)
				}
			}
			if len(first) > 120_000 {
				t.Errorf("file has %d bytes, want at most 120,000", len(first))
			}
		})
	}
}

func TestRenderRefusesNoDate(t *testing.T) {
	d := document(t, "01-standard")
	d.IssuedOn = "heute"
	if _, err := newRenderer(t).Render(d, nil); feierabend.CodeOf(err) != "issue_date" {
		t.Errorf("error %v, want issue_date", err)
	}
}

// Any text must come out as a page: emoji, right-to-left, controls, one endless word.
func TestRenderStrangeText(t *testing.T) {
	for name, s := range map[string]string{
		"emoji": "Kunde 🔧👷", "arabic": "محمد", "controls": "a\x00\x07\tb\u200b\u00ad\ufeff", "invalid": "a\xff\xfe", "combining": "Mu\u0308ller",
		"endless": strings.Repeat("x", 5000), "breaks": strings.Repeat("a\n", 300), "spaces": strings.Repeat(" ", 3000), "empty": "", "nbsp": strings.Repeat("\u00a0", 400),
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, "07-nachlass-skonto")
			d.Seller.Name, d.Seller.Tagline, d.Seller.Street, d.Buyer.Name, d.Buyer.Contact, d.Buyer.Extra = s, s, s, s, s, s
			d.Site, d.Greeting, d.PaymentTerms, d.BuyerReference, d.Account = s, s, s, s, s
			d.Notes = []string{s}
			d.Lines[0].Name, d.Lines[0].Text, d.Lines[0].Unit = s, s, s
			d.Allowances[0].Reason = s
			file, _ := render(t, d)
			if !bytes.HasSuffix(file, []byte("%%EOF\n")) {
				t.Error("no whole file")
			}
		})
	}
}

func TestRenderManyLines(t *testing.T) {
	d := document(t, "01-standard")
	line := d.Lines[0]
	d.Lines = nil
	for range 700 {
		d.Lines = append(d.Lines, line)
	}
	d.Compute()
	file, _ := render(t, d)
	if n := bytes.Count(file, []byte("/Type/Page/")); n < 15 || n > 40 {
		t.Errorf("700 lines on %d pages", n)
	}
	if len(file) > 1<<20 {
		t.Errorf("700 lines make %d bytes, want below 1 MB", len(file))
	}
}

func BenchmarkInvoice6(b *testing.B) {
	d, r := document(b, "01-standard"), newRenderer(b)
	b.ReportAllocs()
	start, done := cpuSeconds(b), 0
	for n := 0; b.Loop(); n++ {
		done++
		d.Number = fmt.Sprintf("RE-2026-%04d", n%10_000) // no two alike
		d.Compute()
		xml, err := einvoice.CII(d)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := r.Render(d, xml); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((cpuSeconds(b)-start)*1000/float64(done), "cpu-ms/op") // goal: at most 1.0, whatever else runs
}

// cpuSeconds is the CPU time of this process so far.
func cpuSeconds(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := pdf.New(); err != nil {
			b.Fatal(err)
		}
	}
}
