package whisper

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func transcribe(t *testing.T, m *Model, pcm []float32, o Options) Result {
	t.Helper()
	r, err := m.Transcribe(t.Context(), pcm, o)
	if err != nil {
		t.Fatalf("transcribe: %v", err)
	}
	return r
}

func TestTranscribeTiny(t *testing.T) {
	m := mustLoad(t, newTiny(typeQ8).file())
	pcm := voice(3.3)
	var progress []time.Duration
	o := Options{Beam: 3, Words: true, Prompt: "der und", MaxWindow: time.Second, Progress: func(done, total time.Duration, _ string) {
		if total != duration(len(pcm)) {
			t.Errorf("total = %v", total)
		}
		progress = append(progress, done)
	}}
	r := transcribe(t, m, pcm, o)
	if len(r.Windows) < 4 || len(progress) != len(r.Windows) {
		t.Fatalf("%d windows, %d calls of progress", len(r.Windows), len(progress))
	}
	var last time.Duration
	for i, w := range r.Windows {
		if w.Start != last || w.End-w.Start > time.Second || progress[i] != w.End {
			t.Errorf("window %d from %v to %v, progress %v, last ended %v", i, w.Start, w.End, progress[i], last)
		}
		last = w.End
		checkWindow(t, w)
	}
	if last != duration(len(pcm)) {
		t.Errorf("last window ends at %v", last)
	}
}

func checkWindow(t *testing.T, w Window) {
	t.Helper()
	for _, p := range []float32{w.NoSpeech, w.MeanP, w.LangDE} {
		if !(p >= 0 && p <= 1) {
			t.Errorf("probability %g", p)
		}
	}
	var raw string
	for _, x := range w.Tokens {
		raw += string(x.Text)
		if !(x.P >= 0 && x.P <= 1) {
			t.Errorf("token probability %g", x.P)
		}
	}
	if validText(raw) != w.Text {
		t.Errorf("tokens give %q, text is %q", raw, w.Text)
	}
	at := w.Start
	for _, x := range w.Words {
		if x.Start < at || x.End < x.Start || x.End > w.End+positionTime {
			t.Errorf("word from %v to %v in a window to %v", x.Start, x.End, w.End)
		}
		at = x.Start
	}
	if (w.Compression == 0) != (w.Text == "") {
		t.Errorf("compression %g of %d bytes", w.Compression, len(w.Text))
	}
}

// TestLargeV3Shape: 128 mel bands and a language more, which moves the ids after them.
func TestLargeV3Shape(t *testing.T) {
	m := mustLoad(t, newTinyOf(typeF16, 128, 100).file())
	if m.ids.noTimestamps != m.ids.language+100+5 {
		t.Errorf("ids = %+v", m.ids)
	}
	for _, w := range transcribe(t, m, voice(0.6), Options{Words: true}).Windows {
		checkWindow(t, w)
	}
}

// TestSessionsAreIndependent: one model, many goroutines, buffers used before: the
// same answer each time.
func TestSessionsAreIndependent(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	o := Options{Beam: 4, Threads: 2, Words: true, MaxWindow: time.Second}
	pcm := voice(2.1)
	want := transcribe(t, m, pcm, o)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := m.Transcribe(t.Context(), pcm, o)
			if d := cmp.Diff(want, got); d != "" || err != nil {
				t.Errorf("error %v, difference %s", err, d)
			}
		})
	}
	wg.Wait()
	// A window of its own equals the same window after others in one session.
	ends := splitWindows(pcm, sampleRate)
	alone := transcribe(t, m, pcm[ends[0]:ends[1]], o)
	if len(alone.Windows) != 1 || alone.Windows[0].Text != want.Windows[1].Text {
		t.Errorf("second window alone: %d windows, other text than in the note", len(alone.Windows))
	}
}

