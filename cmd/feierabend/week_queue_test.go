package main

import (
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/jobs"
)

// weekJob is a row of River's queue that waits.
type weekJob struct {
	id              int64
	job             feierabend.Job
	attempt, atMost int
	due             time.Duration // since the week began
}

// riverTime is how River writes times on SQLite.
const riverTime = "2006-01-02 15:04:05.000"

// nextJob gives the job that is due first: the sequential queue of the week. A row
// without a date of its own has the real time, long before the week: it is due.
func (w *week) nextJob() (first weekJob, ok bool) {
	for _, j := range w.waiting() {
		if !ok || j.due < first.due {
			first, ok = j, true
		}
	}
	return first, ok
}

func (w *week) waiting() (out []weekJob) {
	rs, err := w.svc.store.SQL().QueryContext(w.ctx, `SELECT id, kind, json(args), attempt, max_attempts, CAST(scheduled_at AS TEXT) FROM river_job
		WHERE state IN ('available', 'retryable', 'scheduled') ORDER BY id`)
	if err != nil {
		w.t.Fatalf("seed %d: queue: %v", w.seed, err)
	}
	defer rs.Close()
	for rs.Next() {
		var j weekJob
		var kind, args, at string
		if err := rs.Scan(&j.id, &kind, &args, &j.attempt, &j.atMost, &at); err != nil {
			w.t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(args), &j.job); err != nil {
			w.t.Fatal(err)
		}
		when, err := time.Parse("2006-01-02 15:04:05.999999999", strings.TrimSuffix(strings.TrimSuffix(at, " +0000 UTC"), "Z"))
		if err != nil {
			w.t.Fatalf("time of a job: %v", err)
		}
		j.due = max(0, when.Sub(w.began)-w.skew)
		out = append(out, j)
	}
	if err := rs.Err(); err != nil {
		w.t.Fatal(err)
	}
	return out
}

// work works one job and writes down what becomes of it. After a crash nothing is
// written: the next service finds the row still marked as running.
func (w *week) work(j weekJob) {
	db := w.svc.store.SQL()
	if !w.write(db, `UPDATE river_job SET state = 'running', attempt = attempt + 1, attempted_by = jsonb($2) WHERE id = $1`, j.id, `["`+w.svc.heart.ID()+`"]`) {
		w.up += time.Minute // a full disk: River looks again
		return
	}
	w.counts["jobs"]++
	w.arm()
	v := w.svc.jobs.Once(w.ctx, j.job, j.attempt+1, j.atMost)
	dead := w.disarm()
	w.note("job %s %s %s %s", j.job.K, j.job.Ref, v.End, v.Code)
	if !codeForm.MatchString(v.Code) {
		w.broken("job %s ended with %q: no code", j.job.K, v.Code)
	}
	if dead {
		w.crash()
		return
	}
	at := func(d time.Duration) string { return w.now().Add(d).UTC().Format(riverTime) }
	now := at(0)
	var ok bool
	switch v.End {
	case jobs.EndDone:
		ok = w.write(db, `UPDATE river_job SET state = 'completed', finalized_at = $2 WHERE id = $1`, j.id, now)
	case jobs.EndGaveUp:
		ok = w.write(db, `UPDATE river_job SET state = 'discarded', finalized_at = $2, errors = jsonb($3) WHERE id = $1`, j.id, now, `[{"error":"`+v.Code+`"}]`)
	case jobs.EndSnooze:
		ok = w.write(db, `UPDATE river_job SET state = 'scheduled', attempt = attempt - 1, scheduled_at = $2 WHERE id = $1`, j.id, at(v.After))
	default:
		ok = w.write(db, `UPDATE river_job SET state = 'retryable', scheduled_at = $2, errors = jsonb($3) WHERE id = $1`, j.id, at(v.After), `[{"error":"`+v.Code+`"}]`)
	}
	if !ok {
		w.lost, w.lostAt = append(w.lost, j.id), w.up
	}
}

// write is one change to a row of the queue; it fails on a full disk.
func (w *week) write(db *sql.DB, text string, args ...any) bool {
	_, err := db.ExecContext(w.ctx, text, args...)
	if err != nil && !w.fault.full {
		w.t.Fatalf("seed %d: write queue: %v", w.seed, err)
	}
	return err == nil
}

// lostAfter is when the runner takes what is marked as its own, but not in its hands,
// for lost.
const lostAfter = 15 * time.Second

// giveBack frees the jobs whose result could not be written, as the runner does.
func (w *week) giveBack() {
	w.lostAt = w.up // if it fails, again after the same time
	if _, err := w.svc.store.FreeJobs(w.ctx, w.svc.heart.ID(), w.lost); err != nil {
		w.note("jobs not freed: %s", feierabend.CodeOf(err))
		return
	}
	w.lost = nil
}

// sweepNow is one run of the periodic sweep: one try, the next interval is the retry.
func (w *week) sweepNow() {
	w.model.overdue()
	w.arm()
	v := w.svc.jobs.Once(w.ctx, feierabend.Job{K: feierabend.JobSweep}, 1, 1)
	dead := w.disarm()
	if v.End != jobs.EndDone {
		w.note("sweep %s %s", v.End, v.Code)
	}
	if dead {
		w.crash()
		return
	}
	w.sweep = w.up + time.Hour
	if next, err := w.svc.store.NextDue(w.ctx); err == nil && !next.IsZero() {
		w.sweep = min(w.sweep, max(w.up, next.Sub(w.began)-w.skew)+time.Minute)
	}
}

// advance lets the world run until a moment: deliveries, jobs and sweeps, each when
// it is due, one after the other.
func (w *week) advance(to time.Duration) {
	for steps := 0; ; steps++ {
		if steps > 20000 {
			w.broken("the queue never comes to rest")
			return
		}
		at, run := to+1, func() {}
		if j, ok := w.nextJob(); ok && max(j.due, w.up) < at {
			at, run = max(j.due, w.up), func() { w.work(j) }
		}
		if h := w.nextHook(); h != nil && max(h.due, w.up) < at {
			at, run = max(h.due, w.up), func() { w.deliver(h) }
		}
		if w.sweep < at {
			at, run = max(w.sweep, w.up), w.sweepNow
		}
		if len(w.lost) > 0 && w.lostAt+lostAfter < at {
			at, run = max(w.lostAt+lostAfter, w.up), w.giveBack
		}
		if at > to {
			w.up = max(w.up, to)
			return
		}
		w.up = at
		run()
	}
}
