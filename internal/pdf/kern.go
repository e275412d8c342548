package pdf

// kernTable reads the pair adjustments of the face's GPOS feature "kern" for the
// glyphs of a subset: out[left*n+right] in 1/1000 em, clamped to int8. Lookup
// types 2 (pair) and 9 (extension of it) are read, in lookup order: the first
// subtable that knows the pair decides.
func (f *typeface) kernTable(glyphs []int) []int8 {
	n := len(glyphs)
	out := make([]int8, n*n)
	gpos := f.table["GPOS"]
	if len(gpos) < 10 {
		return out
	}
	done := make([]bool, n*n)
	set := func(l, r, v int) {
		if i := l*n + r; !done[i] {
			done[i] = true
			out[i] = int8(max(-127, min(127, v*1000/f.unitsPerEm)))
		}
	}
	newOf := make(map[int][]int, n)
	for i, g := range glyphs {
		newOf[g] = append(newOf[g], i)
	}
	lookups := gpos[u16(gpos[8:]):]
	for _, k := range kernLookups(gpos) {
		l := lookups[u16(lookups[2+2*k:]):]
		for i := range u16(l[4:]) {
			kind, s := u16(l), l[u16(l[6+2*i:]):]
			if kind == 9 {
				kind, s = u16(s[2:]), s[u32(s[4:]):]
			}
			if kind == 2 {
				readPairs(s, glyphs, newOf, set)
			}
		}
	}
	return out
}

// kernLookups lists the lookups of all features named kern, ascending.
func kernLookups(gpos []byte) (out []int) {
	features := gpos[u16(gpos[6:]):]
	seen := map[int]bool{}
	for i := range u16(features) {
		r := features[2+6*i:]
		if string(r[:4]) != "kern" {
			continue
		}
		t := features[u16(r[4:]):]
		for k := range u16(t[2:]) {
			if x := u16(t[4+2*k:]); !seen[x] {
				seen[x] = true
				out = append(out, x)
			}
		}
	}
	return out
}

// readPairs reads a PairPos subtable, format 1 (pairs) or 2 (classes).
func readPairs(s []byte, glyphs []int, newOf map[int][]int, set func(l, r, v int)) {
	first, format2 := u16(s[4:]), u16(s[6:])
	size1, size2 := valueSize(first), valueSize(format2)
	if first&4 == 0 { // no advance of the left glyph
		return
	}
	at := 2 * popcount(first&3) // XPlacement, YPlacement come before XAdvance
	cover := coverage(s[u16(s[2:]):])
	if u16(s) == 1 {
		for left, g := range glyphs {
			c, ok := cover[g]
			if !ok {
				continue
			}
			ps := s[u16(s[10+2*c:]):]
			for i := range u16(ps) {
				r := ps[2+i*(2+size1+size2):]
				for _, right := range newOf[u16(r)] {
					set(left, right, i16(r[2+at:]))
				}
			}
		}
		return
	}
	class1, class2, count2 := classes(s[u16(s[8:]):]), classes(s[u16(s[10:]):]), u16(s[14:])
	for left, g := range glyphs {
		if _, ok := cover[g]; !ok {
			continue
		}
		row := s[16+class1[g]*count2*(size1+size2):]
		for right, h := range glyphs {
			set(left, right, i16(row[class2[h]*(size1+size2)+at:]))
		}
	}
}

func popcount(x int) (n int) {
	for ; x != 0; x &= x - 1 {
		n++
	}
	return n
}

func valueSize(format int) int { return 2 * popcount(format&0xff) }

func coverage(c []byte) map[int]int {
	m := map[int]int{}
	for i := range u16(c[2:]) {
		if u16(c) == 1 {
			m[u16(c[4+2*i:])] = i
			continue
		}
		r := c[4+6*i:]
		for g := u16(r); g <= u16(r[2:]); g++ {
			m[g] = u16(r[4:]) + g - u16(r)
		}
	}
	return m
}

func classes(c []byte) map[int]int {
	m := map[int]int{}
	if u16(c) == 1 {
		for i := range u16(c[4:]) {
			m[u16(c[2:])+i] = u16(c[6+2*i:])
		}
		return m
	}
	for i := range u16(c[2:]) {
		r := c[4+6*i:]
		for g := u16(r); g <= u16(r[2:]); g++ {
			m[g] = u16(r[4:])
		}
	}
	return m
}
