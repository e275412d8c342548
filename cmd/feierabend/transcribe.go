package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"feierabend"
	"feierabend/internal/speech"
	"feierabend/internal/transcription"
)

const transcribeUsage = "Aufruf: feierabend transcribe [--greedy] [--json] [--threads N] DATEI…"

// transcribed is one line of transcribe --json. Times are seconds.
type transcribed struct {
	File     string              `json:"file"`
	Text     string              `json:"text"`
	Reason   string              `json:"reason,omitempty"` // no_speech, not_german, or the code of an error
	Engine   string              `json:"engine,omitempty"`
	Model    string              `json:"model,omitempty"`
	Kernels  string              `json:"kernels,omitempty"`
	Beam     int                 `json:"beam"`
	Seconds  float64             `json:"seconds"`     // of the recording
	CPU      float64             `json:"cpu_seconds"` // of the recognition, without loading the model
	Wall     float64             `json:"wall_seconds"`
	Segments []transcribedPart   `json:"segments"`
	Words    []transcribedPart   `json:"words"`
	Marks    []feierabend.Mark   `json:"marks"`
	Windows  []transcribedWindow `json:"windows"`
}

// transcribedPart is a segment or a word: its place in the text in characters.
type transcribedPart struct {
	Text  string  `json:"text"`
	From  int     `json:"from"`
	To    int     `json:"to"`
	Start float64 `json:"start"`
	End   float64 `json:"end"`
	P     float32 `json:"p"`
}

// transcribedWindow gives the figures that the guards judge by.
type transcribedWindow struct {
	Start    float64 `json:"start"`
	End      float64 `json:"end"`
	P        float32 `json:"p"`
	NoSpeech float32 `json:"no_speech"`
	German   float32 `json:"german"`
}

// cmdTranscribe writes the text of recordings, one line a file, in their order.
func cmdTranscribe(ctx context.Context, args []string, env func(string) string, _ io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("transcribe", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	greedy := flags.Bool("greedy", false, "")
	asJSON := flags.Bool("json", false, "")
	threads := flags.Int("threads", 0, "")
	if err := flags.Parse(args); err != nil || flags.NArg() == 0 || *threads < 0 {
		return usage(transcribeUsage)
	}
	cfg := modelConfig(env)
	path, err := modelStore(cfg).Path(cfg.Model)
	if err != nil {
		return err
	}
	engine := speech.New(speech.Options{
		ModelPath: func() (string, bool) { return path, true }, Threads: *threads, Nice: speech.NiceSame,
		Log: slog.New(slog.DiscardHandler),
	})
	defer engine.Close()
	o := feierabend.RecognitionOptions{Beam: 5}
	if *greedy {
		o.Beam = 1
	}
	failed := false
	for _, file := range flags.Args() {
		line, err := transcribeFile(ctx, engine, file, o)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if feierabend.KindOf(err) == feierabend.Unavailable {
				return err
			}
			failed = true
			line.Reason = feierabend.CodeOf(err)
			fmt.Fprintf(stderr, "%s: %s\n", file, sentence(err))
		} else if line.Reason != "" {
			fmt.Fprintf(stderr, "%s: %s\n", file, feierabend.ReasonText(line.Reason))
		}
		if err := writeTranscribed(stdout, line, *asJSON); err != nil {
			return err
		}
	}
	if failed {
		return errSilent
	}
	return nil
}

func writeTranscribed(w io.Writer, line transcribed, asJSON bool) error {
	if !asJSON {
		_, err := fmt.Fprintln(w, line.Text)
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(line)
}

func transcribeFile(ctx context.Context, engine *speech.Engine, file string, o feierabend.RecognitionOptions) (transcribed, error) {
	line := transcribed{File: file, Beam: o.Beam, Segments: []transcribedPart{}, Words: []transcribedPart{}, Marks: []feierabend.Mark{}, Windows: []transcribedWindow{}}
	b, err := readRecording(file)
	if err != nil {
		return line, err
	}
	begin := time.Now()
	r, err := transcription.Recognise(ctx, engine, b, o)
	if err != nil {
		return line, err
	}
	t, reason := transcription.Judge(r, o.Prompt)
	line.Text, line.Reason, line.Engine, line.Model, line.Kernels = t.Text, reason, r.Engine, r.Model, r.Kernels
	line.Seconds, line.CPU, line.Wall = r.Duration.Seconds(), r.CPU.Seconds(), time.Since(begin).Seconds()
	runes := []rune(t.Text)
	for _, s := range t.Segments {
		line.Segments = append(line.Segments, transcribedPart{string(runes[s.From:s.To]), s.From, s.To, s.Start.Seconds(), s.End.Seconds(), s.P})
	}
	for _, w := range t.Words {
		line.Words = append(line.Words, transcribedPart{string(runes[w.From:w.To]), w.From, w.To, w.Start.Seconds(), w.End.Seconds(), w.P})
	}
	line.Marks = append(line.Marks, t.Marks...)
	for _, w := range r.Windows {
		line.Windows = append(line.Windows, transcribedWindow{w.Start.Seconds(), w.End.Seconds(), w.P, w.NoSpeech, w.German})
	}
	return line, nil
}

// readRecording reads a file that may be too large to be one.
func readRecording(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, &feierabend.Error{Kind: feierabend.NotFound, Code: "file", Err: err, Text: "Diese Datei gibt es nicht oder sie ist nicht lesbar."}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, speech.MaxAudio+1))
	if err != nil {
		return nil, &feierabend.Error{Kind: feierabend.NotFound, Code: "file", Err: err, Text: "Diese Datei ist nicht lesbar."}
	}
	return b, nil
}
