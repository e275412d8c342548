package dictation

import (
	"strings"

	"feierabend"
)

// phoneNouns announce a number; every group of digits after one belongs to it.
var phoneNouns = set("telefon tel telefonnummer handy handynummer mobil mobilnummer rückrufnummer durchwahl mobiltelefon festnetz rückruf telefonisch erreichbar")

// ledPhone reads the digits after "Telefon" up to the first word that is none, over
// commas and points: "Telefon 0171, 392 0044". They become no amount, even where they
// make no number.
func (e *engine) ledPhone() {
	for i := range e.t {
		ownNumber := i > 0 && e.t[i].is("nummer") && e.t[i-1].is("ihre", "seine", "deren", "ihrer")
		if e.claims[i] != free || !phoneNouns[e.t[i].low] && !ownNumber {
			continue
		}
		a := i + 1
		for a < len(e.t) && a < i+5 && e.t[a].is("ist", "unter", "lautet", "die", "der", "nummer", ":", ",", "+", "von", "ihr", "ihm") {
			a++
		}
		digits, b := e.scatteredDigits(a)
		if len(digits) < 5 || ownNumber && digits[0] != '0' {
			continue
		}
		plus := a > 0 && e.t[a-1].s == "+" && strings.HasPrefix(digits, "49")
		n := len(digits)
		if (strings.HasPrefix(digits, "0") && !strings.HasPrefix(digits, "00") && n >= 7 && n <= 13 || plus && n >= 9 && n <= 15) && e.d.Kind != feierabend.KindNote && (e.d.Buyer == nil || e.d.Buyer.Phone == "") {
			number := "+" + digits
			if !plus {
				number = "+49" + digits[1:]
			}
			e.buyer().Phone = number
			e.said("buyer.phone", a, b)
		}
		e.take(i, b, buyer)
	}
}

// scatteredDigits joins groups of digits over marks; a group that counts something after
// a mark is not part of it: "…, 2 Stunden", "…, zwei Eckventile".
func (e *engine) scatteredDigits(i int) (string, int) {
	out, end := "", i
	for k := i; k < len(e.t) && len(out) < 16; {
		if e.claims[k] != free || dayAhead(e.t, k) || e.t[k].ends() && !(k+1 < len(e.t) && !e.t[k+1].gap && e.t[k+1].kind == tNumber) {
			break
		}
		if e.t[k].is(",", "/", "-", ".", "(", ")") && k > i {
			k++
			continue
		}
		s, j := "", k+1
		if e.t[k].kind == tNumber {
			s = onlyDigits(e.t[k].s)
		} else if e.t[k].kind == tWord && !articles[e.t[k].low] || e.t[k].is("eins") {
			s, j = digitRun(e.t, k)
		}
		if s == "" || j == k {
			break
		}
		if len(out) >= 6 && k > i && e.t[k-1].kind == tPunct && j < len(e.t) && e.t[j].kind == tWord {
			break
		}
		out, end, k = out+s, j, j
	}
	return out, end
}
