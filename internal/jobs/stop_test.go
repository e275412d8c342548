package jobs_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/jobs"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// TestStopWithWorkUnderWay: a handler that is at work when the time for stopping is
// over is canceled; its job costs no try, is not given up, and runs again after the
// next start.
func TestStopWithWorkUnderWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		runner := func(h jobs.Handler) *jobs.Runner {
			r, err := jobs.New(jobs.Options{
				SQL: st.SQL(), Pool: st.Pool(), Handlers: map[feierabend.JobKind]jobs.Handler{feierabend.JobTranscribe: h},
				GaveUp: func(context.Context, feierabend.Job, string) { t.Error("given up because the service stops") },
			})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		began := make(chan struct{}, 1)
		first := runner(func(ctx context.Context, _ feierabend.Job) error {
			began <- struct{}{}
			<-ctx.Done()
			return fmt.Errorf("recognise: %w", ctx.Err())
		})
		work, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
		defer cancel()
		if err := first.Start(work); err != nil {
			t.Fatal(err)
		}
		if err := st.Enqueue(t.Context(), feierabend.Job{K: feierabend.JobTranscribe, Ref: "note"}); err != nil {
			t.Fatal(err)
		}
		select {
		case <-began:
		case <-time.After(20 * time.Second):
			t.Fatal("the job never ran")
		}
		soft, done := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer done()
		begin := time.Now()
		if err := first.Stop(soft); err != nil {
			t.Errorf("stop: %v", err)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("stopping took %s", took)
		}
		again := make(chan feierabend.Job, 1)
		second := runner(func(_ context.Context, j feierabend.Job) error { again <- j; return nil })
		if err := second.Start(work); err != nil {
			t.Fatal(err)
		}
		if j := wait(t, again); j.Ref != "note" {
			t.Errorf("got %v", j)
		}
		end, done2 := context.WithTimeout(context.Background(), 10*time.Second)
		defer done2()
		if err := second.Stop(end); err != nil {
			t.Error(err)
		}
	})
}
