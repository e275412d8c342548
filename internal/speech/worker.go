package speech

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/audio"
	"feierabend/internal/whisper"
)

// recogniser is a loaded model.
type recogniser interface {
	Info() whisper.Info
	Transcribe(ctx context.Context, pcm []float32, o whisper.Options) (whisper.Result, error)
}

// WorkerOptions are the settings of the child's loop.
type WorkerOptions struct {
	// IdleAfter ends the child when nothing came for so long; 0 = 6 minutes, a
	// little after the parent would end it.
	IdleAfter time.Duration
	// Load reads a model; nil = whisper.Load.
	Load func(path string, threads int) (Recogniser, error)
}

// Recogniser is what Load gives: a whisper.Session in the product.
type Recogniser = recogniser

// Worker is the loop of the child process: it reads recordings from stdin and
// writes JSON lines to stdout until stdin closes (the parent is gone), ctx ends
// or nothing came for IdleAfter. Errors of a recording are answers, not errors.
func Worker(ctx context.Context, stdin io.Reader, stdout io.Writer, o WorkerOptions) error {
	if o.IdleAfter <= 0 {
		o.IdleAfter = 6 * time.Minute
	}
	if o.Load == nil {
		o.Load = loadWhisper
	}
	w := worker{o: o, out: stdout}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	frames := make(chan frame)
	go readFrames(ctx, cancel, stdin, frames)
	idle := time.NewTimer(o.IdleAfter)
	defer idle.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-idle.C:
			return nil
		case f := <-frames:
			if f.err != nil {
				return f.err
			}
			if err := w.serve(ctx, f.q, f.b); err != nil {
				return err
			}
			idle.Reset(o.IdleAfter)
		}
	}
}

type frame struct {
	q   request
	b   []byte
	err error
}

