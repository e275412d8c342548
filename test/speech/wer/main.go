// Command wer counts wrong words of transcripts of the notes in test/speech:
//
//	go run ./test/speech/wer [-short] test/speech FILE…
//
// FILE holds what "feierabend transcribe --json" wrote (one object a line) or what
// test/speech/proof wrote. Wrong words = substitutions + deletions + insertions of
// the best alignment. Normal form: lower case; - – — / become blanks; every other
// sign that is no letter or digit is dropped; numbers, ß and umlauts stay.
//
// -short prints one line a file: wrong words, all words, CPU seconds per second of
// audio.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

func main() {
	short := flag.Bool("short", false, "one line a file")
	flag.Parse()
	if flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "usage: wer [-short] DIR FILE…")
		os.Exit(2)
	}
	for _, file := range flag.Args()[1:] {
		if err := score(os.Stdout, flag.Arg(0), file, *short); err != nil {
			fmt.Fprintln(os.Stderr, "wer:", err)
			os.Exit(1)
		}
	}
}

// run is what a recogniser wrote about all notes.
type run struct {
	text       map[string]string // by number of the note
	cpu, audio float64           // seconds
}

func read(file string) (run, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return run{}, err
	}
	var proof struct {
		Text   map[string]string
		CPUS   float64 `json:"cpu_s"`
		AudioS float64 `json:"audio_s"`
	}
	if json.Unmarshal(b, &proof) == nil && len(proof.Text) > 0 {
		return run{proof.Text, proof.CPUS, proof.AudioS}, nil
	}
	r := run{text: map[string]string{}}
	lines := bufio.NewReader(bytes.NewReader(b))
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var one struct {
				File, Text string
				Seconds    float64
				CPU        float64 `json:"cpu_seconds"`
			}
			if err := json.Unmarshal(line, &one); err != nil {
				return run{}, fmt.Errorf("%s: %w", file, err)
			}
			r.text[strings.TrimSuffix(filepath.Base(one.File), ".ogg")] = one.Text
			r.cpu, r.audio = r.cpu+one.CPU, r.audio+one.Seconds
		}
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return run{}, err
		}
	}
}

func score(w io.Writer, dir, file string, short bool) error {
	r, err := read(file)
	if err != nil {
		return err
	}
	keys := make([]string, 0, len(r.text))
	for k := range r.text {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var wrong, words int
	for _, k := range keys {
		ref, err := os.ReadFile(filepath.Join(dir, k+".txt"))
		if err != nil {
			return err
		}
		want := normal(string(ref))
		n := distance(want, normal(r.text[k]))
		if !short {
			fmt.Fprintf(w, "  %s  %d/%d\n", k, n, len(want))
		}
		wrong, words = wrong+n, words+len(want)
	}
	per := 0.0
	if r.audio > 0 {
		per = r.cpu / r.audio
	}
	if short {
		fmt.Fprintf(w, "%d %d %.4f\n", wrong, words, per)
		return nil
	}
	fmt.Fprintf(w, "  all  %d/%d = %.1f %%, CPU %.4f s per second of audio\n", wrong, words, 100*float64(wrong)/float64(max(1, words)), per)
	return nil
}

// normal gives the words of a text in the normal form.
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

// distance is the least number of substitutions, deletions and insertions.
func distance(ref, hyp []string) int {
	row := make([]int, len(hyp)+1)
	for j := range row {
		row[j] = j
	}
	for i := range ref {
		diagonal := row[0]
		row[0] = i + 1
		for j := range hyp {
			cost := 1
			if ref[i] == hyp[j] {
				cost = 0
			}
			best := min(diagonal+cost, row[j]+1, row[j+1]+1)
			diagonal, row[j+1] = row[j+1], best
		}
	}
	return row[len(hyp)]
}
