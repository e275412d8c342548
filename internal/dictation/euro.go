package dictation

// euroAt reads an amount with its euro sign: "dreißig Euro", "12,50 €", "58 Euro 90".
func (e *engine) euroAt(i int) (number, bool) { return euroAt(e.t, i) }

func euroAt(t []token, i int) (number, bool) {
	if i >= len(t) {
		return number{}, false
	}
	sign := t[i].is("€", "eur")
	k := i
	if sign {
		k++
	}
	n, ok := pairAt(t, k)
	if !ok {
		if n, ok = numberAt(t, k); !ok {
			return n, false
		}
	}
	n.i = i
	if sign {
		return n, true
	}
	j := n.j
	if j+1 < len(t) && t[j].s == "," && t[j+1].is("-", "–") { // 180,- €
		j += 2
	}
	switch {
	case j < len(t) && t[j].is("euro", "€", "eur", "euros", "öre"):
		n.j = j + 1
	case j < len(t) && t[j].is("cent", "ct"):
		n.v, n.j = n.v/100, j+1
		return n, true
	default:
		return n, false
	}
	if w, whole := n.whole(); whole && w >= 0 && n.j < len(t) { // 58 Euro 90
		k := n.j
		if t[k].is("und") {
			k++
		}
		c, ok := numberAt(t, k)
		cents, isWhole := c.whole()
		cent := ok && c.j < len(t) && t[c.j].is("cent", "ct")
		if ok && isWhole && !c.art && cents < 100 && c.j == k+1 && (cent || k == n.j && (cents >= 10 || twoDigits(t[k])) && centsFollow(t, i, c)) {
			n.v, n.j, n.pair = n.v+c.v/100, c.j, true
			if cent {
				n.j++
			}
		}
	}
	return n, true
}

// e2 says whether after "58 Euro 90" nothing follows that the 90 could count.
func e2(t []token, j int) bool {
	return j >= len(t) || t[j].kind == tPunct || stopWords[t[j].low] && !t[j].upper
}

// twoDigits says whether a number was written with two digits: "05".
func twoDigits(t token) bool { return t.kind == tNumber && len(t.s) == 2 }
