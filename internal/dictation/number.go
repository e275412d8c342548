package dictation

import (
	"strconv"
	"strings"

	"feierabend"
)

// number is a number read at a token range [i,j).
type number struct {
	v    feierabend.Dec4
	i, j int
	art  bool // only the article "ein"
	frac bool // has a spoken fraction: halb, dreiviertel
	word bool // spoken as words
	pair bool // "acht neunzig", "58 Euro 90": surely money or a decimal
}

func (n number) whole() (int, bool) {
	if n.v%feierabend.One != 0 {
		return 0, false
	}
	return int(n.v / feierabend.One), true
}

var ones = map[string]int{
	"null": 0, "ein": 1, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
	"zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
}

var tens = map[string]int{
	"zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90,
}

// numberVariants bring dialect and recogniser spellings to the standard one; order matters.
var numberVariants = strings.NewReplacer(
	"fuffz", "fünfz", "fuchz", "fünfz", "fuffz", "fünfz", "fümf", "fünf", "fimf", "fünf", "finf", "fünf", "fuenf", "fünf", "zwoelf", "zwölf",
	"zwoa", "zwei", "zwoi", "zwei", "zwee", "zwei", "zwo", "zwei",
	"dreissich", "dreißig", "dreißich", "dreißig", "dreissig", "dreißig", "undreißig", "unddreißig", "undreissig", "unddreißig", "unddreißig", "unddreißig",
	"zich", "zig", "achzig", "achtzig", "achzehn", "achtzehn", "sechszehn", "sechzehn", "sechszig", "sechzig", "siebenzehn", "siebzehn", "siebenzig", "siebzig",
	"siebn", "sieben", "oans", "eins", "oins", "eins", "eens", "eins",
)

// standard brings a number word to its standard spelling.
func standard(w string) string {
	w = strings.ReplaceAll(numberVariants.Replace(strings.ReplaceAll(w, "-", "")), "zich", "zig")
	if base, cut := strings.CutSuffix(w, "zg"); cut && len(base) > 3 {
		w = base + "zig" // Bavarian "zwanzg"
	}
	return w
}

// wordNumber reads one spoken word: "eindreiviertel", "eintausendneunhundertachtzig".
func wordNumber(w string) (v feierabend.Dec4, frac, ok bool) {
	if w == "" || !strings.ContainsRune("nezdvfsahto", rune(w[0])) {
		return 0, false, false
	}
	w = standard(w)
	switch w {
	case "anderthalb", "anderthalbe", "anderthalben", "eineinhalb", "einundhalb", "einenhalben":
		return feierabend.One * 3 / 2, true, true
	case "halb", "halbe", "halber", "halben", "halbes", "halbn":
		return feierabend.One / 2, true, true
	case "dreiviertel":
		return feierabend.One * 3 / 4, true, true
	case "zwoar":
		return 0, false, false
	}
	for suffix, add := range map[string]feierabend.Dec4{"undeinhalb": 5000, "ranhalb": 5000, "anhalb": 5000, "nhalb": 5000, "einhalb": 5000, "dreiviertel": 7500, "einviertel": 2500} {
		if base, cut := strings.CutSuffix(w, suffix); cut && base != "" {
			if n, ok := wholeWord(base); ok {
				return feierabend.Dec(n) + add, true, true
			}
		}
	}
	if n, ok := wholeWord(w); ok {
		return feierabend.Dec(n), false, true
	}
	for _, e := range []string{"e", "er"} { // Bavarian "viere", "zehne"
		base, cut := strings.CutSuffix(w, e)
		if n, ok := ones[base]; cut && e == "e" && ok && n > 3 && n != 8 && n < 13 {
			return feierabend.Dec(n), false, true
		}
	}
	return 0, false, false
}

// wholeWord reads a whole number below a million.
func wholeWord(w string) (int, bool) {
	if a, b, cut := strings.Cut(w, "tausend"); cut {
		l, okL := below1000(a, 1)
		r, okR := below1000(strings.TrimPrefix(b, "und"), 0)
		return l*1000 + r, okL && okR && l > 0
	}
	return below1000(w, -1)
}

// below1000 reads up to 999 (and "zwölfhundert"); empty counts as def, or is none when def < 0.
func below1000(w string, def int) (int, bool) {
	if w == "" {
		return def, def >= 0
	}
	if a, b, cut := strings.Cut(w, "hundert"); cut {
		l, okL := 1, true
		if a != "" {
			l, okL = ones[a], ones[a] > 0
		}
		r, okR := below100(strings.TrimPrefix(b, "und"), 0)
		return l*100 + r, okL && okR
	}
	return below100(w, def)
}

func below100(w string, def int) (int, bool) {
	if w == "" {
		return def, def >= 0
	}
	if n, ok := ones[w]; ok {
		return n, true
	}
	if n, ok := tens[w]; ok {
		return n, true
	}
	for word, t := range tens { // Bavarian "zwoarazwanzg"
		if prefix, cut := strings.CutSuffix(w, word); cut && !strings.HasSuffix(prefix, "und") {
			u := ones[strings.TrimSuffix(strings.TrimSuffix(prefix, "a"), "r")]
			return t + u, u > 0 && u < 10 && strings.HasSuffix(prefix, "a")
		}
	}
	for i := strings.Index(w, "und"); i > 0; {
		u, okU := ones[w[:i]]
		t, okT := tens[w[i+3:]]
		return u + t, okU && okT && u > 0 && u < 10
	}
	return 0, false
}

