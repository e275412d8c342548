package store

import (
	"context"

	"feierabend"
)

// River works what is due by priority, then by age. New jobs begin in the last class;
// Turns lifts the ones whose turn it is. So the order within a firm stays that of the
// queue, and a firm with one note need not wait behind another's five hundred.
const basePriority = 3

// crowded is how many jobs of the default queue must wait before turns are taken: fewer
// are worked in a moment in whatever order.
const crowded = 64

// Of the speech queue, where a job takes seconds, the oldest note of the two firms that
// have waited longest since their last note was begun comes first: one firm after the other.
// A firm that had none within the last hour (River keeps what is done so long) is first.
const speechTurns = `WITH waiting AS (
	SELECT id, args->>'t' AS firm, row_number() OVER (PARTITION BY args->>'t' ORDER BY id) AS n FROM river_job WHERE state = 'available' AND queue = 'speech'),
served AS (
	SELECT args->>'t' AS firm, max(attempted_at) AS at FROM river_job WHERE queue = 'speech' AND state IN ('running', 'completed') GROUP BY args->>'t'),
heads AS (
	SELECT w.id, row_number() OVER (ORDER BY s.at NULLS FIRST, w.id) AS turn FROM waiting w LEFT JOIN served s ON s.firm = w.firm WHERE w.n = 1),
placed AS (
	SELECT w.id, CASE WHEN h.turn <= 2 THEN h.turn ELSE 3 END AS place FROM waiting w LEFT JOIN heads h ON h.id = w.id)
UPDATE river_job SET priority = placed.place FROM placed WHERE river_job.id = placed.id AND river_job.state = 'available' AND river_job.priority <> placed.place`

// Of the default queue, whose jobs take milliseconds, each firm has eight places, those
// of its jobs that are being worked included; then fifty-six more in the second class.
const defaultTurns = `WITH busy AS (
	SELECT args->>'t' AS firm, count(*) AS k FROM river_job WHERE state = 'running' AND queue = 'default' GROUP BY args->>'t'),
placed AS (
	SELECT w.id, CASE WHEN w.n + COALESCE(b.k, 0) <= 8 THEN 1 WHEN w.n + COALESCE(b.k, 0) <= 64 THEN 2 ELSE 3 END AS place
	FROM (SELECT id, args->>'t' AS firm, row_number() OVER (PARTITION BY args->>'t' ORDER BY id) AS n FROM river_job WHERE state = 'available' AND queue = 'default') w
	LEFT JOIN busy b ON b.firm = w.firm)
UPDATE river_job SET priority = placed.place FROM placed WHERE river_job.id = placed.id AND river_job.state = 'available' AND river_job.priority <> placed.place`

// Turns puts what waits in the order in which firms take turns and gives how many jobs
// changed their place. Several processes may ask; on PostgreSQL one at a time does it.
func (s *Store) Turns(ctx context.Context) (changed int, err error) {
	speech, others, err := s.crowd(ctx)
	if err != nil || !speech && !others {
		return 0, err
	}
	err = s.updateAll(ctx, func(t tx) error {
		if t.fenced() {
			// Rows that are being changed are passed over by River: their commit need not
			// wait for the disk, since an order that is lost is made again.
			var mine bool
			var off string
			if err := t.queryRow(ctx, `SELECT pg_try_advisory_xact_lock(20261125), set_config('synchronous_commit', 'off', true)`).Scan(&mine, &off); err != nil || !mine {
				return err
			}
		}
		for text, wanted := range map[string]bool{speechTurns: speech, defaultTurns: others} {
			if !wanted {
				continue
			}
			n, err := t.exec(ctx, text)
			if err != nil {
				return err
			}
			changed += int(n)
		}
		return nil
	})
	return changed, err
}

// crowd says in which queues several firms wait for each other.
func (s *Store) crowd(ctx context.Context) (speech, others bool, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		rs, err := q.query(ctx, `SELECT queue, count(*), count(DISTINCT args->>'t') FROM river_job WHERE state = 'available' GROUP BY queue`)
		if err != nil {
			return err
		}
		return drainRows(rs, func(r row) error {
			var queue string
			var jobs, firms int
			err := r.Scan(&queue, &jobs, &firms)
			switch queue {
			case feierabend.QueueSpeech:
				speech = firms > 1
			case feierabend.QueueDefault:
				others = firms > 1 && jobs > crowded
			}
			return err
		})
	})
	return speech, others, err
}
