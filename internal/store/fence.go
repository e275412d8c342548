package store

import (
	"context"
)

// sweepFirms is how many firms one pipeline of eachFirm asks.
const sweepFirms = 500

// eachFirm runs one statement over the rows of all firms: on SQLite once, on
// PostgreSQL once per firm, many in one round trip, because row-level security
// shows one firm at a time (a superuser sees all: once too). scan is called for each row; nil = none are read.
// Afterwards no firm is bound.
func eachFirm(ctx context.Context, q querier, text string, args []any, scan func(row) error) error {
	if !q.apart() {
		return q.run(ctx, []step{{text: text, args: args, scan: scan}})
	}
	firms, err := collect(ctx, q, func(r row) (id string, err error) { return id, r.Scan(&id) }, `SELECT id FROM tenant ORDER BY id`)
	if err != nil {
		return err
	}
	for len(firms) > 0 {
		n := min(len(firms), sweepFirms)
		steps := make([]step, n)
		for i, id := range firms[:n] {
			steps[i] = step{tenant: id, text: text, args: args, scan: scan}
		}
		if err := q.run(ctx, steps); err != nil {
			return err
		}
		firms = firms[n:]
	}
	return q.bind(ctx, "")
}

// drainRows reads a result to its end.
func drainRows(rs rows, scan func(row) error) error {
	defer rs.Close()
	for rs.Next() {
		if scan == nil {
			continue
		}
		if err := scan(rs); err != nil {
			return err
		}
	}
	return rs.Err()
}
