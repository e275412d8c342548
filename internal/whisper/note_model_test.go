//go:build model

package whisper_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/pion/opus"
	"github.com/pion/opus/pkg/oggreader"

	"feierabend/internal/whisper"
)

// notes is where the ten FLEURS notes and the reference transcripts are.
const notes = "../../test/speech"

// testModel loads the model that FEIERABEND_TEST_MODEL names, once for all tests.
var testModel = sync.OnceValues(func() (*whisper.Model, error) {
	path := os.Getenv("FEIERABEND_TEST_MODEL")
	if path == "" {
		return nil, errors.New("FEIERABEND_TEST_MODEL is not set: run `feierabend model pull`, then set it to what `feierabend model path` prints")
	}
	return whisper.Load(path, whisper.LoadOptions{Threads: 2})
})

func loadModel(t *testing.T) *whisper.Model {
	t.Helper()
	m, err := testModel()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// reference is reference-transcripts.json (speech.md §9.6).
type reference struct {
	Notes []struct {
		Note          string
		Greedy, Beam5 struct {
			Text  string
			Wrong int
			P     []float32 `json:"mean_token_p"`
			No    []float32 `json:"no_speech_p"`
		}
	}
}

func readReference(t *testing.T) reference {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(notes, "reference-transcripts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Notes) != 10 {
		t.Fatalf("%d notes in the reference, want 10", len(r.Notes))
	}
	return r
}

// readNote decodes a whole, sound Ogg/Opus file to 16 kHz mono.
func readNote(t *testing.T, path string) []float32 {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, head, err := oggreader.NewWith(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	d, err := opus.NewDecoderWithOutput(16000, 1)
	if err != nil {
		t.Fatal(err)
	}
	var pcm []float32
	buf := make([]float32, 1920)
	last := uint64(0)
	for {
		p, h, err := r.ParseNextPacket()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(p, []byte("OpusTags")) {
			continue
		}
		n, err := d.DecodeToFloat32(p, buf)
		if err != nil {
			t.Fatal(err)
		}
		pcm = append(pcm, buf[:n]...)
		last = max(last, h.GranulePosition)
	}
	return pcm[head.PreSkip/3 : min(len(pcm), int(last/3))]
}

// TestModelNotes: at most 3 words more wrong than the reference (speech.md §9.6).
func TestModelNotes(t *testing.T) {
	m := loadModel(t)
	ref := readReference(t)
	t.Logf("kernels %s, model %+v", whisper.Kernels(), m.Info())
	for _, mode := range []struct{ beam, limit int }{{1, 45}, {5, 38}} {
		t.Run(fmt.Sprintf("beam %d", mode.beam), func(t *testing.T) {
			wrong, count := 0, 0
			for _, n := range ref.Notes {
				want := n.Greedy
				if mode.beam > 1 {
					want = n.Beam5
				}
				r, err := m.Transcribe(t.Context(), readNote(t, filepath.Join(notes, n.Note+".ogg")), whisper.Options{Beam: mode.beam})
				if err != nil {
					t.Fatal(err)
				}
				truth, err := os.ReadFile(filepath.Join(notes, n.Note+".txt"))
				if err != nil {
					t.Fatal(err)
				}
				w := normal(string(truth))
				wrong, count = wrong+distance(w, normal(r.Text())), count+len(w)
				if r.Text() != want.Text {
					t.Logf("note %s differs from the reference:\n got %s\nwant %s", n.Note, r.Text(), want.Text)
				}
				checkFigures(t, n.Note, r, want.P, want.No)
			}
			t.Logf("%d of %d words wrong", wrong, count)
			if wrong > mode.limit || count != 244 {
				t.Errorf("%d of %d words wrong, want at most %d of 244", wrong, count, mode.limit)
			}
		})
	}
}

// checkFigures compares probabilities with the reference, which has rounded ones.
func checkFigures(t *testing.T, note string, r whisper.Result, p, no []float32) {
	t.Helper()
	if len(r.Windows) != len(p) {
		t.Errorf("note %s: %d windows, want %d", note, len(r.Windows), len(p))
		return
	}
	for i, w := range r.Windows {
		if abs(w.MeanP-p[i]) > 0.05 || abs(w.NoSpeech-no[i]) > 0.05 {
			t.Errorf("note %s window %d: p %.3f no-speech %.3f, want %.2f and %.3f", note, i, w.MeanP, w.NoSpeech, p[i], no[i])
		}
		if w.LangDE < 0.5 || w.Truncated || w.Compression > 2.4 {
			t.Errorf("note %s window %d: German %.2f, truncated %v, compression %.2f", note, i, w.LangDE, w.Truncated, w.Compression)
		}
	}
}

func abs(x float32) float32 { return max(x, -x) }

// TestModelWordTimes: words cover the text in order, inside the speech.
func TestModelWordTimes(t *testing.T) {
	m := loadModel(t)
	pcm := readNote(t, filepath.Join(notes, "000.ogg"))
	r, err := m.Transcribe(t.Context(), pcm, whisper.Options{Words: true})
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	last := -1.0
	for _, w := range r.Windows[0].Words {
		text = append(text, w.Text)
		if w.Start.Seconds() < last || w.End < w.Start || w.P <= 0 || w.P > 1 {
			t.Errorf("word from %v to %v, p %.2f, after one from %.2f s", w.Start, w.End, w.P, last)
		}
		last = w.Start.Seconds()
	}
	if got := strings.Join(text, " "); got != r.Text() {
		t.Errorf("words %q, text %q", got, r.Text())
	}
	// This note begins with silence: its first word starts at 4.3 s (speech.md §7).
	if first := r.Windows[0].Words[0].Start.Seconds(); first < 3.8 || first > 4.8 {
		t.Errorf("first word at %.2f s, want about 4.3", first)
	}
}

// TestModelWordTimesShift: the same speech later is heard later. The text may change
// a little; words that occur once in both are compared.
func TestModelWordTimesShift(t *testing.T) {
	m := loadModel(t)
	pcm := readNote(t, filepath.Join(notes, "005.ogg"))
	const shift = 0.8
	starts := func(pcm []float32) map[string]float64 {
		r, err := m.Transcribe(t.Context(), pcm, whisper.Options{Words: true})
		if err != nil {
			t.Fatal(err)
		}
		at, count := map[string]float64{}, map[string]int{}
		for _, w := range r.Windows[0].Words {
			at[w.Text] = w.Start.Seconds()
			count[w.Text]++
		}
		for text, n := range count {
			if n > 1 {
				delete(at, text)
			}
		}
		return at
	}
	a, b := starts(pcm), starts(append(make([]float32, int(shift*16000)), pcm...))
	both, moved := 0, 0
	for text, at := range a {
		later, ok := b[text]
		if !ok {
			continue
		}
		both++
		if d := later - at; d > shift-0.15 && d < shift+0.15 {
			moved++
		}
	}
	if both < 8 || moved < both*8/10 {
		t.Errorf("%d of %d words moved by about %.1f s", moved, both, shift)
	}
}

// TestModelSilence: silence and noise are known as such (speech.md §6.2).
func TestModelSilence(t *testing.T) {
	m := loadModel(t)
	noise := make([]float32, 5*16000)
	seed := uint32(1)
	for i := range noise {
		seed = seed*1664525 + 1013904223
		noise[i] = (float32(seed>>8)/(1<<24) - 0.5) * 0.05
	}
	for name, pcm := range map[string][]float32{"silence": make([]float32, 5*16000), "noise": noise} {
		r, err := m.Transcribe(t.Context(), pcm, whisper.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if p := r.Windows[0].NoSpeech; p < 0.6 {
			t.Errorf("%s: no-speech %.2f, want over 0.6", name, p)
		}
	}
}

// normal is the normal form for comparisons with the reference (speech.md §5).
func normal(s string) []string {
	return strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("-–—/", r):
			return ' '
		case r == '_', unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsSpace(r):
			return unicode.ToLower(r)
		}
		return -1
	}, s))
}

// distance is the number of words substituted, left out or put in.
func distance(want, got []string) int {
	row := make([]int, len(got)+1)
	for j := range row {
		row[j] = j
	}
	for i, w := range want {
		diagonal := row[0]
		row[0] = i + 1
		for j, g := range got {
			d := diagonal
			if w != g {
				d++
			}
			diagonal = row[j+1]
			row[j+1] = min(d, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(got)]
}
