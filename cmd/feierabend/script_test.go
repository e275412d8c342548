package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run the program itself.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"feierabend": func() {
			err := run(context.Background(), os.Args[1:], takeEnvironment(), os.Stdin, os.Stdout, os.Stderr)
			if err != nil && err != errSilent {
				fmt.Fprintln(os.Stderr, "feierabend: "+sentence(err))
			}
			os.Exit(exitCode(err))
		},
	})
}

// TestScripts runs the whole binary as the operator does.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: func(e *testscript.Env) error {
		e.Setenv("HOME", e.WorkDir)
		e.Setenv("FEIERABEND_DATA", e.WorkDir+"/data")
		return nil
	}})
}
