package dictation

// joinMarks joins abbreviations that were written with a gap: "e. V." and "e. K.".
func joinMarks(t []token) []token {
	out := t[:0:0]
	for i := 0; i < len(t); i++ {
		if i+3 < len(t) && t[i].low == "e" && t[i+1].s == "." && t[i+2].is("v", "k") && t[i+2].upper && t[i+3].s == "." {
			low := "e." + t[i+2].low
			out = append(out, token{s: "e." + t[i+2].s + ".", low: low, from: t[i].from, to: t[i+3].to, kind: tWord, gap: t[i].gap})
			if i+4 >= len(t) || t[i+4].upper && t[i+4].kind == tWord { // the stop ends the sentence, too
				out = append(out, token{s: ".", low: ".", from: t[i+3].from, to: t[i+3].to, kind: tPunct})
			}
			i += 3
			continue
		}
		out = append(out, t[i])
	}
	return out
}
