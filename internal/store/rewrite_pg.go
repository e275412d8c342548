package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
)

// rewriteLock is how long a table's rewriting waits for its lock: writers stand in
// line behind it, so it rather comes back.
const rewriteLock = "2s"

// rewriteContent rewrites each content table and moves the log on. Plain VACUUM would
// leave the bytes of deleted rows in the holes of pages (storage.md §5.3: 41 %).
func (e *postgres) rewriteContent(ctx context.Context) (done bool, err error) {
	if !scrubbing {
		return true, nil
	}
	conn, err := e.connect(ctx, e.scrubber)
	if err != nil {
		return false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	tables, err := owned(ctx, conn)
	if err != nil {
		return false, err
	}
	if err := outlast(ctx, conn); err != nil {
		return false, err
	}
	if err := e.exec(ctx, conn, `SET lock_timeout = '`+rewriteLock+`'`); err != nil {
		return false, err
	}
	for _, t := range tables {
		began := time.Now()
		if err := e.exec(ctx, conn, `VACUUM FULL content.`+t); err != nil {
			return false, err
		}
		e.log.Debug("content table rewritten", "table", t, "ms", time.Since(began).Milliseconds())
	}
	for _, q := range []string{`SELECT pg_switch_wal()`, `CHECKPOINT`} {
		if err := e.exec(ctx, conn, q); denied(err) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
	return len(tables) == len(classes[feierabend.ClassContent]), nil
}

// owned gives the content tables that the connection's role may rewrite: VACUUM FULL
// of another's table is a silent no-op.
func owned(ctx context.Context, conn *pgx.Conn) (out []string, err error) {
	rs, err := conn.Query(ctx, `SELECT relname::text FROM pg_class WHERE relnamespace = 'content'::regnamespace AND relkind = 'r'
		AND relname = ANY($1) AND pg_has_role(relowner, 'USAGE') ORDER BY pg_relation_size(oid), relname`, classes[feierabend.ClassContent])
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rs, pgx.RowTo[string])
}
