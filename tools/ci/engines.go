package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// engines are the databases as storetest names its subtests.
var engines = []string{"sqlite", "postgres"}

// engineOf gives the database that a test ran on, "" where its name has none.
func engineOf(test string) string {
	for _, part := range strings.Split(test, "/")[1:] {
		if slices.Contains(engines, part) {
			return part
		}
	}
	return ""
}

// measure compares the tests of a block on each engine with its floors: lines
// "LABEL: ENGINE=N". Each engine that is below its own counts as one failed test.
// A block without floors has none to compare, an engine that a named block lacks a
// floor for must have run at least once.
func (c *counts) measure(label, path string, w io.Writer) error {
	least, err := floors(path, label)
	if err != nil || least == nil {
		return err
	}
	for _, engine := range engines {
		if want := max(least[engine], 1); c.on[engine] < want {
			c.failed++
			fmt.Fprintf(w, "FAIL %s: %d tests passed on %s, there were %d; where that is right, lower %s\n", label, c.on[engine], engine, want, path)
		}
	}
	return nil
}

// floors reads the numbers of one block; nil where the file does not name it.
func floors(path, label string) (map[string]int, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out map[string]int
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		block, floor, ok := strings.Cut(sc.Text(), ": ")
		engine, number, is := strings.Cut(floor, "=")
		n, err := strconv.Atoi(number)
		if !ok || !is || err != nil || !slices.Contains(engines, engine) {
			return nil, fmt.Errorf("%s: %q is no line like \"go tests: sqlite=12\"", path, sc.Text())
		}
		if block == label {
			if out == nil {
				out = map[string]int{}
			}
			out[engine] = n
		}
	}
	return out, sc.Err()
}
