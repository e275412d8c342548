package feierabend

import "strings"

// linkAlphabet is Crockford's base32: no I, L, O and U.
const linkAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// LinkCodeLen is the length of a link code: 13 characters hold 65 bits, more than can
// be guessed (NIST SP 800-63B-4: no rate limit is needed from 64 bits on).
const LinkCodeLen = 13

// LinkCode writes the first 65 bits of secret as a link code; secret has at least nine bytes.
func LinkCode(secret []byte) string {
	var b strings.Builder
	for i := range LinkCodeLen {
		n := 0
		for bit := i * 5; bit < i*5+5; bit++ {
			n = n<<1 | int(secret[bit/8]>>(7-bit%8)&1)
		}
		b.WriteByte(linkAlphabet[n])
	}
	return b.String()
}

// ShowLinkCode groups a code for people: "K7QF-2M9X-ATE4R".
func ShowLinkCode(code string) string {
	if len(code) != LinkCodeLen {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}

// MaxLinkCodes is how many candidates of one text are looked up.
const MaxLinkCodes = 4

// FindLinkCodes gives what could be a link code in a text, the last one first, in the
// form in which codes are compared. A code may be typed small, with blanks or without
// separators, and with I, L or O for 1 and 0. A bare word of 13 letters is none: real
// codes carry hyphens, and of those typed without them all but one in a hundred a digit.
func FindLinkCodes(text string) (found []string) {
	if len(text) > 1024 {
		return nil
	}
	words := strings.Fields(strings.NewReplacer("\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "-", "\u00a0", " ").Replace(text))
	for i := len(words) - 1; i >= 0 && len(found) < MaxLinkCodes; i-- {
		w := strings.Trim(words[i], ".,;:!?\"'„“”()*_")
		if c, ok := plainCode(w, LinkCodeLen, strings.Count(w, "-") == 2); ok {
			found = append(found, c)
			continue
		}
		if i < 2 {
			continue
		}
		a, b := strings.Trim(words[i-2], "„“\"'(*_"), words[i-1]
		if len(a) == 4 && len(b) == 4 && len(w) == 5 {
			if c, ok := plainCode(a+b+w, LinkCodeLen, false); ok {
				found = append(found, c)
			}
		}
	}
	return found
}

// plainCode reads one candidate of a length; grouped says that it came in its groups.
func plainCode(s string, length int, grouped bool) (code string, ok bool) {
	s = strings.ToUpper(strings.ReplaceAll(s, "-", ""))
	if len(s) != length {
		return "", false
	}
	digit := grouped
	out := []byte(s)
	for i, c := range out {
		if c >= '0' && c <= '9' {
			digit = true
		}
		switch c {
		case 'O':
			out[i] = '0'
		case 'I', 'L':
			out[i] = '1'
		}
		if strings.IndexByte(linkAlphabet, out[i]) < 0 {
			return "", false
		}
	}
	return string(out), digit
}
