package jobs

import (
	"context"
	"errors"
	"time"

	"feierabend"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Verdict says what the queue does with a job that was worked once.
type Verdict struct {
	End   End
	Code  string        // of the error, "" where there was none
	After time.Duration // EndSnooze and EndRetry: when to come again
}

// Once works one job as a worker of the runner does and says what the queue does with
// it. River does not know of it: a simulation takes the rows of the queue one after
// the other, by a clock of its own, and writes the verdict down itself. attempt counts
// from 1; at most is the row's number of tries.
func (r *Runner) Once(ctx context.Context, j feierabend.Job, attempt, atMost int) Verdict {
	w := &worker{kind: j.K, handle: r.o.Handlers[j.K], run: r}
	end, err := w.work(ctx, &river.Job[feierabend.Job]{JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: atMost}, Args: j})
	v := Verdict{End: end}
	var snooze *rivertype.JobSnoozeError
	var canceled *rivertype.JobCancelError
	switch {
	case errors.As(err, &snooze):
		v.After = snooze.Duration
	case errors.As(err, &canceled):
		v.Code = codeOf(canceled.Unwrap())
	case err != nil:
		v.Code, v.After = codeOf(err), backoff(attempt)
	}
	return v
}
