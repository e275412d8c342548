package pricelist

import (
	"strings"

	"feierabend"
)

// Choice is a value with its German word.
type Choice struct{ Code, Label string }

// unit is a unit of the list: its code (UN/ECE Rec 20/21), its word, and how else people
// and programs write it, folded by plainWord.
type unit struct{ code, label, words string }

func units() []unit {
	return []unit{
		{"H87", "Stück", "stk st stck stücke stueck pc pce pcs c62 einheit einheiten"},
		{"HUR", "Stunde", "std stunden h stdn arbeitsstunde arbeitsstunden azh"},
		{"LS", "Pauschale", "pauschal psch pausch pauschl psc pauschalpreis festpreis"},
		{"MTR", "Meter", "m mtr meter"},
		{"LM", "laufender Meter", "lfm lfdm lfdmeter laufendermeter laufmeter laufendemeter"},
		{"MTK", "Quadratmeter", "qm m² m2 quadratmetern"},
		{"MTQ", "Kubikmeter", "cbm m³ m3 kubik raummeter"},
		{"KMT", "Kilometer", "km"},
		{"KGM", "Kilogramm", "kg kilo kilos"},
		{"TNE", "Tonne", "t to tonnen"},
		{"LTR", "Liter", "l ltr"},
		{"SET", "Satz", "set sätze garnitur"},
		{"PR", "Paar", "paare pa"},
		{"XSA", "Sack", "säcke"},
		{"XRO", "Rolle", "rollen rll rl rol"},
		{"XCQ", "Kartusche", "kartuschen kart"},
		{"XBJ", "Eimer", "eim"},
		{"XCT", "Karton", "kartons ktn krt"},
		{"XPK", "Paket", "pakete pck pack packung packungen pkg pak"},
		{"XPX", "Palette", "paletten pal"},
		{"XBX", "Kiste", "kisten"},
		{"XBO", "Flasche", "flaschen fl"},
		{"XCA", "Dose", "dosen"},
		{"XBG", "Beutel", "beuteln btl"},
		{"XTU", "Tube", "tuben"},
		{"GRM", "Gramm", "g gr"},
		{"XCN", "Container", "mulde"},
		{"E48", "Einsatz", "einsätze"},
		{"MIN", "Minute", "minuten"},
		{"DAY", "Tag", "tage tg arbeitstag"},
		{"WEE", "Woche", "wochen"},
		{"MON", "Monat", "monate mt"},
		{"KWH", "Kilowattstunde", "kilowattstunden"},
	}
}

// Units are the units a list may have, most used first.
func Units() (out []Choice) {
	for _, u := range units() {
		out = append(out, Choice{u.code, u.label})
	}
	return out
}

// UnitLabel is the word of a unit, or what else the product calls it.
func UnitLabel(code string) string {
	for _, u := range units() {
		if u.code == code {
			return u.label
		}
	}
	return feierabend.UnitLabel(code, feierabend.One)
}

// UnitOf reads a unit as people and programs write it: "Stk.", "m²", "lfd. m", "H87".
func UnitOf(word string) (code string, ok bool) {
	w := plainWord(word)
	for _, u := range units() {
		if w == strings.ToLower(u.code) || w == plainWord(u.label) || hasWord(u.words, w) {
			return u.code, true
		}
	}
	return "", false
}

// kind is a kind of line with its words.
type kind struct {
	code         feierabend.LineKind
	label, words string
}

func kinds() []kind {
	return []kind{
		{feierabend.LineMaterial, "Material", "artikel ware waren mat ersatzteil ersatzteile"},
		{feierabend.LineLabour, "Arbeit", "lohn arbeitszeit arbeitsleistung leistung leistungen dienstleistung montage"},
		{feierabend.LineLump, "Arbeit zum Festpreis", "pauschale pauschal festpreis arbeitzumpauschalpreis"},
		{feierabend.LineTravel, "Anfahrt", "fahrt fahrtkosten"},
		{feierabend.LineEquipment, "Gerät oder Maschine", "gerät geräte maschine maschinen geraet"},
		{feierabend.LineDisposal, "Entsorgung", "entsorgen"},
		{feierabend.LineSurcharge, "Zuschlag", "aufschlag zuschläge"},
		{feierabend.LineSubcontract, "Fremdleistung", "subunternehmer nachunternehmer fremd"},
	}
}

// Kinds are the kinds of lines a list may have, most used first.
func Kinds() (out []Choice) {
	for _, k := range kinds() {
		out = append(out, Choice{string(k.code), k.label})
	}
	return out
}

// KindLabel is the word of a kind.
func KindLabel(code feierabend.LineKind) string {
	for _, k := range kinds() {
		if k.code == code {
			return k.label
		}
	}
	return string(code)
}

// kindOf reads a kind as a list names it, by word or code.
func kindOf(word string) (feierabend.LineKind, bool) {
	w := plainWord(word)
	for _, k := range kinds() {
		if w == string(k.code) || w == plainWord(k.label) || hasWord(k.words, w) {
			return k.code, true
		}
	}
	return "", false
}

// plainWord is a word without what people write it with: "je lfd. m" → "lfdm".
func plainWord(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, p := range []string{"je ", "pro ", "per ", "/", "€/", "eur/"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, p))
	}
	return strings.NewReplacer(" ", "", ".", "", "-", "", "_", "", "(", "", ")", "", ":", "", "\u00a0", "").Replace(s)
}

func hasWord(words, w string) bool {
	if w == "" {
		return false
	}
	for _, one := range strings.Fields(words) {
		if one == w {
			return true
		}
	}
	return false
}
