// Command drive works the real binary from outside, for the acceptance scripts:
//
//	drive webhook BIN          the same webhook 50 times in parallel → one draft
//	drive kill BIN ENGINE CYCLES [VOICES [SEED]]
//	                           kill -9 at random moments of the whole story on sqlite or postgres
//	drive rotate BIN ENGINE    the master key replaced under load on sqlite or postgres
//	drive faults BIN           bad input: each has its own answer, no 5xx, nothing lost
//	drive outage BIN           PostgreSQL away, killed, read-only and full, and back
//	drive disk BIN DIR         SQLite on the small file system DIR: full, damaged, other keys
//	drive logs BIN             marked content; none of it in any log, figure, job row, stack or temporary file
//	drive clock BIN ENGINE     a clock in 1970 and 40 days ahead; BIN is built with the tag shiftclock
//	drive fleet BIN DSN        3 workers and 2 webs on one PostgreSQL, one killed each second under load
//
// It prints figures and exits 1 on the first broken promise.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "drive:", err)
		os.Exit(1)
	}
}

// fleetFromEnv is the plan of the acceptance script; FLEET_RATE and FLEET_SECONDS are
// for trying other loads.
func fleetFromEnv() fleetPlan {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	return fleetPlan{
		workers: 3, webs: 2, rate: number("FLEET_RATE", 200), load: time.Duration(number("FLEET_SECONDS", 60)) * time.Second, settle: 3 * time.Minute,
		senders: 400, firms: 40, killEvery: time.Duration(number("FLEET_KILL_MS", 1000)) * time.Millisecond,
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "webhook":
		return sameWebhook(args[1], 50)
	case len(args) >= 4 && len(args) <= 6 && args[0] == "kill":
		var n [3]int // cycles, voices, seed
		for i, a := range args[3:] {
			var err error
			if n[i], err = number(a); err != nil {
				return err
			}
		}
		return killLoop(args[1], args[2], n[0], n[1], uint64(n[2]))
	case len(args) == 3 && args[0] == "rotate":
		return rotateUnderLoad(args[1], args[2])
	case len(args) == 3 && args[0] == "clock":
		return clockJumps(args[1], args[2])
	case len(args) == 2 && args[0] == "faults":
		return badInput(args[1])
	case len(args) == 2 && args[0] == "outage":
		return outages(args[1])
	case len(args) == 3 && args[0] == "disk":
		return diskFaults(args[1], args[2])
	case len(args) == 2 && args[0] == "logs":
		return canaryLogs(args[1])
	case len(args) == 3 && args[0] == "fleet":
		return fleetTest(args[1], args[2], fleetFromEnv())
	}
	return fmt.Errorf("usage: drive webhook BIN | kill BIN sqlite|postgres CYCLES [VOICES [SEED]] | rotate BIN sqlite|postgres | clock BIN sqlite|postgres | faults BIN | outage BIN | disk BIN DIR | logs BIN | fleet BIN DSN")
}
