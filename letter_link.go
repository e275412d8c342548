package feierabend

import (
	"slices"
	"strings"
	"unicode"
)

// apart is a narrow space that no line is broken at (U+202F). It is hardly seen, and in
// none of the address patterns of mail programs; that of Android excludes it by name.
const apart = '\u202f'

// unlinked breaks what mail programs make a link of by themselves: "boese.example",
// "www.boese.example", "http://…", "93.184.216.34". A narrow space stands behind the dot,
// so that real names ("Meier.Bau GmbH", "Küchen.de", "a.s.r. Haustechnik") stay readable.
// Dates, amounts, abbreviations and mail addresses are no such thing.
func unlinked(s string) string {
	if !strings.ContainsAny(s, ".。．｡:") {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		if !strings.Contains(w, "@") || strings.ContainsAny(w, "/:") {
			words[i] = unlinkedWord([]rune(w))
		}
	}
	return strings.Join(words, " ")
}

func unlinkedWord(w []rune) string {
	numbers := numbersOnly(w)
	var b strings.Builder
	for i, r := range w {
		b.WriteRune(r)
		rest := w[i+1:]
		switch {
		case i == 0 || len(rest) == 0:
		case r == ':' && len(rest) > 1 && rest[0] == '/' && rest[1] == '/':
			b.WriteRune(apart)
		case isDot(r) && isLabel(w[i-1]) && (numbers || beginsName(rest)):
			b.WriteRune(apart)
		}
	}
	return b.String()
}

func isDot(r rune) bool { return r == '.' || r == '。' || r == '．' || r == '｡' }

func isLabel(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' }

// beginsName says that a label of at least two characters, one of them a letter, follows.
func beginsName(rest []rune) bool {
	end := slices.IndexFunc(rest, func(r rune) bool { return !isLabel(r) })
	if end < 0 {
		end = len(rest)
	}
	return end > 1 && slices.ContainsFunc(rest[:end], unicode.IsLetter)
}

// numbersOnly says that a word has four numbers with dots between them, as addresses of
// machines have.
func numbersOnly(w []rune) bool {
	parts := strings.FieldsFunc(strings.TrimRight(string(w), ".,;:!?)"), isDot)
	if len(parts) < 4 {
		return false
	}
	for _, p := range parts[:3] {
		if strings.Trim(p, "(0123456789") != "" {
			return false
		}
	}
	return true
}
