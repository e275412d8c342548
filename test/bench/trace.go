package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"feierabend"
)

// task is what `bench accept` is to do; it begins when a line comes on stdin.
type task struct {
	DSN, Migrate, Scrub string
	Count, Callers      int
}

// done is what it has done.
type done struct {
	Accepted int64   `json:"accepted"`
	Batches  int64   `json:"batches"`
	Seconds  float64 `json:"seconds"`
}

func runAccept(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	in := bufio.NewReader(stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	var t task
	if err := json.Unmarshal(line, &t); err != nil {
		return err
	}
	st, err := (&database{dsn: t.DSN, migrate: t.Migrate, scrub: t.Scrub}).open(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	firms, err := found(ctx, st, 64)
	if err != nil {
		return err
	}
	fmt.Fprintln(stdout, "ready")
	if _, err := in.ReadBytes('\n'); err != nil {
		return err
	}
	var next, accepted atomic.Int64
	var wg sync.WaitGroup
	before, began := st.Batches(), time.Now()
	for range t.Callers {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(t.Count); n = next.Add(1) {
				out, err := st.Receive(ctx, []feierabend.Inbound{inbound(firms, int(n))})
				if err == nil && out[0].Code == feierabend.Accepted {
					accepted.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return json.NewEncoder(stdout).Encode(done{accepted.Load(), st.Batches() - before, time.Since(began).Seconds()})
}

func inbound(firms []firm, n int) feierabend.Inbound {
	text := fmt.Sprintf("Rechnung für Frau %s, Lindenweg %d, 25524 Itzehoe. Heute %d Stunden gearbeitet und Anfahrt.", surname(n), 1+n%180, 1+n%7)
	return feierabend.Inbound{
		Channel: "whatsapp", ExternalID: fmt.Sprint("wamid.bench.", n), From: firms[n%len(firms)].phone, Kind: feierabend.InboundText, Text: text,
		At: time.Now(), Raw: []byte(`{"from":"4917139200155","id":"x","text":{"body":"` + text + `"},"type":"text"}`),
	}
}

// trace counts with strace how often the disk is told to keep what was written, for
// each transaction of the accept path: on SQLite in our process, on PostgreSQL in all
// of the cluster's.
func (b *bench) trace(ctx context.Context, e engine) error {
	d, err := b.fresh(ctx, e)
	if err != nil {
		return err
	}
	defer b.remove(ctx, d)
	count := 3000
	if b.quick {
		count = 1500
	}
	log := filepath.Join(b.dir, "strace-"+e.name)
	flags := []string{"-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", "signal=none", "-o", log}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "accept")
	if e.name == "SQLite" {
		cmd = exec.CommandContext(ctx, "strace", append(flags, self, "accept")...)
	}
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("strace is needed: %w", err)
	}
	defer cmd.Wait()
	defer stdin.Close()
	t, err := json.Marshal(task{d.dsn, d.migrate, d.scrub, count, 32})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdin, "%s\n", t)
	out := bufio.NewReader(stdout)
	if line, err := out.ReadString('\n'); line != "ready\n" {
		return fmt.Errorf("accept did not get ready: %w", err)
	}
	stop := func() error { return nil }
	if isPG(d) {
		if stop, err = b.attach(ctx, flags); err != nil {
			return err
		}
	}
	before := syncs(log)
	fmt.Fprintln(stdin)
	var got done
	if err := json.NewDecoder(out).Decode(&got); err != nil {
		return err
	}
	if err := stop(); err != nil {
		return err
	}
	n := syncs(log) - before
	if got.Accepted != int64(count) {
		return fmt.Errorf("%d of %d accepted", got.Accepted, count)
	}
	r := row{Name: "fsyncs for each transaction of accept, " + e.name, Value: float64(n) / float64(got.Batches), Unit: "fsyncs", Note: fmt.Sprintf("%d messages in %d transactions, %d fsyncs, by strace", count, got.Batches, n)}
	grouped := row{Name: "messages in a transaction, 32 callers, " + e.name, Value: float64(count) / float64(got.Batches), Unit: "messages"}
	if err := b.report.add(grouped.against("not grouped", 1).leastRatio(3).always()); err != nil {
		return err
	}
	// Checkpoints and new files of the log come on top.
	return b.report.add(r.against("transactions", float64(got.Batches)).least(1).most(1.25).always())
}

// attach traces all processes of the cluster.
func (b *bench) attach(ctx context.Context, flags []string) (stop func() error, err error) {
	first, err := os.ReadFile(filepath.Join(b.pgData, "postmaster.pid"))
	if err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(string(first), "\n")
	master, err := strconv.Atoi(line)
	if err != nil {
		return nil, err
	}
	for _, pid := range append(children(master), master) {
		flags = append(flags, "-p", strconv.Itoa(pid))
	}
	cmd := exec.CommandContext(ctx, "strace", flags...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for range 100 { // until it traces: the processes say who does
		if traced(master) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !traced(master) {
		cmd.Process.Kill()
		return nil, fmt.Errorf("strace may not trace the cluster")
	}
	return func() error {
		cmd.Process.Signal(syscall.SIGINT)
		cmd.Wait()
		return nil
	}, nil
}

func traced(pid int) bool {
	s, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	return err == nil && !bytes.Contains(s, []byte("TracerPid:\t0\n"))
}

var syncCall = regexp.MustCompile(`(?m)^\d+ +f(data)?sync\(`)

// syncs counts the calls in strace's log.
func syncs(log string) int {
	b, err := os.ReadFile(log)
	if err != nil {
		return 0
	}
	return len(syncCall.FindAll(b, -1))
}
