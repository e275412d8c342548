package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"feierabend"
)

// row is one result row; both drivers have it.
type row interface{ Scan(dest ...any) error }

// rows is a result set; both drivers have it behind a thin cover.
type rows interface {
	row
	Next() bool
	Err() error
	Close()
}

// querier reads.
type querier interface {
	query(ctx context.Context, q string, args ...any) (rows, error)
	queryRow(ctx context.Context, q string, args ...any) row
	// run does the steps one after the other, on PostgreSQL in one round trip.
	run(ctx context.Context, steps []step) error
	// bind makes tenant the firm of what follows in the transaction.
	bind(ctx context.Context, tenant string) error
	// fenced says that a firm's rows are only there when it is bound (PostgreSQL).
	fenced() bool
	// apart says that other firms' rows are hidden from this role: what goes over all
	// firms asks firm by firm. A superuser sees them all at once.
	apart() bool
}

// step is one statement of run.
type step struct {
	tenant string // the firm to bind first; "" = as it is
	own    bool   // the statement names the firm of each of its rows itself
	text   string
	args   []any
	scan   func(row) error // called for each row; nil = the statement gives none
}

// tx reads and writes in one transaction. It never leaves the package.
type tx interface {
	querier
	// exec gives the number of rows changed.
	exec(ctx context.Context, q string, args ...any) (int64, error)
	// enqueue inserts jobs in the same transaction.
	enqueue(ctx context.Context, jobs []feierabend.Job) error
	// conclude does the last steps of the transaction and inserts jobs; on PostgreSQL the
	// transaction is committed with them. Nothing may follow.
	conclude(ctx context.Context, steps []step, jobs []feierabend.Job) error
}

// engine is one of the two databases.
type engine interface {
	// update runs fn in one writing transaction, committed durably when fn gives nil.
	// tenant is bound from its begin; "" is none.
	update(ctx context.Context, tenant string, fn func(tx) error) error
	// view runs fn in one reading transaction.
	view(ctx context.Context, tenant string, fn func(querier) error) error
	// snapshot is view of one moment: all statements see the same rows.
	snapshot(ctx context.Context, tenant string, fn func(querier) error) error
	// lead makes this process the one that scrubs, until release; Unavailable "busy" where
	// another one does.
	lead(ctx context.Context) (release func(), err error)
	// scrub removes what deleted rows left in the files of the database. method
	// names how; sure says that a search of files can prove it.
	scrub(ctx context.Context) (method string, sure bool, err error)
	// rewriteContent removes what deleted rows of content tables left, where the scrub
	// does not; done = all of them.
	rewriteContent(ctx context.Context) (done bool, err error)
	// files gives the files to search, or an error where they cannot be read.
	files(ctx context.Context) (dataFiles, error)
	// explain maps the driver's errors to ours.
	explain(err error) error
	close() error
}

type aheadKey struct{}

// ahead marks the transactions of the accept path: a provider waits for its answer, and
// they do not stand in line behind those of the workers (decision 0027).
func ahead(ctx context.Context) context.Context { return context.WithValue(ctx, aheadKey{}, true) }

func isAhead(ctx context.Context) bool { return ctx.Value(aheadKey{}) != nil }

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q querier, scan func(row) (T, error), text string, args ...any) ([]T, error) {
	rs, err := q.query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	var out []T
	for rs.Next() {
		v, err := scan(rs)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rs.Err()
}

// values writes "($1,$2),($3,$4)" for n rows of c columns, the first parameter being $first.
func values(n, c, first int) string {
	var b strings.Builder
	b.Grow(n * c * 5)
	p := first
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j := range c {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(p))
			p++
		}
		b.WriteByte(')')
	}
	return b.String()
}

// micros is the stored form of a time: microseconds since 1970 UTC, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// timeOf reads micros back, in UTC.
func timeOf(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// orNull gives NULL for no bytes.
func orNull(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}
