package dictation

// unwritten reads a verb of writing with its negation: "schreib nicht rein, dass …".
func (e *engine) unwritten(i, from, to int) (int, int, bool) {
	if !writeVerbs[e.t[i].low] {
		return 0, 0, false
	}
	neg := e.nearNegation(i, from, to)
	if neg < 0 {
		return 0, 0, false
	}
	if e.t[i].is("aufschreiben") {
		return 0, 0, false
	}
	start := min(i, neg)
	if back := e.find(from, start, "das"); back >= 0 && back+1 < start && e.t[back+1].is("mit", "von", "über") {
		end := to
		if rest := e.tail(max(i, neg)); rest > 0 {
			end = rest
		}
		return back, end, true
	}
	if neg > i && (e.t[i].is("erwähnst", "schreibst", "schreibsch", "nennst") || i > from && e.t[i-1].is("das") && !e.has(neg, to, "dass")) { // "den Stillstand erwähnst du nicht"
		a, _ := e.clause(i)
		if e.t[a].is("das") && a+1 == i && a > from {
			a = e.remarkStart(a)
		}
		return a, to, true
	}
	if back := e.subject(from, start); back >= 0 {
		return back, to, true
	}
	return start, to, true
}

// nearNegation finds a negation that belongs to the verb at i.
func (e *engine) nearNegation(i, from, to int) int {
	for k := i + 1; k < to && k <= i+6; k++ {
		if negations[e.t[k].low] {
			return k
		}
		if e.t[k].is("dass", "daß") {
			break
		}
	}
	for k := i - 1; k >= from && k >= i-7; k-- {
		if negations[e.t[k].low] {
			return k
		}
	}
	return -1
}

// tail finds where a new statement goes on after "schreibst du nicht rein, nur …".
func (e *engine) tail(i int) int {
	for k := i; k < len(e.t) && k < i+4; k++ {
		if e.t[k].s == "," && k+1 < len(e.t) && e.t[k+1].is("nur", "aber", "sonst") {
			return k
		}
	}
	return 0
}

// subject finds a "dass …" or "wie …" clause before the verb: "dass er krank war, schreib nicht rein".
func (e *engine) subject(from, start int) int {
	if k := e.find(from, start, "dass", "daß"); k >= 0 {
		return k
	}
	return -1
}
