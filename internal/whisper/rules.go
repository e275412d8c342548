package whisper

import "math"

// maxTokens bounds the text of a window; speech never needs so many in 30 s.
const maxTokens = 220

func forbidden() float32 { return float32(math.Inf(-1)) }

// forbid sets the logits of tokens that must not follow to minus infinity
// (speech.md §9.2): everything after the end token always, the end and a lone
// blank at the first step.
func (m *Model) forbid(logits []float32, first bool) {
	no := forbidden()
	rest := logits[m.ids.end+1:]
	for i := range rest {
		rest[i] = no
	}
	if !first {
		return
	}
	logits[m.ids.end] = no
	if m.vocab.blank >= 0 {
		logits[m.vocab.blank] = no
	}
}

// probability is the softmax of logits at i.
func probability(kern isa, logits []float32, i int) float32 {
	top := kern.maximum(logits)
	return sound(float64(exp32(logits[i]-top)) / kern.sumExp(logits, top))
}

// sound is p as a probability; weights or samples that give no numbers give 0.
func sound(p float64) float32 {
	if !(p >= 0) {
		return 0
	}
	return float32(min(p, 1))
}
