package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
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
	SQL      *sql.DB       // SQLite's writer pool
	Pool     *pgxpool.Pool // PostgreSQL
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
	c   client
	sql *sql.DB
}

// Settings of design §3 and storage.md §2.2.
const (
	fetchCooldown = 5 * time.Millisecond
	fetchPoll     = 50 * time.Millisecond
	jobTimeout    = 35 * time.Minute // a 10-minute note: 3 × audio + 60 s (speech.md §6.9)
	keepDone      = time.Hour
)

// New makes a runner; Start begins work.
func New(o Options) (*Runner, error) {
	if (o.SQL == nil) == (o.Pool == nil) {
		return nil, &feierabend.Error{Kind: feierabend.Internal, Code: "jobs_database", Err: fmt.Errorf("need exactly one database")}
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
	config := &river.Config{
		Logger: slog.New(filter{o.Log.Handler()}),
		Queues: map[string]river.QueueConfig{
			feierabend.QueueDefault: {MaxWorkers: o.Workers},
			feierabend.QueueSpeech:  {MaxWorkers: o.SpeechWorkers},
		},
		Workers:                     workers(o),
		PeriodicJobs:                periodic(o.Periodic),
		FetchCooldown:               fetchCooldown,
		FetchPollInterval:           fetchPoll,
		JobTimeout:                  jobTimeout,
		RescueStuckJobsAfter:        jobTimeout + time.Minute,
		CompletedJobRetentionPeriod: keepDone,
		CancelledJobRetentionPeriod: keepDone,
		DiscardedJobRetentionPeriod: keepDone,
	}
	r := &Runner{sql: o.SQL}
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

// Start begins to work jobs. On SQLite, where one process owns the data folder,
// jobs that a killed process left running are freed first.
func (r *Runner) Start(ctx context.Context) error {
	if r.sql != nil {
		const free = `UPDATE river_job SET state = 'available' WHERE state = 'running'`
		if _, err := r.sql.ExecContext(ctx, free); err != nil {
			return fmt.Errorf("free jobs of the last run: %w", err)
		}
	}
	return r.c.Start(ctx)
}

// Stop waits for running jobs until ctx ends, then cancels them; they run again
// after the next start.
func (r *Runner) Stop(ctx context.Context) error {
	if err := r.c.Stop(ctx); err == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return r.c.StopAndCancel(hard)
}

func workers(o Options) *river.Workers {
	ws := river.NewWorkers()
	for kind, h := range o.Handlers {
		river.AddWorkerArgs(ws, feierabend.Job{K: kind}, &worker{kind: kind, handle: h, gaveUp: o.GaveUp, log: o.Log})
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
