// Command drive works the real binary from outside, for the acceptance scripts:
//
//	drive webhook BIN          the same webhook 50 times in parallel → one draft
//	drive kill BIN CYCLES      kill -9 at random moments → every acknowledged note ends in one draft
//	drive faults BIN           bad input: each has its own answer, no 5xx, nothing lost
//
// It prints figures and exits 1 on the first broken promise.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "drive:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "webhook":
		return sameWebhook(args[1], 50)
	case len(args) == 3 && args[0] == "kill":
		n, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		return killLoop(args[1], n)
	case len(args) == 2 && args[0] == "faults":
		return badInput(args[1])
	}
	return fmt.Errorf("usage: drive webhook BIN | kill BIN CYCLES | faults BIN")
}
