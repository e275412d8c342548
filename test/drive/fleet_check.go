package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"feierabend/internal/simulator"
)

// number asks the fleet's database for one number, past row-level security.
func (f *fleet) number(query string, args ...any) (n int, err error) {
	err = f.pg.QueryRow(context.Background(), query, args...).Scan(&n)
	return n, err
}

// settled waits until every message is acknowledged and done, and every answer sent and
// known by its status.
func (f *fleet) settled(notes int, limit time.Duration, g *generator) error {
	return until("settled", limit, func() (bool, error) {
		time.Sleep(500 * time.Millisecond)
		acked, _, _ := g.counts()
		done, err := f.number(`SELECT count(*) FROM message WHERE state IN ('done', 'failed')`)
		if err != nil {
			return false, err
		}
		waiting, err := f.number(`SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'delivered', 'read', 'failed')`)
		if err != nil {
			return false, err
		}
		busy, err := f.number(`SELECT count(*) FROM river_job WHERE state = 'running'`)
		if err != nil {
			return false, err
		}
		if acked == notes && done == notes && waiting == 0 && busy == 0 {
			return true, nil
		}
		return false, fmt.Errorf("%d of %d acknowledged, %d done, %d answers waiting, %d jobs running", acked, notes, done, waiting, busy)
	})
}

// check compares database and phones with what was acknowledged.
func (f *fleet) check(notes int, p fleetPlan) error {
	for _, c := range []struct {
		what, query string
		want        int
	}{
		{"messages stored", `SELECT count(*) FROM message`, notes},
		{"messages drafted", `SELECT count(*) FROM message WHERE state = 'done' AND reason = 'drafted'`, notes},
		{"cases with a draft", `SELECT count(DISTINCT case_id) FROM draft`, notes},
		{"first versions", `SELECT count(*) FROM draft WHERE version = 1`, notes},
		{"further versions", `SELECT count(*) FROM draft WHERE version > 1`, 0},
		{"answers", `SELECT count(*) FROM outbox`, notes},
		{"answers without a status", `SELECT count(*) FROM outbox WHERE state NOT IN ('sent', 'delivered', 'read')`, 0},
		{"jobs of nobody", `SELECT count(*) FROM river_job WHERE state = 'running' AND NOT EXISTS(SELECT 1 FROM process WHERE id = attempted_by[array_upper(attempted_by, 1)])`, 0},
		{"jobs given up", `SELECT count(*) FROM river_job WHERE state IN ('discarded', 'cancelled')`, 0},
	} {
		n, err := f.number(c.query)
		if err != nil {
			return fmt.Errorf("%s: %w", c.what, err)
		}
		if n != c.want {
			var states string
			f.pg.QueryRow(context.Background(), `SELECT string_agg(state || ' ' || reason || ' ' || n, ', ') FROM (SELECT state, reason, count(*) AS n FROM message GROUP BY state, reason) x`).Scan(&states)
			return fmt.Errorf("%s: %d, want %d (%s)", c.what, n, c.want, states)
		}
	}
	if err := f.checkPhones(notes, p); err != nil {
		return err
	}
	if err := f.checkProcesses(p); err != nil {
		return err
	}
	return f.figures()
}

// checkPhones: each answer is on a phone exactly once.
func (f *fleet) checkPhones(notes int, p fleetPlan) error {
	seen, twice, replies := map[string]bool{}, 0, 0
	w := &world{simURL: f.simURL}
	for i := range p.senders {
		bubbles, err := w.chat(simulator.CrowdPhone(i))
		if err != nil {
			return err
		}
		for _, b := range bubbles {
			replies++
			if seen[b.Callback] {
				twice++
			}
			seen[b.Callback] = true
		}
	}
	fmt.Printf("fleet: %d drafts, %d chat messages, %d sent twice\n", notes, replies, twice)
	if twice > 0 || replies != notes {
		return fmt.Errorf("%d chat messages for %d answers, %d twice", replies, notes, twice)
	}
	return nil
}

// checkProcesses: those that live, and no other, are on the list, and the sweep goes on.
func (f *fleet) checkProcesses(p fleetPlan) error {
	if err := until("the list of processes", 30*time.Second, func() (bool, error) {
		n, err := f.number(`SELECT count(*) FROM process`)
		if err == nil && n != p.workers+p.webs {
			err = fmt.Errorf("%d on the list", n)
		}
		return err == nil, err
	}); err != nil {
		return err
	}
	return until("a sweep of the last 80 seconds", 80*time.Second, func() (bool, error) {
		n, err := f.number(`SELECT count(*) FROM clock WHERE name = 'sweep' AND done_at > $1`, time.Now().Add(-80*time.Second).UnixMicro())
		return n == 1, err
	})
}

// figures prints how long a message took from acceptance to its draft.
func (f *fleet) figures() error {
	var p50, p95, worst float64
	err := f.pg.QueryRow(context.Background(), `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms), percentile_cont(0.95) WITHIN GROUP (ORDER BY ms), max(ms)
		FROM (SELECT (d.at - m.received_at) / 1000.0 AS ms FROM draft d JOIN message m ON m.tenant_id = d.tenant_id AND m.case_id = d.case_id WHERE d.version = 1) x`).Scan(&p50, &p95, &worst)
	if err != nil {
		return err
	}
	freed, err := f.number(`SELECT count(*) FROM river_job WHERE array_length(attempted_by, 1) > 1`)
	if err != nil {
		return err
	}
	fmt.Printf("fleet: accepted to drafted p50 %.0f ms, p95 %.0f ms, longest %.1f s; %d jobs tried more than once\n", p50, p95, worst/1000, freed)
	return nil
}

// leave stops everybody gracefully: nothing stays running and nobody on the list.
func (f *fleet) leave() error {
	for _, s := range f.seats() {
		p := s.now()
		if p == nil {
			continue
		}
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		if err := p.cmd.Wait(); err != nil {
			return fmt.Errorf("%s ended with %w: %s", s.name, err, p.said())
		}
		s.mu.Lock()
		s.process = nil
		s.mu.Unlock()
	}
	for what, query := range map[string]string{
		"processes on the list after SIGTERM": `SELECT count(*) FROM process`,
		"jobs running after SIGTERM":          `SELECT count(*) FROM river_job WHERE state = 'running'`,
	} {
		if n, err := f.number(query); err != nil || n != 0 {
			return fmt.Errorf("%s: %d (%v)", what, n, err)
		}
	}
	return nil
}
