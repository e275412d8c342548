package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

// setTenant names the firm of a transaction; the policies of row-level security
// compare with it (migration 00002). It ends with the transaction, so a pooled
// connection carries nothing over.
const setTenant = `SELECT set_config('app.tenant_id', $1, true)`

// readTenant is the same for a message that only reads.
const readTenant = `SELECT set_config('transaction_read_only', 'on', true), set_config('app.tenant_id', $1, true)`

// pipeline is a firm's work on one connection, in as few round trips as it can
// (decision 0019). Nothing is sent before the first statement: BEGIN and the firm's
// name go before it in the same message. A statement never runs without them, because
// the server leaves out what follows an error. Without any statement there is no
// transaction and no connection is taken.
type pipeline struct {
	pool  *pgxpool.Pool
	queue *river.Client[pgx.Tx]
	begin string
	// each makes every message a transaction of its own: for reads, which at PostgreSQL's
	// level "read committed" see the data as of each statement anyway. The server begins
	// it with the first statement of a message and ends it with the message, so neither
	// BEGIN nor COMMIT is sent; the first statement makes it one that cannot write.
	each bool

	sees  bool   // the role sees past row-level security
	firm  string // "" = none
	named bool   // the server knows firm

	conn *pgxpool.Conn // from the first statement on
	t    pgx.Tx        // likewise, unless each
	over bool          // committed with its last statement
	*notices
}

// answers are those to the statements of one message, without BEGIN and the naming.
type answers struct {
	pgx.BatchResults
	done bool
	err  error
}

// send sends what fill queues, and before it what the server does not know yet.
func (p *pipeline) send(ctx context.Context, fill func(*pgx.Batch)) (*answers, error) {
	if p.over {
		return nil, pgx.ErrTxClosed
	}
	if p.conn == nil {
		conn, err := p.pool.Acquire(ctx)
		if err != nil {
			return nil, err
		}
		p.conn = conn
	}
	b, head := &pgx.Batch{}, 0
	begins := p.t == nil && !p.each
	if begins {
		b.BeginTx(pgx.TxOptions{BeginQuery: p.begin})
		p.named = p.firm == ""
		head++
	}
	switch {
	case p.each:
		b.Queue(readTenant, p.firm)
		head++
	case !p.named:
		b.Queue(setTenant, p.firm)
		head++
	}
	fill(b)
	a := &answers{BatchResults: p.conn.SendBatch(ctx, b)}
	if begins {
		p.t = a.Tx()
	}
	for range head {
		if _, err := a.Exec(); err != nil {
			a.end()
			return nil, err
		}
	}
	p.named = true
	return a, nil
}

// end reads what is left. After it the connection is free for the next message.
func (a *answers) end() error {
	if !a.done {
		a.done, a.err = true, a.Close()
	}
	return a.err
}

func (p *pipeline) query(ctx context.Context, q string, args ...any) (rows, error) {
	a, err := p.send(ctx, func(b *pgx.Batch) { b.Queue(q, args...) })
	if err != nil {
		return nil, err
	}
	rs, err := a.Query()
	if err != nil {
		a.end()
		return nil, err
	}
	return &answer{Rows: rs, all: a}, nil
}

func (p *pipeline) queryRow(ctx context.Context, q string, args ...any) row {
	rs, err := p.query(ctx, q, args...)
	return oneRow{rs, err}
}

func (p *pipeline) exec(ctx context.Context, q string, args ...any) (int64, error) {
	a, err := p.send(ctx, func(b *pgx.Batch) { b.Queue(q, args...) })
	if err != nil {
		return 0, err
	}
	res, err := a.Exec()
	if e := a.end(); err == nil {
		err = e
	}
	return res.RowsAffected(), err
}

// bind makes tenant the firm of what follows; it goes out with the next statement.
func (p *pipeline) bind(_ context.Context, tenant string) error {
	if tenant != p.firm {
		p.firm, p.named = tenant, false
	}
	return nil
}

func (p *pipeline) fenced() bool { return true }

func (p *pipeline) apart() bool { return !p.sees }

// someFirm stands for the firm that a step has named itself, whichever it was.
const someFirm = "?"

// run sends all steps in one message and reads their answers.
func (p *pipeline) run(ctx context.Context, steps []step) error { return p.runAll(ctx, steps, false) }

// runAll is run; as the last of the transaction COMMIT goes in the same message. After
// an error in a step the server leaves it out.
func (p *pipeline) runAll(ctx context.Context, steps []step, last bool) (err error) {
	bound := p.firm
	binds := func(st step) bool {
		if st.own {
			bound = someFirm
			return false
		}
		is := st.tenant != "" && st.tenant != bound
		if is {
			bound = st.tenant
		}
		return is
	}
	a, err := p.send(ctx, func(b *pgx.Batch) {
		for _, st := range steps {
			if binds(st) {
				b.Queue(setTenant, bound)
			}
			b.Queue(st.text, st.args...)
		}
		if last {
			b.Queue("commit")
		}
	})
	if err != nil {
		return err
	}
	defer func() {
		if e := a.end(); err == nil {
			err = e
		}
	}()
	bound = p.firm
	for _, st := range steps {
		if binds(st) {
			if _, err := a.Exec(); err != nil {
				return err
			}
		}
		p.firm = bound
		rs, err := a.Query()
		if err != nil {
			return err
		}
		if err := drainRows(rs, st.scan); err != nil {
			return err
		}
	}
	if last {
		return p.committed(a)
	}
	return nil
}

// committed reads the answer to a COMMIT that went with the last steps.
func (p *pipeline) committed(a *answers) error {
	tag, err := a.Exec()
	if err == nil && tag.String() != "COMMIT" {
		err = pgx.ErrTxCommitRollback
	}
	if e := a.end(); err == nil {
		err = e
	}
	if err == nil {
		p.t, p.over = nil, true
	}
	return err
}

// commit ends the transaction, if there is one.
func (p *pipeline) commit(ctx context.Context) error {
	if p.t == nil {
		return nil
	}
	return p.t.Commit(ctx)
}

// release takes back what is not committed and gives the connection to the pool.
func (p *pipeline) release(ctx context.Context) {
	if p.t != nil {
		_ = p.t.Rollback(ctx) // after a commit it does nothing; where it fails the connection is closed
	}
	if p.conn != nil {
		p.conn.Release()
	}
}

// answer is the result of one statement; the last row frees the connection.
type answer struct {
	pgx.Rows
	all *answers
}

func (r *answer) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.all.end()
	return false
}

func (r *answer) Close() {
	r.Rows.Close()
	r.all.end()
}

func (r *answer) Err() error {
	if err := r.Rows.Err(); err != nil {
		return err
	}
	if r.all.done {
		return r.all.err
	}
	return nil
}

// oneRow scans the first row of a result.
type oneRow struct {
	rs  rows
	err error
}

func (r oneRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rs.Close()
	if !r.rs.Next() {
		if err := r.rs.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rs.Scan(dest...); err != nil {
		return err
	}
	r.rs.Close()
	return r.rs.Err()
}
