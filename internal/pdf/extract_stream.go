package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
)

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
	if d.work <= 0 {
		return nil, start
	}
	i := bytes.Index(d.data[start:], []byte("endstream"))
	if i < 0 {
		d.work -= len(d.data) - start
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
