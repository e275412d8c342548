package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// scrub rewrites the key table and moves the log on (storage.md §5.3). VACUUM FULL
// by a role that does not own the table only warns, and the table keeps its file:
// then, or where log and checkpoint are not permitted, nothing can be proved and
// the receipt says so.
func (e *postgres) scrub(ctx context.Context) (method string, sure bool, err error) {
	if !scrubbing {
		return "none", true, nil
	}
	warned := false
	cfg := e.pool.Config().ConnConfig.Copy()
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { warned = warned || n.SeverityUnlocalized == "WARNING" }
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return "", false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	before, err := tableFile(ctx, conn)
	if err != nil {
		return "", false, err
	}
	for _, q := range []string{`SET lock_timeout = '2s'`, `VACUUM FULL content_key`} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return "", false, err
		}
	}
	after, err := tableFile(ctx, conn)
	if err != nil {
		return "", false, err
	}
	if warned || before == after {
		return "postgres_delete_only", false, nil
	}
	for _, q := range []string{`SELECT pg_switch_wal()`, `CHECKPOINT`} {
		if _, err := conn.Exec(ctx, q); denied(err) {
			return "postgres_vacuum_full", false, nil
		} else if err != nil {
			return "", false, err
		}
	}
	if _, err := e.files(ctx); err != nil {
		return "postgres_vacuum_full_checkpoint", false, nil
	}
	return "postgres_vacuum_full_checkpoint_search", true, nil
}

// tableFile names the file of the key table; it changes when the table is rewritten.
func tableFile(ctx context.Context, conn *pgx.Conn) (n uint32, err error) {
	err = conn.QueryRow(ctx, `SELECT pg_relation_filenode('content_key')`).Scan(&n)
	return n, err
}

// denied says that the role may not do that (class 42501).
func denied(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "42501"
}

// files gives the cluster's files, log included, where this process may read them.
func (e *postgres) files(ctx context.Context) ([]dataFile, error) {
	var dir string
	if err := e.pool.QueryRow(ctx, `SHOW data_directory`).Scan(&dir); err != nil {
		return nil, unavailable("not_searchable", "Die Dateien dieser Datenbank kann Feierabend nicht durchsuchen.", fmt.Errorf("data directory: %w", e.explain(err)))
	}
	if _, err := os.ReadDir(dir); err != nil {
		return nil, unavailable("not_searchable", "Die Dateien dieser Datenbank kann Feierabend nicht durchsuchen.", errors.New("data directory not readable"))
	}
	return walk(dir, func(string) (io.ReaderAt, bool, error) { return nil, false, nil })
}
