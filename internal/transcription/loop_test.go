package transcription_test

import (
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/transcription"
)

// TestOneLongWordLoops: a syllable without end is a loop of one word.
func TestOneLongWordLoops(t *testing.T) {
	w := window("Mail an m.seiteltetetetetetetetetetetetetetetetetetetetetetetetetetetetetetetetetete", func(w *feierabend.HeardWindow) {
		w.Compression, w.End = 1.2, 9*time.Second
	})
	got, reason := transcription.Judge(recognition(w), nil)
	if reason != "" || codes(got) != "loop rate" {
		t.Errorf("%q, marks %q", reason, codes(got))
	}
}
