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

	"feierabend"
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
