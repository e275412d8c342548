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

// foreignTables gives the tables to rewrite, with their schema, that are not the scrubbing role's yet: a
// change of owner locks a table, so it is made only once.
func foreignTables(ctx context.Context, t pgx.Tx, scrub string) ([]string, error) {
	rs, err := t.Query(ctx, `SELECT n.nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE n.nspname IN ('account', 'content') AND relkind = 'r'
		AND relname = ANY($1) AND pg_get_userbyid(relowner) <> $2 ORDER BY 1`, rewritten(), scrub)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rs, pgx.RowTo[string])
}

// grant gives the service what it works with, and the tables to rewrite to the role that
// rewrites them. Nothing more: the service cannot change the schema or its policies.
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
		texts = append(texts, `GRANT USAGE, CREATE ON SCHEMA account, content TO `+owner) // a new owner must be able to make tables where the table lies, but only then
		foreign, err := foreignTables(ctx, t, scrub)
		if err != nil {
			return err
		}
		for _, table := range foreign {
			texts = append(texts, `ALTER TABLE `+table+` OWNER TO `+owner, `GRANT ALL ON `+table+` TO CURRENT_USER`)
			if table != "content.content_key" { // rewrites it, but does not read it
				texts = append(texts, `REVOKE ALL ON `+table+` FROM `+owner)
			}
		}
		texts = append(texts, `REVOKE CREATE ON SCHEMA account, content FROM `+owner)
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
