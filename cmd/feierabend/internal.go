package main

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"time"

	"feierabend"
	"feierabend/internal/journal"
	"feierabend/internal/operator"
)

// beginInternal serves the operator's pages. In demo mode a taken port is passed over.
func (r *running) beginInternal() error {
	if r.cfg.InternalListen == "off" {
		return nil
	}
	pages, err := operator.New(operator.Options{Queue: r.store, Checks: r.checks(), Figures: r.figures, Self: r.heart.ID(), Now: time.Now, Log: r.log})
	if err != nil {
		return err
	}
	ln, err := listen("FEIERABEND_INTERNAL_LISTEN", r.cfg.InternalListen, r.cfg.demo())
	if err != nil {
		return err
	}
	r.internalURL = "http://" + ln.Addr().String()
	srv := bounded(pages)
	srv.ErrorLog = journal.Complaints(r.log, "operator")
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			r.log.Error("the operator's listener ended", "err", err)
		}
	}()
	r.later(func() { srv.Close(); <-done })
	return nil
}

// checkInternal refuses an address in the open net before anything is opened.
func (c config) checkInternal() error {
	if c.InternalListen == "off" {
		return nil
	}
	return operator.Address(c.InternalListen)
}

// checks are the states that /health tells; each part has its own.
func (r *running) checks() []operator.Check {
	return []operator.Check{r.checkDatabase, r.checkWorkers, r.erasure.Health}
}

// checkDatabase: without it nothing is accepted.
func (s *service) checkDatabase(ctx context.Context) []feierabend.Health {
	h := feierabend.Health{Name: "database", Level: feierabend.HealthGreen}
	if _, err := s.store.Processes(ctx); err != nil {
		h.Level, h.Code = feierabend.HealthRed, "away"
	}
	return []feierabend.Health{h}
}

// Ages at which work that waits is no longer normal: a note at once, or the hour that
// a provider is away.
const (
	waitsYellow = 15 * time.Minute
	waitsRed    = 2 * time.Hour
)

// checkWorkers: somebody must work the queue, and no job may wait for hours.
func (s *service) checkWorkers(ctx context.Context) []feierabend.Health {
	v, err := s.store.QueueView(ctx)
	if err != nil {
		return nil // the database's row says it
	}
	workers := feierabend.Health{Name: "workers", Level: feierabend.HealthRed, Code: "none"}
	for _, p := range v.Processes {
		for _, role := range p.Roles {
			if role == feierabend.ServesWork && v.At.Sub(p.SeenAt) < time.Minute {
				workers = feierabend.Health{Name: "workers", Level: feierabend.HealthGreen}
			}
		}
	}
	queue := feierabend.Health{Name: "queue", Level: feierabend.HealthGreen}
	for _, k := range v.Kinds {
		age := v.At.Sub(k.Oldest)
		if !k.Waiting() || k.State == "scheduled" || age < waitsYellow || !queue.Since.IsZero() && k.Oldest.After(queue.Since) {
			continue
		}
		queue = feierabend.Health{Name: "queue", Level: feierabend.HealthYellow, Code: "waits_" + string(k.Kind), Since: k.Oldest}
		if age >= waitsRed {
			queue.Level = feierabend.HealthRed
		}
	}
	return []feierabend.Health{workers, queue, v.MailHealth()}
}

// figures are those of this process for /metrics.
func (r *running) figures() []operator.Figure {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	freed := r.heart.Freed()
	out := []operator.Figure{
		{Name: "feierabend_freed_jobs_total", Help: "Jobs taken over from processes that fell silent.", Value: float64(freed.Jobs)},
		{Name: "feierabend_freed_processes_total", Help: "Processes found silent.", Value: float64(freed.Processes)},
		{Name: "feierabend_memory_bytes", Help: "Memory taken from the system by the Go runtime.", Value: float64(m.Sys)},
		{Name: "feierabend_goroutines", Help: "Goroutines.", Value: float64(runtime.NumGoroutine())},
	}
	keys, values := droppedAttributes(r.log)
	for reason, n := range map[string]int64{"key": keys, "value": values} {
		out = append(out, operator.Figure{
			Name: "feierabend_log_dropped_total", Help: "Attributes that the allow-list kept out of the log, by reason.", Labels: []string{"reason", reason}, Value: float64(n),
		})
	}
	if r.jobs == nil {
		return out
	}
	for _, t := range r.jobs.Tallies() {
		labels := []string{"kind", string(t.Kind), "end", string(t.End)}
		out = append(out,
			operator.Figure{Name: "feierabend_jobs_total", Help: "Tries of jobs, by kind and end.", Labels: labels, Value: float64(t.Tries)},
			operator.Figure{Name: "feierabend_job_seconds_total", Help: "Time spent on tries of jobs, by kind and end.", Labels: labels, Value: t.Took.Seconds()})
	}
	return out
}
