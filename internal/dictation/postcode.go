package dictation

import (
	"sort"
	"strings"
	"unicode"
)

// joinPostcodes repairs postcodes as recognisers write them: with a point or a dash in
// them ("25.541 Ort", "91-056 Ort"), glued to the house number ("14,59755 Ort",
// "4,91.056 Ort") or as scattered digits ("1,02, 4,5 Ort"). A scattered one counts only
// where the table knows it for the place that follows. A broken one, with a digit too
// few, leaves the text, so that its digits become nothing else.
func joinPostcodes(t []token) []token {
	t = dropPostcodeWord(t)
	for i := 1; i < len(t); i++ {
		if code, ok := afterPlace(t, i); ok {
			t[i].s, t[i].low = code, code
			continue
		}
		if t[i].kind != tWord || t[i-1].kind != tNumber || letters(t[i].s) < 3 || stopWords[t[i].low] && !(t[i].upper && letters(t[i].s) > 4) {
			continue
		}
		if _, _, unit := unitAt(t, i); unit || t[i].is("euro", "eur", "prozent", "mal") {
			continue
		}
		r := digitsBefore(t, i)
		if code, ok := r.postcode(t, i); ok {
			t = code.replace(t, i)
			i = code.at(t)
			continue
		}
		if out, ok := dropBroken(t, i); ok {
			t = out
		}
	}
	return t
}

// dropPostcodeWord takes "PLZ" and "Postleitzahl" out before digits and place.
func dropPostcodeWord(t []token) []token {
	for i := 0; i+1 < len(t); i++ {
		if !t[i].is("plz", "postleitzahl") {
			continue
		}
		j := i + 1
		for j+1 < len(t) && j < i+3 && t[j].is("ist", ":", "die") {
			j++
		}
		_, k := digitRun(t, j)
		if k == j && t[j].kind == tNumber {
			k++
		}
		if k > j && k < len(t) && t[k].kind == tWord && i > 0 { // within an address; alone it answers a question
			t = append(append([]token{}, t[:i]...), t[j:]...)
		}
	}
	return t
}

// afterPlace reads "in Itzehoe, 25.524": a dotted postcode behind the place it belongs to.
func afterPlace(t []token, i int) (string, bool) {
	if t[i].kind != tNumber || len(t[i].s) != 6 || t[i].s[2] != '.' || i+1 < len(t) && t[i+1].is("euro", "€") {
		return "", false
	}
	k := i - 1
	for k > 0 && (t[k].s == "," || t[k].is("postleitzahl", "plz")) {
		k--
	}
	code := onlyDigits(t[i].s)
	if i+2 < len(t) && t[i+1].s == "," && placeAt(t, i+2, code) > 0 { // "25.524, Itzehoe"
		return code, true
	}
	for n := k; n >= 0 && n > k-3; n-- {
		if m := placeAt(t, n, code); m > 0 && n+m == k+1 {
			return code, true
		}
	}
	return "", false
}

// digit is one digit of a run of written figures.
type digit struct {
	c     byte
	pos   int // rune offset in the text
	tok   int
	first bool // stands after white space or a mark
}

type digitsRun []digit

// digitsBefore lists the digits right before token i, over commas, points and dashes.
func digitsBefore(t []token, i int) digitsRun {
	a := i
	for a > 0 && i-a < 10 && (t[a-1].kind == tNumber || t[a-1].kind == tPunct && t[a-1].is(",", ".", "-") && a < i && a > 1 && t[a-2].kind == tNumber) {
		a--
	}
	var out digitsRun
	for k := a; k < i; k++ {
		boundary := true
		for n, c := range t[k].s {
			if c < '0' || c > '9' {
				boundary = true
				continue
			}
			out = append(out, digit{byte(c), t[k].from + n, k, boundary})
			boundary = false
		}
	}
	return out
}

// foundCode is a postcode whose first digit is d.
type foundCode struct {
	code string
	d    digit
	to   int
}

// postcode takes the last five digits where the place that follows confirms them, or
// where their form and the house number before them do.
func (r digitsRun) postcode(t []token, i int) (foundCode, bool) {
	n := len(r) - 5
	if n < 0 || !r[n].first || r[n].tok == i-1 && t[i-1].s == string(r.code(n)) {
		return foundCode{}, false
	}
	f := foundCode{string(r.code(n)), r[n], t[i-1].to}
	if placeAt(t, i, f.code) > 0 {
		return f, true
	}
	form := t[i-1].s
	dotted := len(form) >= 6 && (form[len(form)-4] == '.') && strings.IndexByte(form, '.') == len(form)-4
	dashed := i > 2 && t[i-2].is("-") && !t[i-2].gap && !t[i-1].gap && len(t[i-1].s) == 3 && len(t[i-3].s) == 2
	glued := r[n].tok == i-1 && n > 0 && r[n-1].tok == i-1 && r.before(n) <= 3
	if !dotted && !dashed && !glued {
		return foundCode{}, false
	}
	if soundsLike(t[i].low, f.code) != "" {
		return f, true
	}
	known := t[i].upper && (isPlace(t[i].low) || len(placesOf(f.code)) > 0)
	if glued {
		return f, known && wordBefore(t, i-1)
	}
	k := r[n].tok - 1
	if k > 0 && (t[k].s == "," || t[k].is("in")) {
		k--
	}
	return f, known && k > 0 && k < r[n].tok-1 && t[k].kind == tNumber && wordBefore(t, k)
}

