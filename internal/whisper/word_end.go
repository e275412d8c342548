package whisper

import (
	"math"
	"time"
	"unicode"
)

// clipEnds shortens words that swallowed the pause after them (speech.md §7): a word
// ends where its energy has fallen, and lasts no longer than its signs can take. pcm
// is the window, which begins at offset. Ends only move forward in the word, never
// before its first 60 ms.
func clipEnds(words []Word, pcm []float32, offset time.Duration) {
	const (
		quiet = 0.1 // of the loudest frame of the word: 20 dB
		after = 2   // frames kept after the last loud one
		least = 3   // frames
	)
	level := levels(pcm)
	for i := range words {
		w := &words[i]
		w.End = min(w.End, w.Start+longest(w.Text))
		from := min(int((w.Start-offset)/positionTime), len(level))
		to := min(int((w.End-offset)/positionTime), len(level))
		if to-from <= least {
			continue
		}
		top := float32(0)
		for _, v := range level[from:to] {
			top = max(top, v)
		}
		end := to
		for end > from+least && level[end-1] < quiet*top {
			end--
		}
		w.End = min(w.End, w.Start+time.Duration(end-from+after)*positionTime)
	}
}

// levels gives the root mean square of each 20 ms.
func levels(pcm []float32) []float32 {
	const n = framesPerPosition * hop
	out := make([]float32, len(pcm)/n)
	for i := range out {
		sum := 0.0
		for _, v := range pcm[i*n : (i+1)*n] {
			sum += float64(v) * float64(v)
		}
		out[i] = float32(math.Sqrt(sum / n))
	}
	return out
}

// longest is the time a word can take: 0.15 s a letter (start value of speech.md §7);
// a digit or sign stands for a whole word, a capital may be spelled.
func longest(text string) time.Duration {
	const (
		perLetter = 150 * time.Millisecond
		spelled   = 2
		spoken    = 8
	)
	n := 0
	for _, r := range text {
		switch {
		case unicode.IsUpper(r):
			n += spelled
		case unicode.IsLetter(r):
			n++
		case unicode.IsPunct(r) && r != '%' && r != '&' && r != '@' && r != '/':
		default:
			n += spoken
		}
	}
	return time.Duration(max(n, 1)) * perLetter
}
