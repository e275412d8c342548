//go:build !noscrub

package store_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

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

// TestRoles follows docs/postgresql.md word for word, with three roles none of which
// is a superuser: the owner migrates and grants, twice; the service works; the
// erasure is verified; without the membership the owner is told what is missing.
func TestRoles(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, os.Getenv(storetest.Env))
	must(t, err)
	defer admin.Close(ctx)
	own := "f_" + feierabend.NewID()
	cluster, inside := setup(t)
	for _, q := range strings.Split(cluster, ";\n") {
		if q = strings.TrimSpace(q); q != "" {
			_, err := admin.Exec(ctx, strings.ReplaceAll(q, "feierabend", own))
			must(t, err)
		}
	}
	t.Cleanup(func() {
		admin, err := pgx.Connect(context.Background(), os.Getenv(storetest.Env))
		must(t, err)
		defer admin.Close(context.Background())
		for _, q := range []string{`DROP DATABASE ` + own + ` WITH (FORCE)`, `DROP ROLE ` + own + `_owner`, `DROP ROLE ` + own + `_app`, `DROP ROLE ` + own + `_scrub`} {
			_, err := admin.Exec(context.Background(), q)
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

	o := storetest.Options(t, as(own+"_app"), storetest.NewClock())
	o.MigrateDSN, o.ScrubDSN = as(own+"_owner"), as(own+"_scrub")
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
	o.MigrateDSN = "" // a process that does not migrate
	st, err := store.Open(ctx, o)
	must(t, err)
	defer st.Close()
	a, _ := storetest.Seed(t, st)
	if rec := proof(t, st, a, "wamid.1"); rec.Verification != feierabend.VerifyVerified {
		t.Errorf("receipt %+v", rec)
	}
	if _, err := st.Pool().Exec(ctx, `DROP TABLE cases`); !denied(err) {
		t.Errorf("the service's role dropped a table: %v", err)
	}
}
