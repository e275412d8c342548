package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"feierabend"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// BenchmarkReceive is the durable accept: every row of a message, its key and its
// job, fsynced, at 1 and 32 callers. Beside it stands what the disk can do: 4 KiB
// and an fsync, one after the other. On SQLite, and on PostgreSQL where one is named.
func BenchmarkReceive(b *testing.B) {
	for _, e := range storetest.Engines(b) {
		for _, callers := range []int{1, 32} {
			b.Run(fmt.Sprintf("%s/callers=%d", e.Name, callers), func(b *testing.B) {
				st := storetest.Open(b, e.DSN(b), storetest.NewClock())
				a, _ := storetest.Seed(b, st)
				text := strings.Repeat("Rechnung für Frau Petersen, Lindenweg zwölf in Itzehoe. ", 8)
				before := probe(b)
				var next atomic.Int64
				var mu sync.Mutex
				var times []time.Duration
				var wg sync.WaitGroup
				cpu := used()
				b.ResetTimer()
				for range callers {
					wg.Go(func() {
						var own []time.Duration
						for {
							n := next.Add(1)
							if n > int64(b.N) {
								break
							}
							t := time.Now()
							if _, err := st.Receive(context.Background(), []feierabend.Inbound{a.Inbound(fmt.Sprint("wamid.", n), text)}); err != nil {
								b.Error(err)
								return
							}
							own = append(own, time.Since(t))
						}
						mu.Lock()
						times = append(times, own...)
						mu.Unlock()
					})
				}
				wg.Wait()
				b.StopTimer()
				slices.Sort(times)
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accepts/s")
				b.ReportMetric(float64((used()-cpu).Microseconds())/float64(b.N), "cpu-µs/accept")
				b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
				b.ReportMetric((before+probe(b))/2, "fsyncs/s")
			})
		}
	}
}

// probe gives the fsyncs per second of the disk.
func probe(b *testing.B) float64 {
	f, err := os.Create(filepath.Join(b.TempDir(), "probe"))
	must(b, err)
	defer f.Close()
	page := make([]byte, 4096)
	n, began := 0, time.Now()
	for time.Since(began) < 200*time.Millisecond {
		_, err := f.WriteAt(page, int64(n)*4096)
		must(b, err)
		must(b, f.Sync())
		n++
	}
	return float64(n) / time.Since(began).Seconds()
}

// used is the processor time of this process.
func used() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkErase is one erasure without its scrub, and the scrub with its search.
func BenchmarkErase(b *testing.B) {
	st, _ := storetest.New(b)
	ctx := context.Background()
	a, _ := storetest.Seed(b, st)
	var all []feierabend.CaseID
	for i := range b.N {
		all = append(all, typed(b, st, a, fmt.Sprint("wamid.", i), "Moin").Case)
	}
	b.ResetTimer()
	for _, id := range all {
		must(b, second(st.Erase(ctx, a.Tenant.ID, id, feierabend.EraseDiscarded, a.Owner)))
	}
	b.StopTimer()
	began := time.Now()
	must(b, second(st.ScrubAndVerify(ctx)))
	b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "scrub-ms")
}

// BenchmarkCase is one page's read: a case with its key, in a transaction of its firm.
func BenchmarkCase(b *testing.B) {
	for _, e := range storetest.Engines(b) {
		b.Run(e.Name, func(b *testing.B) {
			st := storetest.Open(b, e.DSN(b), storetest.NewClock())
			a, _ := storetest.Seed(b, st)
			m := typed(b, st, a, "wamid.1", "Moin")
			for b.Loop() {
				must(b, second(st.Case(context.Background(), a.Tenant.ID, m.Case)))
			}
		})
	}
}

// BenchmarkRoundTrips sets the store's way to send a firm's transaction beside the one
// before, BEGIN with the firm's name in a message of its own, in turns in the same run.
func BenchmarkRoundTrips(b *testing.B) {
	if os.Getenv(storetest.Env) == "" {
		return
	}
	ctx := context.Background()
	st := storetest.Open(b, storetest.Postgres(b), storetest.NewClock())
	a, _ := storetest.Seed(b, st)
	firm, first := a.Tenant.ID.String(), ""
	for i := range 50 {
		first = string(typed(b, st, a, fmt.Sprint("wamid.", i), "Moin").Case)
	}
	n := 0
	for _, tc := range []struct {
		name, begin, text string
		args              func() []any
	}{
		{"point read", "begin read only", `SELECT id, state, summary FROM cases WHERE tenant_id = $1 AND id = $2`, func() []any { return []any{firm, first} }},
		{"list of 50", "begin read only", `SELECT id, state, summary FROM cases WHERE tenant_id = $1 ORDER BY changed_at DESC LIMIT 50`, func() []any { return []any{firm} }},
		{"insert", "begin", `INSERT INTO number_series(tenant_id, series, last) VALUES($1, $2, 0)`, func() []any { n++; return []any{firm, fmt.Sprint("S", n)} }},
	} {
		b.Run(tc.name, func(b *testing.B) {
			work := func(w store.Work) error { return second(w.Count(ctx, tc.text, tc.args()...)) }
			var before, now time.Duration
			for b.Loop() {
				t := time.Now()
				must(b, pgx.BeginTxFunc(ctx, st.Pool(), pgx.TxOptions{BeginQuery: tc.begin + `; SELECT set_config('app.tenant_id', '` + firm + `', true)`}, func(t pgx.Tx) error {
					rows, err := t.Query(ctx, tc.text, tc.args()...)
					must(b, err)
					for rows.Next() {
					}
					return rows.Err()
				}))
				before += time.Since(t)
				t = time.Now()
				if tc.begin == "begin" {
					must(b, store.Update(ctx, st, firm, work))
				} else {
					must(b, store.View(ctx, st, firm, work))
				}
				now += time.Since(t)
			}
			b.ReportMetric(float64(before.Microseconds())/float64(b.N), "before-µs")
			b.ReportMetric(float64(now.Microseconds())/float64(b.N), "now-µs")
			b.ReportMetric(float64(now)/float64(before), "ratio")
		})
	}
}
