package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
)

// Patience with another process that scrubs.
const (
	scrubLock = 20261125 // advisory, of this database
	leadTries = 20
	leadNap   = 250 * time.Millisecond
)

// lead holds an advisory lock on a connection of its own: scrub, search and rewriting
// of two processes would take each other's files away.
func (e *postgres) lead(ctx context.Context) (release func(), err error) {
	conn, err := e.connect(ctx, e.scrubber)
	if err != nil {
		return nil, err
	}
	release = func() { conn.Close(context.WithoutCancel(ctx)) }
	for range leadTries {
		var mine bool
		if err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, scrubLock).Scan(&mine); err != nil {
			break
		}
		if mine {
			return release, nil
		}
		select {
		case <-time.After(leadNap):
			err = unavailable("busy", textBusy, errors.New("another process scrubs"))
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	release()
	return nil, err
}

// rewriteLock is how long a table's rewriting waits for its lock: writers stand in
// line behind it, so it rather comes back.
const rewriteLock = "2s"

// sealedAccount are the account tables whose rows hold numbers and addresses, sealed, and
// go or change while the key stays.
var sealedAccount = []string{"sender_link", "link_challenge", "registration", "address_change", "notice", "recovery"}

// rewritten are the tables that are rewritten: the role that scrubs owns them.
func rewritten() []string {
	return slices.Concat(classes[feierabend.ClassContent], sealedAccount)
}

// rewriteContent rewrites each of these tables and moves the log on. Plain VACUUM would
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
	over, err := outlast(ctx, conn)
	if err != nil {
		return false, err
	}
	if !over { // it would keep what that one may still see, and nobody would come back for it
		return false, unavailable("busy", textBusy, errors.New("an older transaction is open"))
	}
	if err := e.exec(ctx, conn, `SET lock_timeout = '`+rewriteLock+`'`); err != nil {
		return false, err
	}
	for _, t := range tables {
		began := time.Now()
		if err := e.exec(ctx, conn, `VACUUM FULL `+t); err != nil {
			return false, err
		}
		e.log.Debug("content table rewritten", "table", t[strings.IndexByte(t, '.')+1:], "ms", time.Since(began).Milliseconds())
	}
	for _, q := range []string{`SELECT pg_switch_wal()`, `CHECKPOINT`} {
		if err := e.exec(ctx, conn, q); denied(err) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
	return len(tables) == len(rewritten()), nil
}

// owned gives the tables, with their schema, that the connection's role may rewrite: VACUUM FULL
// of another's table is a silent no-op.
func owned(ctx context.Context, conn *pgx.Conn) (out []string, err error) {
	rs, err := conn.Query(ctx, `SELECT n.nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE n.nspname IN ('account', 'content') AND relkind = 'r'
		AND relname = ANY($1) AND pg_has_role(relowner, 'USAGE') ORDER BY pg_relation_size(c.oid), relname`, rewritten())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rs, pgx.RowTo[string])
}
