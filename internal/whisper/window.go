package whisper

import "math"

const (
	framesPerPosition = 2
	cutSpan           = sampleRate / 5  // a cut lies in the quietest 0.2 s …
	cutStep           = sampleRate / 10 // … looked for every 0.1 s …
	cutPart           = 2               // … in the last 2/5 of the window
	cutParts          = 5
)

// splitWindows cuts pcm into windows of at most limit samples, each at the
// quietest place of its last 40 % (speech.md §6.1). It gives the ends.
func splitWindows(pcm []float32, limit int) []int {
	var ends []int
	from := 0
	for len(pcm)-from > limit {
		from += quietest(pcm[from:], limit)
		ends = append(ends, from)
	}
	if from < len(pcm) {
		ends = append(ends, len(pcm))
	}
	return ends
}

// quietest is where to cut pcm, which is longer than limit.
func quietest(pcm []float32, limit int) int {
	least, at := math.Inf(1), limit
	for p := limit - limit*cutPart/cutParts; p < limit; p += cutStep {
		e := 0.0
		for _, v := range pcm[p:min(p+cutSpan, len(pcm))] {
			e += float64(v) * float64(v)
		}
		if e < least {
			least, at = e, min(p+cutSpan/2, limit)
		}
	}
	return at
}

// windowFrames is the number of mel frames for a window: speech and padding, even,
// at most the audio context (speech.md §6.1).
func (m *Model) windowFrames(samples, pad int) int {
	frames := (samples/hop + pad + 1) / framesPerPosition * framesPerPosition
	return min(framesPerPosition*m.shape.audioCtx, max(framesPerPosition, frames))
}
