// Command bench measures the figures of storage (design §9): the durable accept of
// webhooks, the way to a draft, erasing, sweeping, page reads at a million cases and
// memory, on SQLite and on PostgreSQL, against a named baseline of the same run. It
// works the real binary from outside and seeds databases through package store.
//
//	bench run [flags]     all rows; test/bench.sh starts it with a database cluster
//	bench load            the load generator, a process of its own; reads its order on stdin
//	bench edge            pages and webhook over a store, without workers
//	bench accept          the accept path alone in this process, to be traced
//
// docs/bench.md says what is compared.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("usage: bench run [flags] | load | edge | accept")
	}
	switch args[0] {
	case "run":
		return runAll(ctx, args[1:])
	case "load":
		return runLoad(os.Stdin, os.Stdout)
	case "edge":
		return runEdge(ctx, os.Stdin, os.Stdout)
	case "accept":
		return runAccept(ctx, os.Stdin, os.Stdout)
	}
	return fmt.Errorf("unknown command %q", args[0])
}

// bench is one run: its settings and what it has found.
type bench struct {
	bin     string // the service
	dir     string // on the disk that is measured
	pg      string // address of a cluster by its owner; "" = SQLite only
	pgData  string // its data folder
	profile string // file for a processor profile of the server of accept
	quick   bool
	strict  bool
	only    string
	rounds  int
	report  *report
	stub    *stub
	ids     int // number of databases made
}

func runAll(ctx context.Context, args []string) (err error) {
	b := &bench{}
	var out string
	fs := flag.NewFlagSet("run", flag.ContinueOnError)
	fs.StringVar(&b.bin, "bin", "bin/feierabend", "the service's binary")
	fs.StringVar(&b.dir, "dir", "", "folder for databases, on the disk to measure; default: a temporary one")
	fs.StringVar(&b.pg, "pg", "", "address of a PostgreSQL cluster with fsync, by its owner")
	fs.StringVar(&b.pgData, "pg-data", "", "the cluster's data folder")
	fs.StringVar(&out, "out", "", "file for the rows, one JSON object a line")
	fs.StringVar(&b.only, "only", "", "measure only groups whose name contains this")
	fs.StringVar(&b.profile, "profile", "", "file for a processor profile of the last server without workers")
	fs.IntVar(&b.rounds, "rounds", 5, "runs of which a figure is the median")
	fs.BoolVar(&b.quick, "quick", false, "three short rounds, without the million cases; fails only on what holds on a busy machine too")
	fs.BoolVar(&b.strict, "strict", false, "fail where a goal is not met")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if b.quick {
		b.rounds = 3
	}
	if b.report, err = newReport(out); err != nil {
		return err
	}
	defer b.report.close()
	if b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "feierabend-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(b.dir)
	}
	if b.stub, err = newStub(); err != nil {
		return err
	}
	defer b.stub.close()
	fmt.Println(machine())
	for _, g := range b.groups() {
		if !strings.Contains(g.name, b.only) {
			continue
		}
		began := time.Now()
		limited, cancel := context.WithTimeout(ctx, groupTime)
		if failed := g.run(limited); failed != nil { // the other groups are measured all the same
			err = errors.Join(err, fmt.Errorf("%s: %w", g.name, failed))
			fmt.Printf("%s: not measured: %v\n", g.name, failed)
		}
		cancel()
		fmt.Printf("  %s: %.0f s\n", g.name, time.Since(began).Seconds())
	}
	return errors.Join(err, b.report.verdict(b.strict))
}

// groupTime is the most that a group may take.
const groupTime = 4 * time.Minute

// group is what is measured together, on one database.
type group struct {
	name string
	run  func(context.Context) error
}

func (b *bench) groups() (all []group) {
	for _, e := range b.engines() {
		all = append(all,
			group{"accept " + e.name, func(ctx context.Context) error { return b.accept(ctx, e) }},
			group{"trace " + e.name, func(ctx context.Context) error { return b.trace(ctx, e) }},
			group{"erase " + e.name, func(ctx context.Context) error { return b.erase(ctx, e) }},
		)
		if b.quick {
			continue
		}
		all = append(all,
			group{"paced " + e.name, func(ctx context.Context) error { return b.paced(ctx, e) }},
			group{"sweep " + e.name, func(ctx context.Context) error { return b.sweep(ctx, e) }},
			group{"pages " + e.name, func(ctx context.Context) error { return b.pages(ctx, e) }},
		)
	}
	if !b.quick {
		all = append(all, group{"memory", b.memory})
	}
	return all
}
