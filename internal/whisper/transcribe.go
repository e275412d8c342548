package whisper

import (
	"bytes"
	"compress/zlib"
	"context"
	"time"
)

// Options are the settings of Transcribe; the zero value is a good start.
type Options struct {
	Beam      int           // width of the beam search, at most 6; 0 and 1 = greedy
	Threads   int           // 0 = as given to Load
	Prompt    string        // names and terms, no digits; the last 223 tokens count (speech.md §6.4)
	Words     bool          // give times of words (a second pass over the text, under 0.01 CPU seconds per second)
	PadFrames int           // silence after the speech in frames of 10 ms; 0 = 1000 = 10 s
	MaxWindow time.Duration // longest window; 0 = 28 s, at most 30 s

	// Progress, if not nil, is called after each window from Transcribe's goroutine.
	Progress func(done, total time.Duration, textSoFar string)
}

// Result is what was said, window by window.
type Result struct{ Windows []Window }

// Text is the text of all windows.
func (r Result) Text() string {
	var b []byte
	for _, w := range r.Windows {
		if w.Text != "" && len(b) > 0 {
			b = append(b, ' ')
		}
		b = append(b, w.Text...)
	}
	return string(b)
}

// Window is one stretch of at most 30 s, transcribed for itself, with figures for guards.
type Window struct {
	Start, End  time.Duration // in the note
	Text        string        // trimmed, valid UTF-8
	Tokens      []Token
	Words       []Word
	NoSpeech    float32 // probability that nothing was said: over 0.6 the text is invented
	MeanP       float32 // geometric mean of the token probabilities, with the end's
	LangDE      float32 // probability of German among the languages at the start
	Truncated   bool    // ended at the token limit, not by itself: the rest is missing
	Compression float64 // length of the text by its zlib length; over 2.4 it loops; 0 for no text
}

// Token is a piece of text; its bytes may end inside a UTF-8 character.
type Token struct {
	ID   int
	Text []byte
	P    float32 // softmax at its step
}

// Word is a piece of text between blanks. Times are in the note, and zero where
// Options.Words was not set.
type Word struct {
	Text       string
	Start, End time.Duration
	P          float32 // least of its tokens' probabilities
}

// Transcribe turns pcm, 16 kHz mono from -1 to 1, into German text, in a session of
// its own; see Session.Transcribe.
func (m *Model) Transcribe(ctx context.Context, pcm []float32, o Options) (Result, error) {
	return m.NewSession().Transcribe(ctx, pcm, o)
}

// Transcribe turns pcm, 16 kHz mono from -1 to 1, into German text. It splits the
// note into windows at quiet places; each is independent of the others. No
// samples give no windows. The only error is ctx's; it is checked between
// windows, layers and decoder steps.
func (s *Session) Transcribe(ctx context.Context, pcm []float32, o Options) (Result, error) {
	m := s.m
	o = o.withDefaults(m)
	if o.Threads != len(s.c.scratch) {
		s.c = newCompute(m.kern, o.Threads)
	}
	prompt := m.promptTokens(o.Prompt)
	var out Result
	from := 0
	for _, end := range splitWindows(pcm, int(o.MaxWindow*sampleRate/time.Second)) {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		w, err := s.window(ctx, pcm[from:end], from, prompt, o)
		if err != nil {
			return Result{}, err
		}
		out.Windows = append(out.Windows, w)
		from = end
		if o.Progress != nil {
			o.Progress(duration(end), duration(len(pcm)), out.Text())
		}
	}
	return out, nil
}

func (o Options) withDefaults(m *Model) Options {
	const (
		pad     = 1000
		longest = 28 * time.Second
		least   = time.Second
	)
	audioCtx := time.Duration(m.shape.audioCtx*framesPerPosition*hop) * time.Second / sampleRate
	if o.Threads <= 0 {
		o.Threads = m.threads
	}
	if o.PadFrames <= 0 {
		o.PadFrames = pad
	}
	if o.MaxWindow <= 0 {
		o.MaxWindow = longest
	}
	o.PadFrames = min(o.PadFrames, framesPerPosition*m.shape.audioCtx)
	o.MaxWindow = min(max(o.MaxWindow, least), audioCtx)
	o.Beam = min(max(o.Beam, 1), maxBeam)
	return o
}

// window transcribes one window that starts at sample from of the note.
func (s *Session) window(ctx context.Context, pcm []float32, from int, prompt []int, o Options) (Window, error) {
	if err := s.encode(ctx, pcm, s.m.windowFrames(len(pcm), o.PadFrames)); err != nil {
		return Window{}, err
	}
	st, err := s.begin(ctx, prompt)
	if err != nil {
		return Window{}, err
	}
	var text decoded
	if o.Beam > 1 {
		text, err = s.beam(ctx, st, o.Beam)
	} else {
		text, err = s.greedy(ctx, st)
	}
	if err != nil {
		return Window{}, err
	}
	w := Window{
		Start: duration(from), End: duration(from + len(pcm)),
		Text:     s.m.vocab.text(text.tokens),
		NoSpeech: st.noSpeech, LangDE: st.german, MeanP: text.meanP(), Truncated: text.truncated,
	}
	w.Compression = compression(w.Text)
	for i, id := range text.tokens {
		w.Tokens = append(w.Tokens, Token{ID: id, Text: []byte(s.m.vocab.piece(id)), P: text.probs[i]})
	}
	var times []time.Duration
	if o.Words && len(text.tokens) > 0 {
		if times, err = s.align(ctx, text.tokens, len(pcm)); err != nil {
			return Window{}, err
		}
	}
	w.Words = words(w.Tokens, times, w.Start)
	if times != nil {
		clipEnds(w.Words, pcm, w.Start)
	}
	return w, nil
}

// duration is the time of n samples.
func duration(n int) time.Duration { return time.Duration(n) * time.Second / sampleRate }

// compression is the ratio that tells loops (speech.md §6.3).
func compression(text string) float64 {
	if text == "" {
		return 0
	}
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // a bytes.Buffer takes all
	_ = z.Close()
	return float64(len(text)) / float64(b.Len())
}
