package jobs

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"feierabend"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

type worker struct {
	kind   feierabend.JobKind
	handle Handler
	run    *Runner
}

var _ river.Worker[feierabend.Job] = (*worker)(nil)

// Middleware adds none.
func (w *worker) Middleware(*rivertype.JobRow) []rivertype.WorkerMiddleware { return nil }

// Timeout leaves the client's own.
func (w *worker) Timeout(*river.Job[feierabend.Job]) time.Duration { return 0 }

// NextRetry is exponential from one second to one hour, so that a note survives
// an outage of a week (whatsapp.md §1.4) without hammering anybody.
func (w *worker) NextRetry(j *river.Job[feierabend.Job]) time.Time {
	return time.Now().Add(backoff(j.Attempt))
}

func backoff(attempt int) time.Duration {
	if attempt < 12 {
		return time.Second << max(attempt-1, 0)
	}
	return time.Hour
}

// Work runs the handler and translates its answer for River.
func (w *worker) Work(ctx context.Context, j *river.Job[feierabend.Job]) error {
	begin := time.Now()
	w.run.hand.take(j.ID)
	defer w.run.hand.put(j.ID)
	if wait := w.run.limit.enter(j.ID, j.Args, begin); wait > 0 {
		return river.JobSnooze(wait)
	}
	defer w.run.limit.leave(j.ID, j.Args)
	ctx, release := w.run.o.Heart.during(ctx)
	defer release()
	end, answer := w.work(ctx, j)
	w.run.stats.add(w.kind, end, time.Since(begin))
	return answer
}

func (w *worker) work(ctx context.Context, j *river.Job[feierabend.Job]) (End, error) {
	job := j.Args
	job.K = w.kind
	err := w.call(ctx, job)
	if err == nil {
		return EndDone, nil
	}
	var snooze *feierabend.SnoozeError
	if errors.As(err, &snooze) {
		return EndSnooze, river.JobSnooze(max(snooze.After, time.Millisecond))
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		// The service stops, or has not reached the database for so long that others take
		// over: the job was not at fault and runs again.
		return EndSnooze, river.JobSnooze(time.Millisecond)
	}
	code := codeOf(err)
	last := feierabend.IsPermanent(err) || j.Attempt >= j.MaxAttempts
	if last && w.run.o.GaveUp != nil {
		w.run.o.GaveUp(context.WithoutCancel(ctx), job, code)
	}
	switch {
	case feierabend.IsPermanent(err):
		return EndGaveUp, river.JobCancel(codeError(code))
	case last:
		return EndGaveUp, codeError(code)
	}
	return EndRetry, codeError(code)
}

// call turns a panic into an error: one bad note must not stop the service.
func (w *worker) call(ctx context.Context, job feierabend.Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			w.run.o.Log.Error("job panicked", "kind", string(w.kind), "ref", job.Ref, "stack", string(debug.Stack()))
			err = codeError("panic")
		}
	}()
	return w.handle(ctx, job)
}

// codeError is the only error text that reaches a job row.
type codeError string

func (c codeError) Error() string { return string(c) }

func codeOf(err error) string {
	var c codeError
	if errors.As(err, &c) {
		return string(c)
	}
	if code := feierabend.CodeOf(err); code != "" {
		return code
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "deadline"
	}
	return string(feierabend.KindOf(err))
}
