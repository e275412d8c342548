package pdf

import (
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// glyph gives the subset's glyph of a rune, 0 where it has none.
func (f *font) glyph(r rune) uint16 {
	if r >= 0 && int(r) < len(f.fast) {
		return f.fast[r]
	}
	return f.gid[r]
}

// covers reports whether every rune of s can be shown.
func (f *font) covers(s string) bool {
	for _, r := range s {
		if r != '\n' && f.glyph(r) == 0 {
			return false
		}
	}
	return true
}

// units is the width of s in 1/1000 of the size, kerned.
func (f *font) units(s string) int {
	t, _ := f.fit(s, math.MaxInt)
	return t
}

// fit adds up widths until they exceed the limit: the width so far, and the bytes
// before the rune that went beyond, len(s) where all fit.
func (f *font) fit(s string, limit int) (units, end int) {
	t, n, last := 0, len(f.width), -1
	for i, r := range s {
		g := int(f.glyph(r))
		t += int(f.width[g])
		if last >= 0 {
			t += int(f.kern[last*n+g])
		}
		if t > limit {
			return t, i
		}
		last = g
	}
	return t, len(s)
}

// measure is the width of s in points.
func (f *font) measure(s string, size float64) float64 { return float64(f.units(s)) * size / 1000 }

// wrap breaks s into lines of at most width points: at line breaks and spaces
// (not at no-break spaces), over-long words after - and / or, if need be, anywhere.
func (f *font) wrap(s string, size, width float64) (lines []string) {
	limit := int(width * 1000 / size)
	space := f.units(" ")
	for para := range strings.SplitSeq(s, "\n") {
		start, end, used := -1, 0, 0 // the current line is para[start:end]
		for at := 0; at < len(para); {
			if para[at] == ' ' {
				at++
				continue
			}
			stop := len(para)
			for i := at; i < len(para); i++ {
				if para[i] == ' ' && !sticky(para[at:i], para[i+1:]) {
					stop = i
					break
				}
			}
			w, _ := f.fit(para[at:stop], limit)
			if start >= 0 && used+space+w <= limit {
				end, used, at = stop, used+space+w, stop
				continue
			}
			if start >= 0 {
				lines = append(lines, para[start:end])
				start = -1
			}
			if w > limit {
				cut := f.breakWord(para[at:stop], limit)
				lines = append(lines, para[at:at+cut])
				at += cut
				continue
			}
			start, end, used, at = at, stop, w, stop
		}
		if start >= 0 {
			lines = append(lines, para[start:end])
		}
	}
	return lines
}

// sticky says that a space is no place to break: before % and €, after § and the
// like. A long chain of such words is broken all the same.
func sticky(before, after string) bool {
	if len(before) > 24 {
		return false
	}
	if strings.HasPrefix(after, "%") || strings.HasPrefix(after, "€") {
		return true
	}
	last := before[strings.LastIndexByte(before, ' ')+1:]
	switch last {
	case "§", "Abs.", "Satz", "Nr.", "Herr", "Frau", "Dr.":
		return true
	}
	return false
}

// breakWord says how many bytes of an over-long word fit: up to the last hyphen
// or slash, else up to the last rune.
func (f *font) breakWord(w string, limit int) int {
	_, cut := f.fit(w, limit)
	if soft := strings.LastIndexAny(w[:cut], "-/@."); soft > 0 {
		return soft + 1
	}
	if cut > 0 {
		return cut
	}
	_, n := utf8.DecodeRuneInString(w)
	return n
}

// composed joins letters with the marks after them (NFC): a ü typed on a Mac may
// come as u and two dots.
func composed(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r >= 0x300 && r < 0x370 }) {
		return norm.NFC.String(s)
	}
	return s
}

// showable replaces what a font lacks; .notdef glyphs are not allowed in PDF/A.
func showable(f *font, s string) string {
	s = composed(s)
	for _, r := range s {
		if r != '\n' && f.glyph(r) == 0 {
			return strings.Map(func(r rune) rune {
				switch {
				case r == '\n' || f.glyph(r) != 0:
					return r
				case r == '\t' || r == '\u2009' || r == '\u202F' || r == '\u2007':
					return ' '
				case r < ' ' || r == '\u00AD' || r == '\u200B' || r == '\u2011' || r == '\uFEFF' || r >= 0x300 && r < 0x370:
					return -1
				}
				return '?'
			}, s)
		}
	}
	return s
}
