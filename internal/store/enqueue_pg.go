package store

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
)

// jobsPG inserts jobs as River would (a test compares), without its three round trips
// for COPY (decision 0025).
const jobsPG = `INSERT INTO river_job(args, created_at, kind, max_attempts, metadata, priority, queue, scheduled_at, state, tags)
	SELECT v.args::jsonb, $4, v.kind, $5, '{}'::jsonb, $6, v.queue, $4, 'available'::river_job_state, '{}'::varchar[] FROM unnest($1::text[], $2::text[], $3::text[]) AS v(args, kind, queue)`

// insertJobsPG gives the step that inserts jobs which may begin at once.
func insertJobsPG(jobs []feierabend.Job) ([]step, error) {
	if len(jobs) == 0 {
		return nil, nil
	}
	var args, kinds, queues []string
	for _, j := range jobs {
		b, err := json.Marshal(j)
		if err != nil {
			return nil, err
		}
		args, kinds, queues = append(args, string(b)), append(kinds, j.Kind()), append(queues, j.Queue())
	}
	return []step{{text: jobsPG, args: []any{args, kinds, queues, time.Now().UTC(), int16(maxTries), int16(basePriority)}}}, nil
}

// noticeEvery is how often, at most, a process wakes the runners of a queue; in between
// they look by themselves.
const noticeEvery = 100 * time.Millisecond

// notices knows when the runners of each queue were last woken.
type notices struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// due says that the runners of a queue are to be woken now, and notes it.
func (n *notices) due(queue string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if last, ok := n.last[queue]; ok && now.Sub(last) < noticeEvery {
		return false
	}
	if n.last == nil {
		n.last = map[string]time.Time{}
	}
	n.last[queue] = now
	return true
}

// enqueueRiver gives River the jobs that wait for a time, and the first of a queue whose
// runners are to be woken: with it goes River's news. The others are left to the caller.
func (p *pipeline) enqueueRiver(ctx context.Context, jobs []feierabend.Job) (own []feierabend.Job, err error) {
	var rivers []feierabend.Job
	now := time.Now()
	for _, j := range jobs {
		if !j.At.IsZero() || p.due(j.Queue(), now) {
			rivers = append(rivers, j)
		} else {
			own = append(own, j)
		}
	}
	if len(rivers) == 0 {
		return own, nil
	}
	if p.t == nil || !p.named { // River sends by itself
		a, err := p.send(ctx, func(*pgx.Batch) {})
		if err == nil {
			err = a.end()
		}
		if err != nil {
			return nil, err
		}
	}
	if _, err := p.queue.InsertManyFastTx(ctx, p.t, insertParams(rivers)); err != nil {
		return nil, fmt.Errorf("enqueue %d jobs: %w", len(rivers), err)
	}
	return own, nil
}

func (p *pipeline) enqueue(ctx context.Context, jobs []feierabend.Job) error {
	own, err := p.enqueueRiver(ctx, jobs)
	if err != nil || len(own) == 0 {
		return err
	}
	steps, err := insertJobsPG(own)
	if err != nil {
		return err
	}
	if err := p.run(ctx, steps); err != nil {
		return fmt.Errorf("enqueue %d jobs: %w", len(own), err)
	}
	return nil
}

// conclude is run, enqueue and COMMIT in one message.
func (p *pipeline) conclude(ctx context.Context, steps []step, jobs []feierabend.Job) error {
	own, err := p.enqueueRiver(ctx, jobs)
	if err != nil {
		return err
	}
	more, err := insertJobsPG(own)
	if err != nil {
		return err
	}
	return p.runAll(ctx, append(steps, more...), true)
}
