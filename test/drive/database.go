package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx": we look at the rows past the store
	_ "modernc.org/sqlite"             // the driver "sqlite", for the same
)

// The roles that a service on PostgreSQL works with: its own, which row-level
// security holds for, and the one that scrubs (docs/postgresql.md).
const (
	appRole   = "feierabend_app"
	scrubRole = "feierabend_scrub"
)

// database is where the service of a world keeps its rows.
type database struct {
	driver, address string   // for our own look
	env             []string // for the service
	drop            func()
}

// onSQLite is a file in the world's own folder.
func onSQLite(dir string) database {
	path := filepath.Join(dir, "data", "feierabend.db")
	return database{driver: "sqlite", address: "file:" + path + "?mode=ro&_pragma=busy_timeout(5000)", drop: func() {}}
}

// onPostgres makes a database of its own in the cluster at FEIERABEND_TEST_PG, with
// roles that may do no more than the service needs.
func onPostgres() (database, error) {
	base := os.Getenv("FEIERABEND_TEST_PG")
	u, err := url.Parse(base)
	if err != nil || base == "" {
		return database{}, fmt.Errorf("FEIERABEND_TEST_PG names no PostgreSQL (test/pg.sh dsn)")
	}
	name := fmt.Sprintf("drive_%d_%d", os.Getpid(), time.Now().UnixNano())
	owner := *u
	owner.Path = "/" + name
	admin, err := sql.Open("pgx", base)
	if err != nil {
		return database{}, err
	}
	defer admin.Close()
	for _, role := range []string{appRole, scrubRole} {
		var n int
		if err := admin.QueryRow(`SELECT count(*) FROM pg_roles WHERE rolname = $1`, role).Scan(&n); err != nil {
			return database{}, err
		}
		if n == 0 {
			if _, err := admin.Exec(`CREATE ROLE ` + role + ` LOGIN NOSUPERUSER NOBYPASSRLS`); err != nil {
				return database{}, err
			}
		}
	}
	for _, q := range []string{`GRANT pg_checkpoint, pg_monitor TO ` + scrubRole, `CREATE DATABASE ` + name} {
		if _, err := admin.Exec(q); err != nil {
			return database{}, err
		}
	}
	inside, err := sql.Open("pgx", owner.String())
	if err != nil {
		return database{}, err
	}
	defer inside.Close()
	if _, err := inside.Exec(`GRANT EXECUTE ON FUNCTION pg_switch_wal() TO ` + scrubRole); err != nil {
		return database{}, err
	}
	as := func(role string) string {
		a := owner
		a.User = url.User(role)
		return a.String()
	}
	look := owner
	q := look.Query()
	q.Set("search_path", "account,content,queue")
	look.RawQuery = q.Encode()
	return database{
		driver: "pgx", address: look.String(),
		env: []string{"FEIERABEND_DATABASE_URL=" + as(appRole), "FEIERABEND_DATABASE_MIGRATE_URL=" + owner.String(), "FEIERABEND_DATABASE_SCRUB_URL=" + as(scrubRole)},
		drop: func() {
			if admin, err := sql.Open("pgx", base); err == nil {
				defer admin.Close()
				admin.ExecContext(context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`)
			}
		},
	}, nil
}

// query gives the rows of a query as text, columns joined by blanks.
func (w *world) query(text string, args ...any) (out []string, err error) {
	db, err := sql.Open(w.db.driver, w.db.address)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rs, err := db.Query(text, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	names, err := rs.Columns()
	if err != nil {
		return nil, err
	}
	for rs.Next() {
		row, into := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rs.Scan(into...); err != nil {
			return nil, err
		}
		parts := make([]string, len(row))
		for i, v := range row {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			parts[i] = fmt.Sprint(v)
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out, rs.Err()
}

// count runs one counting query on the service's database.
func (w *world) count(text string, args ...any) (n int, err error) {
	db, err := sql.Open(w.db.driver, w.db.address)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRow(text, args...).Scan(&n)
	return n, err
}