// before counts the digits of the same token before digit n.
func (r digitsRun) before(n int) int {
	k := n
	for k > 0 && r[k-1].tok == r[n].tok {
		k--
	}
	return n - k
}

func (r digitsRun) code(n int) []byte {
	var out []byte
	for _, d := range r[n:] {
		out = append(out, d.c)
	}
	return out
}

// wordBefore says whether the house number at token k follows a capital word.
func wordBefore(t []token, k int) bool {
	return k > 0 && t[k-1].kind == tWord && t[k-1].upper && letters(t[k-1].s) > 2
}

// replace puts the postcode as one token before token i; what was glued to it stays.
func (f foundCode) replace(t []token, i int) []token {
	k := f.d.tok
	out := append([]token{}, t[:k]...)
	if cut := f.d.pos - t[k].from; cut > 0 {
		head := t[k]
		head.s, head.to = t[k].s[:cut-1], f.d.pos-1
		head.low = head.s
		mark := token{s: ",", low: ",", from: f.d.pos - 1, to: f.d.pos, kind: tPunct}
		out = append(out, head, mark)
	}
	out = append(out, token{s: f.code, low: f.code, from: f.d.pos, to: f.to, kind: tNumber, gap: true})
	return append(out, t[i:]...)
}

// at gives the token after the postcode.
func (f foundCode) at(t []token) int {
	return sort.Search(len(t), func(k int) bool { return t[k].from >= f.to })
}

// dropBroken takes a postcode with a missing digit out: "Sonnenallee 45,1259 Berlin",
// "in 5.809 Hagen". Only before a place of the table and after a house number.
func dropBroken(t []token, i int) ([]token, bool) {
	if !isPlace(t[i].low) || !t[i].upper {
		return nil, false
	}
	n := i - 1
	head, tail, glued := strings.Cut(t[n].s, ",")
	in := token{s: "in", low: "in", from: t[n].from, to: t[n].to, kind: tWord, gap: true}
	if glued {
		if len(strings.ReplaceAll(tail, ".", "")) != 4 || len(head) > 3 || !wordBefore(t, n) {
			return nil, false
		}
		house := t[n]
		house.s, house.low, house.to = head, head, t[n].from+len(head)
		in.from = house.to + 1
		return append(append(append([]token{}, t[:n]...), house, in), t[i:]...), true
	}
	if len(strings.ReplaceAll(head, ".", "")) != 4 {
		return nil, false
	}
	k := n - 1
	if k > 0 && (t[k].s == "," || t[k].is("in")) {
		k--
	}
	if k < 1 || k == n-1 || t[k].kind != tNumber || !wordBefore(t, k) {
		return nil, false
	}
	return append(append(append([]token{}, t[:k+1]...), in), t[i:]...), true
}

// soundsLike gives the place of the postcode that a misheard word may be, or "".
func soundsLike(word, postcode string) string {
	said := []rune(word)
	for _, place := range placesOf(postcode) {
		p := strings.ToLower(place)
		if strings.ContainsAny(p, " ,/(") || len([]rune(p)) < 4 || abs(len(said)-len([]rune(p))) > 3 {
			continue
		}
		d := distance(word, p)
		if d <= 1 || d <= 2 && len(said) > 5 || d <= 3 && cologne(word) == cologne(p) {
			return place
		}
	}
	return ""
}

// checkPlace compares postcode and place of the buyer with the table. A misheard place is
// read again from its postcode; a postcode of another part of the country is dropped
// and so asked. What the table does not know stands.
func (e *engine) checkPlace() {
	b := e.d.Buyer
	if b == nil || b.Postcode == "" || b.City == "" || e.d.Evidence["buyer.postcode"].Source != "said" {
		return
	}
	words := tokenise(b.City)
	if placeAt(words, 0, b.Postcode) > 0 {
		return
	}
	low := strings.ToLower(b.City)
	if !isPlace(low) {
		if place := soundsLike(low, b.Postcode); place != "" && unicode.IsUpper([]rune(place)[0]) {
			b.City = place
			ev := e.d.Evidence["buyer.city"]
			ev.Source = "rule"
			e.d.Evidence["buyer.city"] = ev
		}
		return
	}
	same := 2
	if len(placesOf(b.Postcode)) == 0 {
		same = 3
	}
	for _, row := range postcodes() {
		code, name, _ := strings.Cut(row, "\t")
		if code[:same] == b.Postcode[:same] && strings.ToLower(name) == low {
			return
		}
	}
	b.Postcode = ""
	delete(e.d.Evidence, "buyer.postcode")
}
