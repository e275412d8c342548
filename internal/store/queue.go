package store

import (
	"context"
	"strings"

	"feierabend"
)

// What the operator sees of the queue. Jobs that are done are left out: there may be
// a million of them in an hour. River keeps times and the list of errors in types of
// the database, so that the two engines read them differently.
const (
	kindsSQLite = `SELECT kind, state, count(*), CAST((julianday(min(created_at)) - 2440587.5) * 86400000000 AS INTEGER) FROM river_job
		WHERE state IN ('available', 'running', 'scheduled', 'retryable', 'pending', 'discarded', 'cancelled') GROUP BY kind, state ORDER BY kind, state`
	kindsPG = `SELECT kind, state::text, count(*), (extract(epoch FROM min(created_at)) * 1000000)::bigint FROM river_job
		WHERE state IN ('available', 'running', 'scheduled', 'retryable', 'pending', 'discarded', 'cancelled') GROUP BY kind, state ORDER BY kind, state::text`
	codesSQLite = `SELECT kind, json_extract(errors, '$[#-1].error') AS code, count(*) FROM river_job
		WHERE state IN ('available', 'running', 'scheduled', 'retryable', 'discarded', 'cancelled') AND json_array_length(errors) > 0 GROUP BY kind, code ORDER BY kind, code`
	codesPG = `SELECT kind, errors[array_upper(errors, 1)]->>'error' AS code, count(*) FROM river_job
		WHERE state IN ('available', 'running', 'scheduled', 'retryable', 'discarded', 'cancelled') AND cardinality(errors) > 0 GROUP BY kind, code ORDER BY kind, code`
)

// QueueView gives the counts, ages and codes of the queue and the processes that work it.
func (s *Store) QueueView(ctx context.Context) (v feierabend.QueueView, err error) {
	err = s.viewAll(ctx, func(q querier) error {
		kinds, codes := kindsSQLite, codesSQLite
		if q.fenced() {
			kinds, codes = kindsPG, codesPG
		}
		now, err := s.clockOf(ctx, q)
		if err != nil {
			return err
		}
		v.At = timeOf(now)
		v.Kinds, err = collect(ctx, q, func(r row) (k feierabend.QueueKind, err error) {
			var oldest int64
			err = r.Scan(&k.Kind, &k.State, &k.Jobs, &oldest)
			k.Oldest = timeOf(oldest)
			return k, err
		}, kinds)
		if err != nil {
			return err
		}
		v.Errors, err = collect(ctx, q, func(r row) (e feierabend.QueueError, err error) {
			err = r.Scan(&e.Kind, &e.Code, &e.Jobs)
			e.Code = strings.TrimPrefix(e.Code, "JobCancelError: ") // River's word before the code of what was given up
			return e, err
		}, codes)
		if err != nil {
			return err
		}
		v.Processes, err = listProcesses(ctx, q)
		return err
	})
	return v, err
}
