package whisper

import (
	"strings"
	"time"
)

// words joins tokens to words: one begins at a token with a leading blank. times
// holds the start of each token and the end of the last, in the window; without
// it words have no times. offset is the window's start in the note.
func words(tokens []Token, times []time.Duration, offset time.Duration) []Word {
	var out []Word
	var text []byte
	first := 0
	flush := func(to int) {
		w := Word{Text: strings.TrimSpace(strings.ToValidUTF8(string(text), "\uFFFD")), P: 1}
		text = text[:0]
		if w.Text == "" {
			return
		}
		for _, t := range tokens[first:to] {
			w.P = min(w.P, t.P)
		}
		if times != nil {
			w.Start, w.End = offset+times[first], offset+times[to]
		}
		out = append(out, w)
	}
	for i, t := range tokens {
		if i > first && len(t.Text) > 0 && t.Text[0] == ' ' {
			flush(i)
			first = i
		}
		text = append(text, t.Text...)
	}
	if len(tokens) > 0 {
		flush(len(tokens))
	}
	return out
}
