//go:build model

package whisper

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestModelTokenizer compares with the ids of the published tokenizer. (5,153 random
// texts agreed with Hugging Face's tokenizers, but for words that begin with " t":
// their merge list has lost its first line, OpenAI's has not.)
func TestModelTokenizer(t *testing.T) {
	path := os.Getenv("FEIERABEND_TEST_MODEL")
	if path == "" {
		t.Fatal("FEIERABEND_TEST_MODEL is not set: run `feierabend model pull`, then set it to what `feierabend model path` prints")
	}
	m, err := Load(path, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if m.vocab.blank != 220 || m.ids.german != 50261 {
		t.Errorf("blank %d, German %d; want 220 and 50261", m.vocab.blank, m.ids.german)
	}
	tests := map[string][]int{
		" Glossar: Seidl, Kupferrohr, Thermostatventil":      {5209, 772, 289, 25, 1100, 327, 75, 11, 591, 1010, 612, 340, 1703, 11, 38957, 39036, 2475, 388},
		" Quadratmeter Öltank Größe straße 12,5 m² – €48,50": {29619, 4481, 33058, 9158, 2282, 657, 45778, 11451, 2148, 11451, 2272, 11, 20, 275, 27643, 1662, 17450, 13318, 11, 2803},
		" Hallo, it's we'll  doppelt\n\tTab \u201ax\u2018":   {21242, 11, 309, 311, 321, 603, 220, 44862, 2018, 198, 197, 51, 455, 1059, 248, 87, 913, 246},
		" the tag": {264, 6162},
	}
	for text, want := range tests {
		if d := cmp.Diff(want, m.vocab.encode(text)); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}
