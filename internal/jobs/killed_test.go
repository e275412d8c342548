package jobs_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/jobs"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// childEnv makes the test binary a process that works jobs until it is killed.
const childEnv = "FEIERABEND_TEST_WORKER_DSN"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(childEnv); dsn != "" {
		child(dsn)
	}
	os.Exit(m.Run())
}

// child takes the lead, holds every note that it gets and never finishes one.
func child(dsn string) {
	say := func(word string) { fmt.Println("child:", word) }
	t := &testing.T{} // for the options of storetest only
	st, err := store.Open(context.Background(), storetest.Options(t, dsn, storetest.NewClock()))
	if err != nil {
		say(err.Error())
		os.Exit(1)
	}
	h := jobs.NewHeart(jobs.HeartOptions{Processes: st, Alone: st.SQL() != nil, Process: feierabend.Process{ID: "child", Roles: []string{feierabend.ServesWork}}})
	r, err := jobs.New(jobs.Options{
		SQL: st.SQL(), Pool: st.Pool(), Queue: st, Heart: h,
		Periodic: map[feierabend.JobKind]time.Duration{feierabend.JobSweep: time.Minute},
		Handlers: map[feierabend.JobKind]jobs.Handler{
			feierabend.JobSweep:      func(context.Context, feierabend.Job) error { say("leads"); return nil },
			feierabend.JobTranscribe: func(context.Context, feierabend.Job) error { say("works"); select {} },
		},
	})
	if err == nil {
		err = h.Start(context.Background())
	}
	if err == nil {
		err = r.Start(context.Background())
	}
	if err != nil {
		say(err.Error())
		os.Exit(1)
	}
	select {}
}

// spawn starts the child and gives what it says, word by word.
func spawn(t *testing.T, dsn string) (*exec.Cmd, <-chan string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dsn)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	words := make(chan string, 16)
	go func() {
		defer close(words)
		for sc := bufio.NewScanner(out); sc.Scan(); {
			if w, ok := strings.CutPrefix(sc.Text(), "child: "); ok {
				words <- w
			}
		}
		io.Copy(io.Discard, out)
	}()
	return cmd, words
}

func hears(t *testing.T, words <-chan string, want string) {
	t.Helper()
	select {
	case w := <-words:
		if w != want {
			t.Fatalf("the child says %q, want %q", w, want)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("the child never says %q", want)
	}
}

// TestKilledProcess: what a process worked on when kill -9 hit it runs again within
// 20 seconds, and so does the sweep that it led; on SQLite with the next start.
func TestKilledProcess(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			dsn := e.DSN(t)
			open := func() *store.Store { return storetest.Open(t, dsn, storetest.NewClock()) }
			cmd, words := spawn(t, dsn)
			hears(t, words, "leads")
			worked, swept := make(chan feierabend.Job, 4), make(chan feierabend.Job, 4)
			o := jobs.Options{
				Periodic: map[feierabend.JobKind]time.Duration{feierabend.JobSweep: time.Minute},
				Handlers: map[feierabend.JobKind]jobs.Handler{
					feierabend.JobTranscribe: func(_ context.Context, j feierabend.Job) error { worked <- j; return nil },
					feierabend.JobSweep:      func(_ context.Context, j feierabend.Job) error { swept <- j; return nil },
				},
			}
			st := open()
			if err := st.Enqueue(t.Context(), feierabend.Job{K: feierabend.JobTranscribe, Ref: "note"}); err != nil {
				t.Fatal(err)
			}
			hears(t, words, "works")
			if e.Name != "sqlite" { // several may live
				work(t, st, o)
				select {
				case j := <-worked:
					t.Fatalf("%s was taken from a process that lives", j.Ref)
				case <-swept:
					t.Fatal("two lead")
				case <-time.After(time.Second):
				}
			}
			killed := time.Now()
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			cmd.Wait()
			if e.Name == "sqlite" {
				work(t, st, o)
			}
			wait(t, worked)
			jobAfter := time.Since(killed)
			wait(t, swept)
			sweepAfter := time.Since(killed)
			t.Logf("after kill -9: its job runs again after %.1f s, the sweep after %.1f s", jobAfter.Seconds(), sweepAfter.Seconds())
			if jobAfter > 20*time.Second || sweepAfter > 20*time.Second {
				t.Errorf("after %s and %s, want at most 20 s", jobAfter, sweepAfter)
			}
		})
	}
}
