package store

import (
	"context"
	"fmt"
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

// postgres is the engine for several processes.
type postgres struct {
	pool  *pgxpool.Pool
	queue *river.Client[pgx.Tx]
}

func openPG(ctx context.Context, dsn string, log *slog.Logger) (_ *postgres, err error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil { // its text repeats the address, password included
		return nil, &feierabend.Error{Kind: feierabend.Invalid, Code: "database_url", Text: "Die Adresse der PostgreSQL-Datenbank ist nicht zu verstehen. Bitte DATABASE_URL prüfen."}
	}
	cfg.ConnConfig.ConnectTimeout = 10 * time.Second
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	e := &postgres{}
	if e.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, e.explain(err)
	}
	defer func() {
		if err != nil {
			e.close()
		}
	}()
	if err := e.pool.Ping(ctx); err != nil {
		return nil, e.explain(err)
	}
	db := stdlib.OpenDBFromPool(e.pool)
	defer db.Close()
	if err := migratePG(ctx, db); err != nil {
		return nil, e.explain(err)
	}
	driver := riverpgxv5.New(e.pool)
	mig, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return nil, err
	}
	if _, err := mig.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, e.explain(err)
	}
	if e.queue, err = river.NewClient(driver, &river.Config{Logger: log}); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *postgres) update(ctx context.Context, fn func(tx) error) error {
	return pgx.BeginFunc(ctx, e.pool, func(t pgx.Tx) error { return fn(pgTx{pgReader{t}, e}) })
}

func (e *postgres) view(ctx context.Context, fn func(querier) error) error {
	return pgx.BeginTxFunc(ctx, e.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(t pgx.Tx) error { return fn(pgReader{t}) })
}

func (e *postgres) close() error {
	if e.pool != nil {
		e.pool.Close()
	}
	return nil
}

type pgReader struct{ t pgx.Tx }

func (r pgReader) query(ctx context.Context, q string, args ...any) (rows, error) {
	return r.t.Query(ctx, q, args...)
}

func (r pgReader) queryRow(ctx context.Context, q string, args ...any) row {
	return r.t.QueryRow(ctx, q, args...)
}

type pgTx struct {
	pgReader
	e *postgres
}

func (t pgTx) exec(ctx context.Context, q string, args ...any) (int64, error) {
	res, err := t.t.Exec(ctx, q, args...)
	return res.RowsAffected(), err
}

func (t pgTx) enqueue(ctx context.Context, jobs []feierabend.Job) error {
	if len(jobs) == 0 {
		return nil
	}
	if _, err := t.e.queue.InsertManyFastTx(ctx, t.t, insertParams(jobs)); err != nil {
		return fmt.Errorf("enqueue %d jobs: %w", len(jobs), err)
	}
	return nil
}
