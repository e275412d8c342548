package speech_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/speech"
	"feierabend/internal/whisper"
)

// TestMain lets the test binary stand for the product's: as a child it runs the
// real worker loops with a recogniser whose behaviour the model's name says.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "speech-worker":
			end(speech.Worker(context.Background(), os.Stdin, os.Stdout, speech.WorkerOptions{Load: load}))
		case "audio-clip":
			end(speech.ClipWorker(os.Stdin, os.Stdout))
		case "audio-clip-crash":
			os.Exit(3)
		}
	}
	os.Exit(m.Run())
}

func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

type fake struct{ mode string }

func load(path string, threads int) (speech.Recogniser, error) {
	mode := filepath.Base(path)
	if mode == "damaged" {
		return nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "model_damaged", Err: errors.New("cut")}
	}
	return &fake{mode}, nil
}

func (f *fake) Info() whisper.Info { return whisper.Info{Name: "fake"} }

func (f *fake) Transcribe(ctx context.Context, pcm []float32, o whisper.Options) (whisper.Result, error) {
	switch f.mode {
	case "crash":
		panic("index out of range")
	case "patient":
		<-ctx.Done()
		return whisper.Result{}, ctx.Err()
	case "hang":
		time.Sleep(time.Hour)
	case "flood":
		fmt.Println(strings.Repeat("x", 5<<20))
	case "environment":
		wd, _ := os.Getwd()
		priority, _ := syscall.Getpriority(syscall.PRIO_PROCESS, 0) // Linux gives 20 − nice
		return result(fmt.Sprint(strings.Join(os.Environ(), " "), " nice ", 20-priority, " in ", wd)), nil
	case "huge":
		return result(strings.Repeat("wort ", 20000)), nil
	}
	length := time.Duration(len(pcm)) * time.Second / 16000
	o.Progress(length/2, length, "zwei")
	return result(fmt.Sprintf("beam %d prompt %q words %v", o.Beam, o.Prompt, o.Words)), nil
}

func result(text string) whisper.Result {
	return whisper.Result{Windows: []whisper.Window{{
		End: time.Second, Text: text, NoSpeech: 0.1, MeanP: 0.9, LangDE: 0.99,
		Words: []whisper.Word{{Text: "beam", Start: 100 * time.Millisecond, End: 300 * time.Millisecond, P: 0.8}},
	}}}
}

func note(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../test/speech", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
