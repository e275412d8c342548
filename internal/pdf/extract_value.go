package pdf

import (
	"bytes"
	"strconv"
	"unicode/utf16"
)

// The values of PDF syntax as ExtractXML needs them; real numbers, booleans and
// null become pdfOther.
type (
	pdfInt    int64
	pdfName   string
	pdfString []byte
	pdfArray  []any
	pdfDict   map[string]any
	pdfRef    int
	pdfOther  struct{}
)

// text decodes a text string: UTF-16BE with mark, UTF-8 with mark, else Latin.
func (s pdfString) text() string {
	if bytes.HasPrefix(s, []byte("\xfe\xff")) {
		var u []uint16
		for i := 2; i+1 < len(s); i += 2 {
			u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
		}
		return string(utf16.Decode(u))
	}
	return string(bytes.TrimPrefix(s, []byte("\xef\xbb\xbf")))
}

const maxNesting = 50

// pdfLexer reads one value after the other.
type pdfLexer struct {
	b   []byte
	pos int
}

func pdfSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func pdfDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (p *pdfLexer) space() {
	for p.pos < len(p.b) {
		switch c := p.b[p.pos]; {
		case pdfSpace(c):
			p.pos++
		case c == '%':
			for p.pos < len(p.b) && p.b[p.pos] != '\n' && p.b[p.pos] != '\r' {
				p.pos++
			}
		default:
			return
		}
	}
}

// value reads a value; ok is false at the end, on a closing bracket and on what is none.
func (p *pdfLexer) value(depth int) (v any, ok bool) {
	p.space()
	if p.pos >= len(p.b) || depth > maxNesting {
		return nil, false
	}
	switch c := p.b[p.pos]; {
	case c == '/':
		p.pos++
		return pdfName(p.name()), true
	case c == '(':
		return p.literal()
	case c == '<' && p.pos+1 < len(p.b) && p.b[p.pos+1] == '<':
		p.pos += 2
		return p.dict(depth)
	case c == '<':
		return p.hex()
	case c == '[':
		p.pos++
		return p.array(depth)
	case pdfDelimiter(c):
		return nil, false
	}
	return p.word()
}

func (p *pdfLexer) token() []byte {
	start := p.pos
	for p.pos < len(p.b) && !pdfSpace(p.b[p.pos]) && !pdfDelimiter(p.b[p.pos]) {
		p.pos++
	}
	return p.b[start:p.pos]
}

// name reads after the slash, with #xx escapes.
func (p *pdfLexer) name() string {
	t := p.token()
	if bytes.IndexByte(t, '#') < 0 {
		return string(t)
	}
	var out []byte
	for i := 0; i < len(t); i++ {
		if t[i] == '#' && i+2 < len(t) {
			if v, err := strconv.ParseUint(string(t[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, t[i])
	}
	return string(out)
}

// word is an integer, a reference "12 0 R", or something that we do not need.
func (p *pdfLexer) word() (any, bool) {
	t := p.token()
	if len(t) == 0 {
		return nil, false
	}
	n, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil {
		return pdfOther{}, true
	}
	save := p.pos
	p.space()
	if g := p.token(); len(g) > 0 && len(g) < 6 && bytes.Trim(g, "0123456789") == nil {
		p.space()
		if r := p.token(); string(r) == "R" && n >= 0 && n < 1<<31 {
			return pdfRef(n), true
		}
	}
	p.pos = save
	return pdfInt(n), true
}

func (p *pdfLexer) array(depth int) (any, bool) {
	var out pdfArray
	for {
		v, ok := p.value(depth + 1)
		if !ok {
			break
		}
		out = append(out, v)
	}
	if p.pos < len(p.b) && p.b[p.pos] == ']' {
		p.pos++
		return out, true
	}
	return nil, false
}

func (p *pdfLexer) dict(depth int) (any, bool) {
	out := pdfDict{}
	for {
		k, ok := p.value(depth + 1)
		if !ok {
			break
		}
		v, ok := p.value(depth + 1)
		if !ok {
			break
		}
		if name, isName := k.(pdfName); isName {
			out[string(name)] = v
		}
	}
	if bytes.HasPrefix(p.b[min(p.pos, len(p.b)):], []byte(">>")) {
		p.pos += 2
		return out, true
	}
	return nil, false
}

func (p *pdfLexer) hex() (any, bool) {
	end := bytes.IndexByte(p.b[p.pos:], '>')
	if end < 0 {
		p.pos = len(p.b)
		return nil, false
	}
	var digits []byte
	for _, c := range p.b[p.pos+1 : p.pos+end] {
		if !pdfSpace(c) {
			digits = append(digits, c)
		}
	}
	p.pos += end + 1
	if len(digits)%2 == 1 {
		digits = append(digits, '0')
	}
	out := make(pdfString, 0, len(digits)/2)
	for i := 0; i < len(digits); i += 2 {
		v, err := strconv.ParseUint(string(digits[i:i+2]), 16, 8)
		if err != nil {
			return nil, false
		}
		out = append(out, byte(v))
	}
	return out, true
}

// literal reads "(…)" with nested brackets and escapes.
func (p *pdfLexer) literal() (any, bool) {
	var out pdfString
	open := 0
	for ; p.pos < len(p.b); p.pos++ {
		c := p.b[p.pos]
		switch c {
		case '(':
			if open++; open == 1 {
				continue
			}
		case ')':
			if open--; open == 0 {
				p.pos++
				return out, true
			}
		case '\\':
			p.pos++
			if p.pos >= len(p.b) {
				return nil, false
			}
			out = p.escape(out)
			continue
		}
		out = append(out, c)
	}
	return nil, false
}

func (p *pdfLexer) escape(out pdfString) pdfString {
	c := p.b[p.pos]
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case '\n', '\r':
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := 0
	for i := 0; i < 3 && p.pos < len(p.b) && p.b[p.pos] >= '0' && p.b[p.pos] <= '7'; i++ {
		v = v*8 + int(p.b[p.pos]-'0')
		p.pos++
	}
	p.pos--
	return append(out, byte(v))
}
