package main

import (
	"context"
	"fmt"
	"io"
)

// cmdKey is `feierabend key new`: prints a fresh pair for the environment.
func cmdKey(_ context.Context, args []string, _ environment, _ io.Reader, stdout, _ io.Writer) error {
	if len(args) != 1 || args[0] != "new" {
		return usage("feierabend key new")
	}
	_, err := fmt.Fprintf(stdout, "FEIERABEND_MASTER_KEYS=1:%s\nFEIERABEND_ROOT_KEY=%s\n", randomKey(), randomKey())
	return err
}
