package pdf

import "strconv"

// A4 in points; all coordinates here count from the top left corner.
const (
	pageWidth, pageHeight = 595.276, 841.89
	mm                    = 72 / 25.4
)

// page is a content stream being written.
type page struct {
	b            []byte
	fill, stroke rgb
	painted      bool // fill and stroke are set
}

func appendNum(b []byte, v float64) []byte {
	n := int64(v*1000 + 0.5)
	if v < 0 {
		n = int64(v*1000 - 0.5)
	}
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendInt(b, n/1000, 10)
	if f := n % 1000; f != 0 {
		b = append(b, '.', byte('0'+f/100), byte('0'+f/10%10), byte('0'+f%10))
		for b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
	}
	return b
}

func (p *page) op(o string, v ...float64) {
	for _, x := range v {
		p.b = append(appendNum(p.b, x), ' ')
	}
	p.b = append(append(p.b, o...), '\n')
}

func (p *page) color(fill, stroke rgb) {
	if !p.painted || p.fill != fill {
		p.op("rg", fill[0], fill[1], fill[2])
	}
	if !p.painted || p.stroke != stroke {
		p.op("RG", stroke[0], stroke[1], stroke[2])
	}
	p.fill, p.stroke, p.painted = fill, stroke, true
}

// rule draws a line of the given width.
func (p *page) rule(c rgb, x1, y1, x2, y2, width float64) {
	p.color(p.fill, c)
	p.op("w", width)
	p.op("m", x1, pageHeight-y1)
	p.op("l", x2, pageHeight-y2)
	p.op("S")
}

const hexDigits = "0123456789ABCDEF"

// text writes s with its base line at y; n is the number of the font resource.
func (p *page) text(n int, f *font, size, x, y float64, c rgb, s string) {
	if s == "" {
		return
	}
	p.color(c, p.stroke)
	b := append(p.b, "BT/F"...)
	b = strconv.AppendInt(b, int64(n), 10)
	b = append(appendNum(append(b, ' '), size), " Tf "...)
	b = append(appendNum(b, x), ' ')
	b = append(appendNum(b, pageHeight-y), " Td[<"...)
	count, last := len(f.width), -1
	for _, r := range s {
		g := int(f.glyph(r))
		if last >= 0 {
			if k := f.kern[last*count+g]; k != 0 {
				b = append(b, '>')
				b = strconv.AppendInt(b, -int64(k), 10)
				b = append(b, '<')
			}
		}
		b = append(b, hexDigits[g>>12&15], hexDigits[g>>8&15], hexDigits[g>>4&15], hexDigits[g&15])
		last = g
	}
	p.b = append(b, ">]TJ ET\n"...)
}

// modules draws a QR matrix as merged horizontal runs.
func (p *page) modules(x, y, size float64, n int, black func(x, y int) bool) {
	p.color(ink, p.stroke)
	m := size / float64(n)
	for j := range n {
		for i := 0; i < n; {
			if !black(i, j) {
				i++
				continue
			}
			k := i
			for k < n && black(k, j) {
				k++
			}
			p.op("re", x+float64(i)*m, pageHeight-y-float64(j+1)*m, float64(k-i)*m, m)
			i = k
		}
	}
	p.op("f")
}
