package dictation

import (
	"strings"
	"unicode"
)

// tokenKind sorts tokens.
type tokenKind byte

const (
	tWord tokenKind = iota
	tNumber
	tClock // 7:00, 15:30
	tDate  // 12.05., 24.02.2026
	tPunct
)

// token is a word, number or mark. from and to count runes of the text.
type token struct {
	s, low   string // as written; lower case without apostrophes, dialect particles made standard
	from, to int
	kind     tokenKind
	gap      bool // white space before it
	upper    bool // begins with a capital letter
	value    fixed
	frac, ok bool // the value is a spoken fraction; the word is a number
}

// spoken gives the number a word means, worked out once when the text was cut.
func (t token) spoken() (v fixed, frac, ok bool) { return t.value, t.frac, t.ok }

func (t token) is(words ...string) bool {
	for _, w := range words {
		if t.low == w {
			return true
		}
	}
	return false
}

// ends says whether the token ends a sentence.
func (t token) ends() bool {
	return t.kind == tPunct && (t.s == "." || t.s == "!" || t.s == "?" || t.s == ";" || t.s == "–" || t.s == "\n")
}

// parts says whether the token parts clauses within a sentence.
func (t token) parts() bool {
	return t.kind == tPunct && (t.s == "," || t.s == ":" || t.s == "(" || t.s == ")")
}

// particles are short dialect and spoken forms of function words.
var particles = map[string]string{
	"ned": "nicht", "net": "nicht", "nich": "nicht", "nit": "nicht", "ni": "nicht", "nix": "nichts", "nüscht": "nichts",
	"koa": "kein", "koan": "keinen", "keen": "kein", "koi": "kein", "keene": "keine",
	"i": "ich", "ick": "ich", "icke": "ich", "isch": "ist", "mir": "mir", "mer": "wir", "ma": "wir",
	"is": "ist", "iss": "ist", "san": "sind", "sin": "sind", "warn": "waren", "ham": "haben", "hom": "haben", "hen": "haben", "hamma": "haben", "hemmer": "haben", "hammer": "haben", "hob": "hab", "hot": "hat",
	"ond": "und", "un": "und", "au": "auch", "ooch": "auch", "heut": "heute", "heit": "heute", "gestan": "gestern", "gesdern": "gestern", "scho": "schon", "noi": "nein", "nö": "nein", "naa": "nein",
	"des": "das", "dat": "das", "det": "das", "allet": "alles", "ois": "alles", "se": "sie", "mim": "mit", "aufm": "auf", "unterm": "unter", "ausm": "aus", "fürn": "für", "fürs": "für", "vorm": "vor",
	"n": "ein", "nen": "einen", "oin": "ein", "oan": "ein", "oa": "ein", "oane": "eine", "een": "ein", "eene": "eine", "ner": "einer", "nem": "einem",
	"as": "das", "eibaut": "eingebaut", "eibauet": "eingebaut", "tach": "tag", "stund": "stunde", "woch": "woche", "kost": "kostet", "zugschaut": "zugeschaut",
}

// abbreviations keep their full stop.
var abbreviations = set("str std stk dr prof nr ca bzw inkl zzgl tel fa fam mtr psch pausch lfd evtl usw exkl abzgl co hr fr ing dipl med phil bspw mind max st kg")

var dottedEnds = []string{"str", "-nr"}

// tokenise cuts text into tokens.
func tokenise(text string) []token {
	r := []rune(text)
	var out []token
	gap := false
	for i := 0; i < len(r); {
		c := r[i]
		if c == '\n' || c == '\r' {
			out = append(out, token{s: "\n", low: "\n", from: i, to: i + 1, kind: tPunct, gap: true})
		}
		if unicode.IsSpace(c) {
			gap = true
			i++
			continue
		}
		kind, j := scan(r, i)
		t := token{s: string(r[i:j]), from: i, to: j, kind: kind, gap: gap, upper: unicode.IsUpper(c)}
		t.low = lower(t)
		if p, ok := elision(t, r); ok {
			out = append(out, p)
			t = token{s: string(r[i+2 : j]), from: i + 2, to: j, kind: tWord, upper: unicode.IsUpper(r[i+2])}
			t.low = lower(t)
		}
		out, gap, i = append(out, t), false, j
	}
	for i, t := range out {
		if t.kind == tWord {
			out[i].value, out[i].frac, out[i].ok = wordNumber(t.low)
		}
	}
	return ordinalStops(dashes(out))
}

// elision splits Swabian "d'Küch" into article and noun.
func elision(t token, r []rune) (token, bool) {
	if t.kind != tWord || t.to-t.from < 4 || (r[t.from] != 'd' && r[t.from] != 'D') || !apostrophe(r[t.from+1]) {
		return token{}, false
	}
	return token{s: "d'", low: "die", from: t.from, to: t.from + 2, kind: tWord, gap: t.gap}, true
}

// dashes makes a hyphen between spaces a dash, which ends a clause like a full stop.
func dashes(in []token) []token {
	for i, t := range in {
		if t.kind == tPunct && (t.s == "-" || t.s == "—") && t.gap && i+1 < len(in) && in[i+1].gap {
			in[i].s, in[i].low = "–", "–"
		}
	}
	return in
}

