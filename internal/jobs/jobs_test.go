package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/jobs"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// member joins a heart and a runner on the store; the caller starts and stops them.
func member(t *testing.T, st *store.Store, o jobs.Options) (*jobs.Heart, *jobs.Runner) {
	t.Helper()
	o.SQL, o.Pool, o.Queue = st.SQL(), st.Pool(), st
	o.Heart = jobs.NewHeart(jobs.HeartOptions{
		Processes: st, Alone: st.SQL() != nil, Log: o.Log,
		Process: feierabend.Process{ID: feierabend.NewID(), Roles: []string{feierabend.ServesWork}},
	})
	r, err := jobs.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return o.Heart, r
}

// work starts a runner with the handlers and stops it with the test.
func work(t *testing.T, st *store.Store, o jobs.Options) {
	t.Helper()
	h, r := member(t, st, o)
	begin(t, h, r)
	t.Cleanup(func() { end(t, h, r, 10*time.Second) })
}

func begin(t *testing.T, h *jobs.Heart, r *jobs.Runner) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	if err := errors.Join(h.Start(ctx), r.Start(ctx)); err != nil {
		t.Fatal(err)
	}
}

// end stops both: within soft what is at work may finish.
func end(t *testing.T, h *jobs.Heart, r *jobs.Runner, soft time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), soft)
	defer cancel()
	if err := r.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
	if err := h.Stop(context.Background()); err != nil {
		t.Errorf("stop the heart: %v", err)
	}
}

func wait(t *testing.T, done <-chan feierabend.Job) feierabend.Job {
	t.Helper()
	select {
	case j := <-done:
		return j
	case <-time.After(20 * time.Second):
		t.Fatal("the job never ran")
		return feierabend.Job{}
	}
}

func TestJobsReachTheirHandler(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		fetched, sent := make(chan feierabend.Job, 1), make(chan feierabend.Job, 1)
		work(t, st, jobs.Options{Handlers: map[feierabend.JobKind]jobs.Handler{
			feierabend.JobFetch: func(_ context.Context, j feierabend.Job) error { fetched <- j; return nil },
			feierabend.JobSend:  func(_ context.Context, j feierabend.Job) error { sent <- j; return nil },
		}})
		a := feierabend.Job{K: feierabend.JobFetch, Tenant: feierabend.NewID(), Ref: feierabend.NewID()}
		b := feierabend.Job{K: feierabend.JobSend, Tenant: feierabend.NewID(), Ref: feierabend.NewID()}
		if err := st.Enqueue(t.Context(), a, b); err != nil {
			t.Fatal(err)
		}
		if got := wait(t, fetched); got != a {
			t.Errorf("got %v, want %v", got, a)
		}
		if got := wait(t, sent); got != b {
			t.Errorf("got %v, want %v", got, b)
		}
	})
}

func TestRetrySnoozeAndGivingUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		var tries atomic.Int32
		done, gone := make(chan feierabend.Job, 4), make(chan feierabend.Job, 4)
		var mu sync.Mutex
		codes := map[string]string{}
		work(t, st, jobs.Options{
			Handlers: map[feierabend.JobKind]jobs.Handler{
				feierabend.JobDraft: func(_ context.Context, j feierabend.Job) error {
					switch tries.Add(1) {
					case 1:
						return errors.New("Petersen, Lindenweg 12") // content in an error must not reach the row
					case 2:
						return feierabend.Snooze(10 * time.Millisecond)
					}
					done <- j
					return nil
				},
				feierabend.JobIssue: func(context.Context, feierabend.Job) error { panic("Petersen in a panic") },
				feierabend.JobMail: func(context.Context, feierabend.Job) error {
					return feierabend.Permanent(&feierabend.Error{Kind: feierabend.Invalid, Code: "no_mail_server"})
				},
			},
			GaveUp: func(_ context.Context, j feierabend.Job, code string) {
				mu.Lock()
				codes[j.Ref] = code
				mu.Unlock()
				gone <- j
			},
		})
		if err := st.Enqueue(t.Context(), feierabend.Job{K: feierabend.JobDraft, Ref: "d"}, feierabend.Job{K: feierabend.JobMail, Ref: "m"}, feierabend.Job{K: feierabend.JobIssue, Ref: "p"}); err != nil {
			t.Fatal(err)
		}
		if j := wait(t, gone); j.Ref != "m" {
			t.Errorf("gave up %v, want the mail", j)
		}
		wait(t, done)
		mu.Lock()
		defer mu.Unlock()
		if codes["m"] != "no_mail_server" || len(codes) != 1 {
			t.Errorf("gave up with %v, want only the mail's code", codes)
		}
		if got := storetest.QueueErrors(t, st); strings.Contains(got, "Petersen") || strings.Contains(got, "Lindenweg") || !strings.Contains(got, "internal") || !strings.Contains(got, "panic") {
			t.Errorf("job rows hold %q, want codes only", got)
		}
	})
}
