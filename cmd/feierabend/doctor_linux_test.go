package main

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestNoCoreDumps: a service that was started with core dumps allowed has none (DEL-08).
func TestNoCoreDumps(t *testing.T) {
	if os.Getenv("FEIERABEND_TEST_SERVE") != "" {
		err := run(t.Context(), []string{"serve", "--demo"}, []string{
			"FEIERABEND_LISTEN=127.0.0.1:0", "FEIERABEND_SIMULATOR_LISTEN=127.0.0.1:0", "FEIERABEND_DATA=" + t.TempDir(), "FEIERABEND_MODELS=" + t.TempDir(),
		}, strings.NewReader(""), os.Stdout, os.Stderr)
		t.Fatal(err) // it is killed
	}
	if limit(t, "self") == "0" {
		var l unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_CORE, &l); err != nil || l.Max == 0 {
			t.Fatalf("core dumps cannot be allowed here, so that this test would prove nothing: %v", err)
		}
		was := l
		l.Cur = l.Max
		if err := unix.Setrlimit(unix.RLIMIT_CORE, &l); err != nil {
			t.Fatal(err)
		}
		defer unix.Setrlimit(unix.RLIMIT_CORE, &was)
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestNoCoreDumps$")
	cmd.Env = append(os.Environ(), "FEIERABEND_TEST_SERVE=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	pid := strconv.Itoa(cmd.Process.Pid)
	if !waitFor(20*time.Second, func() bool { return limit(t, pid) == "0" }) {
		t.Errorf("the service may still write core dumps: %s", limit(t, pid))
	}
}

// limit gives the soft limit of core dumps of a process.
func limit(t *testing.T, pid string) string {
	t.Helper()
	b, err := os.ReadFile("/proc/" + pid + "/limits")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(b) {
		if rest, ok := bytes.CutPrefix(line, []byte("Max core file size")); ok {
			return string(bytes.Fields(rest)[0])
		}
	}
	t.Fatal("no such limit")
	return ""
}
