package jobs

import (
	"context"
	"slices"
	"sync"
	"time"
)

// lostAfter is how long a job may be marked as ours without being in our hands. In
// between it is fetched or its result is being written, which takes milliseconds.
const lostAfter = 15 * time.Second

// queue is what the runner asks of the queue beside River (store).
type queue interface {
	Turns(ctx context.Context) (changed int, err error)
	JobsOf(ctx context.Context, process string) ([]int64, error)
	FreeJobs(ctx context.Context, process string, ids []int64) (int, error)
}

// hand knows the jobs that are really being worked. When the database is away while
// a job ends, River gives up writing that down after a while; the job then stays
// marked as running by a process that lives, and nobody would take it for 36 minutes.
type hand struct {
	mu      sync.Mutex
	jobs    map[int64]bool
	missing map[int64]time.Time // marked as ours, not in hand, since when
}

func newHand() *hand { return &hand{jobs: map[int64]bool{}, missing: map[int64]time.Time{}} }

func (h *hand) take(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.jobs[id] = true
}

func (h *hand) put(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.jobs, id)
}

// lost compares the jobs marked as ours with those in hand and gives the ones that
// have been missing for longer than after.
func (h *hand) lost(marked []int64, now time.Time, after time.Duration) (out []int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[int64]time.Time{}
	for _, id := range marked {
		if h.jobs[id] {
			continue
		}
		since, ok := h.missing[id]
		if !ok {
			since = now
		}
		if now.Sub(since) >= after {
			out = append(out, id)
			continue
		}
		seen[id] = since
	}
	h.missing = seen
	slices.Sort(out)
	return out
}

// recover frees jobs whose end could not be written down.
func (r *Runner) recover(ctx context.Context, now time.Time) error {
	marked, err := r.o.Queue.JobsOf(ctx, r.o.Heart.ID())
	if err != nil {
		return err
	}
	lost := r.hand.lost(marked, now, r.lostAfter)
	if len(lost) == 0 {
		return nil
	}
	n, err := r.o.Queue.FreeJobs(ctx, r.o.Heart.ID(), lost)
	if n > 0 {
		r.o.Log.Warn("jobs whose end could not be noted run again", "jobs", n)
	}
	return err
}
