package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"feierabend"
)

// prepare migrates as the owner of the tables and lets the other roles in.
func (e *postgres) prepare(ctx context.Context, o Options, app string) error {
	cfg, err := pgxpool.ParseConfig(o.MigrateDSN)
	if err != nil {
		return badAddress()
	}
	cfg.ConnConfig.ConnectTimeout = e.scrubber.ConnectTimeout
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
func grant(ctx context.Context, t pgx.Tx, app, scrub string) error {
	// One at a time: concurrent grants on one table fail.
	if _, err := t.Exec(ctx, `SELECT pg_advisory_xact_lock(20261124)`); err != nil {
		return err
	}
	to := pgx.Identifier{app}.Sanitize()
	texts := []string{
		`GRANT USAGE ON SCHEMA public TO ` + to,
		`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ` + to,
		`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ` + to,
		`REVOKE INSERT, UPDATE, DELETE ON goose_db_version, river_migration FROM ` + to,
	}
	if scrub != app {
		owner := pgx.Identifier{scrub}.Sanitize()
		texts = append([]string{`GRANT USAGE, CREATE ON SCHEMA public TO ` + owner, `ALTER TABLE content_key OWNER TO ` + owner}, texts...)
	}
	for _, q := range texts {
		if _, err := t.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}
