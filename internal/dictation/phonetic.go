package dictation

import (
	"strings"
	"unicode/utf8"
)

var (
	soundLetters = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "s", "ph", "f", "pf", "f")
	stemLetters  = strings.NewReplacer("äu", "au", "ä", "a", "ö", "o", "ü", "u", "ß", "ss")
)

// cologne is the Kölner Phonetik code of a lower-case word: words that sound alike share it.
func cologne(w string) string {
	r := []rune(soundLetters.Replace(w))
	var out []byte
	last := byte(0)
	for i, c := range r {
		var prev, next rune
		if i > 0 {
			prev = r[i-1]
		}
		if i+1 < len(r) {
			next = r[i+1]
		}
		for _, code := range []byte(soundOf(c, prev, next)) {
			if code != last && (code != '0' || len(out) == 0) {
				out = append(out, code)
			}
			last = code
		}
	}
	return string(out)
}

func soundOf(c, prev, next rune) string {
	in := func(x rune, s string) bool { return x != 0 && strings.ContainsRune(s, x) }
	switch {
	case in(c, "aeijouy"):
		return "0"
	case c == 'b' || c == 'p':
		return "1"
	case in(c, "dt"):
		if in(next, "csz") {
			return "8"
		}
		return "2"
	case in(c, "fvw"):
		return "3"
	case in(c, "gkq"):
		return "4"
	case c == 'c':
		if prev == 0 && in(next, "ahkloqrux") || prev != 0 && in(next, "ahkoqux") && !in(prev, "sz") {
			return "4"
		}
		return "8"
	case c == 'x':
		if in(prev, "ckq") {
			return "8"
		}
		return "48"
	case c == 'l':
		return "5"
	case in(c, "mn"):
		return "6"
	case c == 'r':
		return "7"
	case in(c, "sz"):
		return "8"
	}
	return ""
}

// distance is the Damerau-Levenshtein distance (adjacent swaps count one).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	prev2, prev, cur := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(y)]
}

// stem cuts endings and umlauts of plurals: "Ventile", "Köpfe", "Steckdosen".
func stem(w string) string {
	w = stemLetters.Replace(w)
	for _, end := range []string{"ern", "en", "er", "es", "e", "n", "s"} {
		if b, cut := strings.CutSuffix(w, end); cut && len(b) >= 3 {
			return b
		}
	}
	return w
}

// form is a word with what its comparison needs, worked out once.
type form struct {
	w, stem, sound string
	runes          int
}

func newForm(w string) form {
	f := form{w: w, stem: stem(w), runes: utf8.RuneCountInString(w)}
	f.sound = cologne(f.stem)
	return f
}

// alike says whether a said word may be the misheard form of a known one.
func alike(said, known form) bool {
	n := known.runes
	if n < 5 || abs(said.runes-n) > 2 {
		return false
	}
	a, b := said.stem, known.stem
	if a == b {
		return true
	}
	if n < 8 && said.sound != known.sound {
		return false
	}
	d := distance(a, b)
	if said.sound == known.sound && d <= 2+n/8 && (n >= 7 || d <= 1) {
		return true
	}
	return n >= 8 && d <= 1 || n >= 12 && d <= 2
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
