package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/store"
)

// liveKeys is the number of keys beside which a case is erased.
const liveKeys = 100_000

// moments notes when the scrub begins, when it runs which of its statements on
// PostgreSQL, and when its search begins; the store's gates say so.
type moments struct {
	mu            sync.Mutex
	scrub, search time.Time
	execs         []time.Time
}

func (m *moments) gate(point string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch point {
	case "scrub":
		m.scrub, m.execs = time.Now(), nil
	case "scrub exec": // a setting, VACUUM FULL, the log's switch, the checkpoint
		m.execs = append(m.execs, time.Now())
	case "files list": // the last one before the search counts
		m.search = time.Now()
	}
	return nil
}

// scrubbed is how long the last scrub took without its search.
func (m *moments) scrubbed() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.search.Sub(m.scrub)
}

// rewritten is how long the last scrub rewrote the key table on PostgreSQL, others
// waiting for it.
func (m *moments) rewritten() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.execs) < 3 {
		return 0
	}
	return m.execs[2].Sub(m.execs[1])
}

// erase measures erasing one case among many: the transaction that the person waits
// for, and the scrub and the search that follow in the background.
func (b *bench) erase(ctx context.Context, e engine) error {
	d, firms, err := b.seeded(ctx, e, 1)
	if err != nil {
		return err
	}
	defer b.remove(ctx, d)
	var m moments
	st, err := d.openWith(ctx, m.gate)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := fillKeys(ctx, d, st); err != nil {
		return err
	}
	rounds := b.rounds
	cases, err := receive(ctx, st, firms, 0, 20*rounds)
	if err != nil {
		return err
	}
	if _, err := st.ScrubAndVerify(ctx); err != nil { // what seeding left
		return err
	}
	var one, locked, whole, searched, bare []float64
	disk, err := b.times(rounds, func(i int) error {
		if isPG(d) {
			t, err := vacuum(ctx, d)
			if err != nil {
				return err
			}
			bare = append(bare, t)
		}
		var each []float64
		for _, c := range cases[20*i : 20*i+20] {
			began := time.Now()
			if _, err := st.Erase(ctx, c.tenant, c.id, feierabend.EraseConfirmed, firms[0].owner); err != nil {
				return err
			}
			each = append(each, millis(time.Since(began)))
		}
		began := time.Now()
		n, err := st.ScrubAndVerify(ctx)
		if err != nil {
			return err
		}
		if n != 20 {
			return fmt.Errorf("%d of 20 erasures were proved", n)
		}
		scrub := millis(m.scrubbed())
		one, whole = append(one, median(each)), append(whole, median(each)+scrub)
		locked = append(locked, median(each)+millis(m.rewritten()))
		searched = append(searched, millis(time.Since(began))-scrub)
		return nil
	})
	if err != nil {
		return err
	}
	rows := []row{
		figure("erase one case, "+e.name, "ms", one, disk),
		figure("erase one case and scrub, "+e.name, "ms", whole, disk),
		figure("search that proves it (background), "+e.name, "ms", searched, nil),
	}
	rows[0].Note = fmt.Sprintf("beside %d keys", liveKeys)
	if isPG(d) {
		rows[1] = rows[1].against("a bare VACUUM FULL of the key table, ms", median(bare)).mostRatio(1.5) // the whole, as on SQLite: docs/bench.md
		rewrite := figure("erase one case and rewrite the key table, "+e.name, "ms", locked, disk).against("a bare VACUUM FULL of the key table, ms", median(bare))
		rows = append(rows, rewrite.mostRatio(1.5).always())
	} else {
		rows[0] = rows[0].most(5)
		rows[1] = rows[1].most(5)
	}
	for _, r := range rows {
		if err := b.report.add(r); err != nil {
			return err
		}
	}
	return nil
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// fillKeys inserts rows of the size of wrapped keys.
func fillKeys(ctx context.Context, d *database, st *store.Store) error {
	if !isPG(d) {
		_, err := st.SQL().ExecContext(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) INSERT INTO content_key(master_id, wrapped) SELECT 1, randomblob(60) FROM n`, liveKeys)
		return err
	}
	return d.asOwner(ctx, func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, `INSERT INTO content.content_key(master_id, wrapped) SELECT 1, substring(sha512(convert_to('key' || i, 'UTF8')) FOR 60) FROM generate_series(1, $1::int) i`, liveKeys)
		if err != nil {
			return err
		}
		_, err = c.Exec(ctx, `CHECKPOINT`)
		return err
	})
}

// asOwner works past the store and past row-level security.
func (d *database) asOwner(ctx context.Context, f func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, d.migrate)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return f(conn)
}

// vacuum times a bare VACUUM FULL of the key table, in ms. Afterwards log and checkpoint
// are moved on, as a scrub does: so the next rewrite, ours, begins as this one did, with
// a segment of its own, and pays for no new one that this one filled.
func vacuum(ctx context.Context, d *database) (took float64, err error) {
	conn, err := pgx.Connect(ctx, d.scrub)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	began := time.Now()
	if _, err = conn.Exec(ctx, `VACUUM FULL content.content_key`); err != nil {
		return 0, err
	}
	took = millis(time.Since(began))
	_, err = conn.Exec(ctx, `SELECT pg_switch_wal(); CHECKPOINT`)
	return took, err
}

// made is a case that was opened for the bench.
type made struct {
	tenant  feierabend.TenantID
	id      feierabend.CaseID
	message feierabend.MessageID
}

// receive accepts n messages of the firms in turn and gives their cases.
func receive(ctx context.Context, st *store.Store, firms []firm, first, n int) (all []made, err error) {
	byTenant := map[feierabend.MessageID]feierabend.TenantID{}
	var ids []feierabend.MessageID
	for at := 0; at < n; {
		var in []feierabend.Inbound
		for ; at < n && len(in) < 128; at++ {
			in = append(in, inbound(firms, first+at))
		}
		out, err := st.Receive(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, o := range out {
			if o.Code != feierabend.Accepted {
				return nil, errors.New("not accepted: " + string(o.Code))
			}
			ids, byTenant[o.Message] = append(ids, o.Message), o.Tenant
		}
	}
	for _, id := range ids {
		m, err := st.Message(ctx, byTenant[id], id)
		if err != nil {
			return nil, err
		}
		all = append(all, made{byTenant[id], m.Case, id})
	}
	return all, nil
}
