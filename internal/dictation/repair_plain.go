package dictation

// countsAfter says whether an amount begins at token i, behind at most two words of hesitation.
func countsAfter(t []token, i int) bool {
	for k := i; k < len(t) && k < i+3; k++ {
		if a, ok := amountAt(t, k); ok && !(a.n.art && a.unit == "") || t[k].is("a") {
			return true
		}
		if !fillerWords[t[k].low] {
			return false
		}
	}
	return false
}

// countsBefore says whether an amount with its unit ends just before token i.
func countsBefore(t []token, i int) bool {
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		if a, ok := amountAt(t, k); ok && !a.n.art && a.unitEnd >= i-1 && a.unitEnd <= i {
			return true
		}
	}
	return false
}
