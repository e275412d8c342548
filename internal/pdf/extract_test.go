package pdf_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/pdf"
)

func packed(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return b.String()
}

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// foreign builds a PDF as other programs write it, from numbered objects.
func foreign(objects ...string) []byte {
	b := []byte("%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
	for i, o := range objects {
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return append(b, "trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"...)
}

const (
	specOf2   = "<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/AFRelationship/Alternative/EF<</F 2 0 R/UF 2 0 R>>>>"
	sampleXML = "<?xml version=\"1.0\"?><a>Grüße</a>"
)

func TestExtractForeign(t *testing.T) {
	flate := stream("/Type/EmbeddedFile/Filter/FlateDecode", packed(t, sampleXML))
	inner := "5 0 6 12 " + "<</Other 1>>" + "<</Type /Filespec /F (x) /UF <FEFF" + hexUTF16("ZUGFeRD-invoice.xml") + "> /EF << /F 2 0 R >> >>"
	for name, b := range map[string][]byte{
		"packed":             foreign(specOf2, flate),
		"plain":              foreign(specOf2, stream("/Type/EmbeddedFile", sampleXML)),
		"filter array":       foreign(specOf2, stream("/Filter[/FlateDecode]", packed(t, sampleXML))),
		"indirect length":    foreign(specOf2, "<</Filter/FlateDecode/Length 3 0 R>>stream\r\n"+packed(t, sampleXML)+"\r\nendstream", "99"),
		"wrong length":       foreign(specOf2, "<</Length 3>>stream\n"+sampleXML+"\nendstream"),
		"object stream":      foreign("<<>>", flate, stream("/Type/ObjStm/N 2/First 9/Filter/FlateDecode", packed(t, inner))),
		"indirect EF":        foreign("<</F(xrechnung.xml)/EF 3 0 R>>", flate, "<</F 2 0 R>>"),
		"escaped name":       foreign("<</F(factur\\055x.xml)/E#46<</F 2 0 R>>>>", flate),
		"comments":           foreign("<< % hm )>>\n/F (factur-x.xml) /EF << /F 2 0 R >> >>", flate),
		"saved twice":        append(foreign(specOf2, stream("", "<old/>")), foreign(specOf2, flate)...),
		"other attachment":   foreign(specOf2, flate, "<</F(foto.jpg)/EF<</F 4 0 R>>>>", stream("", "JPEG")),
		"the same one twice": foreign(specOf2, flate, specOf2),
	} {
		t.Run(name, func(t *testing.T) {
			_, got, err := pdf.ExtractXML(b)
			if err != nil {
				t.Fatal(err)
			}
			if s := strings.TrimSpace(string(got)); s != sampleXML {
				t.Errorf("XML %q, want %q", s, sampleXML)
			}
		})
	}
}

func hexUTF16(s string) (out string) {
	for _, c := range []byte(s) {
		out += fmt.Sprintf("00%02X", c)
	}
	return out
}

func TestExtractRefuses(t *testing.T) {
	bomb := stream("/Filter/FlateDecode", packed(t, strings.Repeat("\x00", 40<<20)))
	for name, c := range map[string]struct {
		code string
		b    []byte
	}{
		"empty":        {"not_a_pdf", nil},
		"xml":          {"not_a_pdf", []byte(sampleXML)},
		"no invoice":   {"no_invoice_xml", foreign("<</Type/Catalog>>")},
		"other name":   {"no_invoice_xml", foreign("<</F(rechnung.xml)/EF<</F 2 0 R>>>>", stream("", sampleXML))},
		"no stream":    {"no_invoice_xml", foreign(specOf2, "<<>>")},
		"reference":    {"no_invoice_xml", foreign("<</F(factur-x.xml)/EF<</F 9 0 R>>>>")},
		"bomb":         {"attachment_broken", foreign(specOf2, bomb)},
		"no zlib":      {"attachment_broken", foreign(specOf2, stream("/Filter/FlateDecode", "hallo"))},
		"lzw":          {"attachment_broken", foreign(specOf2, stream("/Filter/LZWDecode", "hallo"))},
		"encrypted":    {"pdf_encrypted", append(foreign(specOf2, stream("", sampleXML)), "trailer<</Encrypt 7 0 R>>"...)},
		"two invoices": {"several_invoices", foreign(specOf2, stream("", sampleXML), "<</F(xrechnung.xml)/EF<</F 4 0 R>>>>", stream("", "<b/>"))},
		"nested":       {"no_invoice_xml", append([]byte("%PDF-1.4\n1 0 obj "), strings.Repeat("[", 100_000)...)},
		"objects":      {"no_invoice_xml", append([]byte("%PDF-1.4\n"), strings.Repeat("1 0 obj (", 20_000)...)},
		"dictionaries": {"no_invoice_xml", append([]byte("%PDF-1.4\n"), strings.Repeat("1 0 obj<</A", 20_000)...)},
		"streams":      {"no_invoice_xml", append([]byte("%PDF-1.4\n"), strings.Repeat("1 0 obj<<>>stream ", 20_000)...)},
		"trailers":     {"no_invoice_xml", append([]byte("%PDF-1.4\n"), strings.Repeat("trailer<", 20_000)...)},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := pdf.ExtractXML(c.b)
			if feierabend.CodeOf(err) != c.code || feierabend.TextOf(err) == "" {
				t.Errorf("error %v, want %s with a text", err, c.code)
			}
		})
	}
}

func FuzzExtractXML(f *testing.F) {
	own, _ := render(f, document(f, "01-standard"))
	f.Add(own)
	f.Add(foreign(specOf2, stream("/Filter/FlateDecode", packed(f, sampleXML))))
	f.Add(foreign("<<>>", stream("", sampleXML), stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", packed(f, "5 0 "+specOf2))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, _, err := pdf.ExtractXML(b); err != nil && feierabend.KindOf(err) != feierabend.Invalid {
			t.Fatalf("error of kind %s", feierabend.KindOf(err))
		}
	})
}
