package store

import (
	"context"
	"strings"
	"time"

	"feierabend"
)

// Beat says that process p lives. Its time is that of the database, so that the
// clocks of several hosts need not agree; a zero Master is the key that this store
// wraps with.
func (s *Store) Beat(ctx context.Context, p feierabend.Process) error {
	ctx = vital(ctx)
	if p.ID == "" || len(p.Roles) == 0 {
		return invalid("process")
	}
	if p.Master == 0 {
		p.Master = s.keys.Current()
	}
	return s.updateAll(ctx, func(t tx) error {
		now, err := s.clockOf(ctx, t)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO process(id, roles, master_id, started_at, seen_at) VALUES($1, $2, $3, $4, $5)
			ON CONFLICT(id) DO UPDATE SET roles = EXCLUDED.roles, master_id = EXCLUDED.master_id, seen_at = EXCLUDED.seen_at`,
			p.ID, strings.Join(p.Roles, ","), p.Master, micros(p.StartedAt), now)
		if err != nil {
			return err
		}
		return s.writeHeard(ctx, t) // a process without the role worker sweeps nothing
	})
}

// Processes gives every process that has beaten and did not end, oldest first. One
// that was killed stays until FreeDead finds it silent.
func (s *Store) Processes(ctx context.Context) (out []feierabend.Process, err error) {
	err = s.viewAll(ctx, func(q querier) (err error) {
		out, err = listProcesses(ctx, q)
		return err
	})
	return out, err
}

func listProcesses(ctx context.Context, q querier) ([]feierabend.Process, error) {
	return collect(ctx, q, func(r row) (p feierabend.Process, err error) {
		var roles string
		var started, seen int64
		err = r.Scan(&p.ID, &roles, &p.Master, &started, &seen)
		p.Roles, p.StartedAt, p.SeenAt = strings.Split(roles, ","), timeOf(started), timeOf(seen)
		return p, err
	}, `SELECT id, roles, master_id, started_at, seen_at FROM process ORDER BY started_at, id`)
}

// EndProcess takes the process off the list and frees what it still works on.
func (s *Store) EndProcess(ctx context.Context, id string) error {
	ctx = vital(ctx)
	return s.updateAll(ctx, func(t tx) error {
		if _, err := t.exec(ctx, `DELETE FROM process WHERE id = $1`, id); err != nil {
			return err
		}
		_, err := freeOrphans(ctx, t)
		return err
	})
}

// FreeDead takes over from processes that have not beaten for silence: their rows go,
// their running jobs may be fetched at once, and a leader among them is deposed. self
// is the asking process, which must have beaten before. On SQLite one process owns
// the file, so that every other one is dead. Asking again, or by several at once,
// changes nothing more.
func (s *Store) FreeDead(ctx context.Context, self string, silence time.Duration) (f feierabend.Freed, err error) {
	ctx = vital(ctx)
	err = s.updateAll(ctx, func(t tx) error {
		now, err := s.clockOf(ctx, t)
		if err != nil {
			return err
		}
		before := now - silence.Microseconds()
		if !t.fenced() {
			before = now + 1
		}
		n, err := t.exec(ctx, `DELETE FROM process WHERE id <> $1 AND seen_at < $2`, self, before)
		if err != nil {
			return err
		}
		f, err = freeOrphans(ctx, t)
		f.Processes = int(n)
		return err
	})
	return f, err
}

// The jobs of processes that are not on the list. River notes who works a job as the
// last entry of attempted_by, which is an array here and JSON there.
const (
	freePG     = `UPDATE river_job SET state = 'available' WHERE state = 'running' AND NOT EXISTS(SELECT 1 FROM process WHERE id = attempted_by[array_upper(attempted_by, 1)])`
	freeSQLite = `UPDATE river_job SET state = 'available' WHERE state = 'running' AND NOT EXISTS(SELECT 1 FROM process WHERE id = json_extract(attempted_by, '$[#-1]'))`
)

// freeOrphans frees what belongs to no process on the list. Results are stored once
// whoever stores them, so that a process that was only thought dead does no harm.
func freeOrphans(ctx context.Context, t tx) (f feierabend.Freed, err error) {
	free := freeSQLite
	if t.fenced() {
		free = freePG
	}
	n, err := t.exec(ctx, free)
	if err != nil {
		return f, err
	}
	f.Jobs = int(n)
	n, err = t.exec(ctx, `DELETE FROM river_leader WHERE NOT EXISTS(SELECT 1 FROM process WHERE id = leader_id)`)
	f.Leader = n > 0
	return f, err
}

// JobsOf gives River's ids of the jobs that are marked as being worked by a process.
func (s *Store) JobsOf(ctx context.Context, process string) (ids []int64, err error) {
	ctx = vital(ctx)
	err = s.viewAll(ctx, func(q querier) (err error) {
		text := `SELECT id FROM river_job WHERE state = 'running' AND json_extract(attempted_by, '$[#-1]') = $1 ORDER BY id`
		if q.fenced() {
			text = `SELECT id FROM river_job WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1 ORDER BY id`
		}
		ids, err = collect(ctx, q, func(r row) (id int64, err error) { return id, r.Scan(&id) }, text, process)
		return err
	})
	return ids, err
}

// FreeJobs makes jobs that are still marked as being worked by the process available
// again, and gives their number.
func (s *Store) FreeJobs(ctx context.Context, process string, ids []int64) (n int, err error) {
	ctx = vital(ctx)
	if len(ids) == 0 {
		return 0, nil
	}
	args := []any{process}
	for _, id := range ids {
		args = append(args, id)
	}
	err = s.updateAll(ctx, func(t tx) error {
		mine := `json_extract(attempted_by, '$[#-1]') = $1`
		if t.fenced() {
			mine = `attempted_by[array_upper(attempted_by, 1)] = $1`
		}
		k, err := t.exec(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running' AND `+mine+` AND id IN `+values(1, len(ids), 2), args...)
		n = int(k)
		return err
	})
	return n, err
}

// clockOf gives the database's time in microseconds; on SQLite that is our own.
func (s *Store) clockOf(ctx context.Context, q querier) (us int64, err error) {
	if !q.fenced() {
		return micros(s.now()), nil
	}
	err = q.queryRow(ctx, `SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`).Scan(&us)
	return us, err
}
