package pdf_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/einvoice"
	"feierabend/internal/pdf"
)

func TestOut(t *testing.T) {
	out := os.Getenv("OUT")
	r, err := pdf.New()
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("../../test/invoices/*.json")
	for _, f := range files {
		b, _ := os.ReadFile(f)
		var d feierabend.Document
		if err := json.Unmarshal(b, &d); err != nil {
			t.Fatal(f, err)
		}
		d.Compute()
		xml, err := einvoice.CII(d)
		if err != nil {
			t.Error(f, err)
			continue
		}
		p, err := r.Render(d, xml)
		if err != nil {
			t.Error(f, err)
		}
		name := out + "/" + strings.TrimSuffix(filepath.Base(f), ".json")
		os.WriteFile(name+".pdf", p, 0o644)
		os.WriteFile(name+".xml", xml, 0o644)
		if d.Profile == "xrechnung" {
			u, _ := einvoice.UBL(d)
			os.WriteFile(name+"-ubl.xml", u, 0o644)
		}
	}
}
