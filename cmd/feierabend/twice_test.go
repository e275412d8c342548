package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/jobs"
	"feierabend/internal/simulator"
)

// TestEveryJobTwice: work is at least once, results are once (design §4.1). Every
// handler runs twice, one after the other or side by side, and still each message
// has one answer, the case one chain of versions, one number, one document, one
// delivered file and one receipt.
func TestEveryJobTwice(t *testing.T) {
	for name, double := range map[string]func(jobs.Handler) jobs.Handler{"again": again, "side by side": beside} {
		t.Run(name, func(t *testing.T) {
			c := newCanaryWith(t, double)
			f := c.firm("+4917139200155", "Wachtelbrand", "Zinnobersteig 12")
			id, doc := f.invoice(t)
			f.say(t, "Hilfe")
			f.failures(t)
			f.signIn(t)
			f.download(t, doc)
			versions := 0
			for range 20 {
				if _, err := f.store.DraftAt(f.ctx, f.tenant, id, versions+1); err != nil {
					break
				}
				versions++
			}
			k, err := f.store.Case(f.ctx, f.tenant, id)
			if err != nil {
				t.Fatal(err)
			}
			if k.Version != versions {
				t.Errorf("newest version %d of %d", k.Version, versions)
			}
			f.page(t, "/v/"+string(id)+"/gespeichert", url.Values{})
			if !waitFor(30*time.Second, func() bool { return c.atRest(t) }) {
				t.Fatal("jobs never came to rest")
			}
			f.once(t)
			for text, want := range map[string]string{
				`SELECT count(*) FROM number_ledger`: "1", `SELECT count(*) FROM receipt WHERE reason = 'confirmed'`: "1",
				`SELECT count(*) FROM audit WHERE act = 'document.issued'`: "1", `SELECT count(*) FROM message WHERE state NOT IN ('done', 'failed')`: "0",
			} {
				if got := c.query(t, text); got[0] != want {
					t.Errorf("%s: %s, want %s", text, got[0], want)
				}
			}
		})
	}
}

// once checks the phone: one answer to each message, one file.
func (f *canaryFirm) once(t *testing.T) {
	t.Helper()
	answers, documents := map[string]int{}, 0
	bubbles := f.sim.Chat(f.phone)
	for _, b := range bubbles {
		if b.From == "bot" && b.ReplyTo != "" {
			answers[b.ReplyTo]++
		}
		if b.Document != nil {
			documents++
		}
	}
	for i, b := range bubbles {
		if b.From == "me" && answers[b.Wamid] != 1 {
			t.Errorf("message %d has %d answers", i, answers[b.Wamid])
		}
	}
	if documents != 1 {
		t.Errorf("%d files on the phone", documents)
	}
	if slices.ContainsFunc(bubbles, func(b simulator.Bubble) bool { return b.State == simulator.StateFailed }) {
		t.Error("a message failed")
	}
}

// again runs a handler a second time after it has succeeded, as after a crash
// between the result and its being noted.
func again(h jobs.Handler) jobs.Handler {
	return func(ctx context.Context, j feierabend.Job) error {
		if err := h(ctx, j); err != nil {
			return err
		}
		return h(ctx, j)
	}
}

// beside runs a handler twice at once; it is done when one of them is.
func beside(h jobs.Handler) jobs.Handler {
	return func(ctx context.Context, j feierabend.Job) error {
		var errs [2]error
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { errs[i] = h(ctx, j) })
		}
		wg.Wait()
		if errs[0] == nil || errs[1] == nil {
			return nil
		}
		var z *feierabend.SnoozeError
		if errors.As(errs[1], &z) {
			return errs[1]
		}
		return errs[0]
	}
}

// startDoubled is start with every handler wrapped.
func startDoubled(ctx context.Context, cfg config, log *slog.Logger, double func(jobs.Handler) jobs.Handler) (*running, error) {
	r := &running{failed: make(chan error, 1), timeout: cfg.StopTimeout}
	if err := r.openData(&cfg); err != nil {
		return nil, err
	}
	st, root, err := openStore(ctx, cfg, log, r.copies)
	if err != nil {
		return nil, err
	}
	r.later(func() { st.Close() })
	ln, err := listen("FEIERABEND_LISTEN", cfg.Listen, true)
	if err != nil {
		return nil, err
	}
	r.url = cfg.publicURL(ln.Addr())
	if r.demo, err = openDemo(ctx, &cfg, st, r.url); err != nil {
		return nil, err
	}
	r.later(r.demo.close)
	at := surroundings{publicURL: r.url, phoneURL: r.demo.phoneURL, mailURL: r.demo.mailURL, number: demoNumber, simulator: r.demo.hosts}
	if r.service, err = join(cfg, st, root, at, log); err != nil {
		return nil, err
	}
	handlers := r.handlers()
	for k, h := range handlers {
		if k != feierabend.JobMail { // a second run makes a new link on purpose (AUTH-02)
			handlers[k] = double(h)
		}
	}
	if r.jobs, err = r.runner(handlers); err != nil {
		return nil, err
	}
	return r, r.begin(ctx, ln)
}
