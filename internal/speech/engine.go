package speech

import (
	"context"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"feierabend"
)

// Options are the settings of an Engine.
type Options struct {
	Executable string   // "" = this binary
	Args       []string // nil = the hidden subcommand "speech-worker"
	// ModelPath gives the model file, false while there is none.
	ModelPath func() (string, bool)
	Threads   int           // 0 = all cores but one
	Nice      int           // 0 = 10
	IdleAfter time.Duration // 0 = 5 minutes
	// Memory bounds the child's data in bytes: 0 = by the size of the model
	// (512 MB for base), NoLimit = none.
	Memory uint64
	Log    *slog.Logger // nil = none
	Now    func() time.Time
}

// NiceSame leaves the child's priority as it is: for commands that a person waits for.
const NiceSame = -1

// NoLimit switches the bound on memory off.
const NoLimit = ^uint64(0)

// Engine recognises one recording at a time in a child process. It is safe for
// concurrent use: callers wait for their turn.
type Engine struct {
	o    Options
	turn chan struct{} // holds a token while nobody recognises

	// The rest belongs to whoever has the turn.
	child    *child
	memory   uint64
	crashes  int // in a row
	illUntil time.Time

	mu   sync.Mutex
	idle *time.Timer
}

const (
	illAfter = 3               // crashes in a row
	illFor   = 5 * time.Minute // then it is tried again
	// grace is added to three times the length of the recording (speech.md §6.9).
	grace = time.Minute
)

// New makes an engine; nothing is started before the first recording.
func New(o Options) *Engine {
	if o.Args == nil {
		o.Args = []string{"speech-worker"}
	}
	if o.Threads <= 0 {
		o.Threads = max(1, runtime.NumCPU()-1)
	}
	switch o.Nice {
	case 0:
		o.Nice = 10
	case NiceSame:
		o.Nice = 0
	}
	if o.IdleAfter <= 0 {
		o.IdleAfter = 5 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	e := &Engine{o: o, turn: make(chan struct{}, 1)}
	e.turn <- struct{}{}
	return e
}

// Transcribe recognises a recording. It waits for its turn, then at most three
// times the recording's length plus a minute; when ctx ends, the child is killed.
//
// Errors: Unavailable model_missing, model_damaged, speech_ill (wait, nothing is
// lost); Invalid too_large and the codes of audio; Internal speech_crashed,
// speech_timeout, speech_failed (a try is spent); ctx's own.
func (e *Engine) Transcribe(ctx context.Context, audio []byte, o feierabend.RecognitionOptions) (feierabend.Recognition, error) {
	if len(audio) > MaxAudio {
		return feierabend.Recognition{}, errTooLarge(len(audio))
	}
	path, ok := e.o.ModelPath()
	if !ok {
		return feierabend.Recognition{}, errModelMissing()
	}
	select {
	case <-e.turn:
	case <-ctx.Done():
		return feierabend.Recognition{}, ctx.Err()
	}
	defer func() { e.turn <- struct{}{} }()
	if e.o.Now().Before(e.illUntil) {
		return feierabend.Recognition{}, errIll()
	}
	if err := e.running(path); err != nil {
		return feierabend.Recognition{}, errFailed(CodeFailed, err)
	}
	defer e.rest()
	return e.ask(ctx, audio, request{
		Op: "transcribe", Model: path, Threads: e.o.Threads, Beam: o.Beam,
		Prompt: promptOf(o.Prompt), Longest: o.Longest, Memory: e.memory,
	}, o.Progress)
}

// promptOf joins the terms; the last ones act most, so the end is kept.
func promptOf(terms []string) string {
	const most = 2000 // bytes; the model takes about 220 tokens
	s := strings.Join(terms, ", ")
	if len(s) > most {
		s = strings.ToValidUTF8(s[len(s)-most:], "")
	}
	return s
}

// Clip cuts a passage out of a recording, in a short-lived child of its own that
// never waits for a recognition (Cutter.Clip).
func (e *Engine) Clip(ctx context.Context, audio []byte, from, to time.Duration) ([]byte, error) {
	return Cutter{Executable: e.o.Executable}.Clip(ctx, audio, from, to)
}

// Ill says whether the child crashed three times in a row and is given a rest.
func (e *Engine) Ill() bool {
	<-e.turn
	defer func() { e.turn <- struct{}{} }()
	return e.o.Now().Before(e.illUntil)
}

// Close ends the child. The engine may be used again.
func (e *Engine) Close() {
	<-e.turn
	defer func() { e.turn <- struct{}{} }()
	e.stopTimer()
	e.end()
}

// running sees to it that a child is there, with room for the model.
func (e *Engine) running(model string) error {
	e.stopTimer()
	need := e.o.Memory
	if need == 0 {
		need = memoryFor(model)
	} else if need == NoLimit {
		need = 0
	}
	if e.child != nil && e.child.alive() && e.memory == need {
		return nil
	}
	e.end()
	exe := e.o.Executable
	if exe == "" {
		var err error
		if exe, err = os.Executable(); err != nil {
			return err
		}
	}
	c, err := start(exe, e.o.Args, need, e.o.Nice)
	if err != nil {
		return err
	}
	e.child, e.memory = c, need
	e.o.Log.Info("speech process started", "pid", c.cmd.Process.Pid)
	return nil
}

// memoryFor is the bound of speech.md §6.10: 512 MB for base, 1.2 GB for small.
func memoryFor(model string) uint64 {
	const mb = 1 << 20
	if st, err := os.Stat(model); err == nil && st.Size() > 160*mb {
		return 1200 * mb
	}
	return 512 * mb
}

// end kills the child, if any, and waits until it is gone.
func (e *Engine) end() {
	if e.child == nil {
		return
	}
	e.child.kill()
	e.child.drain()
	<-e.child.done
	code, signal, peak := usage(e.child.cmd.ProcessState)
	e.o.Log.Info("speech process ended", "exit", code, "signal", signal, "peak_kb", peak)
	e.child = nil
}

// rest starts the clock of the idle time.
func (e *Engine) rest() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.idle = time.AfterFunc(e.o.IdleAfter, func() {
		select {
		case <-e.turn:
			e.end()
			e.turn <- struct{}{}
		default: // a recording came
		}
	})
}

func (e *Engine) stopTimer() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.idle != nil {
		e.idle.Stop()
	}
}
