package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"feierabend"
)

// scrub rewrites the key table and moves the log on (storage.md §5.3). VACUUM FULL
// by a role that does not own the table only warns, and the table keeps its file:
// then, where log and checkpoint are not permitted, and where the cluster keeps
// copies, nothing can be proved and the receipt says so: what was done, and after a
// colon the codes of what stands against the proof.
func (e *postgres) scrub(ctx context.Context) (method string, sure bool, err error) {
	if !scrubbing {
		return "none", true, nil
	}
	// One connection for all of it: to open one costs milliseconds, and each begins with
	// nothing of the catalogs at hand.
	warned := false
	cfg := e.scrubber.Copy()
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { warned = warned || n.SeverityUnlocalized == "WARNING" }
	conn, err := e.connect(ctx, cfg)
	if err != nil {
		return "", false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	against, err := e.unprovable(ctx, conn)
	if err != nil {
		return "", false, err
	}
	method, sure, err = e.rewrite(ctx, conn, len(against) == 0, &warned)
	if err != nil {
		return "", false, err
	}
	if len(against) > 0 {
		return method + ":" + strings.Join(against, ","), false, nil
	}
	if !sure {
		return method, false, nil
	}
	switch _, err := e.folder(ctx, conn); {
	case feierabend.CodeOf(err) == notSearchable:
		return method, false, nil
	case err != nil: // it passes: the job comes back
		return "", false, err
	}
	return method + "_search", true, nil
}

// rewrite says how far the scrub came; whole = all of it, without any warning. With
// outlasting it first waits for transactions that may still see what was deleted.
func (e *postgres) rewrite(ctx context.Context, conn *pgx.Conn, outlasting bool, warned *bool) (method string, whole bool, err error) {
	if outlasting {
		if _, err := outlast(ctx, conn); err != nil {
			return "", false, err
		}
	}
	before, err := tableFile(ctx, conn)
	if denied(err) { // not let into the schema at all
		return "postgres_delete_only", false, nil
	}
	if err != nil {
		return "", false, err
	}
	// Writers wait behind the lock: rather come back than hold them up. Workers for the
	// index take longer to start than they save.
	for _, q := range []string{`SET lock_timeout = '2s'; SET max_parallel_maintenance_workers = 0`, `VACUUM FULL content.content_key`} {
		if err := e.exec(ctx, conn, q); err != nil {
			return "", false, err
		}
	}
	after, err := tableFile(ctx, conn)
	if err != nil {
		return "", false, err
	}
	if *warned || before == after {
		return "postgres_delete_only", false, nil
	}
	for _, q := range []string{`SELECT pg_switch_wal()`, `CHECKPOINT`} {
		if err := e.exec(ctx, conn, q); denied(err) {
			return "postgres_vacuum_full", false, nil
		} else if err != nil {
			return "", false, err
		}
	}
	return "postgres_vacuum_full_checkpoint", !*warned, nil
}

// connect opens a connection of the role that scrubs.
func (e *postgres) connect(ctx context.Context, cfg *pgx.ConnConfig) (*pgx.Conn, error) {
	if err := e.gate.at("scrub connect"); err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, cfg)
}

func (e *postgres) exec(ctx context.Context, conn *pgx.Conn, text string) error {
	if err := e.gate.at("scrub exec"); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, text)
	return err
}

// Patience with transactions that may still see what was deleted: most are over at once.
const (
	outlastTries = 250
	outlastNap   = 20 * time.Millisecond
)

// outlast waits, shortly, until the transactions have ended that began before now:
// VACUUM FULL keeps a deleted row while one may see it. A transaction with a number
// of its own counts in every database of the cluster, one that only reads in this
// one. Where one stays, over is false: the search finds the key and the scrub comes back.
func outlast(ctx context.Context, conn *pgx.Conn) (over bool, err error) {
	var mark string
	if err := conn.QueryRow(ctx, `SELECT pg_current_xact_id()::text`).Scan(&mark); err != nil {
		return false, err
	}
	for range outlastTries {
		if err := conn.QueryRow(ctx, `SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8 AND NOT EXISTS(SELECT 1 FROM pg_stat_activity
			WHERE (datname = current_database() OR datid IS NULL OR datid = 0) AND pid <> pg_backend_pid() AND age(backend_xmin) > age($1::text::xid8::xid))`, mark).Scan(&over); err != nil || over {
			return over, err
		}
		select {
		case <-time.After(outlastNap):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	return false, nil
}

// tableFile names the file of the key table; it changes when the table is rewritten.
func tableFile(ctx context.Context, conn *pgx.Conn) (n uint32, err error) {
	err = conn.QueryRow(ctx, `SELECT pg_relation_filenode('content.content_key')`).Scan(&n)
	return n, err
}

// denied says that the role may not do that (class 42501).
func denied(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "42501"
}
