package einvoice

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"feierabend"
)

// xmlWriter appends elements to a byte slice. Elements without a value are left
// out: XRechnung forbids empty ones (PEPPOL-EN16931-R008).
type xmlWriter struct{ b []byte }

// open writes a start tag; tag may carry attributes whose values need no escaping.
func (w *xmlWriter) open(tag string) { w.b = append(append(append(w.b, '<'), tag...), '>') }

// close writes the end tag of what open got.
func (w *xmlWriter) close(tag string) {
	if i := strings.IndexByte(tag, ' '); i > 0 {
		tag = tag[:i]
	}
	w.b = append(append(append(w.b, "</"...), tag...), '>')
}

// text writes an element with text, or nothing where there is only white space.
func (w *xmlWriter) text(tag, s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	w.open(tag)
	w.escape(s)
	w.close(tag)
}

// attr writes an element with text and one attribute whose value comes from outside.
func (w *xmlWriter) attr(tag, name, value, s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	w.b = append(append(append(append(append(w.b, '<'), tag...), ' '), name...), `="`...)
	w.escape(value)
	w.b = append(w.b, `">`...)
	w.escape(s)
	w.close(tag)
}

// wrapped writes <outer><inner>text</inner></outer>, or nothing.
func (w *xmlWriter) wrapped(outer, inner, s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	w.open(outer)
	w.text(inner, s)
	w.close(outer)
}

func (w *xmlWriter) cents(tag string, c feierabend.Cents) {
	w.open(tag)
	w.b = appendCents(w.b, c)
	w.close(tag)
}

func (w *xmlWriter) dec(tag string, d feierabend.Dec4) {
	w.open(tag)
	w.b = appendDec(w.b, d)
	w.close(tag)
}

// escape writes character data; what XML 1.0 cannot hold is dropped.
func (w *xmlWriter) escape(s string) {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '<':
			w.b = append(w.b, "&lt;"...)
		case c == '>':
			w.b = append(w.b, "&gt;"...)
		case c == '&':
			w.b = append(w.b, "&amp;"...)
		case c == '"':
			w.b = append(w.b, "&quot;"...)
		case c < 0x20 && c != '\n' && c != '\t':
		case c == 0xEF && strings.HasPrefix(s[i:], "\uFFFE"), c == 0xEF && strings.HasPrefix(s[i:], "\uFFFF"):
			i += 2
		default:
			w.b = append(w.b, c)
		}
	}
}

func appendInt(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

func appendCents(b []byte, c feierabend.Cents) []byte {
	if c < 0 {
		b = append(b, '-')
		c = -c
	}
	b = appendInt(b, int64(c)/100)
	return append(b, '.', byte('0'+c/10%10), byte('0'+c%10))
}

func appendDec(b []byte, d feierabend.Dec4) []byte {
	if d < 0 {
		b = append(b, '-')
		d = -d
	}
	b = appendInt(b, int64(d)/10_000)
	f := int64(d) % 10_000
	if f == 0 {
		return b
	}
	b = append(b, '.', byte('0'+f/1000), byte('0'+f/100%10), byte('0'+f/10%10), byte('0'+f%10))
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}
