package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"feierabend"
)

// enqueue gives River the jobs that wait for a time, and the first of each queue: with
// it goes River's own news to the runner. The others of a batch are inserted as River
// would insert them (a test compares), without its way through JSON, which costs
// three times as much (decision 0023).
func (t sqliteTx) enqueue(ctx context.Context, jobs []feierabend.Job) error {
	var own, rivers []feierabend.Job
	seen := map[string]bool{}
	for _, j := range jobs {
		if j.At.IsZero() && seen[j.Queue()] {
			own = append(own, j)
			continue
		}
		seen[j.Queue()] = seen[j.Queue()] || j.At.IsZero()
		rivers = append(rivers, j)
	}
	if len(rivers) == 0 {
		return nil
	}
	if _, err := t.e.queue.InsertManyFastTx(ctx, t.t, insertParams(rivers)); err != nil {
		return fmt.Errorf("enqueue %d jobs: %w", len(rivers), err)
	}
	for from, to := range portions(len(own)) {
		if err := t.insertJobs(ctx, own[from:to]); err != nil {
			return fmt.Errorf("enqueue %d jobs: %w", to-from, err)
		}
	}
	return nil
}

func (t sqliteTx) insertJobs(ctx context.Context, jobs []feierabend.Job) error {
	var rows strings.Builder
	var args []any
	for i, j := range jobs {
		b, err := json.Marshal(j)
		if err != nil {
			return err
		}
		n := 4 * i
		fmt.Fprintf(&rows, `,(jsonb($%d), datetime('now', 'subsec'), $%d, $%d, jsonb('{}'), %d, $%d, datetime('now', 'subsec'), 'available', jsonb('[]'))`, n+1, n+2, n+3, basePriority, n+4)
		args = append(args, string(b), j.Kind(), maxTries, j.Queue())
	}
	_, err := t.exec(ctx, `INSERT INTO river_job(args, created_at, kind, max_attempts, metadata, priority, queue, scheduled_at, state, tags) VALUES `+rows.String()[1:], args...)
	return err
}
