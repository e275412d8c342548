package store_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// errRefused is a caller's own error.
var errRefused = errors.New("refused")

// counted puts a counter of round trips between a store and its cluster: how often
// the client speaks after the server did. It gives the address through it.
func counted(t *testing.T, dsn string) (through string, trips *atomic.Int64) {
	t.Helper()
	cfg, err := pgx.ParseConfig(dsn)
	must(t, err)
	dir, err := os.MkdirTemp("/tmp", "pg-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	l, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	must(t, err)
	t.Cleanup(func() { l.Close() })
	trips = new(atomic.Int64)
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", fmt.Sprintf("%s/.s.PGSQL.%d", cfg.Host, cfg.Port))
			if err != nil {
				client.Close()
				return
			}
			var asked atomic.Bool
			pipe := func(to, from net.Conn, note func()) {
				defer to.Close()
				buf := make([]byte, 64<<10)
				for {
					n, err := from.Read(buf)
					if err != nil {
						return
					}
					note()
					if _, err := to.Write(buf[:n]); err != nil {
						return
					}
				}
			}
			go pipe(server, client, func() {
				if !asked.Swap(true) {
					trips.Add(1)
				}
			})
			go pipe(client, server, func() { asked.Store(false) })
		}
	}()
	return strings.Replace(dsn, "host="+cfg.Host, "host="+dir, 1), trips
}

// TestRoundTrips: a read is one round trip, its transaction and the firm's name
// included; a writing transaction is one per statement and one for COMMIT; one without
// statements is none.
func TestRoundTrips(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	dsn, trips := counted(t, storetest.Postgres(t))
	st := storetest.Open(t, dsn+"&pool_max_conns=1", storetest.NewClock())
	a, _ := storetest.Seed(t, st)
	m := typed(t, st, a, "wamid.1", "Moin")
	firm, series, base := a.Tenant.ID.String(), 0, 0
	must(t, second(st.AddDraft(ctx, a.Tenant.ID, feierabend.NewDraft{
		Case: m.Case, State: feierabend.CaseOpen, By: a.Owner,
		Out: []feierabend.Outgoing{{Sender: m.Sender.ID, Case: m.Case, Kind: feierabend.OutDraft, Ref: "1"}},
	})))
	out := rowOf(t, st, firm)
	insert := func(w store.Work) error {
		series++
		return w.Exec(ctx, `INSERT INTO number_series(tenant_id, series, last) VALUES($1, $2, 0)`, firm, fmt.Sprint("S", series))
	}
	read := func(w store.Work) error {
		return second(w.Count(ctx, `SELECT series FROM number_series WHERE tenant_id = $1`, firm))
	}
	for _, tc := range []struct {
		name string
		want int64
		do   func() error
	}{
		{"a case", 1, func() error { return second(st.Case(ctx, a.Tenant.ID, m.Case)) }},
		{"a message with its case and sender", 1, func() error { return second(st.Message(ctx, a.Tenant.ID, m.ID)) }},
		{"the newest draft", 1, func() error { return second(st.Draft(ctx, a.Tenant.ID, m.Case)) }},
		{"a lease", 1, func() error { return second(st.Lease(ctx, a.Tenant.ID, m.Sender.ID, "me", time.Minute)) }},
		{"a draft", 2, func() error {
			base++
			return second(st.AddDraft(ctx, a.Tenant.ID, feierabend.NewDraft{Case: m.Case, Base: base, State: feierabend.CaseOpen, By: a.Owner}))
		}},
		{"a row to be sent", 1, func() error { return second(st.Outbox(ctx, a.Tenant.ID, out)) }},
		{"a row that was sent", 2, func() error { return st.SentAs(ctx, a.Tenant.ID, out, "wamid.out", "") }},
		{"a list", 1, func() error { return store.View(ctx, st, firm, read) }},
		{"two reads", 2, func() error {
			return store.View(ctx, st, firm, func(w store.Work) error { must(t, read(w)); return read(w) })
		}},
		{"one insert", 2, func() error { return store.Update(ctx, st, firm, insert) }},
		{"two inserts", 3, func() error {
			return store.Update(ctx, st, firm, func(w store.Work) error { must(t, insert(w)); return insert(w) })
		}},
		{"another firm in between", 3, func() error {
			return store.Update(ctx, st, "", func(w store.Work) error {
				must(t, read(w))
				must(t, w.Bind(ctx, firm))
				must(t, insert(w))
				return w.Bind(ctx, "") // nothing follows
			})
		}},
		{"nothing written", 0, func() error { return store.Update(ctx, st, firm, func(store.Work) error { return nil }) }},
		{"nothing read", 0, func() error { return store.View(ctx, st, firm, func(store.Work) error { return nil }) }},
		{"refused before the first statement", 0, func() error {
			if store.Update(ctx, st, firm, func(store.Work) error { return errRefused }) == nil {
				return errors.New("it was not refused")
			}
			return nil
		}},
	} {
		must(t, tc.do()) // prepares its statements
		before := trips.Load()
		must(t, tc.do())
		if got := trips.Load() - before; got != tc.want {
			t.Errorf("%s: %d round trips, want %d", tc.name, got, tc.want)
		}
	}
	var used int
	must(t, store.View(ctx, st, "", func(w store.Work) error {
		return w.Row(ctx, &used, `SELECT coalesce(sum(generic_plans + custom_plans), 0)::int FROM pg_prepared_statements WHERE statement LIKE 'SELECT series FROM%'`)
	}))
	if used < 6 {
		t.Errorf("the prepared list was used %d times: statements are prepared anew", used)
	}
}

