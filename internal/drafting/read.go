package drafting

import (
	"strings"
	"time"
	"unicode"

	"feierabend"
	"feierabend/internal/dictation"
)

func letter(r rune) bool { return unicode.IsLetter(r) }

// plainWords are the words of a text without punctuation and case.
func plainWords(s string) []string { return strings.Fields(plain(s)) }

// notNames are words that begin or make an evasion, a remark or work: a chat
// message with one of them is no bare name.
var notNames = wordSet(`ab aber ach alle alles am auch auf aus bei beim bisher bin bis bitte da dann das davon dazu dem den der des die doch du ein eine einen einer erst es etwas
	frag frage für ganz gar gerade gern gestern gleich hab habe haben hallo halt hat heute hier hm ich ihm ihn ihr im in irgendwer ist ja jetzt kannst kein keine keinen kommt lass
	mach mache mal man mein meine mich mir mit moin moment morgen müsste nach natürlich nee nein nicht nichts nie niemand noch nochmal nö nur ob oder ohne sag sage schau schon
	sehen sein sie sind sollen später spät steht stimmt uns unsere vergessen von vor war warte was weiß welche wem wen wenn wer wie wieder wir wird wo wohl zu zum zur zurück
	ahnung angebot anfahrt arbeit danke egal euro kunde kunden kundin meter rechnung stück stunde stunden tag uhr wetter`)

// leadIns may stand before a name: „an die Frau …“, „das ist …“.
var leadIns = wordSet("an für die der den dem das ist sind geht gehen an na also äh ähm ja und so die kunde kundin name heißt")

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// bareName reads „Petersen“ or „das ist jens brodersen“: one to three words that
// are nothing but a name. Small letters become capitals.
func bareName(value string) (string, bool) {
	words := strings.Fields(strings.Map(func(r rune) rune {
		if r == ',' || r == '.' || r == ';' || r == ':' || r == '!' || r == '?' || r == '„' || r == '“' || r == '"' {
			return ' '
		}
		return r
	}, value))
	for len(words) > 0 && leadIns[strings.ToLower(words[0])] {
		words = words[1:]
	}
	if len(words) == 0 || len(words) > 3 {
		return "", false
	}
	capital := unicode.IsUpper([]rune(words[0])[0])
	for i, w := range words {
		r := []rune(w)
		if capital != unicode.IsUpper(r[0]) {
			return "", false // „Heizung entlüftet“
		}
		if notNames[strings.ToLower(w)] || len(r) < 2 || strings.ContainsFunc(w, func(r rune) bool { return !letter(r) && r != '-' && r != '\'' && r != '’' }) {
			return "", false
		}
		r[0] = unicode.ToUpper(r[0])
		words[i] = string(r)
	}
	return strings.Join(words, " "), true
}

// kindWords are the words by which people ask for a kind of document.
var kindWords = map[feierabend.DraftKind]map[string]bool{
	feierabend.KindInvoice:           wordSet("rechnung notfallrechnung kleinrechnung"),
	feierabend.KindOffer:             wordSet("angebot kostenvoranschlag voranschlag"),
	feierabend.KindWorkReport:        wordSet("regiebericht stundenzettel arbeitsbericht rapport regiezettel stundenbericht tagesbericht"),
	feierabend.KindInterimInvoice:    wordSet("abschlagsrechnung abschlag teilrechnung"),
	feierabend.KindFinalInvoice:      wordSet("schlussrechnung endrechnung abschlussrechnung"),
	feierabend.KindOrderConfirmation: wordSet("auftragsbestätigung bestätigung"),
	feierabend.KindReminder:          wordSet("mahnung zahlungserinnerung erinnerung"),
}

// known are the words before a kind that speak of one that is already there:
// „die Rechnung stimmt nicht“.
var known = wordSet("die der das dieser diese dieses meine deine seine ihre unsere letzte alte auf in zur laut eure dem den")

