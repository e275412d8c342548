package feierabend

import (
	"unicode"
	"unicode/utf8"
)

// Unseen says that a character is not seen, turns the direction of the line around or is
// none: such a one stands in no name of a firm or person. The soft hyphen, which copied
// names have, is let through.
func Unseen(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u00ad' || unicode.Is(unicode.Co, r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError
}