// rowOf gives the one row of a firm's outbox.
func rowOf(t *testing.T, st *store.Store, firm string) (id feierabend.OutboxID) {
	t.Helper()
	must(t, store.View(context.Background(), st, firm, func(w store.Work) error {
		return w.Row(context.Background(), &id, `SELECT id FROM outbox WHERE tenant_id = $1`, firm)
	}))
	return id
}

// TestViewCannotWrite: a message that reads ends its own transaction, and it can write
// nothing even by mistake; the next one on the same connection can.
func TestViewCannotWrite(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	st := storetest.Open(t, storetest.Postgres(t)+"&pool_max_conns=1", storetest.NewClock())
	a, _ := storetest.Seed(t, st)
	firm := a.Tenant.ID.String()
	const insert = `INSERT INTO number_series(tenant_id, series, last) VALUES($1, 'S', 0) RETURNING last`
	write := func(w store.Work) error {
		var last int64
		return w.Row(ctx, &last, insert, firm)
	}
	if store.View(ctx, st, firm, write) == nil {
		t.Error("a view has written")
	}
	if n := count(t, st, "number_series"); n != "0" {
		t.Errorf("%s rows after it", n)
	}
	must(t, store.Update(ctx, st, firm, write))
	var named string
	must(t, store.View(ctx, st, "", func(w store.Work) error { return w.Row(ctx, &named, `SELECT current_setting('app.tenant_id', true)`) }))
	if named != "" {
		t.Errorf("a message without a firm is in the name of %s", named)
	}
}

