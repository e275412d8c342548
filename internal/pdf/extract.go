package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
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
	d := &pdfReader{data: b, objects: map[int]*pdfObject{}, budget: maxUnpacked}
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
		p := &pdfLexer{b: d.data, pos: pos}
		v, ok := p.value(0)
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
	for rest := d.data; ; {
		i := bytes.Index(rest, []byte("trailer"))
		if i < 0 {
			break
		}
		rest = rest[i+7:]
		p := &pdfLexer{b: rest}
		if v, ok := p.value(0); ok {
			if t, ok := v.(pdfDict); ok && t["Encrypt"] != nil {
				d.encrypted = true
			}
		}
	}
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

// streamAt gives the bytes after "stream": by Length where endstream follows
// there, else up to the next endstream.
func (d *pdfReader) streamAt(dict pdfDict, p *pdfLexer) ([]byte, int) {
	p.space()
	if !bytes.HasPrefix(d.data[p.pos:], []byte("stream")) {
		return nil, p.pos
	}
	start := p.pos + len("stream")
	if bytes.HasPrefix(d.data[start:], []byte("\r\n")) {
		start += 2
	} else if start < len(d.data) && (d.data[start] == '\n' || d.data[start] == '\r') {
		start++
	}
	if n, ok := dict["Length"].(pdfInt); ok && n >= 0 && int(n) <= len(d.data)-start {
		tail := d.data[start+int(n):]
		if bytes.HasPrefix(bytes.TrimLeft(tail[:min(len(tail), 16)], "\r\n "), []byte("endstream")) {
			return d.data[start : start+int(n)], start + int(n)
		}
	}
	i := bytes.Index(d.data[start:], []byte("endstream"))
	if i < 0 {
		return nil, start
	}
	return d.data[start : start+i], start + i
}

// unpack decodes FlateDecode or no filter, within the budget.
func (d *pdfReader) unpack(o *pdfObject) ([]byte, bool) {
	dict, _ := o.value.(pdfDict)
	filter := d.resolve(dict["Filter"])
	if list, ok := filter.(pdfArray); ok {
		switch len(list) {
		case 0:
			filter = nil
		case 1:
			filter = d.resolve(list[0])
		default:
			return nil, false
		}
	}
	if parms, ok := d.resolve(dict["DecodeParms"]).(pdfDict); ok {
		if p, ok := parms["Predictor"].(pdfInt); ok && p > 1 {
			return nil, false
		}
	}
	switch filter {
	case nil:
		return o.stream, true
	case pdfName("FlateDecode"), pdfName("Fl"):
	default:
		return nil, false
	}
	z, err := zlib.NewReader(bytes.NewReader(o.stream))
	if err != nil {
		return nil, false
	}
	out, err := io.ReadAll(io.LimitReader(z, int64(d.budget)+1))
	if len(out) > d.budget {
		return nil, false
	}
	d.budget -= len(out)
	// A wrong checksum at the very end is common and harmless; a short stream is not.
	return out, err == nil || errors.Is(err, zlib.ErrChecksum)
}

// unpackObjectStreams adds the objects inside /Type/ObjStm (PDF 1.5), which do
// not replace objects that stand in the file itself.
func (d *pdfReader) unpackObjectStreams() {
	for _, n := range append([]int(nil), d.order...) {
		o := d.objects[n]
		dict, ok := o.value.(pdfDict)
		if !ok || dict["Type"] != pdfName("ObjStm") || o.stream == nil {
			continue
		}
		count, _ := d.resolve(dict["N"]).(pdfInt)
		first, _ := d.resolve(dict["First"]).(pdfInt)
		data, ok := d.unpack(o)
		if !ok || first < 0 || int(first) > len(data) {
			continue
		}
		head := &pdfLexer{b: data[:first]}
		for range min(int(count), maxObjects) {
			num, ok1 := head.value(0)
			off, ok2 := head.value(0)
			k, isNum := num.(pdfInt)
			at, isOff := off.(pdfInt)
			if !ok1 || !ok2 || !isNum || !isOff || at < 0 || int(at) > len(data)-int(first) {
				break
			}
			p := &pdfLexer{b: data, pos: int(first) + int(at)}
			if v, ok := p.value(0); ok && d.objects[int(k)] == nil {
				d.put(int(k), &pdfObject{value: v})
			}
		}
	}
}
