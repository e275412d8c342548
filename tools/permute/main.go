// Command permute changes who, where and how much in a dictation corpus, in the text and
// in the expected draft alike: persons, firms, streets, postcodes and places, and amounts or
// quantities in the style they were said in (words stay words, digits digits). A reader that
// has learnt sentences by heart fails on the result; one that understands German does not.
//
//	go run ./tools/permute --seed 1 --profiles profiles.json [--profiles-out changed.json] < cases.jsonl > permuted.jsonl
//
// With --profiles-out the address books are permuted too; without it, names out of an
// address book stay. The report goes to stderr.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"

	"feierabend"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "permute:", err)
		os.Exit(1)
	}
}

// testCase is a line of the corpus.
type testCase struct {
	ID      string         `json:"id"`
	At      string         `json:"at"`
	Profile string         `json:"profile"`
	Text    string         `json:"text"`
	Want    map[string]any `json:"want"`
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("permute", flag.ContinueOnError)
	flags.SetOutput(stderr)
	seed := flags.Uint64("seed", 1, "start of the random numbers")
	profilesFile := flags.String("profiles", "", "profiles of the corpus")
	profilesOut := flags.String("profiles-out", "", "where to write profiles with permuted address books")
	if err := flags.Parse(args); err != nil {
		return err
	}
	raw, err := os.ReadFile(*profilesFile)
	if err != nil {
		return fmt.Errorf("read profiles: %w", err)
	}
	var profiles map[string]feierabend.Profile
	if err := json.Unmarshal(raw, &profiles); err != nil {
		return fmt.Errorf("read profiles: %w", err)
	}
	r := rand.New(rand.NewPCG(*seed, 0x5eed))
	books := &books{profiles: profiles, swaps: map[string]*swaps{}}
	if *profilesOut != "" {
		out, err := books.permute(raw, r)
		if err != nil {
			return err
		}
		if err := os.WriteFile(*profilesOut, out, 0o644); err != nil {
			return fmt.Errorf("write profiles: %w", err)
		}
	}
	return permuteLines(stdin, stdout, stderr, books, r)
}

func permuteLines(stdin io.Reader, stdout, stderr io.Writer, books *books, r *rand.Rand) error {
	in := bufio.NewScanner(stdin)
	in.Buffer(nil, 1<<20)
	var total report
	for in.Scan() {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		var c testCase
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			return fmt.Errorf("read case %d: %w", total.cases+1, err)
		}
		before := c.Text
		rep := permuteCase(&c, books, r)
		total.add(rep, c.Text != before)
		line, err := encode(c)
		if err != nil {
			return fmt.Errorf("write case %s: %w", c.ID, err)
		}
		if _, err := stdout.Write(line); err != nil {
			return fmt.Errorf("write case %s: %w", c.ID, err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read cases: %w", err)
	}
	fmt.Fprintf(stderr, "permute: %d of %d cases changed; %d names, %d streets, %d places, %d figures; %d cases without a changed figure\n",
		total.changed, total.cases, total.names, total.streets, total.places, total.figures, total.still)
	if total.changed*10 < total.cases*9 {
		return fmt.Errorf("only %d of %d cases changed", total.changed, total.cases)
	}
	return nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// report counts what was changed.
type report struct {
	cases, changed, names, streets, places, figures, still int
}

func (t *report) add(r report, changed bool) {
	t.cases++
	if changed {
		t.changed++
	}
	if r.figures == 0 {
		t.still++
	}
	t.names += r.names
	t.streets += r.streets
	t.places += r.places
	t.figures += r.figures
}