// TestSessionReuse: what a session heard before, and with how many threads, changes nothing.
func TestSessionReuse(t *testing.T) {
	m := mustLoad(t, newTiny(typeQ8).file())
	s := m.NewSession()
	for i, seconds := range []float64{0.4, 2.3, 0.3, 0.4, 1.1} {
		o := Options{Beam: 1 + i%3, Threads: 1 + i%2, Words: true, Prompt: "der und"}
		got, err := s.Transcribe(t.Context(), voice(seconds), o)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(transcribe(t, m, voice(seconds), o), got); d != "" {
			t.Errorf("note %d: %s", i, d)
		}
	}
}

func TestTranscribeNothing(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	if r := transcribe(t, m, nil, Options{}); len(r.Windows) != 0 || r.Text() != "" {
		t.Errorf("no samples give %+v", r)
	}
	for _, n := range []int{1, 100, 319} {
		for _, w := range transcribe(t, m, make([]float32, n), Options{Words: true, PadFrames: 1}).Windows {
			checkWindow(t, w)
		}
	}
}

// TestOddSamples: what is no sample gives figures all the same.
func TestOddSamples(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	pcm := voice(1.2)
	for i := range 500 {
		pcm[7*i] = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), math.MaxFloat32}[i%4]
	}
	for _, w := range transcribe(t, m, pcm, Options{Words: true, MaxWindow: time.Second}).Windows {
		checkWindow(t, w)
	}
}

func TestTokenLimit(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	for _, beam := range []int{1, 2} {
		r := transcribe(t, m, voice(0.5), Options{Beam: beam, Prompt: strings.Repeat("x", 100)})
		w := r.Windows[0]
		room := m.shape.textCtx - m.shape.textCtx/2 - len(m.startTokens())
		if len(w.Tokens) > room {
			t.Errorf("beam %d: %d tokens, room for %d", beam, len(w.Tokens), room)
		}
		if w.Truncated != (len(w.Tokens) == room) {
			t.Errorf("beam %d: truncated %v with %d of %d tokens", beam, w.Truncated, len(w.Tokens), room)
		}
	}
}

func TestForbid(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	logits := make([]float32, m.shape.vocab)
	m.forbid(logits, false)
	for i, v := range logits {
		if (v == forbidden()) != (i > m.ids.end) {
			t.Fatalf("token %d: %g", i, v)
		}
	}
	m.forbid(logits, true)
	if logits[m.ids.end] != forbidden() || logits[m.vocab.blank] != forbidden() || logits['a'] != 0 {
		t.Error("first step: end and blank must be forbidden, text not")
	}
}

// countdown is a context that ends after some calls of Err.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestCancel: whenever the context ends, Transcribe answers with its error.
func TestCancel(t *testing.T) {
	m := mustLoad(t, newTiny(typeF16).file())
	o := Options{Beam: 2, Words: true, MaxWindow: time.Second}
	calls := &countdown{Context: t.Context(), left: 1 << 30}
	if _, err := m.Transcribe(calls, voice(1.5), o); err != nil {
		t.Fatal(err)
	}
	used := 1<<30 - calls.left
	if used < 20 {
		t.Errorf("context asked %d times", used)
	}
	for n := 0; n < used; n += 1 + used/20 {
		r, err := m.Transcribe(&countdown{Context: t.Context(), left: n}, voice(1.5), o)
		if !errors.Is(err, context.Canceled) || len(r.Windows) != 0 {
			t.Fatalf("cancelled after %d of %d calls: %v, %d windows", n, used, err, len(r.Windows))
		}
	}
}

func TestCompression(t *testing.T) {
	if c := compression(strings.Repeat("und dann war es gut ", 20)); c < 2.4 {
		t.Errorf("loop: %g", c)
	}
	if c := compression("Guten Tag, ich brauche bis Freitag zwölf Meter Kupferrohr und zwei Ventile."); c > 1.5 {
		t.Errorf("speech: %g", c)
	}
}
