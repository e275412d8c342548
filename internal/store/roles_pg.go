package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"feierabend"
)

// prepare migrates as the owner of the tables and lets the other roles in.
func (e *postgres) prepare(ctx context.Context, o Options, app string) error {
	cfg, err := pgConfig(o.MigrateDSN)
	if err != nil {
		return err
	}
	cfg.MaxConns = 4
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := migrateAll(ctx, pool, o.Log); err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, pool, func(t pgx.Tx) error { return grant(ctx, t, app, e.scrubber.User) })
	if denied(err) {
		return &feierabend.Error{Kind: feierabend.Invalid, Code: "database_roles", Err: e.explain(err), Text: "Die Rolle aus FEIERABEND_DATABASE_MIGRATE_URL darf die Rechte an den Tabellen nicht vergeben. " +
			"Es wurde nichts gelöscht. Bitte die Tabellen dieser Rolle geben und sie zum Mitglied der Rolle machen, der content_key gehört."}
	}
	return err
}

// grant gives the service what it works with, and content_key to the role that
// rewrites it. Nothing more: the service cannot change the schema or its policies.
// It is run after each migration, so no default privileges are needed.
func grant(ctx context.Context, t pgx.Tx, app, scrub string) error {
	// One at a time: concurrent grants on one table fail.
	if _, err := t.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, migrateLock); err != nil {
		return err
	}
	to, all := pgx.Identifier{app}.Sanitize(), strings.Join(schemas, ", ")
	var texts []string
	if scrub != app {
		owner := pgx.Identifier{scrub}.Sanitize()
		texts = append(texts, // a new owner must be able to make tables where the table lies, but only then
			`GRANT USAGE, CREATE ON SCHEMA content TO `+owner,
			`ALTER TABLE content.content_key OWNER TO `+owner,
			`REVOKE CREATE ON SCHEMA content FROM `+owner)
	}
	texts = append(texts,
		`GRANT USAGE ON SCHEMA `+all+` TO `+to,
		`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA `+all+` TO `+to,
		`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA `+all+` TO `+to,
		`REVOKE INSERT, UPDATE, DELETE ON queue.goose_db_version, queue.river_migration FROM `+to)
	for _, q := range texts {
		if _, err := t.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}
