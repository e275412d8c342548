package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"feierabend"
)

// pgConfig reads an address and sets what every connection of ours has, whatever its
// role: UTC, and the schemas of the classes as search path, so that one SQL text
// without schemas holds for both engines (decision 0018).
func pgConfig(dsn string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil { // its text repeats the address, password included
		return nil, badAddress()
	}
	cfg.ConnConfig.ConnectTimeout = 10 * time.Second
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.ConnConfig.RuntimeParams["search_path"] = strings.Join(schemas, ",")
	return cfg, nil
}

// settle makes the schemas and puts every table into that of its class: those that a
// migration has just made, which lie in the first schema of the search path, and those
// of a database from before there were schemas. It needs no rights where all is well.
// After the migrations every table must have a class; before them, a table without one
// may be that of a newer program, which they find out.
func settle(ctx context.Context, pool *pgxpool.Pool, migrated bool) error {
	return pgx.BeginFunc(ctx, pool, func(t pgx.Tx) error {
		for _, s := range schemas {
			var there bool
			if err := t.QueryRow(ctx, `SELECT to_regnamespace($1) IS NOT NULL`, s).Scan(&there); err != nil {
				return err
			}
			if there {
				continue
			}
			if _, err := t.Exec(ctx, `CREATE SCHEMA `+s); err != nil {
				return err
			}
		}
		from, err := inhabited(ctx, t)
		if err != nil {
			return err
		}
		return move(ctx, t, from, migrated)
	})
}

// inhabited gives the schemas that may hold tables of ours: the three, and public in
// a database from before (it is ours if it holds what no other program has).
func inhabited(ctx context.Context, t pgx.Tx) ([]string, error) {
	var old bool
	err := t.QueryRow(ctx, `SELECT to_regclass('public.goose_db_version') IS NOT NULL AND to_regclass('public.content_key') IS NOT NULL`).Scan(&old)
	if old {
		return append([]string{"public"}, schemas...), err
	}
	return schemas, err
}

// move moves the tables that lie in another schema than their class's. Indexes and
// sequences go with them; River's type and function are moved by name.
func move(ctx context.Context, t pgx.Tx, from []string, all bool) error {
	rs, err := t.Query(ctx, `SELECT schemaname::text, tablename::text FROM pg_tables WHERE schemaname = ANY($1) ORDER BY 1, 2`, from)
	if err != nil {
		return err
	}
	tables, err := pgx.CollectRows(rs, pgx.RowToStructByPos[struct{ Schema, Name string }])
	if err != nil {
		return err
	}
	var texts []string
	for _, at := range tables {
		switch class := classOf(at.Name); {
		case class == "" && all:
			return fmt.Errorf("table %s stands in no class (classes.go)", at.Name)
		case class != "" && string(class) != at.Schema:
			texts = append(texts, `ALTER TABLE `+pgx.Identifier{at.Schema, at.Name}.Sanitize()+` SET SCHEMA `+string(class))
		}
	}
	if from[0] == "public" {
		texts = append(texts, `ALTER TYPE public.river_job_state SET SCHEMA queue`, `ALTER FUNCTION public.river_job_state_in_bitmask SET SCHEMA queue`)
	}
	for _, q := range texts {
		if _, err := t.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// alone runs fn while no other process migrates this database. The lock has a
// connection of its own, at whose end it goes.
func alone(ctx context.Context, cfg *pgx.ConnConfig, fn func() error) error {
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrateLock); err != nil {
		return err
	}
	return fn()
}

// migrateLock is the number of the advisory lock of migrations and grants.
const migrateLock = 20261124

// unmigrated says what a role that may not migrate is to do about an old schema.
func unmigrated(err error) error {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) || pe.Code != "42501" {
		return err
	}
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "not_migrated", Err: coded{"postgres " + pe.Code, 0},
		Text: "Die Datenbank ist noch nicht auf dem Stand dieses Programms, und die Rolle aus FEIERABEND_DATABASE_URL darf sie nicht dorthin bringen. Es wurde nichts verändert. " +
			"Bitte zuerst einen Prozess mit FEIERABEND_DATABASE_MIGRATE_URL starten.",
	}
}
