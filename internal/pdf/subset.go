package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// font is an embeddable subset, immutable and shared by all documents.
type font struct {
	face    *typeface
	gid     map[rune]uint16 // rune → glyph of the subset
	fast    [0x250]uint16   // the same for Latin, without a map
	width   []uint16        // per glyph, 1/1000 em
	kern    []int8          // pair adjustment left*len(width)+right, 1/1000 em
	name    string
	file    []byte // FontFile2, deflated
	length  int    // of FontFile2 before
	toUni   []byte // ToUnicode, deflated
	widths  []byte // W array
	subset  []int  // glyph of the subset → glyph of the face
	capital float64
}

// subsetter collects glyphs: those asked for, then the parts of composites.
type subsetter struct {
	face  *typeface
	newOf map[int]int
	order []int
}

func (s *subsetter) add(g int) int {
	if n, ok := s.newOf[g]; ok {
		return n
	}
	s.newOf[g] = len(s.order)
	s.order = append(s.order, g)
	return len(s.order) - 1
}

// makeFont keeps the given runes; runes that the face lacks are left out.
// Hinting is dropped, composites are followed.
func (f *typeface) makeFont(runes []rune) *font {
	s := &subsetter{f, map[int]int{0: 0}, []int{0}}
	ft := &font{face: f, gid: map[rune]uint16{}}
	var unicode [][2]int
	runes = slices.Clone(runes)
	slices.Sort(runes)
	for _, r := range slices.Compact(runes) {
		g, ok := f.cmap[r]
		if !ok {
			continue
		}
		n := s.add(int(g))
		ft.gid[r] = uint16(n)
		if int(r) < len(ft.fast) {
			ft.fast[r] = uint16(n)
		}
		unicode = append(unicode, [2]int{n, int(r)})
	}
	glyf, loca, hmtx := s.outlines()
	file := f.assemble(glyf, loca, hmtx, len(s.order))
	for _, g := range s.order {
		ft.width = append(ft.width, uint16((f.advance(g)*1000+f.unitsPerEm/2)/f.unitsPerEm))
	}
	ft.subset = s.order
	ft.length, ft.file = len(file), deflate(file, 9)
	ft.widths = widthArray(ft.width)
	ft.toUni = deflate(toUnicode(unicode), 9)
	ft.kern = f.kernTable(s.order)
	ft.capital = float64(f.capital) / float64(f.unitsPerEm)
	h := checksum(file)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + byte(h%26)
		h /= 26
	}
	ft.name = string(tag) + "+" + f.psName
	return ft
}

// outlines copies the glyphs; order grows while composites are resolved.
func (s *subsetter) outlines() (glyf, loca, hmtx []byte) {
	be := binary.BigEndian
	for i := 0; i < len(s.order); i++ {
		g := s.order[i]
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		hmtx = be.AppendUint16(hmtx, uint16(s.face.advance(g)))
		hmtx = be.AppendUint16(hmtx, uint16(s.face.bearing(g)))
		d := s.face.glyph(g)
		switch {
		case len(d) == 0:
			continue
		case i16(d) >= 0: // simple: cut the instructions
			p := 10 + 2*i16(d)
			glyf = append(glyf, d[:p]...)
			glyf = append(glyf, 0, 0)
			glyf = append(glyf, d[p+2+u16(d[p:]):]...)
		default:
			glyf = append(glyf, s.composite(d)...)
		}
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	return glyf, be.AppendUint32(loca, uint32(len(glyf))), hmtx
}

func (s *subsetter) composite(d []byte) []byte {
	be := binary.BigEndian
	c := slices.Clone(d)
	p := 10
	for {
		flags := u16(c[p:])
		be.PutUint16(c[p+2:], uint16(s.add(u16(c[p+2:]))))
		be.PutUint16(c[p:], uint16(flags&^0x100)) // no instructions
		p += 6
		if flags&1 != 0 {
			p += 2
		}
		switch {
		case flags&8 != 0:
			p += 2
		case flags&0x40 != 0:
			p += 4
		case flags&0x80 != 0:
			p += 8
		}
		if flags&0x20 == 0 {
			return c[:p]
		}
	}
}

func (f *typeface) assemble(glyf, loca, hmtx []byte, n int) []byte {
	be := binary.BigEndian
	head, hhea, maxp := slices.Clone(f.table["head"]), slices.Clone(f.table["hhea"]), slices.Clone(f.table["maxp"])
	copy(head[8:12], []byte{0, 0, 0, 0})
	be.PutUint16(head[50:], 1) // long loca
	be.PutUint16(hhea[34:], uint16(n))
	be.PutUint16(maxp[4:], uint16(n))
	tables := []struct {
		tag  string
		data []byte
	}{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}}
	out := []byte{0, 1, 0, 0, 0, byte(len(tables)), 0, 64, 0, 2, 0, 32}
	offset := 12 + 16*len(tables)
	for _, t := range tables {
		out = append(out, t.tag...)
		out = be.AppendUint32(out, checksum(t.data))
		out = be.AppendUint32(out, uint32(offset))
		out = be.AppendUint32(out, uint32(len(t.data)))
		offset += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

func widthArray(width []uint16) []byte {
	b := []byte("[0[")
	for i, w := range width {
		if i > 0 {
			b = append(b, ' ')
		}
		b = fmt.Append(b, w)
	}
	return append(b, "]]"...)
}

func toUnicode(pairs [][2]int) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n")
	for chunk := range slices.Chunk(pairs, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(chunk))
		for _, u := range chunk {
			fmt.Fprintf(&b, "<%04X><%04X>\n", u[0], u[1])
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap CMapName currentdict/CMap defineresource pop end end")
	return b.Bytes()
}

func checksum(b []byte) (sum uint32) {
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	if len(b) > 0 {
		var t [4]byte
		copy(t[:], b)
		sum += binary.BigEndian.Uint32(t[:])
	}
	return sum
}
