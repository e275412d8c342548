package feierabend

// unitLabels are the German words, one and many, for the units of the dictation
// format (UN/ECE Rec 20 and 21). Read only.
var unitLabels = map[string][2]string{
	"HUR": {"Std.", "Std."}, "MIN": {"Min.", "Min."}, "DAY": {"Tag", "Tage"}, "WEE": {"Woche", "Wochen"}, "MON": {"Monat", "Monate"},
	"H87": {"Stk.", "Stk."}, "C62": {"Stk.", "Stk."}, "E48": {"Einsatz", "Einsätze"}, "SET": {"Satz", "Sätze"}, "PR": {"Paar", "Paar"},
	"MMT": {"mm", "mm"}, "CMT": {"cm", "cm"}, "MTR": {"m", "m"}, "LM": {"lfd. m", "lfd. m"}, "KMT": {"km", "km"}, "MTK": {"m²", "m²"}, "MTQ": {"m³", "m³"},
	"GRM": {"g", "g"}, "KGM": {"kg", "kg"}, "TNE": {"t", "t"}, "LTR": {"l", "l"}, "KWH": {"kWh", "kWh"}, "P1": {"%", "%"},
	"LS": {"pauschal", "pauschal"}, "XSA": {"Sack", "Sack"}, "XRO": {"Rolle", "Rollen"}, "XCQ": {"Kartusche", "Kartuschen"}, "XBJ": {"Eimer", "Eimer"},
	"XCT": {"Karton", "Kartons"}, "XPK": {"Paket", "Pakete"}, "XPX": {"Palette", "Paletten"}, "XBX": {"Kiste", "Kisten"}, "XBO": {"Flasche", "Flaschen"},
	"XCA": {"Dose", "Dosen"}, "XCN": {"Container", "Container"},
}

// UnitLabel is the German word for a unit code (BT-130) beside a quantity, or
// the code itself where we know no word.
func UnitLabel(code string, quantity Dec4) string {
	l, ok := unitLabels[code]
	switch {
	case !ok:
		return code
	case quantity == One:
		return l[0]
	}
	return l[1]
}
