package whisper

import (
	"testing"
	"time"
)

func TestClipEnds(t *testing.T) {
	pcm := make([]float32, 4*sampleRate)
	for i := range pcm {
		if s := float64(i) / sampleRate; s >= 0.5 && s < 1 || s >= 2 && s < 2.3 {
			pcm[i] = 0.3 * float32(1-2*(i/8%2))
		}
	}
	const ms = time.Millisecond
	offset := 28 * time.Second
	tests := []struct {
		name             string
		text             string
		start, end, want time.Duration
	}{
		{"pause after the word", "Fenster", 500 * ms, 2000 * ms, 1040 * ms},
		{"no pause", "Fenster", 500 * ms, 1000 * ms, 1000 * ms},
		{"too long for its letters", "an", 500 * ms, 900 * ms, 800 * ms},
		{"to the end of the note", "da!", 2000 * ms, 4000 * ms, 2300 * ms},
		{"a number takes its time", "12,5", 500 * ms, 2300 * ms, 2300 * ms},
		{"all silence", "nichts", 3000 * ms, 3600 * ms, 3600 * ms},
		{"very short", "Fenster", 980 * ms, 1020 * ms, 1020 * ms},
		{"beyond the samples", "Fenster", 3980 * ms, 5000 * ms, 5000 * ms},
	}
	for _, tt := range tests {
		w := []Word{{Text: tt.text, Start: offset + tt.start, End: offset + tt.end}}
		clipEnds(w, pcm, offset)
		if got := w[0].End - offset; got != tt.want || w[0].Start != offset+tt.start {
			t.Errorf("%s: from %v to %v, want to %v", tt.name, w[0].Start-offset, got, tt.want)
		}
	}
}
