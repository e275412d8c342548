package dictation

import (
	"strings"

	"feierabend"
)

// reference reads order numbers and Leitweg-IDs (BT-10, BT-13) as said.
func (e *engine) reference() {
	for i := 0; i < len(e.t); i++ {
		low := strings.ReplaceAll(e.t[i].low, "-", "")
		if e.claims[i] != free || !referenceWords[low] && !e.splitReference(i, low) {
			continue
		}
		j := i + 1
		for j < len(e.t) && (e.t[j].is("id", "nummer", "nr", "nr.", "ist", "lautet", "die") || e.t[j].s == ":" || e.t[j].s == "-" && j == i+1 || e.t[j].s == "." && strings.HasSuffix(e.t[j-1].low, "nr")) {
			j++
		}
		ref, k := e.referenceText(j)
		if ref == "" || (low == "bestellung" || low == "auftrag") && !e.splitReference(i, low) && (len(ref) < 5 || k-j < 2) {
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

// referenceHeads begin a reference word that was written in two: "Bestell Nummer", "Auftrags Nr".
var referenceHeads = set("bestell auftrags projekt kunden vorgangs vergabe referenz akten bestellung auftrag")

// splitReference says whether token i is the first half of such a word.
func (e *engine) splitReference(i int, low string) bool {
	return referenceHeads[low] && i+1 < len(e.t) && e.t[i+1].is("nummer", "nr", "nr.", "nummern")
}

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
	if s, k := digitRun(e.t, j); k > j+2 && len(s) == k-j && e.t[j].kind == tNumber { // "4 4 7 1"
		return s, k
	}
	if j+1 < len(e.t) && e.t[j].kind == tWord && len(e.t[j].s) <= 4 && (strings.ToUpper(e.t[j].s) == e.t[j].s || !e.cased && !stopWords[e.t[j].low]) && e.t[j+1].kind == tNumber && e.t[j+1].gap {
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
