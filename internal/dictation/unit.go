package dictation

import "strings"

// unitWords are spoken and written units and their codes (UN/ECE Rec 20/21, domain.md §7.2).
var unitWords = table(map[string]string{
	"HUR": "stunde stunden stundn std stdn h arbeitsstunde arbeitsstunden regiestunde regiestunden mannstunde mannstunden gesellenstunden meisterstunden helferstunden azubistunden facharbeiterstunden monteurstunden stündchen",
	"MIN": "minute minuten min minütchen",
	"DAY": "tag tage tagen tagn arbeitstag arbeitstage",
	"WEE": "woche wochen",
	"MON": "monat monate monaten",
	"H87": "stück stücker stk st stücke",
	"MTR": "meter metern m mtr lfdm meterchen",
	"LM":  "lfm laufmeter",
	"MTK": "quadratmeter quadratmetern quadrat quadrater qm m² m2 quadratmetr",
	"MTQ": "kubikmeter kubikmetern kubik kuub kubikm cbm m³ m3 raummeter",
	"KGM": "kilo kilos kg kilogramm",
	"TNE": "tonne tonnen t to tonna",
	"LTR": "liter litern l ltr",
	"KMT": "kilometer kilometern km",
	"SET": "satz sätze sätzen garnituren set sets",
	"PR":  "paar",
	"XSA": "sack säcke säcken sackerl",
	"XRO": "rolle rollen",
	"XCQ": "kartusche kartuschen",
	"XBJ": "eimer eimern",
	"XCT": "karton kartons",
	"XBX": "kiste kisten",
	"XBG": "beutel beuteln",
	"XPK": "paket pakete paketen packung packungen päckchen pack ve gebinde",
	"XPX": "palette paletten",
	"XBO": "flasche flaschen",
	"XTU": "tube tuben",
	"E48": "einsatz einsätze einsätzen",
	"KWH": "kwh kilowattstunden kilowattstunde",
})

func table(in map[string]string) map[string]string {
	out := map[string]string{}
	for code, words := range in {
		for _, w := range strings.Fields(words) {
			out[w] = code
		}
	}
	return out
}

// unitAt reads a unit at token i and gives its code and the token after it.
func unitAt(t []token, i int) (string, int, bool) {
	if i >= len(t) || t[i].kind != tWord && t[i].s != "%" {
		return "", i, false
	}
	low := t[i].low
	if strings.HasPrefix(low, "laufend") || low == "lfd" {
		if i+1 < len(t) && unitWords[t[i+1].low] == "MTR" {
			return "LM", i + 2, true
		}
		return "", i, false
	}
	if code, ok := unitWords[low]; ok {
		if code == "PR" && t[i].s == "paar" && i > 0 && t[i-1].is("ein") && t[i-1].kind == tWord {
			return "", i, false // "ein paar" is a vague few
		}
		return code, i + 1, true
	}
	return "", i, false
}

// timeUnit says whether the unit measures working time.
func timeUnit(code string) bool { return code == "HUR" || code == "MIN" }

// measured says whether the unit is a length, area, volume or weight, never one by default.
func measured(code string) bool {
	switch code {
	case "MTR", "LM", "MTK", "MTQ", "KGM", "TNE", "LTR", "KMT", "HUR", "MIN", "DAY", "KWH":
		return true
	}
	return false
}
