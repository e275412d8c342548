package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
)

// fill inserts a thousand firms of a thousand cases each, with key, message and
// draft, as rows of random bytes of the usual size, past the store: nobody reads
// them, but they are in every table and index. They are not synced one by one.
func fill(ctx context.Context, d *database) error {
	texts := fillTexts(isPG(d))
	if isPG(d) {
		return d.asOwner(ctx, func(c *pgx.Conn) error {
			for _, q := range append([]string{`SET synchronous_commit = off`, `SET search_path = account, content, queue`}, append(texts, `SELECT setval(pg_get_serial_sequence('content.content_key', 'id'), 100000000)`, `ANALYZE`, `CHECKPOINT`)...) {
				if _, err := c.Exec(ctx, q); err != nil {
					return fmt.Errorf("%.60s: %w", q, err)
				}
			}
			return nil
		})
	}
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(d.dsn, "sqlite:")+"?_pragma=synchronous(OFF)&_pragma=cache_size(-200000)&_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range append(texts, `PRAGMA wal_checkpoint(TRUNCATE)`) {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%.60s: %w", q, err)
		}
	}
	return nil
}

// fillTexts gives the statements; ids have the form of ours and lie anywhere.
func fillTexts(pg bool) []string {
	numbers := func(n int) string {
		if pg {
			return fmt.Sprintf(`generate_series(0, %d) AS n(i)`, n-1)
		}
		return fmt.Sprintf(`(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n) AS n`, n-1)
	}
	// An id of 26 characters that follows from a number and a letter.
	id := func(letter, number string) string {
		if pg {
			return `'` + letter + `' || translate(substr(md5(` + number + `::text || '` + letter + `'), 1, 25), '0189', 'ghij')`
		}
		return `'` + letter + `' || printf('%010d', (` + number + `) * 2654435761 % 9999999967) || 'fillerfillerfil'`
	}
	random := func(n int) string {
		if pg {
			return fmt.Sprintf(`decode(repeat(md5(n.i::text), %d), 'hex')`, n/16)
		}
		return fmt.Sprintf(`randomblob(%d)`, n)
	}
	total := bigFirms * bigCases
	firm := id("f", fmt.Sprintf("(n.i / %d)", bigCases))
	now := micros()
	return []string{
		`INSERT INTO tenant(id, name, created_at, retention_days, countdown) SELECT ` + id("f", "n.i") + `, 'Firma ' || n.i, ` + now + `, 30, 0 FROM ` + numbers(bigFirms),
		`INSERT INTO content_key(id, master_id, wrapped) SELECT n.i + 100000, 1, ` + random(60) + ` FROM ` + numbers(total),
		`INSERT INTO cases(tenant_id, id, key_id, sender_id, state, version, created_at, changed_at, expires_at, erase_at, held, attention, summary) SELECT ` + firm + `, ` + id("c", "n.i") +
			`, n.i + 100000, ` + id("s", fmt.Sprintf("(n.i / %d)", bigCases)) + `, 'open', 1, ` + now + ` - n.i, ` + now + ` - n.i, ` + now + ` + 2000000000000 + n.i, 0, FALSE, '', ` + random(240) + ` FROM ` + numbers(total),
		`INSERT INTO message(tenant_id, id, case_id, sender_id, channel, kind, state, reason, button, media_size, voice, forwarded, audio_type, audio_bytes, audio_length, audio_complete, at, received_at, body) SELECT ` +
			firm + `, ` + id("m", "n.i") + `, ` + id("c", "n.i") + `, ` + id("s", fmt.Sprintf("(n.i / %d)", bigCases)) + `, 'whatsapp', 'text', 'done', 'drafted', '', 0, FALSE, FALSE, '', 0, 0, FALSE, ` + now + `, ` + now + ` - n.i, ` + random(640) + ` FROM ` + numbers(total),
		`INSERT INTO draft(tenant_id, case_id, version, by_user, by_role, by_via, engine, at, body) SELECT ` + firm + `, ` + id("c", "n.i") + `, 1, '', '', 'system', 'local', ` + now + `, ` + random(960) + ` FROM ` + numbers(total),
	}
}

func micros() string { return fmt.Sprint(time.Now().UnixMicro()) }

// ownEngine allows the engine of our own.
type ownEngine struct{}

func (ownEngine) Providers(context.Context, feierabend.TenantID, feierabend.Purpose) ([]feierabend.ProviderID, error) {
	return []feierabend.ProviderID{"local"}, nil
}
