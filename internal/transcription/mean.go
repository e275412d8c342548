package transcription

import (
	"math"

	"feierabend"
)

// mean is the geometric mean of the words' probabilities; without any it is the
// window's.
func mean(words []feierabend.HeardWord, window float32) float32 {
	sum, n := 0.0, 0
	for _, w := range words {
		if w.P > 0 {
			sum += math.Log(float64(w.P))
			n++
		}
	}
	if n == 0 {
		return window
	}
	return float32(math.Exp(sum / float64(n)))
}
