package main

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestStartAndCloseTwice: the service starts and ends twice in one process on the
// same folder, with work under way, within its time, and leaves no goroutine.
func TestStartAndCloseTwice(t *testing.T) {
	ctx := t.Context()
	vars := []string{
		"FEIERABEND_MODE=demo", "FEIERABEND_LISTEN=localhost:0", "FEIERABEND_SIMULATOR_LISTEN=127.0.0.1:0",
		"FEIERABEND_DATA=" + t.TempDir(), "FEIERABEND_MODELS=" + t.TempDir(), "FEIERABEND_STOP_TIMEOUT=5s",
	}
	before := goroutines()
	for round := range 2 {
		cfg, err := loadConfig(lookup(vars))
		if err != nil {
			t.Fatal(err)
		}
		var logs safeBuffer
		r, err := start(ctx, cfg, newLog(&logs, false, slog.LevelWarn))
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for range 30 { // a full desk: jobs run while the service is told to stop
			if _, err := r.demo.sim.SendText(demoOwner, "Rechnung für Frau Petersen, zwei Stunden, Anfahrt."); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.demo.sim.SendNote(demoOwner, demoFirstNote); err != nil {
			t.Fatal(err)
		}
		res, err := http.Get(r.url + "/healthz")
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("round %d: health %v %v", round, res, err)
		}
		res.Body.Close()
		begin := time.Now()
		r.close()
		r.close() // harmless
		if took := time.Since(begin); took > cfg.StopTimeout+2*time.Second {
			t.Errorf("round %d: closing took %s", round, took)
		}
		if strings.Contains(logs.String(), "panic") || strings.Contains(logs.String(), "closed") {
			t.Errorf("round %d: %s", round, logs.String())
		}
		if _, err := http.Get(r.url + "/healthz"); err == nil {
			t.Errorf("round %d: still answers", round)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	left := waitFor(10*time.Second, func() bool { return goroutines() <= before })
	if !left {
		buf := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after:\n%s", before, goroutines(), buf[:runtime.Stack(buf, true)])
	}
}

// TestServeEndsWithItsContext: SIGTERM cancels the context of serve.
func TestServeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out, errs safeBuffer
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"serve", "--demo"}, []string{
			"FEIERABEND_LISTEN=localhost:0", "FEIERABEND_SIMULATOR_LISTEN=127.0.0.1:0", "FEIERABEND_DATA=" + t.TempDir(), "FEIERABEND_MODELS=" + t.TempDir(),
		}, strings.NewReader(""), &out, &errs)
	}()
	if !waitFor(20*time.Second, func() bool { return strings.Contains(out.String(), "bereit: ") }) {
		t.Fatalf("never ready: %s", errs.String())
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(25 * time.Second):
		t.Fatal("did not end within the stop timeout")
	}
}

func goroutines() int { return runtime.NumGoroutine() }

// waitFor looks again and again until ok or the time is over.
func waitFor(most time.Duration, ok func() bool) bool {
	ctx, cancel := context.WithTimeout(context.Background(), most)
	defer cancel()
	for ctx.Err() == nil {
		if ok() {
			return true
		}
		wait(ctx)
	}
	return ok()
}
