// Command ci helps the test scripts.
//
//	go test -json … | ci count LABEL RESULTS [FLOORS]
//
// notes "pass N LABEL", "fail N LABEL", "skip N LABEL", "sqlite N LABEL" and
// "postgres N LABEL" in RESULTS and prints failures. FLOORS says how many tests a
// block has passed on each engine at least; fewer are a failure.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if len(os.Args) < 4 || len(os.Args) > 5 || os.Args[1] != "count" {
		fmt.Fprintln(os.Stderr, "usage: ci count LABEL RESULTS [FLOORS]")
		os.Exit(2)
	}
	c, err := count(os.Stdin, os.Stdout)
	if err == nil && len(os.Args) == 5 {
		err = c.measure(os.Args[2], os.Args[4], os.Stdout)
	}
	if err == nil {
		err = c.note(os.Args[2], os.Args[3])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ci:", err)
		os.Exit(1)
	}
	if c.failed > 0 || c.passed == 0 {
		os.Exit(1)
	}
}

// event is a line of `go test -json`.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

type counts struct {
	passed, failed, skipped int
	on                      map[string]int // passed on each engine
}

// count reads events; output of failed tests and packages is printed.
func count(r io.Reader, w io.Writer) (counts, error) {
	c := counts{on: map[string]int{}}
	output := map[string]*strings.Builder{}
	failedTests := map[string]bool{} // by package
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<20), 16<<20)
	for sc.Scan() {
		var e event
		if json.Unmarshal(sc.Bytes(), &e) != nil {
			fmt.Fprintln(w, sc.Text()) // build errors come as plain text
			continue
		}
		key := e.Package + "." + e.Test
		switch e.Action {
		case "output", "build-output":
			if output[key] == nil {
				output[key] = &strings.Builder{}
			}
			output[key].WriteString(e.Output)
		case "pass":
			if e.Test != "" {
				c.passed++
				if engine := engineOf(e.Test); engine != "" {
					c.on[engine]++
				}
			}
			delete(output, key)
		case "skip":
			if e.Test != "" {
				c.skipped++
				fmt.Fprintf(w, "skipped: %s %s\n", e.Package, e.Test)
			}
			delete(output, key)
		case "fail":
			if e.Test != "" {
				failedTests[e.Package] = true
			} else if failedTests[e.Package] {
				continue // the package's own line repeats its tests'
			}
			c.failed++
			fmt.Fprintf(w, "FAIL %s %s\n", e.Package, e.Test)
			if output[key] != nil {
				fmt.Fprint(w, output[key].String())
			}
		case "build-fail":
			if o := output["."]; o != nil {
				fmt.Fprint(w, o.String())
			}
		}
	}
	return c, sc.Err()
}

func (c counts) note(label, path string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintf(f, "pass %d %s\nfail %d %s\nskip %d %s\n", c.passed, label, c.failed, label, c.skipped, label)
	for _, engine := range engines {
		if err == nil {
			_, err = fmt.Fprintf(f, "%s %d %s\n", engine, c.on[engine], label)
		}
	}
	return err
}
