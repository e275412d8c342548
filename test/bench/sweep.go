package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/erasure"
	"feierabend/internal/store"
)

// sweep measures how fast expired cases are erased by the sweep's own step, what it
// does to messages that come in meanwhile, and the one scrub and search at its end.
func (b *bench) sweep(ctx context.Context, e engine) error {
	const swept, rate = 500, 200
	d, firms, err := b.seeded(ctx, e, 64)
	if err != nil {
		return err
	}
	defer b.remove(ctx, d)
	st, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	step := erasure.New(erasure.Options{Store: st, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	next := 0
	if _, err := receive(ctx, st, firms, next, 5000); err != nil { // they stay
		return err
	}
	next += 5000
	calm, err := paced(ctx, st, firms, &next, rate, 2*time.Second, nil)
	if err != nil {
		return err
	}
	var speed, during, proof []float64
	disk, err := b.times(b.rounds, func(int) error {
		cases, err := receive(ctx, st, firms, next, swept)
		if err != nil {
			return err
		}
		next += swept
		if err := expire(ctx, d, st, cases); err != nil {
			return err
		}
		done := make(chan struct{})
		var took time.Duration
		var failed error
		go func() {
			defer close(done)
			began := time.Now()
			failed = step.Sweep(ctx, feierabend.Job{K: feierabend.JobSweep})
			took = time.Since(began)
		}()
		seen, err := paced(ctx, st, firms, &next, rate, time.Minute, done)
		<-done
		if err != nil || failed != nil {
			return fmt.Errorf("sweep: %w, insert: %w", failed, err)
		}
		began := time.Now()
		n, err := st.ScrubAndVerify(ctx)
		if err != nil {
			return err
		}
		if n != swept {
			return fmt.Errorf("%d of %d erasures were proved", n, swept)
		}
		speed, during, proof = append(speed, swept/took.Seconds()), append(during, percentile(seen, .99)), append(proof, millis(time.Since(began)))
		return nil
	})
	if err != nil {
		return err
	}
	rows := []row{
		figure("sweep, "+e.name, "cases/s", speed, disk),
		figure(fmt.Sprintf("accept p99 while sweeping, %d/s, %s", rate, e.name), "ms", during, disk).against("without a sweep, ms", percentile(calm, .99)),
		figure(fmt.Sprintf("scrub and search for %d erasures, %s", swept, e.name), "ms", proof, disk),
	}
	rows[0].Note = "a transaction and a receipt for each case"
	for _, r := range rows {
		if err := b.report.add(r); err != nil {
			return err
		}
	}
	return nil
}

// expire lets the time of the cases be over.
func expire(ctx context.Context, d *database, st *store.Store, cases []made) error {
	past := time.Now().Add(-time.Minute).UnixMicro()
	if !isPG(d) {
		for _, c := range cases {
			if _, err := st.SQL().ExecContext(ctx, `UPDATE cases SET expires_at = $1 WHERE tenant_id = $2 AND id = $3`, past, c.tenant.String(), string(c.id)); err != nil {
				return err
			}
		}
		return nil
	}
	return d.asOwner(ctx, func(conn *pgx.Conn) error {
		var ids []string
		for _, c := range cases {
			ids = append(ids, string(c.id))
		}
		_, err := conn.Exec(ctx, `UPDATE content.cases SET expires_at = $1 WHERE id = ANY($2)`, past, ids)
		return err
	})
}

// paced accepts messages at a rate until the time is over or done is closed, and
// gives the times in ms, sorted; each counts from the moment at which it was due.
func paced(ctx context.Context, st *store.Store, firms []firm, next *int, rate int, span time.Duration, done <-chan struct{}) (all []float64, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	began := time.Now()
	for i := 0; ; i++ {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if due.Sub(began) > span {
			break
		}
		time.Sleep(time.Until(due))
		select {
		case <-done:
			due = time.Time{}
		default:
		}
		if due.IsZero() {
			break
		}
		in := []feierabend.Inbound{inbound(firms, *next)}
		*next++
		wg.Go(func() {
			_, failed := st.Receive(ctx, in)
			mu.Lock()
			defer mu.Unlock()
			if failed != nil {
				err = failed
			}
			all = append(all, millis(time.Since(due)))
		})
	}
	wg.Wait()
	slices.Sort(all)
	return all, err
}
