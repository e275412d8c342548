// Command feierabend is the whole product in one binary: the service, the demo,
// the tools of the operator. This folder is the only place that sees every
// package; everything else is joined here.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"feierabend"
)

// Exit codes of every command (design §5).
const (
	exitDone  = 0
	exitFail  = 1 // a finding or a failure
	exitUsage = 2 // wrong use
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err := run(ctx, os.Args[1:], takeEnvironment(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, errSilent) {
		fmt.Fprintln(os.Stderr, "feierabend: "+sentence(err))
	}
	os.Exit(exitCode(err))
}

// errSilent ends a command with exit code 1 after it has already said why.
var errSilent = errors.New("already reported")

// usage is an error about how a command was called: exit code 2.
func usage(format string, a ...any) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: "usage", Text: fmt.Sprintf(format, a...)}
}

// failure is an error with a sentence for the person at the keyboard: exit code 1.
func failure(code string, err error, format string, a ...any) error {
	return &feierabend.Error{Kind: feierabend.Unavailable, Code: code, Text: fmt.Sprintf(format, a...), Err: err}
}

// sentence is what a person reads: the German text, or ids and codes.
func sentence(err error) string {
	if t := feierabend.TextOf(err); t != "" {
		return t
	}
	return err.Error()
}

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case feierabend.CodeOf(err) == "usage":
		return exitUsage
	}
	return exitFail
}

// run is main without the process: tests and scripts call it too.
func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		printHelp(stderr)
		return usage("Bitte nennen Sie einen Befehl, zum Beispiel: feierabend serve --demo")
	}
	switch args[0] {
	case "help", "-h", "--help":
		printHelp(stdout)
		return nil
	}
	env := lookup(environ)
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, args[1:], env, stdin, stdout, stderr)
		}
	}
	names := make([]string, 0, 20)
	for _, c := range commands() {
		if !c.hidden {
			names = append(names, c.name)
		}
	}
	return usage("Den Befehl „%s“ gibt es nicht. Meinten Sie „%s“? Alle Befehle: feierabend help", args[0], nearest(args[0], names))
}

// environment looks settings up; it also knows every name, so that a misspelt
// setting stops the start instead of being ignored.
type environment struct{ values map[string]string }

func lookup(environ []string) environment {
	e := environment{values: make(map[string]string, len(environ))}
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok {
			e.values[k] = v
		}
	}
	return e
}

func (e environment) get(name string) string { return e.values[name] }