// digitNumber reads "12", "1.250", "1.487,50", "8,5", "8.5".
func digitNumber(s string) (feierabend.Dec4, bool) {
	switch s {
	case "½":
		return 5000, true
	case "¼":
		return 2500, true
	case "¾":
		return 7500, true
	}
	whole, frac, hasComma := strings.Cut(s, ",")
	if !hasComma && strings.Count(whole, ".") == 1 {
		if a, b, _ := strings.Cut(whole, "."); len(b) != 3 || a == "0" {
			whole, frac = a, b
		}
	}
	groups := strings.Split(whole, ".")
	for i, g := range groups {
		if i > 0 && len(g) != 3 || len(groups) > 1 && (g == "" || len(g) > 3) {
			return 0, false
		}
	}
	whole = strings.Join(groups, "")
	if len(whole) > 9 || len(frac) > 4 || strings.ContainsAny(frac, ".,") {
		return 0, false
	}
	if frac != "" {
		whole += "." + frac
	}
	v, err := feierabend.ParseDec4(whole)
	return v, err == nil
}

var articles = set("ein eine einen einer einem eins")

// numberAt reads a number that starts at token i, without euro and unit.
func numberAt(t []token, i int) (number, bool) {
	if i >= len(t) {
		return number{}, false
	}
	n := number{i: i, j: i + 1}
	switch t[i].kind {
	case tNumber:
		v, ok := digitNumber(t[i].s)
		if !ok {
			return number{}, false
		}
		n.v = v
	case tWord:
		if !n.readWord(t, i) {
			return number{}, false
		}
	default:
		return number{}, false
	}
	n.extend(t)
	return n, true
}

func (n *number) readWord(t []token, i int) bool {
	low := t[i].low
	v, frac, ok := t[i].spoken()
	if !ok && articles[low] {
		v, ok = feierabend.One, true
	}
	if !ok {
		return false
	}
	n.v, n.frac, n.word = v, frac, true
	n.art = articles[low] && low != "eins"
	return true
}

// extend takes following tokens into the number: Komma, hundert, tausend, halves.
func (n *number) extend(t []token) {
	for n.j < len(t) && t[n.j].kind != tPunct {
		next := t[n.j]
		whole, isWhole := n.whole()
		switch {
		case next.is("komma") && isWhole && n.decimals(t):
			return
		case next.is("hundert") && isWhole && whole > 0 && whole < 20:
			n.v, n.art = n.v*100, false
		case next.is("tausend") && n.v < feierabend.Dec(1000):
			n.v, n.art, n.frac = n.v*1000, false, false
		case next.is("einhalb") && isWhole || next.s == "½" && isWhole:
			n.v, n.frac, n.art = n.v+5000, true, false
		case next.is("und") && n.word && isWhole && n.half(t):
			return
		case isWhole && n.word && whole >= 100 && n.addBelow(t, whole):
		default:
			return
		}
		if n.j < len(t) && t[n.j].from == next.from {
			n.j++
		}
	}
}

// decimals reads "Komma sechs", "Komma zwo fünf".
func (n *number) decimals(t []token) bool {
	frac, j := "", n.j+1
	for ; j < len(t) && len(frac) < 4; j++ {
		v, f, ok := t[j].spoken()
		if t[j].kind == tNumber {
			v, ok = digitNumber(t[j].s)
		}
		w := int(v / feierabend.One)
		if !ok || f || v%feierabend.One != 0 || w > 99 || frac != "" && w > 9 || articles[t[j].low] && t[j].low != "eins" {
			break
		}
		frac += strconv.Itoa(w)
		if w > 9 {
			j++
			break
		}
	}
	if frac == "" || len(frac) > 4 {
		return false
	}
	f, _ := strconv.Atoi((frac + "0000")[:4])
	n.v, n.j, n.art = n.v+feierabend.Dec4(f), j, false
	return true
}

// half reads "zwei und eine halbe", "ein und zwanzig".
func (n *number) half(t []token) bool {
	j := n.j + 1
	whole, _ := n.whole()
	if j < len(t) && whole > 0 && whole < 10 {
		if v, ok := tens[standard(t[j].low)]; ok {
			n.v, n.j, n.art = n.v+feierabend.Dec(v), j+1, false
			return true
		}
	}
	if j < len(t) && t[j].is("ein", "eine", "einen") {
		j++
	}
	if j < len(t) && t[j].is("halb", "halbe", "halben") {
		n.v, n.j, n.frac, n.art = n.v+5000, j+1, true, false
		return true
	}
	return false
}

// addBelow joins "zwei hundert fünfzig" and "drei tausend vierhundert", which recognisers part.
func (n *number) addBelow(t []token, whole int) bool {
	if prev := t[n.j-1]; !prev.is("hundert", "tausend") {
		return false
	}
	v, frac, ok := t[n.j].spoken()
	w := int(v / feierabend.One)
	if !ok || frac || articles[t[n.j].low] || w == 0 || whole%1000 != 0 && w >= 100 || w >= 1000 {
		return false
	}
	n.v += feierabend.Dec(w)
	n.j++
	return true
}
