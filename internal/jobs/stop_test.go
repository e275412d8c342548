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
		runner := func(h jobs.Handler) (*jobs.Heart, *jobs.Runner) {
			return member(t, st, jobs.Options{
				Handlers: map[feierabend.JobKind]jobs.Handler{feierabend.JobTranscribe: h},
				GaveUp:   func(context.Context, feierabend.Job, string) { t.Error("given up because the service stops") },
			})
		}
		began := make(chan struct{}, 1)
		heart, first := runner(func(ctx context.Context, _ feierabend.Job) error {
			began <- struct{}{}
			<-ctx.Done()
			return fmt.Errorf("recognise: %w", ctx.Err())
		})
		begin(t, heart, first)
		if err := st.Enqueue(t.Context(), feierabend.Job{K: feierabend.JobTranscribe, Ref: "note"}); err != nil {
			t.Fatal(err)
		}
		select {
		case <-began:
		case <-time.After(20 * time.Second):
			t.Fatal("the job never ran")
		}
		stopping := time.Now()
		end(t, heart, first, 200*time.Millisecond)
		if took := time.Since(stopping); took > 5*time.Second {
			t.Errorf("stopping took %s", took)
		}
		again := make(chan feierabend.Job, 1)
		if ps, err := st.Processes(t.Context()); err != nil || len(ps) != 0 {
			t.Errorf("%d processes on the list after a clean stop (%v)", len(ps), err)
		}
		heart, second := runner(func(_ context.Context, j feierabend.Job) error { again <- j; return nil })
		begin(t, heart, second)
		if j := wait(t, again); j.Ref != "note" {
			t.Errorf("got %v", j)
		}
		end(t, heart, second, 10*time.Second)
	})
}
