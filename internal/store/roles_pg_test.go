//go:build !noscrub

package store_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// setup reads the statements of docs/postgresql.md: those of the cluster, those
// inside the database.
func setup(t *testing.T) (cluster, inside string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/postgresql.md")
	must(t, err)
	_, code, _ := strings.Cut(string(page), "```sql\n")
	code, _, _ = strings.Cut(code, "```")
	cluster, inside, ok := strings.Cut(code, "\\c feierabend\n")
	if !ok {
		t.Fatal("docs/postgresql.md has no statements")
	}
	return cluster, inside
}

// roles are the options of a database with three roles none of which is a superuser,
// made as docs/postgresql.md says, word for word, under names of the test's own.
func roles(t *testing.T) (o store.Options, admin *pgx.Conn, own string) {
	t.Helper()
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, os.Getenv(storetest.Env))
	must(t, err)
	own = "f_" + feierabend.NewID()
	cluster, inside := setup(t)
	for _, q := range strings.Split(cluster, ";\n") {
		if q = strings.TrimSpace(q); q != "" {
			_, err := admin.Exec(ctx, strings.ReplaceAll(q, "feierabend", own))
			must(t, err)
		}
	}
	t.Cleanup(func() {
		defer admin.Close(ctx)
		for _, q := range []string{`DROP DATABASE ` + own + ` WITH (FORCE)`, `DROP ROLE ` + own + `_owner`, `DROP ROLE ` + own + `_app`, `DROP ROLE ` + own + `_scrub`} {
			_, err := admin.Exec(ctx, q)
			must(t, err)
		}
	})
	as := func(role string) string {
		return storetest.As(t, strings.Replace(os.Getenv(storetest.Env), "/postgres?", "/"+own+"?", 1), role)
	}
	db, err := pgx.Connect(ctx, as(""))
	must(t, err)
	_, err = db.Exec(ctx, strings.ReplaceAll(inside, "feierabend", own))
	must(t, err)
	must(t, db.Close(ctx))
	o = storetest.Options(t, as(own+"_app"), storetest.NewClock())
	o.MigrateDSN, o.ScrubDSN = as(own+"_owner"), as(own+"_scrub")
	return o, admin, own
}

// TestRoles: the owner migrates and grants, twice; the service works; the erasure is
// verified; without the membership the owner is told what is missing, and a process
// that may not migrate is told to wait for one that may.
func TestRoles(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	o, admin, own := roles(t)
	plain := o
	plain.MigrateDSN = "" // a process that does not migrate
	_, err := store.Open(ctx, plain)
	wantCode(t, err, feierabend.Unavailable, "not_migrated")
	_, err = admin.Exec(ctx, `REVOKE `+own+`_scrub FROM `+own+`_owner`)
	must(t, err)
	_, err = store.Open(ctx, o)
	wantCode(t, err, feierabend.Invalid, "database_roles")
	_, err = admin.Exec(ctx, `GRANT `+own+`_scrub TO `+own+`_owner`)
	must(t, err)
	for range 2 {
		st, err := store.Open(ctx, o)
		must(t, err)
		must(t, st.Close())
	}
	st, err := store.Open(ctx, plain)
	must(t, err)
	defer st.Close()
	a, _ := storetest.Seed(t, st)
	if rec := proof(t, st, a, "wamid.1"); rec.Verification != feierabend.VerifyVerified {
		t.Errorf("receipt %+v", rec)
	}
	for _, q := range []string{`DROP TABLE cases`, `CREATE TABLE content.x(n int)`, `CREATE SCHEMA x`, `UPDATE queue.goose_db_version SET version_id = 1`} {
		if _, err := st.Pool().Exec(ctx, q); !denied(err) {
			t.Errorf("%s by the service's role: %v", q, err)
		}
	}
	scrub, err := pgx.Connect(ctx, o.ScrubDSN)
	must(t, err)
	defer scrub.Close(ctx)
	for _, q := range []string{`SELECT count(*) FROM account.person`, `SELECT count(*) FROM content.cases`, `CREATE TABLE content.x(n int)`} {
		if _, err := scrub.Exec(ctx, q); !denied(err) {
			t.Errorf("%s by the scrubbing role: %v", q, err)
		}
	}
}

// TestSchemasFromPublic: a database from before there were schemas, with everything
// in public, moves forward with its rows, its jobs, its rights and its proof; what is
// not ours stays where it is. Several processes at once do it once.
func TestSchemasFromPublic(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	o, _, own := roles(t)
	cfg, err := pgxpool.ParseConfig(o.MigrateDSN)
	must(t, err)
	cfg.ConnConfig.RuntimeParams["search_path"] = "public"
	must(t, store.MigrateOld(ctx, cfg, 2))
	old, err := pgx.ConnectConfig(ctx, cfg.ConnConfig)
	must(t, err)
	defer old.Close(ctx)
	for _, q := range []string{
		`CREATE TABLE foreign_table(n int)`,
		`GRANT USAGE, CREATE ON SCHEMA public TO ` + own + `_scrub`,
		`ALTER TABLE content_key OWNER TO ` + own + `_scrub`,
		`INSERT INTO tenant(id, name, created_at, retention_days, countdown) VALUES('t', 'Deichgrün', 1, 30, 1)`,
		`INSERT INTO river_job(kind, max_attempts, args) VALUES('sweep', 3, '{}')`,
	} {
		_, err := old.Exec(ctx, q)
		must(t, err)
	}
	failed := make(chan error, 3)
	for range cap(failed) {
		go func() {
			st, err := store.Open(ctx, o)
			if err == nil {
				err = st.Close()
			}
			failed <- err
		}()
	}
	for range cap(failed) {
		must(t, <-failed)
	}
	st, err := store.Open(ctx, o)
	must(t, err)
	defer st.Close()
	class, _, _ := mapped(t)
	class["foreign_table"] = "public"
	wellPlaced(t, st, class)
	if count(t, st, "tenant") != "1" || len(jobs(t, st)) != 1 {
		t.Errorf("%s tenants, jobs %v", count(t, st, "tenant"), jobs(t, st))
	}
	a, _ := storetest.Seed(t, st)
	if rec := proof(t, st, a, "wamid.1"); rec.Verification != feierabend.VerifyVerified {
		t.Errorf("receipt %+v", rec)
	}
}