// TestPipelineFails: the first statement's error is reported as itself and nothing
// after it counts; a statement that could not even be sent leaves no transaction
// without its firm; whatever happens, the connection goes back.
func TestPipelineFails(t *testing.T) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	st := storetest.Open(t, storetest.Postgres(t)+"&pool_max_conns=1", storetest.NewClock())
	a, b := storetest.Seed(t, st)
	firm := a.Tenant.ID.String()
	const add = `INSERT INTO number_series(tenant_id, series, last) VALUES($1, $2, 0)`
	for _, f := range []storetest.Firm{a, b} {
		must(t, store.Update(ctx, st, f.Tenant.ID.String(), func(w store.Work) error { return w.Exec(ctx, add, f.Tenant.ID.String(), "RE") }))
	}
	all := func(w store.Work) int {
		n, err := w.Count(ctx, `SELECT series FROM number_series`) // tenancy: the fence alone
		must(t, err)
		return n
	}
	free := func(name string) {
		t.Helper()
		for end := time.Now().Add(5 * time.Second); st.Pool().Stat().AcquiredConns() > 0; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: the connection is not back", name)
			}
		}
		n := 0
		must(t, store.View(ctx, st, firm, func(w store.Work) error { n = all(w); return nil }))
		if n != 1 {
			t.Errorf("%s: %d rows, want the firm's one", name, n)
		}
	}
	for _, first := range []bool{true, false} {
		err := store.Update(ctx, st, firm, func(w store.Work) error {
			if !first {
				all(w)
			}
			return w.Exec(ctx, add, firm, "RE")
		})
		wantCode(t, err, feierabend.Conflict, "exists")
		free("conflict")
	}
	swallowed := store.Update(ctx, st, firm, func(w store.Work) error {
		if w.Exec(ctx, add, firm, "RE") == nil || w.Exec(ctx, add, firm, "AN") == nil {
			t.Error("a statement after a failed one went through")
		}
		return nil
	})
	if swallowed == nil {
		t.Error("a transaction with a failed statement was committed")
	}
	free("swallowed")
	wrong := func(w store.Work) error { // cannot be sent: no such form of a text
		return w.Exec(ctx, add, firm, struct{ x int }{1})
	}
	if err := store.Update(ctx, st, firm, func(w store.Work) error {
		if wrong(w) == nil {
			t.Error("wrong argument accepted")
		}
		if n, err := w.Count(ctx, `SELECT series FROM number_series`); err == nil && n != 1 {
			t.Errorf("after a statement that could not be sent: %d rows, want the firm's one or an error", n)
		}
		must(t, w.Bind(ctx, b.Tenant.ID.String()))
		if wrong(w) == nil || w.Exec(ctx, add, firm, "LS") == nil {
			t.Error("wrote for another firm than the one named last")
		}
		return errRefused
	}); !errors.Is(err, errRefused) {
		t.Errorf("error %v", err)
	}
	free("not sent")
	if err := store.View(ctx, st, firm, func(w store.Work) error { return second(w.Count(ctx, `SELECT nothing`)) }); err == nil {
		t.Error("no error")
	}
	free("read that fails")
	wantCode(t, store.View(ctx, st, firm, func(w store.Work) error {
		var none string
		return w.Row(ctx, &none, `SELECT series FROM number_series WHERE series = 'none'`)
	}), feierabend.NotFound, "row")
	free("no row")
	func() {
		defer func() { _ = recover() }()
		_ = store.Update(ctx, st, firm, func(w store.Work) error {
			must(t, w.Exec(ctx, add, firm, "X"))
			panic("in the middle")
		})
	}()
	free("panic")
	gone, cancel := context.WithCancel(ctx)
	cancel()
	wantCode(t, store.View(gone, st, firm, func(w store.Work) error { return second(w.Count(gone, `SELECT 1`)) }), feierabend.Unavailable, "canceled")
	free("canceled before")
	for name, run := range map[string]func(context.Context) error{
		"read": func(ctx context.Context) error {
			return store.View(ctx, st, firm, func(w store.Work) error { return second(w.Count(ctx, `SELECT pg_sleep(30)`)) })
		},
		"write": func(ctx context.Context) error {
			return store.Update(ctx, st, firm, func(w store.Work) error { return w.Exec(ctx, `SELECT pg_sleep(30)`) })
		},
		"late write": func(ctx context.Context) error {
			return store.Update(ctx, st, firm, func(w store.Work) error {
				must(t, w.Exec(ctx, add, firm, "Y"))
				return w.Exec(ctx, `SELECT pg_sleep(30)`)
			})
		},
	} {
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		wantCode(t, run(short), feierabend.Unavailable, "canceled")
		cancel()
		free("canceled " + name)
	}
	must(t, store.Update(ctx, st, "", func(w store.Work) error { return w.Enqueue(ctx, feierabend.Job{K: feierabend.JobScrub}) }))
	free("a job alone")
	if got := jobs(t, st); len(got) != 1 {
		t.Errorf("jobs %v", got)
	}
}
