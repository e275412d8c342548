package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// typeface is a parsed TrueType font (glyf outlines). Only our own embedded
// fonts are read, so offsets are trusted and a bad one is a panic turned error.
type typeface struct {
	table                    map[string][]byte
	unitsPerEm               int
	numHMetrics              int
	ascent, descent, capital int
	box                      [4]int
	longLoca                 bool
	cmap                     map[rune]uint16
	psName                   string
}

func u16(b []byte) int { return int(binary.BigEndian.Uint16(b)) }
func i16(b []byte) int { return int(int16(binary.BigEndian.Uint16(b))) }
func u32(b []byte) int { return int(binary.BigEndian.Uint32(b)) }

func parseTypeface(b []byte, psName string) (f *typeface, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("parse font %s: %v", psName, r)
		}
	}()
	if u32(b) != 0x00010000 {
		return nil, errors.New("parse font " + psName + ": not TrueType")
	}
	f = &typeface{table: map[string][]byte{}, cmap: map[rune]uint16{}, psName: psName}
	for i := range u16(b[4:]) {
		r := b[12+16*i:]
		at, length := u32(r[8:]), u32(r[12:])
		f.table[string(r[:4])] = b[at : at+length]
	}
	head, hhea := f.table["head"], f.table["hhea"]
	f.unitsPerEm, f.longLoca = u16(head[18:]), u16(head[50:]) == 1
	for i := range f.box {
		f.box[i] = i16(head[36+2*i:])
	}
	f.ascent, f.descent, f.numHMetrics = i16(hhea[4:]), i16(hhea[6:]), u16(hhea[34:])
	if o := f.table["OS/2"]; u16(o) >= 2 {
		f.capital = i16(o[88:])
	}
	c := f.table["cmap"]
	for i := range u16(c[2:]) {
		f.readCmap(c[u32(c[8+8*i:]):])
	}
	return f, nil
}

func (f *typeface) readCmap(s []byte) {
	switch u16(s) {
	case 4:
		n := u16(s[6:]) / 2
		for k := range n {
			end, start := u16(s[14+2*k:]), u16(s[16+2*n+2*k:])
			delta, offset := u16(s[16+4*n+2*k:]), u16(s[16+6*n+2*k:])
			for r := start; r <= end && r < 0xffff; r++ {
				g := 0
				if offset == 0 {
					g = (r + delta) & 0xffff
				} else if g = u16(s[16+6*n+2*k+offset+2*(r-start):]); g != 0 {
					g = (g + delta) & 0xffff
				}
				if g != 0 {
					f.cmap[rune(r)] = uint16(g)
				}
			}
		}
	case 12:
		for k := range u32(s[12:]) {
			r := s[16+12*k:]
			for x := u32(r); x <= u32(r[4:]); x++ {
				f.cmap[rune(x)] = uint16(u32(r[8:]) + x - u32(r))
			}
		}
	}
}

func (f *typeface) advance(g int) int {
	return u16(f.table["hmtx"][4*min(g, f.numHMetrics-1):])
}

func (f *typeface) bearing(g int) int {
	if g < f.numHMetrics {
		return i16(f.table["hmtx"][4*g+2:])
	}
	return i16(f.table["hmtx"][4*f.numHMetrics+2*(g-f.numHMetrics):])
}

func (f *typeface) glyph(g int) []byte {
	l := f.table["loca"]
	if f.longLoca {
		return f.table["glyf"][u32(l[4*g:]):u32(l[4*g+4:])]
	}
	return f.table["glyf"][2*u16(l[2*g:]) : 2*u16(l[2*g+2:])]
}
