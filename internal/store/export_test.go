package store

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"feierabend"
)

// HoldReader opens a reading transaction on SQLite and gives the way to end it.
func (s *Store) HoldReader(t testing.TB) (release func()) {
	t.Helper()
	tx, err := s.db.(*sqlite).reader.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM cases`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return func() { tx.Rollback() }
}

// Pools gives SQLite's pools, writer first.
func (s *Store) Pools() []*sql.DB {
	e := s.db.(*sqlite)
	return []*sql.DB{e.writer, e.reader}
}

// Patience sets the age of an old snapshot on PostgreSQL.
func (s *Store) Patience(d time.Duration) { s.db.(*postgres).patience = d }

// Elsewhere has the files of a PostgreSQL looked for in another folder, as if that lay
// under the cluster's path.
func Elsewhere(s *Store, dir string) { s.db.(*postgres).place = dir }

// OpenPool opens a pool of SQLite connections that keep their statements.
func OpenPool(dsn string) (*sql.DB, error) { return openPool(dsn, nil) }

// Kept is the number of statements that a connection of OpenPool keeps.
func Kept(t testing.TB, conn *sql.Conn) (n int) {
	t.Helper()
	if err := conn.Raw(func(c any) error {
		n = c.(*connection).used.Len()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// Unnumbered is a text as it is given to SQLite.
func Unnumbered(text string) string { return unnumbered(text) }

// MaxStatements is how many statements a connection keeps.
const MaxStatements = maxStatements

// Portions gives the ends of the portions of n rows.
func Portions(n int) (ends []int) {
	for _, to := range portions(n) {
		ends = append(ends, to)
	}
	return ends
}

// Padded is a list as it stands after IN.
func Padded(args []any) []any { return padded(args) }

// Classes gives table → class as the program has it.
func Classes() map[string]string {
	out := map[string]string{}
	for class, tables := range classes {
		for _, table := range tables {
			out[table] = string(class)
		}
	}
	return out
}

// MigrateOld brings an empty PostgreSQL database to the state of the first
// migrations up to version, all in the schema public, as it was before the schemas.
func MigrateOld(ctx context.Context, cfg *pgxpool.Config, version int64) error {
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	files, err := dialect(true)
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return err
	}
	mig, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	_, err = mig.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// Work is a transaction of the store, for tests of what the engine promises.
type Work struct{ t tx }

func (w Work) Exec(ctx context.Context, q string, args ...any) error {
	_, err := w.t.exec(ctx, q, args...)
	return err
}

func (w Work) Row(ctx context.Context, dest any, q string, args ...any) error {
	return w.t.queryRow(ctx, q, args...).Scan(dest)
}

func (w Work) Count(ctx context.Context, q string, args ...any) (n int, err error) {
	all, err := collect(ctx, w.t, func(r row) (bool, error) { return true, nil }, q, args...)
	return len(all), err
}

func (w Work) Bind(ctx context.Context, tenant string) error { return w.t.bind(ctx, tenant) }

func (w Work) Enqueue(ctx context.Context, j feierabend.Job) error {
	return w.t.enqueue(ctx, []feierabend.Job{j})
}

// Update and View run fn in a transaction of a firm.
func Update(ctx context.Context, s *Store, tenant string, fn func(Work) error) error {
	return s.db.explain(s.db.update(ctx, tenant, func(t tx) error { return fn(Work{t}) }))
}

func View(ctx context.Context, s *Store, tenant string, fn func(Work) error) error {
	return s.db.explain(s.db.view(ctx, tenant, func(q querier) error { return fn(Work{reading{q}}) }))
}

// reading is a querier where a tx is wanted.
type reading struct{ querier }

func (reading) exec(context.Context, string, ...any) (int64, error) { panic("a view does not write") }

func (reading) enqueue(context.Context, []feierabend.Job) error { panic("a view does not write") }

func (reading) conclude(context.Context, []step, []feierabend.Job) error {
	panic("a view does not write")
}

// Keeper is the clock of a store without one, for virtual time.
type Keeper struct {
	k    *keeper
	zone *time.Location
}

// NewKeeper makes one over a wall clock and a monotonic one.
func NewKeeper(wall func() time.Time, uptime func() time.Duration) *Keeper {
	o := &Keeper{zone: time.UTC}
	o.k = newKeeper(func() time.Time { return wall().In(o.zone) }, uptime)
	return o
}

// Now is the believed time.
func (o *Keeper) Now() time.Time { return o.k.now() }

// Start begins with a stored floor.
func (o *Keeper) Start(floor time.Time) { o.k.start(witness{floor: floor}) }

// Look is what a sweep does first.
func (o *Keeper) Look(floor time.Time) (now, strict time.Time, doubt bool) {
	m := o.k.heed(witness{floor: floor})
	return m.now, m.strict, m.doubt
}

// Zone changes the zone of the wall clock.
func (o *Keeper) Zone(z *time.Location) { o.zone = z }

// EnqueueByRiver lets River alone insert jobs on PostgreSQL.
func EnqueueByRiver(ctx context.Context, s *Store, jobs []feierabend.Job) error {
	e := bare(s.db).(*postgres)
	return pgx.BeginFunc(ctx, e.pool, func(t pgx.Tx) error {
		_, err := e.queue.InsertManyFastTx(ctx, t, insertParams(jobs))
		return err
	})
}

// OpenJoined opens a pool whose log is written through the file layer of the writer.
func OpenJoined(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	j, err := newJoiner()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.close) // after the pool
	db, err := openPool(dsn+j.option(), j)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TakeSender is takeSender in a transaction of its own: within the package only a race
// between accepting and linking finds a number taken there.
func TakeSender(ctx context.Context, s *Store, l feierabend.SenderLink) (taken feierabend.SenderLink, free bool, err error) {
	err = s.update(ctx, l.Tenant, func(t tx) error {
		free, err = s.takeSender(ctx, t, &l)
		return err
	})
	return l, free, err
}

// DropOrphans throws away old keys that nothing has.
func DropOrphans(ctx context.Context, s *Store) (int, error) {
	return s.dropOrphans(ctx, s.keys.Current())
}
