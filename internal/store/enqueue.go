package store

import (
	"context"

	"github.com/riverqueue/river"

	"feierabend"
)

// Enqueue inserts jobs in a transaction of their own.
func (s *Store) Enqueue(ctx context.Context, jobs ...feierabend.Job) error {
	return s.updateAll(ctx, func(t tx) error { return t.enqueue(ctx, jobs) })
}

// maxTries lets a job outlive an outage of a week: River's runner backs off to
// one try an hour (jobs.NextRetry, whatsapp.md §1.4).
const maxTries = 200

// insertParams gives River's form of the jobs: each in the queue of its kind.
func insertParams(jobs []feierabend.Job) []river.InsertManyParams {
	out := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		out[i].Args = j
		out[i].InsertOpts = &river.InsertOpts{Queue: j.Queue(), MaxAttempts: maxTries, Priority: basePriority, ScheduledAt: j.At.UTC()}
		if j.At.IsZero() {
			out[i].InsertOpts.ScheduledAt = j.At
		}
	}
	return out
}
