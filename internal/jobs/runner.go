package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"feierabend"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// Handler works one job. nil = done, a plain error = retry with backoff,
// feierabend.Permanent = give up, feierabend.Snooze = later, not counted.
type Handler func(context.Context, feierabend.Job) error

// Options configures a Runner. Exactly one of SQL and Pool is set.
type Options struct {
	SQL  *sql.DB       // SQLite's writer pool
	Pool *pgxpool.Pool // PostgreSQL
	// Heart says who we are; the caller starts it before the runner and stops it after.
	Heart    *Heart
	Queue    queue
	Handlers map[feierabend.JobKind]Handler
	// Periodic jobs by kind, run at start and then each interval by the leader.
	Periodic map[feierabend.JobKind]time.Duration
	// GaveUp is told of a job whose tries are used up or whose error is permanent,
	// so that its message still gets a visible outcome. May be nil.
	GaveUp func(ctx context.Context, j feierabend.Job, code string)
	// Workers is the number of jobs worked at once in the default queue; 0 = 16.
	Workers int
	// SpeechWorkers is the same for the speech queue; 0 = 1.
	SpeechWorkers int
	Log           *slog.Logger
}

// client is what both engines' River clients have in common.
type client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

// Runner owns the River client that works jobs.
type Runner struct {
	c         client
	o         Options
	hand      *hand
	lostAfter time.Duration
	stats     stats
	limit     *limit
	stop      context.CancelFunc
	loops     sync.WaitGroup
}

// Settings of design §3 and storage.md §2.2.
const (
	fetchCooldown = 5 * time.Millisecond
	fetchPoll     = 50 * time.Millisecond
	jobTimeout    = 35 * time.Minute // a 10-minute note: 3 × audio + 60 s (speech.md §6.9)
	keepDone      = time.Hour
	loopTimeout   = 5 * time.Second
	turnsEvery    = 500 * time.Millisecond // a firm with one note waits no longer for its turn
)

// New makes a runner; Start begins work.
func New(o Options) (*Runner, error) {
	if (o.SQL == nil) == (o.Pool == nil) {
		return nil, &feierabend.Error{Kind: feierabend.Internal, Code: "jobs_database", Err: fmt.Errorf("need exactly one database")}
	}
	if o.Heart == nil || o.Queue == nil {
		return nil, &feierabend.Error{Kind: feierabend.Internal, Code: "jobs_heart", Err: fmt.Errorf("need a heart and the queue")}
	}
	if o.Workers == 0 {
		o.Workers = 16
	}
	if o.SpeechWorkers == 0 {
		o.SpeechWorkers = 1
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Runner{o: o, hand: newHand(), lostAfter: lostAfter, stats: stats{all: map[[2]string]Tally{}}, limit: newLimit(o.Workers)}
	config := &river.Config{
		ID:     o.Heart.ID(),
		Logger: slog.New(filter{o.Log.Handler()}),
		Queues: map[string]river.QueueConfig{
			feierabend.QueueDefault: {MaxWorkers: o.Workers},
			feierabend.QueueSpeech:  {MaxWorkers: o.SpeechWorkers},
		},
		Workers:                     r.workers(),
		PeriodicJobs:                periodic(o.Periodic),
		FetchCooldown:               fetchCooldown,
		FetchPollInterval:           fetchPoll,
		JobTimeout:                  jobTimeout,
		RescueStuckJobsAfter:        jobTimeout + time.Minute,
		CompletedJobRetentionPeriod: keepDone,
		CancelledJobRetentionPeriod: keepDone,
		DiscardedJobRetentionPeriod: keepDone,
	}
	var err error
	if o.SQL != nil {
		r.c, err = river.NewClient(riversqlite.New(o.SQL), config)
	} else {
		config.Schema = string(feierabend.ClassQueue) // the notices of new jobs carry it in their name too
		r.c, err = river.NewClient(riverpgxv5.New(o.Pool), config)
	}
	if err != nil {
		return nil, fmt.Errorf("set up job runner: %w", err)
	}
	return r, nil
}

// Start begins to work jobs. The heart beats already, so that others know whose they are.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.c.Start(ctx); err != nil {
		return err
	}
	ctx, r.stop = context.WithCancel(ctx)
	turns := pace{every: turnsEvery}
	r.each(ctx, turnsEvery, func(ctx context.Context) error {
		return turns.run(time.Now, func() error { _, err := r.o.Queue.Turns(ctx); return err })
	})
	r.each(ctx, beatEvery, func(ctx context.Context) error { return r.recover(ctx, time.Now()) })
	return nil
}

// each runs f again and again until the runner stops. What fails is tried the next time.
func (r *Runner) each(ctx context.Context, every time.Duration, f func(context.Context) error) {
	r.loops.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			short, cancel := context.WithTimeout(ctx, loopTimeout)
			if err := f(short); err != nil && ctx.Err() == nil {
				r.o.Log.Warn("looking after the queue failed", "code", codeOf(err))
			}
			cancel()
		}
	})
}

// Stop waits for running jobs until ctx ends, then cancels them; they run again
// after the next start.
func (r *Runner) Stop(ctx context.Context) error {
	if r.stop != nil {
		r.stop()
		r.loops.Wait()
	}
	if err := r.c.Stop(ctx); err == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return r.c.StopAndCancel(hard)
}

func (r *Runner) workers() *river.Workers {
	ws := river.NewWorkers()
	for kind, h := range r.o.Handlers {
		river.AddWorkerArgs(ws, feierabend.Job{K: kind}, &worker{kind: kind, handle: h, run: r})
	}
	return ws
}

func periodic(every map[feierabend.JobKind]time.Duration) []*river.PeriodicJob {
	var ps []*river.PeriodicJob
	for kind, d := range every {
		ps = append(ps, river.NewPeriodicJob(river.PeriodicInterval(d), func() (river.JobArgs, *river.InsertOpts) {
			// One try: the next interval is the retry.
			return feierabend.Job{K: kind}, &river.InsertOpts{MaxAttempts: 1}
		}, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return ps
}
