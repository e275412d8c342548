package signin

import (
	"crypto/rand"
	"strings"
)

// crockford is the alphabet of the typed code: no I, L, O, U, so that nothing
// read from a small screen is mistaken (Crockford base32).
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const codeLength = 8 // 40 bits (AUTH-05)

// newCode makes eight random characters.
func newCode() string {
	var b [codeLength]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = crockford[b[i]&31]
	}
	return string(b[:])
}

// showCode is how people read it: "K7Q2-M4XD".
func showCode(code string) string { return code[:4] + "-" + code[4:] }

// readCode takes a code as typed: any case, spaces and hyphens anywhere, O for 0
// and I or L for 1. ok is false for everything that cannot be a code.
func readCode(typed string) (code string, ok bool) {
	if len(typed) > 64 {
		return "", false
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case ' ', '-', '\t', '\u00a0', '–', '\u2011':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if !strings.ContainsRune(crockford, r) {
			return "", false
		}
		b.WriteRune(r)
	}
	return b.String(), b.Len() == codeLength
}
