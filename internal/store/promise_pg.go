package store

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
)

// snapshotPatience is the age of another transaction that counts as an old
// snapshot: VACUUM FULL keeps what it may still see. Younger ones end by
// themselves; until then the search finds the key and the scrub comes back.
const snapshotPatience = 10 * time.Minute

// settings of PostgreSQL that keep copies of deleted rows, or write values into its
// log, where no search of ours takes them away (storage.md §5.3, DEL-08): name →
// the value that is good.
var settings = []struct{ name, good string }{
	{"archive_mode", "off"},
	{"wal_recycle", "off"},
	{"wal_keep_size", "0"},
	{"log_statement", "none"},
	{"log_min_duration_statement", "-1"}, // logs statements with their parameters
	{"log_min_duration_sample", "-1"},
	{"log_transaction_sample_rate", "0"},
	{"log_parameter_max_length_on_error", "0"},
	{"log_error_verbosity", "terse"},
	{"auto_explain.log_min_duration", "-1"}, // of an extension: absent is good too
}

// unprovable gives the codes of what stands against a proof on this cluster now;
// none where nothing does. The settings are those of the service's own connections; other
// is one of the scrubbing role.
func (e *postgres) unprovable(ctx context.Context, other *pgx.Conn) (codes []string, err error) {
	var names, good []string
	for _, s := range settings {
		names, good = append(names, s.name), append(good, s.good)
	}
	rs, err := e.pool.Query(ctx, `SELECT v.name FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS v(name, good, n)
		WHERE coalesce(nullif(current_setting(v.name, true), ''), v.good) <> v.good ORDER BY v.n`, names, good)
	if err != nil {
		return nil, err
	}
	if codes, err = pgx.CollectRows(rs, pgx.RowTo[string]); err != nil {
		return nil, err
	}
	var slots, standbys, prepared, hidden, old bool
	if err := other.QueryRow(ctx, `SELECT EXISTS(SELECT 1 FROM pg_replication_slots), EXISTS(SELECT 1 FROM pg_stat_replication), EXISTS(SELECT 1 FROM pg_prepared_xacts WHERE database = current_database()),
		NOT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'), EXISTS(SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
			AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) AND xact_start < clock_timestamp() - $1 * interval '1 microsecond')`, e.patience.Microseconds()).
		Scan(&slots, &standbys, &prepared, &hidden, &old); err != nil {
		return nil, err
	}
	for _, c := range []struct {
		is   bool
		code string
	}{{slots, "replication_slots"}, {standbys, "standbys"}, {prepared, "prepared_transactions"}, {hidden, "snapshots_hidden"}, {old, "old_snapshot"}} {
		if c.is {
			codes = append(codes, c.code)
		}
	}
	return codes, nil
}

// provable is unprovable on a connection of its own.
func (e *postgres) provable(ctx context.Context) (codes []string, err error) {
	conn, err := e.connect(ctx, e.scrubber)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return e.unprovable(ctx, conn)
}

// warnUnprovable says once at start what erasures on this database cannot promise.
// It refuses nothing: receipts say it too.
func (e *postgres) warnUnprovable(ctx context.Context) {
	codes, err := e.provable(ctx)
	switch {
	case err != nil:
		e.log.Warn("erasures may stay unverifiable: the database could not be checked", "code", feierabend.CodeOf(e.explain(err)))
	case len(codes) > 0:
		e.log.Warn("erasures stay unverifiable on this database", "reasons", strings.Join(codes, ","))
	}
}
