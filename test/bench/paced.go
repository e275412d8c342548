package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// paced measures the real binary with its workers on, engines answering at once:
// typed dictations come at a rate, and the figure is from the moment at which a
// webhook was due to the moment at which its draft can be read.
func (b *bench) paced(ctx context.Context, e engine) error {
	goals := map[int]float64{200: 150}
	if e.name == "SQLite" {
		goals = map[int]float64{50: 150, 200: 400}
	}
	for _, rate := range []int{50, 200} {
		if goals[rate] == 0 {
			continue
		}
		var accepted, ready, middle, waited, service, cluster []float64
		snoozed := 0
		disk, err := b.times(b.rounds, func(int) error {
			s, err := b.story(ctx, e, rate, 6*time.Second)
			if err != nil {
				return err
			}
			accepted, waited = append(accepted, percentile(s.accepted, .99)), append(waited, percentile(s.waited, .95))
			ready, middle = append(ready, percentile(s.ready, .95)), append(middle, percentile(s.ready, .5))
			service, cluster = append(service, s.service), append(cluster, s.cluster)
			snoozed += s.snoozed
			return nil
		})
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%d webhooks/s, workers on, %s", rate, e.name)
		rows := []row{
			figure("accept p99, "+name, "ms", accepted, disk),
			figure("webhook to draft p50, "+name, "ms", middle, disk),
			figure("webhook to draft p95, "+name, "ms", ready, disk).most(goals[rate]),
			figure("of it until the job is fetched p95, "+name, "ms", waited, nil),
			figure("service CPU each, "+name, "µs", service, nil),
		}
		rows[3].Note = fmt.Sprintf("%d jobs came back later", snoozed)
		if e.name != "SQLite" {
			rows = append(rows, figure("cluster CPU each, "+name, "µs", cluster, nil))
		}
		if rate == 200 {
			rows[0] = rows[0].most(30)
		}
		for _, r := range rows {
			if err := b.report.add(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// told is what a story came to: times in ms, sorted; processor time in µs a message,
// from the first webhook to the last draft.
type told struct {
	accepted, ready  []float64
	waited           []float64 // of the jobs that draft, until the runner had them
	service, cluster float64
	snoozed          int // of them, how many came back later
}

// story runs one round on a fresh database. Each message must become one draft.
func (b *bench) story(ctx context.Context, e engine, rate int, span time.Duration) (out told, err error) {
	d, firms, err := b.seeded(ctx, e, 200)
	if err != nil {
		return out, err
	}
	defer b.remove(ctx, d)
	s, err := b.start(ctx, d)
	if err != nil {
		return out, err
	}
	defer s.stop()
	o := order{Addr: s.addr, Host: s.addr, Conns: 32, Oldest: time.Now().Unix() - 20_000, Rate: float64(rate)}
	if u, err := url.Parse(s.url); err == nil {
		o.Host = u.Host
	}
	for _, f := range firms {
		o.Phones = append(o.Phones, f.phone)
	}
	// Two seconds to warm up, not measured.
	o.Count = 2 * rate
	if _, err := b.load(ctx, o); err != nil {
		return out, fmt.Errorf("%w: %s", err, s.words())
	}
	warm := o.Count
	w, err := watch(ctx, d)
	if err != nil {
		return out, err
	}
	o.First, o.Count = warm, int(span.Seconds()*float64(rate))
	began, service, cluster := time.Now(), cpu(s.pid()), b.clusterCPU()
	a, err := b.load(ctx, o)
	if err != nil {
		return out, fmt.Errorf("%w: %s", err, s.words())
	}
	seen, err := w.all(ctx, warm+o.Count, time.Minute)
	if err != nil {
		return out, err
	}
	each := 1e6 / float64(o.Count)
	out.service, out.cluster = (cpu(s.pid())-service).Seconds()*each, (b.clusterCPU()-cluster).Seconds()*each
	for i, due := range a.Began {
		at, ok := seen[o.Oldest+int64(warm+i)]
		if !ok {
			return out, fmt.Errorf("message %d has no draft", i)
		}
		out.ready = append(out.ready, float64(at-due)/1000)
	}
	slices.Sort(out.ready)
	out.accepted = a.Millis
	out.waited, out.snoozed, err = waits(ctx, d, began)
	return out, err
}

// memory measures the real binary idle and after stories through chat and pages.
func (b *bench) memory(ctx context.Context) error {
	d, firms, err := b.seeded(ctx, engine{"SQLite"}, 2)
	if err != nil {
		return err
	}
	defer b.remove(ctx, d)
	s, err := b.start(ctx, d)
	if err != nil {
		return err
	}
	defer s.stop()
	res, err := http.Get(s.url + "/healthz")
	if err != nil {
		return err
	}
	res.Body.Close()
	time.Sleep(3 * time.Second) // the runner's first looks
	idle, err := resident(s.pid())
	if err != nil {
		return err
	}
	u, err := url.Parse(s.url)
	if err != nil {
		return err
	}
	o := order{Addr: s.addr, Host: u.Host, Conns: 2, Count: 40, Rate: 10, Oldest: time.Now().Unix() - 20_000, Phones: []string{firms[0].phone, firms[1].phone}}
	w, err := watch(ctx, d)
	if err != nil {
		return err
	}
	if _, err := b.load(ctx, o); err != nil {
		return err
	}
	if _, err := w.all(ctx, o.Count, time.Minute); err != nil {
		return err
	}
	after, err := resident(s.pid())
	if err != nil {
		return err
	}
	for _, r := range []row{
		{Name: "resident memory, idle", Value: idle, Unit: "MB"},
		{Name: "resident memory after 40 drafts in the chat", Value: after, Unit: "MB", Note: "without the speech child"},
	} {
		if err := b.report.add(r.most(60)); err != nil {
			return err
		}
	}
	return nil
}

// watcher notes when drafts become readable.
type watcher struct {
	mu    sync.Mutex
	at    map[string]int64 // case → microseconds since 1970
	names func(context.Context) (map[string]int64, error)
	stop  context.CancelFunc
	err   error
}

func (w *watcher) add(id string) {
	now := time.Now().UnixMicro()
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.at[id]; !ok {
		w.at[id] = now
	}
}

func (w *watcher) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.at)
}

// all waits for n drafted cases and gives when each could be read, by the timestamp
// of its message in seconds.
func (w *watcher) all(ctx context.Context, n int, limit time.Duration) (map[int64]int64, error) {
	defer w.stop()
	for deadline, seen := time.Now().Add(limit), -1; ; time.Sleep(20 * time.Millisecond) {
		// Asking for all names costs as much as some drafts: only when none has come of late.
		before := seen
		if seen = w.count(); seen != before && time.Now().Before(deadline) {
			continue
		}
		names, err := w.names(ctx)
		if err != nil {
			return nil, err
		}
		if len(names) >= n {
			time.Sleep(100 * time.Millisecond) // for the news of the last ones
			out := map[int64]int64{}
			w.mu.Lock()
			defer w.mu.Unlock()
			for id, second := range names {
				if at, ok := w.at[id]; ok {
					out[second] = at
				}
			}
			return out, w.err
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("%d of %d drafts after %s", len(names), n, limit)
		}
	}
}
