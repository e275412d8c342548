package dictation

import (
	"strings"

	"feierabend"
)

// kindWords name the kinds; stems, since compounds and cases follow.
var kindWords = []struct {
	kind  feierabend.DraftKind
	words []string
}{
	{feierabend.KindFinalInvoice, []string{"schlussrechnung", "schlußrechnung", "endrechnung", "abschlussrechnung", "schlussabrechnung"}},
	{feierabend.KindInterimInvoice, []string{"abschlagsrechnung", "abschlagrechnung", "abschlagszahlung", "teilrechnung", "zwischenrechnung", "akontorechnung", "anzahlungsrechnung"}},
	{feierabend.KindOrderConfirmation, []string{"auftragsbestätigung", "terminbestätigung", "bestellbestätigung"}},
	{feierabend.KindReminder, []string{"zahlungserinnerung", "mahnung", "mahnschreiben"}},
	{feierabend.KindWorkReport, []string{"regiebericht", "stundenzettel", "regiezettel", "rapportzettel", "rapport", "tagesbericht", "bautagebuch", "bautagesbericht", "arbeitsbericht", "montagebericht", "stundennachweis", "arbeitsnachweis", "leistungsnachweis", "stundenbericht", "tagelohnzettel", "regienachweis"}},
	{feierabend.KindOffer, []string{"angebot", "kostenvoranschlag", "kva", "offerte", "kostenanschlag"}},
}

// reported says whether a kind word only speaks of another document: "laut Angebot", "im Angebot standen".
func (e *engine) reported(i int) bool {
	if i > 0 && e.t[i-1].is("laut", "im", "vom", "gemäß", "zum", "wie", "letzten", "letzte", "nach", "per", "unser", "unserem", "des", "aus") {
		return true
	}
	if a, b := e.clause(i); e.has(a, i, "wollen", "will", "möchte", "möchten", "wünscht", "wünschen", "brauchen", "braucht") {
		if sa, sb := e.sentence(i); e.taskKind(sa, sb) != "" && b > a {
			return true
		}
	}
	return i > 1 && e.t[i-1].is("dem", "der", "des") && e.t[i-2].is("aus", "laut", "von", "nach", "gemäß", "zu", "wie", "mit")
}

// kind finds what the text asks for; "" when it does not say.
func (e *engine) kind() feierabend.DraftKind {
	if e.isNote() {
		return feierabend.KindNote
	}
	if i := e.kindWord(kindWords[0].words); i >= 0 {
		return feierabend.KindFinalInvoice
	}
	if e.kindWord(kindWords[1].words) >= 0 || e.shareOf() {
		return feierabend.KindInterimInvoice
	}
	for i, t := range e.t {
		if t.is("abschlag") && (i < 3 || e.t[i-1].ends()) && i+1 < len(e.t) && e.t[i+1].is("für", "an", "nummer", "nr", "zum") {
			return feierabend.KindInterimInvoice
		}
	}
	if e.confirms() {
		return feierabend.KindOrderConfirmation
	}
	first, best := len(e.t), feierabend.DraftKind("")
	for _, k := range kindWords[2:] {
		if i := e.kindWord(k.words); i >= 0 && i < first {
			first, best = i, k.kind
		}
	}
	if i := e.invoiceWord(); i >= 0 && i < first && best != feierabend.KindReminder {
		return feierabend.KindInvoice
	}
	return best
}

func (e *engine) kindWord(words []string) int {
	for i, t := range e.t {
		if t.kind != tWord || e.claims[i] == withheld || e.reported(i) {
			continue
		}
		low := strings.ReplaceAll(t.low, "-", "")
		for _, w := range words {
			if low == w || low == w+"en" || low == w+"s" || w == "angebot" && low == "angebote" {
				if i > 0 && e.t[i-1].is("kein", "keine", "keinen") {
					continue
				}
				return i
			}
		}
	}
	return -1
}

func (e *engine) invoiceWord() int {
	for i, t := range e.t {
		if e.claims[i] != withheld && t.is("rechnung", "rechnungen", "abrechnung", "abrechnen") && !(i > 0 && e.t[i-1].is("keine", "kein", "der", "laut")) {
			return i
		}
	}
	return -1
}

// isNote recognises texts that bill nothing by their own words.
func (e *engine) isNote() bool {
	for i, t := range e.t {
		if i > 12 {
			break
		}
		next := func(words ...string) bool { return i+1 < len(e.t) && e.t[i+1].is(words...) }
		if t.is("nichts", "nicht") && next("zum", "zu", "für", "auf") && e.has(i, i+4, "abrechnen", "verrechnen", "berechnen", "rechnung") {
			return true
		}
		if t.is("nur", "bloß", "lediglich") && e.has(i+1, i+4, "notiz", "gedächtnisstütze", "merkzettel", "erinnerung") && !e.has(i+1, i+4, "zahlung") {
			return true
		}
		if t.is("keine") && next("rechnung") || t.is("nur", "bloß") && next("zum", "als", "notiz", "eine") && e.has(i, i+5, "merken", "notiz", "erinnerung", "gedächtnisstütze") {
			return true
		}
		if (t.is("notier", "notiere", "notiz", "merk", "memo", "merke", "merkzettel") || t.is("to-do", "todo", "aufgaben", "aufgabe")) && e.invoiceWord() < 0 && e.kindWord(kindWords[4].words) < 0 && e.kindWord(kindWords[5].words) < 0 {
			return true
		}
	}
	return false
}

// confirms recognises "bestätige bitte dem Studio den Auftrag".
func (e *engine) confirms() bool {
	for i, t := range e.t {
		if t.is("bestätige", "bestätig", "bestätigen", "bestätigst") && e.claims[i] != withheld {
			if a, b := e.sentence(i); e.has(a, b, "auftrag", "bestellung", "auftrags", "termin", "beauftragung") {
				return true
			}
		}
	}
	return false
}

// shareOf recognises "siebzig Prozent Abschlag" and "Abschlag 50 %".
func (e *engine) shareOf() bool {
	for i := range e.t {
		p, ok := e.percentAt(i)
		if !ok {
			continue
		}
		a, b := e.sentence(i)
		if k := e.find(a, b, "abschlag", "abschlags", "akonto"); k >= 0 && abs(k-p.j) <= 5 {
			return true
		}
	}
	return false
}

// percent is a number with "Prozent" or "%".
type percent struct {
	v       fixed
	n, i, j int // n: end of the number
}

func (e *engine) percentAt(i int) (percent, bool) {
	n, ok := numberAt(e.t, i)
	if !ok || n.j >= len(e.t) || !e.t[n.j].is("prozent", "%", "prozentig") {
		return percent{}, false
	}
	return percent{v: n.v, n: n.j, i: i, j: n.j + 1}, true
}
