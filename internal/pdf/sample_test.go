package pdf

import (
	"bytes"
	"strings"
	"testing"

	"feierabend"
)

// TestSample: the word stands on every page, nobody can pay it by its code, and it
// carries no invoice data; the letter itself has none of that word.
func TestSample(t *testing.T) {
	long := func(d *feierabend.Document) {
		for range 40 {
			d.Lines = append(d.Lines, d.Lines[0])
		}
	}
	sample, letter := pagesOf(t, "01-standard", long, sampleWord), pages(t, "01-standard", long)
	if len(sample) < 2 || len(letter) != len(sample) {
		t.Fatalf("%d and %d pages", len(sample), len(letter))
	}
	for i := range sample {
		if !strings.Contains(sample[i], sampleWord) || strings.Contains(sample[i], "GiroCode") {
			t.Errorf("page %d of the sample:\n%s", i+1, sample[i])
		}
		if strings.Contains(letter[i], sampleWord) {
			t.Errorf("page %d of the letter is a sample", i+1)
		}
	}
	r, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Sample(feierabend.Document{Number: "MUSTER", IssuedOn: "2026-02-10"})
	if err != nil || !bytes.HasPrefix(b, []byte("%PDF-1.7")) || bytes.Contains(b, []byte("/EmbeddedFile")) || bytes.Contains(b, []byte("factur-x")) {
		t.Errorf("sample carries data, or %v", err)
	}
}
