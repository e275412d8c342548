package store

import (
	"context"
	"io"

	"feierabend"
)

// Gate is asked before everything that can fail from outside: each begin, statement
// and commit, each step of the scrub and each of our own accesses to files. Its error
// is taken as the driver's or the file system's. Only tests set one (decision 0020):
// without it nothing of this file is in the way.
type Gate func(point string) error

// at asks the gate; no gate lets everything pass.
func (g Gate) at(point string) error {
	if g == nil {
		return nil
	}
	return g(point)
}

// gated is an engine whose every call passes a gate.
type gated struct {
	engine
	gate Gate
}

// withGate puts a gate before an engine.
func withGate(e engine, g Gate) engine {
	if g == nil {
		return e
	}
	return gated{e, g}
}

// bare gives the engine behind the gate.
func bare(e engine) engine {
	if g, ok := e.(gated); ok {
		return g.engine
	}
	return e
}

// update has two gates around the commit: an error at "commit" rolls back, one at
// "committed" is a commit whose answer got lost. A transaction in which a statement
// failed is dead, as on PostgreSQL, whatever its owner makes of the error.
func (g gated) update(ctx context.Context, tenant string, fn func(tx) error) error {
	if err := g.gate.at("sql begin"); err != nil {
		return err
	}
	if err := g.engine.update(ctx, tenant, func(t tx) error {
		p := &pass{gate: g.gate}
		if err := fn(gatedTx{gatedQuerier{t, p}, t}); err != nil {
			return err
		}
		if p.concluded {
			return nil
		}
		return p.at("sql commit")
	}); err != nil {
		return err
	}
	return g.gate.at("sql committed")
}

func (g gated) view(ctx context.Context, tenant string, fn func(querier) error) error {
	if err := g.gate.at("sql begin read"); err != nil {
		return err
	}
	return g.engine.view(ctx, tenant, func(q querier) error { return fn(gatedQuerier{q, &pass{gate: g.gate}}) })
}

func (g gated) snapshot(ctx context.Context, tenant string, fn func(querier) error) error {
	if err := g.gate.at("sql begin snapshot"); err != nil {
		return err
	}
	return g.engine.snapshot(ctx, tenant, func(q querier) error { return fn(gatedQuerier{q, &pass{gate: g.gate}}) })
}

func (g gated) rewriteContent(ctx context.Context) (done bool, err error) {
	if err := g.gate.at("rewrite"); err != nil {
		return false, err
	}
	return g.engine.rewriteContent(ctx)
}

func (g gated) scrub(ctx context.Context) (method string, sure bool, err error) {
	if err := g.gate.at("scrub"); err != nil {
		return "", false, err
	}
	return g.engine.scrub(ctx)
}

func (g gated) files(ctx context.Context) (dataFiles, error) {
	if err := g.gate.at("files list"); err != nil {
		return dataFiles{}, err
	}
	all, err := g.engine.files(ctx)
	for i, f := range all.list {
		if i > 0 && i < len(all.list)-1 { // a cluster has thousands: the first and the last stand for all
			continue
		}
		all.list[i].open = func() (io.Reader, func(), error) {
			if err := g.gate.at("files open"); err != nil {
				return nil, nil, err
			}
			r, done, err := f.open()
			return &gatedReader{r, g.gate, false}, done, err
		}
	}
	return all, err
}

// gatedReader has its gate at the first read of a file: how many reads there are
// depends on the size.
type gatedReader struct {
	io.Reader
	gate  Gate
	begun bool
}

func (r *gatedReader) Read(p []byte) (int, error) {
	if !r.begun {
		r.begun = true
		if err := r.gate.at("files read"); err != nil {
			return 0, err
		}
	}
	return r.Reader.Read(p)
}

// pass is the gate of one transaction; once it refused it always does.
type pass struct {
	gate      Gate
	dead      error
	concluded bool // the gate of the commit was asked
}

func (p *pass) at(point string) error {
	if p.dead == nil {
		p.dead = p.gate.at(point)
	}
	return p.dead
}

type gatedQuerier struct {
	querier
	pass *pass
}

func (q gatedQuerier) query(ctx context.Context, text string, args ...any) (rows, error) {
	if err := q.pass.at("sql query"); err != nil {
		return nil, err
	}
	rs, err := q.querier.query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	return gatedRows{rs, q.pass}, nil
}

func (q gatedQuerier) queryRow(ctx context.Context, text string, args ...any) row {
	if err := q.pass.at("sql query row"); err != nil {
		return brokenRow{err}
	}
	return q.querier.queryRow(ctx, text, args...)
}

func (q gatedQuerier) run(ctx context.Context, steps []step) error {
	for range steps {
		if err := q.pass.at("sql step"); err != nil {
			return err
		}
	}
	return q.querier.run(ctx, steps)
}

func (q gatedQuerier) bind(ctx context.Context, tenant string) error {
	if err := q.pass.at("sql bind"); err != nil {
		return err
	}
	return q.querier.bind(ctx, tenant)
}

// gatedRows can break off at the end of a result, as where a connection is lost.
type gatedRows struct {
	rows
	pass *pass
}

func (r gatedRows) Err() error {
	if err := r.rows.Err(); err != nil {
		return err
	}
	return r.pass.at("sql rows")
}

type brokenRow struct{ err error }

func (r brokenRow) Scan(...any) error { return r.err }

type gatedTx struct {
	gatedQuerier
	tx tx
}

func (t gatedTx) exec(ctx context.Context, q string, args ...any) (int64, error) {
	if err := t.pass.at("sql exec"); err != nil {
		return 0, err
	}
	return t.tx.exec(ctx, q, args...)
}

func (t gatedTx) enqueue(ctx context.Context, jobs []feierabend.Job) error {
	if err := t.pass.at("sql enqueue"); err != nil {
		return err
	}
	return t.tx.enqueue(ctx, jobs)
}

func (t gatedTx) conclude(ctx context.Context, steps []step, jobs []feierabend.Job) error {
	for range steps {
		if err := t.pass.at("sql step"); err != nil {
			return err
		}
	}
	if err := t.pass.at("sql enqueue"); err != nil {
		return err
	}
	if err := t.pass.at("sql commit"); err != nil {
		return err
	}
	t.pass.concluded = true
	return t.tx.conclude(ctx, steps, jobs)
}
