package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// What the queue itself has noted of the jobs that draft: when each was put in, and when
// the runner took it.
const (
	waitsPG = `SELECT (extract(epoch FROM attempted_at - created_at) * 1000)::float8, metadata ? 'snoozes' FROM queue.river_job
		WHERE kind = 'draft' AND attempted_at IS NOT NULL AND created_at > $1`
	waitsSQLite = `SELECT (julianday(attempted_at) - julianday(created_at)) * 86400000.0, json_extract(metadata, '$.snoozes') IS NOT NULL FROM river_job
		WHERE kind = 'draft' AND attempted_at IS NOT NULL AND julianday(created_at) > julianday($1)`
)

// waits gives, in ms and sorted, how long the jobs that draft waited for the runner since
// a moment, and how many of them came back later.
func waits(ctx context.Context, d *database, since time.Time) (out []float64, snoozed int, err error) {
	note := func(ms float64, again bool) {
		out = append(out, max(ms, 0))
		if again {
			snoozed++
		}
	}
	if isPG(d) {
		err = d.asOwner(ctx, func(c *pgx.Conn) error {
			rows, err := c.Query(ctx, waitsPG, since)
			if err != nil {
				return err
			}
			var ms float64
			var again bool
			_, err = pgx.ForEachRow(rows, []any{&ms, &again}, func() error { note(ms, again); return nil })
			return err
		})
		slices.Sort(out)
		return out, snoozed, err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.folder, "feierabend.db")+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, 0, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, waitsSQLite, since.UTC().Format("2006-01-02 15:04:05.000"))
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var ms float64
		var again bool
		if err := rows.Scan(&ms, &again); err != nil {
			return nil, 0, err
		}
		note(ms, again)
	}
	slices.Sort(out)
	return out, snoozed, rows.Err()
}

// clusterCPU is the processor time of all processes of the cluster, ended ones included.
func (b *bench) clusterCPU() (all time.Duration) {
	raw, err := os.ReadFile(filepath.Join(b.pgData, "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	master, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	all = cpu(master)
	if f := stat(master); len(f) > 14 { // of those that it has waited for
		user, _ := strconv.Atoi(f[13])
		system, _ := strconv.Atoi(f[14])
		all += time.Duration(user+system) * 10 * time.Millisecond
	}
	for _, p := range children(master) {
		all += cpu(p)
	}
	return all
}
