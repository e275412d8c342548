package main

import (
	"context"
	"fmt"
	"io"
)

// command is one subcommand.
type command struct {
	name   string
	does   string // German, one line
	hidden bool   // for the program itself, not for people
	run    func(ctx context.Context, args []string, env environment, stdin io.Reader, stdout, stderr io.Writer) error
}

// plain adapts commands that read single settings only.
func plain(f func(context.Context, []string, func(string) string, io.Reader, io.Writer, io.Writer) error) func(context.Context, []string, environment, io.Reader, io.Writer, io.Writer) error {
	return func(ctx context.Context, args []string, env environment, stdin io.Reader, stdout, stderr io.Writer) error {
		return f(ctx, args, env.get, stdin, stdout, stderr)
	}
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, "Feierabend: Sprachnachricht rein, Rechnung raus, alles wieder gelöscht.\n\nBefehle:\n")
	for _, c := range commands() {
		if !c.hidden {
			fmt.Fprintf(w, "  %-12s %s\n", c.name, c.does)
		}
	}
	fmt.Fprint(w, "\nEinstellungen stehen in Umgebungsvariablen FEIERABEND_*: feierabend config\n")
}