// kindWord finds the word that asks for a kind, as a rune range of the text. A
// document that is only spoken of does not count.
func kindWord(text string, k feierabend.DraftKind) (from, to int, ok bool) {
	words, prev, pos := kindWords[k], "", 0
	runes := []rune(text)
	for pos < len(runes) {
		for pos < len(runes) && !letter(runes[pos]) {
			pos++
		}
		from = pos
		for pos < len(runes) && letter(runes[pos]) {
			pos++
		}
		w := strings.ToLower(string(runes[from:pos]))
		if words[w] && !known[prev] {
			return from, pos, true
		}
		prev = w
	}
	return 0, 0, false
}

// typedNumber reads a number as people type it: "1.234,50", "2,5", "12.50",
// "189". A single point with three digits after it parts thousands.
func typedNumber(s string) (feierabend.Dec4, bool) {
	s = strings.ReplaceAll(s, "\u00a0", "")
	s = strings.ReplaceAll(s, " ", "")
	whole, frac, comma := strings.Cut(s, ",")
	if !comma {
		if i := strings.LastIndexByte(s, '.'); i >= 0 && len(s)-i-1 != 3 {
			whole, frac, comma = s[:i], s[i+1:], true
		}
	}
	if comma && frac == "" || whole == "" || whole[0] == '.' {
		return 0, false
	}
	if parts := strings.Split(whole, "."); len(parts) > 1 {
		for i, p := range parts {
			if len(p) > 3 || p == "" || i > 0 && len(p) != 3 {
				return 0, false
			}
		}
		whole = strings.Join(parts, "")
	}
	if comma {
		whole += "." + frac
	}
	n, err := feierabend.ParseDec4(whole)
	return n, err == nil
}

// readRate reads a VAT rate: "19", "19 %", "neunzehn Prozent".
func readRate(value string) (feierabend.Dec4, bool) {
	s := strings.TrimSuffix(plain(value), " prozent")
	n, ok := readNumber(strings.TrimSpace(s))
	if !ok || n != feierabend.Dec(19) && n != feierabend.Dec(7) && n != 0 {
		return 0, false
	}
	return n, true
}

// readPrice reads an amount in euro and whether net or gross was said, "" = not.
func readPrice(value string) (amount feierabend.Dec4, mode string, ok bool) {
	var keep []string
	for _, w := range strings.Fields(value) {
		switch strings.ToLower(strings.Trim(w, ".,;:!")) {
		case "netto":
			mode = "net"
		case "brutto", "inklusive", "inkl":
			mode = "gross"
		default:
			keep = append(keep, w)
		}
	}
	amount, ok = readMoney(strings.Join(keep, " "))
	return amount, mode, ok
}

// readNumber reads a number as typed or said; the whole text must be it.
func readNumber(value string) (feierabend.Dec4, bool) {
	if n, ok := typedNumber(value); ok {
		return n, true
	}
	return dictation.ReadNumber(value)
}

// readMoney reads an amount in euro as typed or said; the whole text must be it.
func readMoney(value string) (feierabend.Dec4, bool) {
	s := strings.TrimSpace(value)
	for _, unit := range []string{"€", "Euro", "euro", "EUR"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	}
	if n, ok := typedNumber(s); ok {
		return n, true
	}
	return dictation.ReadMoney(value)
}

// readPeriod reads a day or period as a date field sends it, as typed or as said.
func readPeriod(value string, at time.Time) (feierabend.Period, bool) {
	if t, ok := feierabend.Date(value).Time(); ok {
		d := string(feierabend.DateOf(t))
		return feierabend.Period{From: d, To: d}, true
	}
	return dictation.ReadDate(value, at)
}

// readAddress reads street, postcode and city from one text; absent parts are "".
func readAddress(value string) (street, postcode, city string) {
	street, postcode, city, _ = dictation.ReadAddress(value)
	return street, postcode, city
}
