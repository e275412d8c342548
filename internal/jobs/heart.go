package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"feierabend"
)

// processes is the list of those that live (store).
type processes interface {
	Beat(ctx context.Context, p feierabend.Process) error
	FreeDead(ctx context.Context, self string, silence time.Duration) (feierabend.Freed, error)
	EndProcess(ctx context.Context, id string) error
}

// Times of the heart. Whoever is silent for longer than silence is taken for dead:
// its jobs and the lead are free at most silence + beatEvery later, and River's
// followers look for a leader each 5 ± 1 s: 18 s after a kill -9 at the latest.
const (
	beatEvery = 2 * time.Second
	silence   = 10 * time.Second
	// steady is the number of beats in a row after which a process may judge others:
	// after an outage of the database all are silent, and all get the time to beat.
	steady = 3
)

// HeartOptions configure a Heart.
type HeartOptions struct {
	Processes processes
	Process   feierabend.Process // with id and roles
	// Alone says that no other process shares the database (SQLite): what others left
	// is free at the start, and nobody takes our work from us.
	Alone bool
	Log   *slog.Logger
	// Every and Silence are for tests; 0 = 2 s and 10 s.
	Every, Silence time.Duration
}

// Heart says every two seconds that this process lives, takes over from those that
// do not, and cancels our own work when the database has not heard us for so long
// that others are about to take it.
type Heart struct {
	o      HeartOptions
	margin time.Duration // how much earlier we give up our work than others take it

	mu     sync.Mutex
	alive  context.Context // ends when we are silent for too long
	lose   context.CancelFunc
	expiry *time.Timer
	last   time.Time // start of the last good beat
	row    int       // good beats in a row
	freed  feierabend.Freed

	stop context.CancelFunc
	done chan struct{}
}

// NewHeart makes a heart that does not beat yet.
func NewHeart(o HeartOptions) *Heart {
	if o.Every == 0 {
		o.Every = beatEvery
	}
	if o.Silence == 0 {
		o.Silence = silence
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Heart{o: o, margin: o.Silence / 5}
}

// ID is the id of the process, which River notes on the jobs that it works.
func (h *Heart) ID() string { return h.o.Process.ID }

// Start beats once, which must work, and goes on until Stop.
func (h *Heart) Start(ctx context.Context) error {
	h.mu.Lock()
	h.alive, h.lose = context.WithCancel(context.Background())
	h.mu.Unlock()
	if err := h.beat(ctx); err != nil {
		return err
	}
	ctx, h.stop = context.WithCancel(context.WithoutCancel(ctx))
	h.done = make(chan struct{})
	go h.run(ctx)
	return nil
}

func (h *Heart) run(ctx context.Context) {
	defer close(h.done)
	tick := time.NewTicker(h.o.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := h.beat(ctx); err != nil && ctx.Err() == nil {
				h.o.Log.Warn("no heartbeat: the database does not answer", "process", h.o.Process.ID, "code", codeOf(err))
			}
		}
	}
}

// beat says that we live and, when we have been steady, frees the dead.
func (h *Heart) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, h.o.Silence/2)
	defer cancel()
	begin := time.Now()
	if err := h.o.Processes.Beat(ctx, h.o.Process); err != nil {
		h.mu.Lock()
		h.row = 0
		h.mu.Unlock()
		return err
	}
	first, judge := h.heard(begin)
	if !judge && (!first || !h.o.Alone) {
		return nil
	}
	f, err := h.o.Processes.FreeDead(ctx, h.o.Process.ID, h.o.Silence)
	if err != nil {
		return err
	}
	h.mu.Lock()
	h.freed.Processes += f.Processes
	h.freed.Jobs += f.Jobs
	h.mu.Unlock()
	if f.Processes > 0 || f.Jobs > 0 {
		h.o.Log.Warn("took over from silent processes", "processes", f.Processes, "jobs", f.Jobs, "leader", f.Leader)
	}
	return nil
}

// heard notes a good beat that began at begin. judge says that we have been steady
// enough to tell who is dead.
func (h *Heart) heard(begin time.Time) (first, judge bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	first = h.last.IsZero()
	if begin.Sub(h.last) > 3*h.o.Every {
		h.row = 0
	}
	h.last = begin
	h.row++
	if h.alive.Err() != nil { // we were taken for dead: what we worked on is somebody else's
		h.alive, h.lose = context.WithCancel(context.Background())
		h.o.Log.Warn("heartbeat is back: jobs that were under way run again", "process", h.o.Process.ID)
	}
	if !h.o.Alone {
		if h.expiry != nil {
			h.expiry.Stop()
		}
		h.expiry = time.AfterFunc(h.o.Silence-h.margin-time.Since(begin), h.lose)
	}
	return first, h.row >= steady
}

// during gives a context for work that ends when others are about to take it over.
func (h *Heart) during(ctx context.Context) (context.Context, context.CancelFunc) {
	h.mu.Lock()
	alive := h.alive
	h.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	detach := context.AfterFunc(alive, cancel)
	return ctx, func() { detach(); cancel() }
}

// Freed gives what this process has taken over since its start.
func (h *Heart) Freed() feierabend.Freed {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.freed
}

// Stop takes the process off the list; jobs that it still had are free at once.
func (h *Heart) Stop(ctx context.Context) error {
	if h.stop == nil {
		return nil
	}
	h.stop()
	<-h.done
	h.mu.Lock()
	h.lose()
	if h.expiry != nil {
		h.expiry.Stop()
	}
	h.mu.Unlock()
	return h.o.Processes.EndProcess(ctx, h.o.Process.ID)
}
