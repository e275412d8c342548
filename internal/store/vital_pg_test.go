package store_test

import (
	"context"
	"os"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// TestBusyProcessLives: a process whose connections are all in the hands of its jobs
// says that it lives, takes over from the dead, looks after its own jobs and accepts
// messages all the same.
func TestBusyProcessLives(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	st := storetest.Open(t, storetest.Postgres(t)+"&pool_max_conns=2", storetest.NewClock())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	a, _ := storetest.Seed(t, st)
	typed(t, st, a, "wamid.1", "Moin") // teaches the sender's id, by a transaction of its own
	for range 2 {
		conn, err := st.Pool().Acquire(ctx)
		must(t, err)
		defer conn.Release()
	}
	for name, call := range map[string]func() error{
		"beat": func() error {
			return st.Beat(ctx, feierabend.Process{ID: "me", Roles: []string{feierabend.ServesWork}, StartedAt: time.Now()})
		},
		"take over": func() error { return second(st.FreeDead(ctx, "me", time.Minute)) },
		"own jobs":  func() error { return second(st.JobsOf(ctx, "me")) },
		"free jobs": func() error { return second(st.FreeJobs(ctx, "me", []int64{1})) },
		"accept":    func() error { return second(st.Receive(ctx, []feierabend.Inbound{a.Inbound("wamid.2", "Moin")})) },
		"end":       func() error { return st.EndProcess(ctx, "me") },
	} {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
