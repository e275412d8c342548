package dictation

import "strings"

// unitHeads are first halves of units the recogniser parts: "Quadrat Meter", "Kilo Gramm".
var unitHeads = set("quadrat kubik raum lauf kilo arbeits regie mann kilowatt viertel drei")

// joinUnits puts parted and hyphened units together, and "drei Viertelstunden", so that no half
// of one is read as a unit or a thing of its own.
func joinUnits(t []token) []token {
	var out []token
	for i := 0; i < len(t); i++ {
		w, n := partedUnit(t, i)
		if n == 0 {
			out = append(out, t[i])
			continue
		}
		x := t[i]
		x.low, x.to = w, t[i+n-1].to
		for k := i + 1; k < i+n; k++ {
			x.s += strings.ToLower(t[k].s)
		}
		x.value, x.frac, x.ok = 0, false, false
		out = append(out, x)
		i += n - 1
	}
	return out
}

// partedUnit gives the unit that tokens from i on make together and how many they are.
func partedUnit(t []token, i int) (string, int) {
	w, known := "", false
	for n := 1; n <= 3 && i+n <= len(t) && t[i+n-1].kind == tWord; n++ {
		part := strings.ReplaceAll(t[i+n-1].low, "-", "")
		if n == 1 && !unitHeads[part] && part == t[i].low {
			return "", 0
		}
		w += part
		for _, u := range []string{w, strings.TrimSuffix(w, "n")} {
			_, unit := unitWords[u]
			_, spoken := wordQuantities[u]
			known = (unit || spoken) && (n > 1 || part != t[i].low)
			if known {
				return u, n
			}
		}
	}
	return "", 0
}
