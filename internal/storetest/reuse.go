package storetest

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/store"
)

// Databases are PostgreSQL databases that the tests of a package use one after the other,
// emptied in between: making and dropping one takes longer than most tests. It is for
// tests of behaviour: not for those that change tables or read the files. The zero value
// is ready.
type Databases struct {
	mu   sync.Mutex
	free []*emptied
}

// emptied is a database without rows but those of the template.
type emptied struct {
	dsn   string
	owner *pgx.Conn
	empty string // the statements that empty it
}

// Main runs the tests of the package and drops the databases; it is for TestMain.
func (d *Databases) Main(m *testing.M) int {
	code := m.Run()
	for _, e := range d.free {
		if err := e.drop(); err != nil {
			os.Stderr.WriteString("drop database: " + err.Error() + "\n")
			return 1
		}
	}
	return code
}

// Each runs fn on an empty store of every engine there is.
func (d *Databases) Each(t *testing.T, fn func(t *testing.T, st *store.Store, clock *Clock)) {
	t.Helper()
	for _, e := range Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			clock := NewClock()
			if e.Name == "sqlite" {
				fn(t, Open(t, e.DSN(t), clock), clock)
				return
			}
			db := d.take(t)
			t.Cleanup(func() { d.put(t, db) }) // after the store is closed
			fn(t, Open(t, db.dsn, clock), clock)
		})
	}
}

func (d *Databases) take(t testing.TB) *emptied {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.free); n > 0 {
		e := d.free[n-1]
		d.free = d.free[:n-1]
		return e
	}
	return another(t)
}

// put empties the database for the next test. Where that fails it is dropped.
func (d *Databases) put(t testing.TB, e *emptied) {
	t.Helper()
	if _, err := e.owner.Exec(context.Background(), e.empty); err != nil {
		t.Errorf("empty database: %v", err)
		if err := e.drop(); err != nil {
			t.Errorf("drop database: %v", err)
		}
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.free = append(d.free, e)
}

// another makes a database from the template and notes what it holds.
func another(t testing.TB) *emptied {
	t.Helper()
	ctx := context.Background()
	cfg, err := pgx.ParseConfig(os.Getenv(Env))
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
	exec(t, conn, `CREATE DATABASE `+name+` TEMPLATE `+template)
	e := &emptied{dsn: address(cfg, AppRole, name)}
	if e.owner, err = pgx.Connect(ctx, address(cfg, cfg.User, name)); err != nil {
		t.Fatal(err)
	}
	tables, err := e.owner.Query(ctx, `SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('account', 'content', 'queue') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(tables, pgx.RowTo[string])
	if err != nil || len(names) < 20 {
		t.Fatalf("%d tables: %v", len(names), err)
	}
	// Foreign keys and triggers are the service's, not ours: off while rows go.
	var b strings.Builder
	b.WriteString(`BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL session_replication_role = replica;`)
	for _, n := range names {
		kept := `pg_temp.kept_` + strings.ReplaceAll(n, ".", "_")
		var rows int
		if err := e.owner.QueryRow(ctx, `SELECT count(*) FROM `+n).Scan(&rows); err != nil {
			t.Fatal(err)
		}
		b.WriteString(` DELETE FROM ` + n + `;`)
		if rows > 0 {
			exec(t, e.owner, `CREATE TEMPORARY TABLE `+strings.TrimPrefix(kept, "pg_temp.")+` AS SELECT * FROM `+n)
			b.WriteString(` INSERT INTO ` + n + ` OVERRIDING SYSTEM VALUE SELECT * FROM ` + kept + `;`)
		}
	}
	e.empty = b.String() + ` COMMIT`
	return e
}

func (e *emptied) drop() error {
	ctx := context.Background()
	name := e.owner.Config().Database
	if err := e.owner.Close(ctx); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, os.Getenv(Env))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `DROP DATABASE `+name+` WITH (FORCE)`)
	return err
}
