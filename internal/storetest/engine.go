package storetest

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"feierabend"
)

// Env names the variable that holds the address of a PostgreSQL cluster in which
// the tests may create databases.
const Env = "FEIERABEND_TEST_PG"

// Engine is a database to test on.
type Engine struct {
	Name string
	DSN  func(testing.TB) string // of a fresh database
}

// Engines gives SQLite, and PostgreSQL where the environment names one.
func Engines(t testing.TB) []Engine {
	t.Helper()
	all := []Engine{{"sqlite", SQLite}}
	if os.Getenv(Env) == "" {
		t.Logf("%s is not set: on SQLite only", Env)
		return all
	}
	return append(all, Engine{"postgres", Postgres})
}

// Postgres makes a fresh database in the cluster that the environment names, from a
// template that the first test of a run migrates, and drops it after the test.
func Postgres(t testing.TB) string {
	t.Helper()
	ctx := context.Background()
	base := os.Getenv(Env)
	cfg, err := pgx.ParseConfig(base)
	if err != nil {
		t.Fatalf("%s: not an address", Env)
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		t.Fatalf("%s: %v", Env, err)
	}
	defer conn.Close(ctx)
	template := prepare(t, conn, cfg)
	name := "t_" + feierabend.NewID()
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE `+template); err != nil {
		t.Fatalf("create database: %v", err)
	}
	t.Cleanup(func() {
		conn, err := pgx.ConnectConfig(ctx, cfg)
		if err != nil {
			t.Errorf("drop database: %v", err)
			return
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Errorf("drop database: %v", err)
		}
	})
	return address(cfg, name)
}

// address is a URL of the cluster of cfg with another database. A host that is a
// folder (unix socket) goes into the query.
func address(cfg *pgx.ConnConfig, database string) string {
	return fmt.Sprintf("postgres://%s@/%s?host=%s&port=%d&sslmode=disable", cfg.User, database, cfg.Host, cfg.Port)
}

// prepare migrates the template database of this test binary's schema once; an
// advisory lock keeps parallel packages apart.
func prepare(t testing.TB, conn *pgx.Conn, cfg *pgx.ConnConfig) string {
	t.Helper()
	ctx := context.Background()
	name := "template_" + schemaID(t)
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock(20261124)`); err != nil {
		t.Fatal(err)
	}
	defer conn.Exec(ctx, `SELECT pg_advisory_unlock(20261124)`)
	var n int
	if err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_database WHERE datname = $1`, name).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if n > 0 {
		return name
	}
	draft := name + "_new"
	for _, q := range []string{`DROP DATABASE IF EXISTS ` + draft, `CREATE DATABASE ` + draft} {
		if _, err := conn.Exec(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	migrated(t, address(cfg, draft))
	if _, err := conn.Exec(ctx, `ALTER DATABASE `+draft+` RENAME TO `+name); err != nil {
		t.Fatal(err)
	}
	return name
}
