package pdf

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"feierabend"
)

// Limits of ExtractXML.
const (
	maxPDF      = 64 << 20 // bytes of the file
	maxUnpacked = 32 << 20 // bytes of all unpacked streams together
	maxObjects  = 200_000
)

// invoiceNames are the attachments that hold an invoice: Factur-X and ZUGFeRD 2,
// XRechnung, ZUGFeRD 1 and 2.0.
func invoiceName(s string) bool {
	switch strings.ToLower(s) {
	case "factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml":
		return true
	}
	return false
}

// ExtractXML finds the e-invoice inside a PDF of anybody and gives its file name
// and bytes. It reads the objects one after the other and not the cross
// reference, so it also reads repaired and incrementally saved files; of objects
// written twice the last one counts. Encrypted files are an error, as are files
// with no or several different invoices. Errors are Invalid and hold no content.
func ExtractXML(b []byte) (name string, xml []byte, err error) {
	if len(b) > maxPDF {
		return "", nil, noInvoice("pdf_too_large", "Die Datei ist größer als 64 MB und wurde nicht gelesen.")
	}
	if i := bytes.Index(b[:min(len(b), 1024)], []byte("%PDF-")); i < 0 {
		return "", nil, noInvoice("not_a_pdf", "Die Datei ist kein PDF.")
	}
	d := &pdfReader{data: b, objects: map[int]*pdfObject{}, budget: maxUnpacked, work: 4*len(b) + 1<<20}
	d.scan()
	if d.encrypted {
		return "", nil, noInvoice("pdf_encrypted", "Das PDF ist verschlüsselt und kann nicht gelesen werden.")
	}
	d.unpackObjectStreams()
	for _, n := range d.order {
		spec, ok := d.objects[n].value.(pdfDict)
		if !ok {
			continue
		}
		ef, ok := d.resolve(spec["EF"]).(pdfDict)
		if !ok {
			continue
		}
		file := d.fileName(spec)
		if !invoiceName(file) {
			continue
		}
		ref, _ := firstOf(ef, "UF", "F").(pdfRef)
		o := d.objects[int(ref)]
		if o == nil || o.stream == nil {
			continue
		}
		data, ok := d.unpack(o)
		switch {
		case !ok:
			return "", nil, noInvoice("attachment_broken", "Die Rechnungsdatei im PDF ist beschädigt.")
		case xml != nil && !bytes.Equal(xml, data):
			return "", nil, noInvoice("several_invoices", "Im PDF stecken mehrere verschiedene Rechnungsdateien.")
		}
		name, xml = file, data
	}
	if xml == nil {
		return "", nil, noInvoice("no_invoice_xml", "In diesem PDF steckt keine E-Rechnung. Es ist ein gewöhnliches PDF.")
	}
	return name, xml, nil
}

func noInvoice(code, text string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: text, Err: errors.New("read invoice from PDF")}
}

// pdfReader holds what was found in one file.
type pdfReader struct {
	data      []byte
	objects   map[int]*pdfObject
	order     []int // numbers in the order of their last definition
	encrypted bool
	budget    int // bytes that may still be unpacked
	work      int // bytes that may still be read in vain: bounds the cost of hostile files
}

// pdfObject is an indirect object; stream is nil where it has none.
type pdfObject struct {
	value  any
	stream []byte
}

func (d *pdfReader) put(n int, o *pdfObject) {
	if _, ok := d.objects[n]; !ok {
		if len(d.objects) >= maxObjects {
			return
		}
		d.order = append(d.order, n)
	}
	d.objects[n] = o
}

func firstOf(m pdfDict, keys ...string) any {
	for _, k := range keys {
		if v, ok := m[k]; ok {
			return v
		}
	}
	return nil
}

// resolve follows one reference.
func (d *pdfReader) resolve(v any) any {
	if r, ok := v.(pdfRef); ok {
		if o := d.objects[int(r)]; o != nil {
			return o.value
		}
		return nil
	}
	return v
}

func (d *pdfReader) fileName(spec pdfDict) string {
	for _, k := range []string{"UF", "F"} {
		if s, ok := d.resolve(spec[k]).(pdfString); ok {
			return s.text()
		}
	}
	return ""
}

// scan walks over "n g obj … endobj" from the start of the file to its end.
func (d *pdfReader) scan() {
	pos := 0
	for {
		i := bytes.Index(d.data[pos:], []byte("obj"))
		if i < 0 {
			break
		}
		at := pos + i
		pos = at + 3
		n, ok := objectNumber(d.data, at)
		if !ok {
			continue
		}
		v, p, ok := d.valueAt(pos)
		if !ok {
			continue
		}
		o := &pdfObject{value: v}
		end := p.pos
		if dict, isDict := v.(pdfDict); isDict {
			o.stream, end = d.streamAt(dict, p)
			if dict["Type"] == pdfName("XRef") && dict["Encrypt"] != nil {
				d.encrypted = true
			}
		}
		d.put(n, o)
		pos = max(pos, end)
	}
	for pos = 0; ; {
		i := bytes.Index(d.data[pos:], []byte("trailer"))
		if i < 0 {
			break
		}
		pos += i + len("trailer")
		if v, _, ok := d.valueAt(pos); ok {
			if t, ok := v.(pdfDict); ok && t["Encrypt"] != nil {
				d.encrypted = true
			}
		}
	}
}

// valueAt reads a value within the budget of wasted work.
func (d *pdfReader) valueAt(pos int) (any, *pdfLexer, bool) {
	p := &pdfLexer{b: d.data[:min(len(d.data), pos+max(d.work, 0))], pos: pos}
	v, ok := p.value(0)
	if !ok {
		d.work -= p.pos - pos
	}
	p.b = d.data
	return v, p, ok
}

// objectNumber reads "12 0 " backwards from the position of "obj".
func objectNumber(b []byte, at int) (int, bool) {
	back := func(i int, in func(byte) bool) int {
		for i > 0 && in(b[i-1]) {
			i--
		}
		return i
	}
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	i := back(at, pdfSpace)
	g := back(i, digit)
	s := back(g, pdfSpace)
	n := back(s, digit)
	if g == i || s == g || n == s || s-n > 9 {
		return 0, false
	}
	v, err := strconv.Atoi(string(b[n:s]))
	return v, err == nil
}