// ordinalStops tells the full stop of "am 24." from that of a sentence: its lower form
// becomes "ord."; where the sentence goes on, it no longer ends it.
func ordinalStops(in []token) []token {
	for i := 1; i < len(in); i++ {
		if in[i].s != "." || in[i].gap || in[i-1].kind != tNumber || len(in[i-1].s) > 2 {
			continue
		}
		led := i > 1 && in[i-2].is("am", "vom", "zum", "bis", "den", "der", "dem", "seit", "ab", "dieser", "und", "zeitraum", "leistungszeitraum", "ausführung", "von") || i+2 < len(in) && in[i+1].is("bis", "und") && in[i+1].kind == tWord && (in[i+2].kind == tNumber || in[i+2].kind == tDate || in[i+2].is("zum"))
		open := i == 1 || in[i-2].ends()
		next := i+1 < len(in) && in[i+1].kind == tWord
		noun := next && (monthNames[in[i+1].low] > 0 || ordinalNouns[in[i+1].low])
		if !noun && !led && !(open && next) {
			continue
		}
		in[i].low = "ord."
		if noun || next && !in[i+1].upper || open {
			in[i].s = "ord"
		}
	}
	return in
}

var ordinalNouns = set("og ug stock etage obergeschoss untergeschoss mahnung erinnerung zahlungserinnerung rate abschlag abschlagsrechnung halbjahr quartal")

var apostrophes = strings.NewReplacer("’", "'", "`", "'", "´", "'")

func lower(t token) string {
	low := strings.ToLower(t.s)
	if t.kind != tWord {
		return low
	}
	low = apostrophes.Replace(low)
	low = strings.TrimSuffix(low, ".")
	if low == "'ne" {
		return "eine"
	}
	if rest, ok := strings.CutSuffix(low, "'s"); ok && rest != "" {
		low = rest
	} else if rest, ok := strings.CutSuffix(low, "'n"); ok && rest != "" {
		low = rest
	}
	low = strings.Trim(low, "'")
	if strings.HasSuffix(low, "stach") || strings.HasSuffix(low, "itach") || strings.HasSuffix(low, "ntach") {
		low = strings.TrimSuffix(low, "ch") + "g" // Samstach, Freitach, Montach
	}
	low = participlePrefix(low)
	if p, ok := particles[low]; ok && !(low == "ma" && t.upper) {
		return p
	}
	return low
}

// participlePrefix gives southern participles their vowel: "gmacht", "gstrichen".
func participlePrefix(low string) string {
	if len(low) < 5 || low[0] != 'g' || strings.ContainsRune("aeiouäöülrny-", []rune(low)[1]) || legalForms[low] != "" || !strings.HasSuffix(low, "t") && !strings.HasSuffix(low, "en") {
		return low
	}
	return "ge" + low[1:]
}

func apostrophe(c rune) bool { return c == '\'' || c == '’' || c == '`' || c == '´' }

func scan(r []rune, i int) (tokenKind, int) {
	c := r[i]
	switch {
	case unicode.IsDigit(c):
		return scanNumber(r, i)
	case (c == 'x' || c == '×') && i > 0 && unicode.IsDigit(r[i-1]) && i+1 < len(r) && unicode.IsDigit(r[i+1]):
		return tWord, i + 1
	case unicode.IsLetter(c) || apostrophe(c) && i+1 < len(r) && unicode.IsLetter(r[i+1]):
		return tWord, scanWord(r, i)
	case c == '½' || c == '¼' || c == '¾':
		return tNumber, i + 1
	}
	return tPunct, i + 1
}

// scanNumber reads 12, 1.250, 12,50, 7:00, 12.05., 24.02.2026, 18er.
func scanNumber(r []rune, i int) (tokenKind, int) {
	digits := func(k int) int {
		for k < len(r) && r[k] >= '0' && r[k] <= '9' {
			k++
		}
		return k
	}
	at := func(k int) rune {
		if k < len(r) {
			return r[k]
		}
		return 0
	}
	j := digits(i)
	if j == i {
		return tPunct, i + 1
	}
	if at(j) == ':' && j-i <= 2 && digits(j+1) == j+3 {
		return tClock, j + 3
	}
	if k := digits(j + 1); at(j) == '.' && j-i <= 2 && k > j+1 && k-j-1 <= 2 && at(k) == '.' {
		y := digits(k + 1)
		if n := y - k - 1; n == 4 || n == 2 || n == 5 && string(r[k+1:k+4]) == "200" {
			return tDate, y
		} else if n == 0 {
			return tDate, k + 1
		}
	}
	for (at(j) == '.' || at(j) == ',') && digits(j+1) > j+1 {
		j = digits(j + 1)
	}
	if at(j) == 'e' && at(j+1) == 'r' && !unicode.IsLetter(at(j+2)) {
		return tWord, j + 2 // 18er
	}
	return tNumber, j
}

// scanWord reads a word with digits, hyphens and slashes inside: 5W30 no, B16, FI/LS, KS-2026-88.
func scanWord(r []rune, i int) int {
	j := i + 1
	if i+3 < len(r) && r[i+1] == '.' && unicode.IsLetter(r[i+2]) && (r[i+3] == '.' || i+4 < len(r) && unicode.IsLetter(r[i+3]) && r[i+4] == '.') {
		if r[i+3] == '.' { // e.V., z.B.
			return i + 4
		}
		return i + 5
	}
	for j < len(r) {
		c := r[j]
		inner := j+1 < len(r) && (unicode.IsLetter(r[j+1]) || unicode.IsDigit(r[j+1]))
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c) || c == '²' || c == '³':
			j++
		case (c == '-' || c == '/' || apostrophe(c)) && inner:
			j++
		case (c == '-') && j+1 < len(r) && r[j+1] == ' ' && followsUnd(r, j+2):
			return j + 1
		case c == '.' && abbreviations[strings.ToLower(string(r[i:j]))] || c == '.' && endsIn(strings.ToLower(string(r[i:j])), dottedEnds):
			return j + 1
		default:
			return j
		}
	}
	return j
}

func followsUnd(r []rune, i int) bool { return i+3 <= len(r) && string(r[i:i+3]) == "und" }

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
