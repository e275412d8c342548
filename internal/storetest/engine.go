package storetest

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/store"
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

// The roles that the tests work with (day-one decision 2): the service's own, which
// row-level security holds for, and the one that scrubs. The owner is the role of
// the environment's address.
const (
	AppRole   = "feierabend_app"
	ScrubRole = "feierabend_scrub"
)

// Postgres makes a fresh database in the cluster that the environment names, from a
// template that the first test of a run migrates, and drops it after the test. The
// address is that of the service's role.
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
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE `+template+` STRATEGY file_copy`); err != nil {
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
	return address(cfg, AppRole, name)
}

// address is a URL of the cluster of cfg with another database. A host that is a
// folder (unix socket) goes into the query. The tables lie in schemas by class, and
// tests that go past the store find them by the search path too.
func address(cfg *pgx.ConnConfig, user, database string) string {
	return fmt.Sprintf("postgres://%s@/%s?host=%s&port=%d&sslmode=disable&search_path=account,content,queue", user, database, cfg.Host, cfg.Port)
}

// As gives the address of the same database for another role of the cluster; "" is
// the owner, who sees past row-level security.
func As(t testing.TB, dsn, role string) string {
	t.Helper()
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal("not an address")
	}
	if role == "" {
		owner, err := pgx.ParseConfig(os.Getenv(Env))
		if err != nil {
			t.Fatalf("%s: not an address", Env)
		}
		role = owner.User
	}
	return address(cfg, role, cfg.Database)
}

// Owner connects past the store and past row-level security to its PostgreSQL
// database, as the owner of the tables.
func Owner(t testing.TB, st *store.Store) *pgx.Conn {
	t.Helper()
	cfg := st.Pool().Config().ConnConfig
	conn, err := pgx.Connect(context.Background(), As(t, address(cfg, AppRole, cfg.Database), ""))
	if err != nil {
		t.Fatal(err)
	}
	return conn
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
	makeRoles(t, conn)
	exec(t, conn, `DROP DATABASE IF EXISTS `+draft, `CREATE DATABASE `+draft)
	dsn := address(cfg, cfg.User, draft)
	migrated(t, dsn)
	inside, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, inside, `GRANT EXECUTE ON FUNCTION pg_switch_wal() TO `+ScrubRole) // a right of the database, not of the cluster
	if err := inside.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `ALTER DATABASE `+draft+` RENAME TO `+name); err != nil {
		t.Fatal(err)
	}
	return name
}

// makeRoles makes the roles where the cluster does not have them yet.
func makeRoles(t testing.TB, conn *pgx.Conn) {
	t.Helper()
	for _, role := range []string{AppRole, ScrubRole} {
		var n int
		if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_roles WHERE rolname = $1`, role).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			exec(t, conn, `CREATE ROLE `+role+` LOGIN NOSUPERUSER NOBYPASSRLS`)
		}
	}
	exec(t, conn, `GRANT pg_checkpoint, pg_monitor TO `+ScrubRole)
}

func exec(t testing.TB, conn *pgx.Conn, texts ...string) {
	t.Helper()
	for _, q := range texts {
		if _, err := conn.Exec(context.Background(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}
