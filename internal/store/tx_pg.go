package store

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"feierabend"
)

// postgres is the engine for several processes. Up to three roles work on it
// (day-one decision 2): see Options.
type postgres struct {
	pool     *pgxpool.Pool
	vital    *pgxpool.Pool   // two connections for what must not wait behind other work
	accepts  *pgxpool.Pool   // one for the accept path, which has one writer
	scrubber *pgx.ConnConfig // of the role that scrubs and searches
	log      *slog.Logger
	queue    *river.Client[pgx.Tx]
	// patience is how old another transaction may be before the scrub counts on it
	// to keep deleted rows alive.
	patience time.Duration
	gate     Gate
	place    string // where the cluster's folder is looked for; "" = where the server says
	sees     bool   // the service's role sees past row-level security
	notices  notices
}

func openPG(ctx context.Context, o Options) (_ *postgres, err error) {
	cfg, err := pgConfig(o.DSN)
	if err != nil {
		return nil, err
	}
	e := &postgres{scrubber: cfg.ConnConfig, log: o.Log, patience: snapshotPatience, gate: o.Gate}
	if o.ScrubDSN != "" {
		scrub, err := pgConfig(o.ScrubDSN)
		if err != nil {
			return nil, err
		}
		e.scrubber = scrub.ConnConfig
	}
	if o.MigrateDSN != "" {
		if err := e.prepare(ctx, o, cfg.ConnConfig.User); err != nil {
			return nil, e.explain(err)
		}
	}
	if e.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, e.explain(err)
	}
	defer func() {
		if err != nil {
			e.close()
		}
	}()
	for own, n := range map[**pgxpool.Pool]int32{&e.vital: 2, &e.accepts: 1} {
		apart := cfg.Copy()
		apart.MaxConns, apart.MinConns, apart.MinIdleConns = n, 0, 0
		if *own, err = pgxpool.NewWithConfig(ctx, apart); err != nil {
			return nil, e.explain(err)
		}
	}
	if err := e.gate.at("open ping"); err != nil {
		return nil, e.explain(err)
	}
	if err := e.pool.Ping(ctx); err != nil {
		return nil, e.explain(err)
	}
	if err := e.gate.at("open migrate"); err != nil {
		return nil, e.explain(err)
	}
	if err := migrateAll(ctx, e.pool, o.Log); err != nil { // where the owner has migrated: just the check for a newer schema
		return nil, e.explain(unmigrated(err))
	}
	if e.queue, err = river.NewClient(riverpgxv5.New(e.pool), &river.Config{
		Logger: o.Log, Schema: string(feierabend.ClassQueue), FetchCooldown: river.FetchCooldownMin, // whether the runners are woken is decided by notices
	}); err != nil {
		return nil, err
	}
	if err := e.pool.QueryRow(ctx, `SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user`).Scan(&e.sees); err != nil {
		return nil, e.explain(err)
	}
	e.warnUnprovable(ctx)
	return e, nil
}

func badAddress() error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: "database_url", Text: "Die Adresse der PostgreSQL-Datenbank ist nicht zu verstehen. Bitte DATABASE_URL prüfen."}
}

// migrateAll brings our schema and the queue's up to date, and every table into the
// schema of its class. Where all is so, it needs no rights.
func migrateAll(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	return alone(ctx, pool.Config().ConnConfig, func() error {
		if err := settle(ctx, pool, false); err != nil {
			return err
		}
		db := stdlib.OpenDBFromPool(pool)
		defer db.Close()
		if err := migratePG(ctx, db); err != nil {
			return err
		}
		if err := settle(ctx, pool, true); err != nil {
			return err
		}
		mig, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: log, Schema: string(feierabend.ClassQueue)})
		if err != nil {
			return err
		}
		if _, err = mig.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return err
		}
		return dropIdle(ctx, pool)
	})
}

// idle are indexes of River's over what jobs and notes hold. Neither we nor the runner
// look for jobs by that; each is a sixth of what a job costs (decision 0025).
var idle = []string{"river_job_args_index", "river_job_metadata_index"}

// dropIdle drops them where they are there and ours: a process without the owner's role
// beside an older one lets them be.
func dropIdle(ctx context.Context, pool *pgxpool.Pool) error {
	for _, name := range idle {
		var ours bool
		if err := pool.QueryRow(ctx, `SELECT EXISTS(SELECT 1 FROM pg_class WHERE relnamespace = 'queue'::regnamespace AND relname = $1 AND pg_has_role(relowner, 'USAGE'))`, name).Scan(&ours); err != nil {
			return err
		}
		if !ours {
			continue
		}
		if _, err := pool.Exec(ctx, `DROP INDEX IF EXISTS queue.`+name); err != nil {
			return err
		}
	}
	return nil
}

type vitalKey struct{}

// vital marks what keeps a process on the list of those that live. On PostgreSQL it has
// connections of its own: the others are in the hands of jobs, and a heartbeat that
// stands in line behind them makes a busy process look dead. Then others take its jobs,
// it drops them, and all of them are worked again, on a machine that is too busy already.
func vital(ctx context.Context) context.Context { return context.WithValue(ctx, vitalKey{}, true) }

func (e *postgres) poolFor(ctx context.Context) *pgxpool.Pool {
	switch {
	case ctx.Value(vitalKey{}) != nil:
		return e.vital
	case isAhead(ctx):
		return e.accepts
	}
	return e.pool
}

func (e *postgres) update(ctx context.Context, tenant string, fn func(tx) error) error {
	p := &pipeline{pool: e.poolFor(ctx), queue: e.queue, begin: "begin", firm: tenant, sees: e.sees, notices: &e.notices}
	defer p.release(ctx)
	if err := fn(p); err != nil {
		return err
	}
	return p.commit(ctx)
}

func (e *postgres) view(ctx context.Context, tenant string, fn func(querier) error) error {
	p := &pipeline{pool: e.poolFor(ctx), each: true, firm: tenant, sees: e.sees}
	defer p.release(ctx)
	return fn(p)
}

func (e *postgres) snapshot(ctx context.Context, tenant string, fn func(querier) error) error {
	p := &pipeline{pool: e.pool, begin: "begin isolation level repeatable read, read only", firm: tenant, sees: e.sees}
	defer p.release(ctx)
	if err := fn(p); err != nil {
		return err
	}
	return p.commit(ctx)
}

func (e *postgres) close() error {
	for _, p := range []*pgxpool.Pool{e.vital, e.accepts, e.pool} {
		if p != nil {
			p.Close()
		}
	}
	return nil
}
