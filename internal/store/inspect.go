package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
)

// Inspect looks at the database for the operator. It changes nothing.
func (s *Store) Inspect(ctx context.Context) (i feierabend.Inspection, err error) {
	if i.Schema, err = newestSchema(); err != nil { // an open store has it
		return i, err
	}
	if err := s.viewAll(ctx, func(q querier) error {
		i.Pending = 0
		if err := q.queryRow(ctx, `SELECT count(*) FROM tenant`).Scan(&i.Tenants); err != nil {
			return err
		}
		return eachFirm(ctx, q, `SELECT count(*) FROM receipt_check`, nil, func(r row) error {
			var own int
			err := r.Scan(&own)
			i.Pending += own
			return err
		})
	}); err != nil {
		return i, err
	}
	if i.LastSweep, err = s.LastSweep(ctx); err != nil {
		return i, err
	}
	switch e := bare(s.db).(type) {
	case *sqlite:
		i.Engine = "sqlite"
		err = e.reader.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&i.Version)
	case *postgres:
		i.Engine = "postgres"
		err = e.pool.QueryRow(ctx, `SELECT current_setting('server_version'), clock_timestamp(), rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user`).Scan(&i.Version, &i.Time, &i.Unfenced)
		if err == nil {
			i.Unprovable, err = e.provable(ctx)
		}
	}
	return i, s.db.explain(err)
}

// SchemaVersions gives the version of a database's tables (0 = none yet) and the one
// that this program works with. It changes nothing.
func SchemaVersions(ctx context.Context, o Options) (have, want int64, err error) {
	if want, err = newestSchema(); err != nil {
		return 0, 0, err
	}
	if path, isSQLite := strings.CutPrefix(o.DSN, "sqlite:"); isSQLite {
		have, err = schemaSQLite(ctx, path)
		return have, want, err
	}
	dsn := o.DSN
	if o.MigrateDSN != "" {
		dsn = o.MigrateDSN
	}
	have, err = schemaPG(ctx, dsn)
	return have, want, err
}

const schemaQuery = `SELECT COALESCE(max(version_id), 0) FROM goose_db_version WHERE is_applied`

func schemaSQLite(ctx context.Context, path string) (have int64, err error) {
	if info, err := os.Stat(path); errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		return 0, nil
	}
	db, err := sql.Open("sqlite", fileDSN(path, "mode=ro&_pragma=busy_timeout(10000)"))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	if err := db.QueryRowContext(ctx, schemaQuery).Scan(&have); err != nil {
		return 0, (&sqlite{}).explain(err)
	}
	return have, nil
}

func schemaPG(ctx context.Context, dsn string) (have int64, err error) {
	cfg, err := pgConfig(dsn)
	if err != nil {
		return 0, err
	}
	explain := (&postgres{}).explain
	conn, err := pgx.ConnectConfig(ctx, cfg.ConnConfig)
	if err != nil {
		return 0, explain(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var there bool
	if err := conn.QueryRow(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL`).Scan(&there); err != nil || !there {
		return 0, explain(err)
	}
	return have, explain(conn.QueryRow(ctx, schemaQuery).Scan(&have))
}

// Migrate brings the database to this program's version, as the owner where one is
// named, and gives the versions before and after. A newer one is Invalid "schema_newer".
func Migrate(ctx context.Context, o Options) (from, to int64, err error) {
	from, to, err = SchemaVersions(ctx, o)
	if err != nil {
		return 0, 0, err
	}
	if from > to {
		return from, to, newer(from, to)
	}
	st, err := Open(ctx, o)
	if err != nil {
		return from, to, err
	}
	if err := st.Close(); err != nil {
		return from, to, fmt.Errorf("close after migration: %w", err)
	}
	return from, to, nil
}

// ClockDrift is how far a clock is from the database's; 0 where that is the same clock.
func ClockDrift(i feierabend.Inspection, now time.Time) time.Duration {
	if i.Time.IsZero() {
		return 0
	}
	return now.Sub(i.Time).Abs()
}