// readFrames hands on what comes in. The end of the input means that the parent is
// gone: what is being recognised is given up at once, nobody waits for it.
func readFrames(ctx context.Context, gone func(), stdin io.Reader, frames chan<- frame) {
	r := bufio.NewReaderSize(stdin, 64<<10)
	for {
		q, b, err := readRequest(r)
		if errors.Is(err, io.EOF) {
			gone()
			return
		}
		select {
		case frames <- frame{q, b, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

type worker struct {
	o        WorkerOptions
	out      io.Writer
	model    recogniser
	path     string
	confined bool
}

// serve answers one request; its error ends the worker.
func (w *worker) serve(ctx context.Context, q request, b []byte) error {
	if !w.confined {
		w.confined = true
		if err := confine(q.Memory); err != nil {
			return err
		}
	}
	r, err := w.transcribe(ctx, q, b)
	if err != nil {
		return writeLine(w.out, answer{ID: q.ID, Code: codeOf(err)})
	}
	return writeLine(w.out, answer{ID: q.ID, Result: &r})
}

func (w *worker) transcribe(ctx context.Context, q request, b []byte) (feierabend.Recognition, error) {
	start := cpuTime()
	pcm, info, err := decode(ctx, b, q.Longest)
	if err != nil {
		return feierabend.Recognition{}, err
	}
	if err := writeLine(w.out, answer{ID: q.ID, Info: &info}); err != nil {
		return feierabend.Recognition{}, err
	}
	decoded := cpuTime() - start
	if err := w.load(q); err != nil {
		return feierabend.Recognition{}, err
	}
	start = cpuTime() // loading counts apart: it happens once
	r := feierabend.Recognition{
		Engine: "local", Model: w.model.Info().Name, Kernels: whisper.Kernels(),
		Type: info.Type, Duration: info.Duration, Peak: peak(pcm),
	}
	if worthHearing(r) {
		res, err := w.model.Transcribe(ctx, pcm, whisper.Options{
			Beam: q.Beam, Threads: q.Threads, Prompt: q.Prompt, Words: true,
			Progress: func(done, total time.Duration, text string) {
				_ = writeLine(w.out, answer{ID: q.ID, Progress: &progress{done, total, text}}) // a dead parent shows at the result
			},
		})
		if err != nil {
			return r, err
		}
		r.Windows = windows(res)
	}
	r.CPU = decoded + cpuTime() - start
	return r, nil
}

// load reads the model once, and again when the path has changed.
func (w *worker) load(q request) error {
	if w.model != nil && w.path == q.Model {
		return nil
	}
	w.model = nil
	debug.FreeOSMemory() // the old model's, before the new one comes
	old := debug.SetGCPercent(20)
	defer debug.SetGCPercent(old)
	m, err := w.o.Load(q.Model, q.Threads)
	if err != nil {
		return err
	}
	w.model, w.path = m, q.Model
	return nil
}

func loadWhisper(path string, threads int) (Recogniser, error) {
	m, err := whisper.Load(path, whisper.LoadOptions{Threads: threads})
	if err != nil {
		return nil, err
	}
	return m.NewSession(), nil // one note at a time: its buffers serve the next note too
}

// decode gives samples and length of a recording.
func decode(ctx context.Context, b []byte, longest time.Duration) ([]float32, feierabend.AudioInfo, error) {
	if longest <= 0 {
		longest = maxDuration
	}
	info := feierabend.AudioInfo{Type: audio.Sniff(b), Bytes: int64(len(b))}
	pcm, err := audio.Decode(ctx, b, longest)
	if err != nil {
		return nil, info, err
	}
	info.Duration = time.Duration(len(pcm)) * time.Second / audio.Rate
	return pcm, info, nil
}

// worthHearing is the gate before the recogniser (speech.md §6.2, start values):
// half a second, and a peak over −50 dBFS.
func worthHearing(r feierabend.Recognition) bool {
	return r.Duration >= 500*time.Millisecond && r.Peak >= 0.00316
}

func peak(pcm []float32) (top float32) {
	for _, v := range pcm {
		top = max(top, v, -v)
	}
	return top
}

// windows puts a result into the ground floor's form; text is bounded.
func windows(res whisper.Result) []feierabend.HeardWindow {
	var list []feierabend.HeardWindow
	left := maxText
	for _, w := range res.Windows {
		h := feierabend.HeardWindow{
			Start: w.Start, End: w.End, Text: strings.TrimSpace(w.Text), P: w.MeanP, NoSpeech: w.NoSpeech,
			German: w.LangDE, Truncated: w.Truncated, Compression: w.Compression,
		}
		if len(h.Text) > left {
			h.Text, h.Truncated = "", true
		}
		left -= len(h.Text)
		if h.Text != "" {
			for _, x := range w.Words {
				h.Words = append(h.Words, feierabend.HeardWord{Text: strings.TrimSpace(x.Text), Start: x.Start, End: x.End, P: x.P})
			}
		}
		list = append(list, h)
	}
	return list
}

// ClipWorker answers one "probe" or "clip" request and ends.
func ClipWorker(stdin io.Reader, stdout io.Writer) error {
	q, b, err := readRequest(bufio.NewReaderSize(stdin, 64<<10))
	if err != nil {
		return err
	}
	if err := confine(q.Memory); err != nil {
		return err
	}
	switch q.Op {
	case "probe":
		info, err := audio.Probe(b)
		if err != nil {
			return writeLine(stdout, answer{Info: &info, Code: codeOf(err)})
		}
		return writeLine(stdout, answer{Info: &info})
	case "clip":
		clip, err := audio.Clip(b, q.From, q.To)
		if err != nil {
			return writeLine(stdout, answer{Code: codeOf(err)})
		}
		if err := writeLine(stdout, answer{Len: len(clip)}); err != nil {
			return err
		}
		_, err = stdout.Write(clip)
		return err
	}
	return fmt.Errorf("unknown request of %d characters", len(q.Op))
}
