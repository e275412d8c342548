package speech_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/audio"
	"feierabend/internal/speech"
)

func engine(t *testing.T, mode string, change ...func(*speech.Options)) *speech.Engine {
	t.Helper()
	o := speech.Options{ModelPath: func() (string, bool) { return "/models/" + mode, mode != "" }, Memory: 400 << 20}
	if instrumented {
		o.Memory = speech.NoLimit
	}
	for _, f := range change {
		f(&o)
	}
	e := speech.New(o)
	t.Cleanup(e.Close)
	return e
}

func TestTranscribe(t *testing.T) {
	e := engine(t, "good")
	var heard string
	r, err := e.Transcribe(t.Context(), note(t, "001.ogg"), feierabend.RecognitionOptions{
		Beam: 5, Prompt: []string{"Seidl", "Kupferrohr"},
		Progress: func(done, total time.Duration, text string) { heard = text },
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Engine != "local" || r.Model != "fake" || r.Type != "audio/ogg" || r.Peak < 0.01 || len(r.Windows) != 1 {
		t.Errorf("got %+v", r)
	}
	if (r.Duration - 11160*time.Millisecond).Abs() > 20*time.Millisecond {
		t.Errorf("duration %v", r.Duration)
	}
	w := r.Windows[0]
	if w.Text != `beam 5 prompt "Seidl, Kupferrohr" words true` || w.German != 0.99 || w.P != 0.9 || w.Words[0].Start != 100*time.Millisecond {
		t.Errorf("window %+v", w)
	}
	if heard != "zwei" {
		t.Errorf("progress told %q", heard)
	}
}

// TestConfined: the child sees no keys, works in / and bounds what it says.
func TestConfined(t *testing.T) {
	t.Setenv("FEIERABEND_MASTER_KEYS", "1:secret")
	r, err := engine(t, "environment").Transcribe(t.Context(), note(t, "001.ogg"), feierabend.RecognitionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := r.Windows[0].Text
	if strings.Contains(got, "secret") || strings.Contains(got, "HOME=") || !strings.Contains(got, "GOTRACEBACK=none") || !strings.HasSuffix(got, " nice 10 in /") {
		t.Errorf("the child saw %q", got)
	}
	r, err = engine(t, "huge").Transcribe(t.Context(), note(t, "001.ogg"), feierabend.RecognitionOptions{})
	if err != nil || len(r.Windows[0].Text) > 64<<10 || !r.Windows[0].Truncated {
		t.Errorf("an endless text came through: %v", err)
	}
}

// TestBadRecordings goes through the child for every kind of hostile note.
func TestBadRecordings(t *testing.T) {
	e := engine(t, "good")
	ogg := note(t, "000.ogg")
	var long bytes.Buffer
	if err := audio.WriteWAV(&long, make([]float32, 601*4000)); err != nil {
		t.Fatal(err)
	}
	slow := long.Bytes()
	copy(slow[24:28], []byte{0xa0, 0x0f, 0, 0}) // the header says 4 kHz: 601 s
	for _, tc := range []struct {
		name string
		b    []byte
		code string
	}{
		{"no byte", nil, "empty"},
		{"one byte", []byte{'O'}, "not_audio"},
		{"text named .ogg", []byte("Guten Tag, hier ist kein Ton."), "not_audio"},
		{"heads of a cut upload", ogg[:100], "damaged"},
		{"an MP3 announced as Ogg", []byte("ID3\x04\x00\x00\x00\x00\x00\x00"), "unsupported_audio"},
		{"over 10 minutes by its header", slow, "too_long"},
		{"over 16 MB", make([]byte, speech.MaxAudio+1), "too_large"},
	} {
		_, err := e.Transcribe(t.Context(), tc.b, feierabend.RecognitionOptions{})
		if feierabend.CodeOf(err) != tc.code || feierabend.KindOf(err) != feierabend.Invalid || feierabend.TextOf(err) == "" {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.code)
		}
	}
	for _, name := range []string{"bad/silence.ogg"} {
		r, err := e.Transcribe(t.Context(), note(t, name), feierabend.RecognitionOptions{})
		if err != nil || len(r.Windows) != 0 || r.Duration == 0 {
			t.Errorf("%s: %+v, %v: silence needs no recogniser", name, r, err)
		}
	}
	if r, err := e.Transcribe(t.Context(), ogg[:len(ogg)/2], feierabend.RecognitionOptions{}); err != nil || len(r.Windows) != 1 {
		t.Errorf("half an upload: %v", err)
	}
}

func TestModelErrors(t *testing.T) {
	_, err := engine(t, "").Transcribe(t.Context(), note(t, "001.ogg"), feierabend.RecognitionOptions{})
	if feierabend.CodeOf(err) != speech.CodeModelMissing || feierabend.KindOf(err) != feierabend.Unavailable {
		t.Errorf("no model: %v", err)
	}
	_, err = engine(t, "damaged").Transcribe(t.Context(), note(t, "001.ogg"), feierabend.RecognitionOptions{})
	if feierabend.CodeOf(err) != speech.CodeModelDamaged || feierabend.KindOf(err) != feierabend.Unavailable {
		t.Errorf("damaged model: %v", err)
	}
}

// TestCrash: each crash costs one try; after three the engine rests, then goes on.
func TestCrash(t *testing.T) {
	now, mode := time.Unix(1e9, 0), "crash"
	e := engine(t, "x", func(o *speech.Options) {
		o.Now = func() time.Time { return now }
		o.ModelPath = func() (string, bool) { return "/m/" + mode, true }
	})
	ask := func() string {
		_, err := e.Transcribe(t.Context(), note(t, "001.ogg"), feierabend.RecognitionOptions{})
		return feierabend.CodeOf(err)
	}
	for i, want := range []string{speech.CodeCrashed, speech.CodeCrashed, speech.CodeCrashed, speech.CodeIll} {
		if got := ask(); got != want {
			t.Errorf("try %d: %s, want %s", i+1, got, want)
		}
	}
	if !e.Ill() {
		t.Error("three crashes and not ill")
	}
	now, mode = now.Add(6*time.Minute), "good"
	if got := ask(); got != "" || e.Ill() {
		t.Errorf("after the rest: %s", got)
	}
	mode = "flood"
	if got := ask(); got != speech.CodeCrashed {
		t.Errorf("a child that floods: %s", got)
	}
	mode = "good"
	if got := ask(); got != "" {
		t.Errorf("after the flood: %s", got)
	}
}

// TestCancel kills the child; the next recording gets a new one.
func TestCancel(t *testing.T) {
	mode := "hang"
	e := engine(t, "x", func(o *speech.Options) { o.ModelPath = func() (string, bool) { return "/m/" + mode, true } })
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	if _, err := e.Transcribe(ctx, note(t, "001.ogg"), feierabend.RecognitionOptions{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	mode = "good"
	if _, err := e.Transcribe(t.Context(), note(t, "001.ogg"), feierabend.RecognitionOptions{}); err != nil {
		t.Error(err)
	}
}

// TestOneAtATime: many callers, one child, all served.
func TestOneAtATime(t *testing.T) {
	e := engine(t, "good")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := e.Transcribe(t.Context(), note(t, "001.ogg"), feierabend.RecognitionOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestIdle: the child ends by itself, and comes back.
func TestIdle(t *testing.T) {
	log := &pids{}
	e := engine(t, "good", func(o *speech.Options) { o.IdleAfter, o.Log = 50*time.Millisecond, log.logger() })
	for range 2 {
		if _, err := e.Transcribe(t.Context(), note(t, "001.ogg"), feierabend.RecognitionOptions{}); err != nil {
			t.Fatal(err)
		}
		pid := log.last()
		deadline := time.Now().Add(10 * time.Second)
		for alive(pid) {
			if time.Now().After(deadline) {
				t.Fatalf("child %d still runs", pid)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	if n := log.count(); n != 2 {
		t.Errorf("%d children for two notes with a rest between", n)
	}
}

// TestParentGone: the worker ends when its input does.
func TestParentGone(t *testing.T) {
	if err := speech.Worker(t.Context(), strings.NewReader(""), &bytes.Buffer{}, speech.WorkerOptions{Load: load}); err != nil {
		t.Error(err)
	}
	// In the middle of a note as well: the rest of it is not worth the CPU.
	b := note(t, "001.ogg")
	busy := io.MultiReader(strings.NewReader(fmt.Sprintf("{\"op\":\"transcribe\",\"model\":\"patient\",\"len\":%d}\n", len(b))), bytes.NewReader(b))
	if err := speech.Worker(t.Context(), busy, &bytes.Buffer{}, speech.WorkerOptions{Load: load}); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"x\n", `{"len":99999999}` + "\n", `{"len":5}` + "\nab", strings.Repeat("y", 1<<17)} {
		if err := speech.Worker(t.Context(), strings.NewReader(bad), &bytes.Buffer{}, speech.WorkerOptions{Load: load}); err == nil {
			t.Errorf("%d bytes of garbage were taken", len(bad))
		}
	}
}

func TestCutter(t *testing.T) {
	c := speech.Cutter{NoMemory: instrumented}
	b := note(t, "001.ogg")
	info, err := c.Probe(t.Context(), b)
	if err != nil || info.Type != "audio/ogg" || info.Duration < 11*time.Second || info.Bytes != int64(len(b)) {
		t.Errorf("probe %+v, %v", info, err)
	}
	clip, err := c.Clip(t.Context(), b, 2*time.Second, 3*time.Second)
	if err != nil || len(clip) != 44+2*16000 {
		t.Errorf("clip of %d bytes, %v", len(clip), err)
	}
	if _, err := c.Probe(t.Context(), []byte("kein Ton")); feierabend.CodeOf(err) != "not_audio" {
		t.Errorf("probe of text: %v", err)
	}
	if _, err := c.Clip(t.Context(), b, time.Hour, 2*time.Hour); feierabend.CodeOf(err) != "clip_range" {
		t.Errorf("clip beyond the end: %v", err)
	}
	if _, err := c.Probe(t.Context(), make([]byte, speech.MaxAudio+1)); feierabend.CodeOf(err) != "too_large" {
		t.Errorf("probe of 16 MB: %v", err)
	}
	c.Args = []string{"audio-clip-crash"}
	if _, err := c.Clip(t.Context(), b, 0, time.Second); feierabend.CodeOf(err) != speech.CodeCrashed {
		t.Errorf("crash: %v", err)
	}
}

// alive says whether a process exists (Linux keeps one folder each).
func alive(pid int) bool {
	_, err := os.Stat("/proc/" + strconv.Itoa(pid))
	return err == nil
}
