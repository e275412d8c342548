package dictation

import (
	"regexp"
	"strings"

	"feierabend"
)

var emailPattern = regexp.MustCompile(`[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)

var thousands = regexp.MustCompile(`^\d{1,3}(\.\d{3})+$`)

func (e *engine) buyer() *feierabend.Buyer {
	if e.d.Buyer == nil {
		e.d.Buyer = &feierabend.Buyer{}
	}
	return e.d.Buyer
}

// contact reads e-mail address and phone number.
func (e *engine) contact() {
	e.email()
	e.ledPhone()
	e.phone()
}

func (e *engine) email() {
	if m := emailPattern.FindString(e.in.Text); m != "" {
		from := len([]rune(e.in.Text[:strings.Index(e.in.Text, m)]))
		to := from + len([]rune(m))
		i, j := -1, 0
		for k, t := range e.t {
			if t.from < to && t.to > from {
				if i < 0 {
					i = k
				}
				j = k + 1
			}
		}
		if i >= 0 && (e.isFree(i, j) || e.claims[i] == task) {
			e.setEmail(strings.ToLower(m), i, j)
		}
		return
	}
	for i := 1; i+1 < len(e.t); i++ {
		if e.t[i].is("ät", "äd", "klammeraffe", "at") && e.claims[i] != withheld {
			e.spokenEmail(i)
		}
	}
}

// spokenEmail reads "haeberle ät example Punkt de".
func (e *engine) spokenEmail(at int) {
	sign := map[string]string{"punkt": ".", ".": ".", "minus": "-", "bindestrich": "-", "strich": "-", "unterstrich": "_", "-": "-"}
	a, local := at-1, ""
	for a >= 0 && e.t[a].kind != tPunct {
		local = e.t[a].low + local
		if a == 0 || sign[e.t[a-1].low] == "" || a < 2 {
			break
		}
		local = sign[e.t[a-1].low] + local
		a -= 2
	}
	b, host := at+1, ""
	for b < len(e.t) && (e.t[b].kind == tWord || e.t[b].kind == tNumber) {
		host += e.t[b].low
		if b+2 >= len(e.t) || sign[e.t[b+1].low] == "" || e.t[b+1].kind == tPunct && e.t[b+2].gap {
			b++
			break
		}
		host += sign[e.t[b+1].low]
		b += 2
	}
	m := local + "@" + host
	if emailPattern.FindString(m) == m {
		e.setEmail(m, a, b)
	}
}

func (e *engine) setEmail(m string, i, j int) {
	if e.d.Kind == feierabend.KindNote {
		return
	}
	e.buyer().Email = m
	e.said("buyer.email", i, j)
	e.take(i, j, buyer)
}

var phoneWords = set("telefon tel telefonnummer nummer handy handynummer mobil mobilnummer rückrufnummer durchwahl erreichbar")

// phone reads "0171 3920015", "null eins sieben eins …", "+49 171 …".
func (e *engine) phone() {
	for i := 0; i < len(e.t); i++ {
		if e.claims[i] != free && e.claims[i] != task {
			continue
		}
		start, plus := i, false
		if e.t[i].s == "+" || e.t[i].is("plus") && i > 0 {
			start, plus = i+1, true
		}
		digits, j := e.phoneDigits(start, i > 0 && phoneWords[e.t[i-1].low])
		ok := plus && strings.HasPrefix(digits, "49") && len(digits) >= 9 || strings.HasPrefix(digits, "0") && len(digits) >= 7
		if !ok || len(digits) > 15 {
			continue
		}
		if i > 0 && e.t[i-1].kind == tNumber && !e.t[i].gap {
			continue
		}
		number := "+49" + strings.TrimPrefix(digits, "0")
		if plus || strings.HasPrefix(digits, "00") {
			number = "+" + strings.TrimPrefix(digits, "00")
		}
		if len(number) < 9 || len(number) > 15 {
			continue
		}
		for i > 0 && (phoneWords[e.t[i-1].low] || e.t[i-1].is("ist", "unter", "die", ":")) && e.claims[i-1] == free {
			i--
		}
		if e.d.Kind != feierabend.KindNote {
			e.buyer().Phone = number
			e.said("buyer.phone", start, j)
		}
		e.take(i, j, buyer)
		return
	}
}

// phoneDigits joins digits; after a word for telephone also over commas.
func (e *engine) phoneDigits(i int, led bool) (string, int) {
	out, j := "", i
	for j < len(e.t) && len(out) < 40 {
		s, k := digitRun(e.t, j)
		if k == j {
			break
		}
		out, j = out+s, k
		if led && j+1 < len(e.t) && e.t[j].s == "," && len(out) < 11 {
			if _, k := digitRun(e.t, j+1); k > j+1 {
				j++
				continue
			}
		}
		if j+1 < len(e.t) && (e.t[j].s == "/" || e.t[j].s == "-") && e.t[j+1].kind == tNumber {
			j++
		}
	}
	return out, j
}

// reference reads order numbers and Leitweg-IDs (BT-10, BT-13) as said.
func (e *engine) reference() {
	for i := 0; i < len(e.t); i++ {
		low := strings.ReplaceAll(e.t[i].low, "-", "")
		if e.claims[i] != free || !referenceWords[low] {
			continue
		}
		j := i + 1
		for j < len(e.t) && (e.t[j].is("id", "nummer", "nr", "ist", "lautet", "die") || e.t[j].s == ":" || e.t[j].s == "-" && j == i+1) {
			j++
		}
		ref, k := e.referenceText(j)
		if ref == "" || (low == "bestellung" || low == "auftrag") && (len(ref) < 5 || k-j < 2) {
			continue
		}
		if thousands.MatchString(ref) { // a number in the recogniser's writing: "5.582"
			ref = strings.ReplaceAll(ref, ".", "")
		}
		if e.d.Kind != feierabend.KindNote && e.buyer().Reference == "" {
			e.buyer().Reference = ref
			e.said("buyer.reference", j, k)
		}
		e.take(i, k, buyer)
	}
}

var referenceWords = set("bestellung auftrag bestellnummer bestellnr bestellnr. auftragsnr. auftragsnummer auftragsnr leitwegid leitweg referenz referenznummer projektnummer vergabenummer aktenzeichen vorgangsnummer kundennummer bestellzeichen")

// referenceText takes written characters without gaps, or spoken digits.
func (e *engine) referenceText(j int) (string, int) {
	if j >= len(e.t) || e.t[j].kind == tPunct {
		return "", j
	}
	if s, k := digitRun(e.t, j); k > j && e.t[j].kind == tWord {
		if len(s) < 3 {
			return "", j
		}
		return s, k
	}
	if j+1 < len(e.t) && e.t[j].kind == tWord && len(e.t[j].s) <= 4 && strings.ToUpper(e.t[j].s) == e.t[j].s && e.t[j+1].kind == tNumber && e.t[j+1].gap {
		return e.original(j, j+2), j + 2 // "AK 5567"
	}
	k, digits := j, false
	for k < len(e.t) && (k == j || !e.t[k].gap) && !(e.t[k].kind == tPunct && !e.t[k].is("-", "/", "_") && (k+1 >= len(e.t) || e.t[k+1].gap || e.t[k].s == ",")) {
		digits = digits || strings.ContainsAny(e.t[k].s, "0123456789")
		k++
	}
	for k > j && e.t[k-1].kind == tPunct {
		k--
	}
	if !digits {
		return "", j
	}
	return e.original(j, k), k
}
