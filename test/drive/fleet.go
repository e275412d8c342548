package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// fleet is several processes of the service on one PostgreSQL, a simulator beside
// them, and the secrets that all share.
type fleet struct {
	keys    string // folder of the key that opens the settings
	bin     string
	pg      *pgx.Conn // of the cluster's superuser, to the fleet's database
	sim     *process
	simURL  string
	set     settings
	env     []string // of every process
	host    string   // of the public address
	front   *front
	workers []*seat
	webs    []*seat
}

// fleetPlan is what the test does.
type fleetPlan struct {
	workers, webs int
	rate          int // messages a second
	load, settle  time.Duration
	senders       int
	firms         int
	killEvery     time.Duration // 0 = nobody is killed
}

// fleetTest runs the plan on the cluster at dsn.
func fleetTest(bin, dsn string, p fleetPlan) error {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	fmt.Printf("fleet: seed %d, %d workers, %d webs, %d messages/s for %s, %d senders of %d firms\n", seed, p.workers, p.webs, p.rate, p.load, p.senders, p.firms)
	f, err := newFleet(bin, dsn, p)
	if err != nil {
		return err
	}
	defer f.close()
	g := f.generator(p)
	begin := time.Now()
	stop := make(chan struct{})
	var killer sync.WaitGroup
	kills := 0
	if p.killEvery > 0 {
		killer.Go(func() { kills = f.killLoop(random, p.killEvery, stop) })
	}
	var ended [2]error // a worker and a web process are told to stop (SIGTERM) amid the load
	for i, s := range []*seat{f.workers[0], f.webs[0]} {
		killer.Go(func() {
			select {
			case <-stop:
			case <-time.After(time.Duration(i+1) * p.load / 3):
				ended[i] = f.term(s)
			}
		})
	}
	g.run(p)
	close(stop)
	killer.Wait()
	if err := errors.Join(ended[:]...); err != nil {
		return err
	}
	loaded := time.Now()
	if err := f.revive(); err != nil {
		return err
	}
	if err := f.settled(len(g.sent), p.settle, g); err != nil {
		return errors.Join(err, f.complaints())
	}
	acked, first, repeated := g.counts()
	fmt.Printf("fleet: %d messages sent in %.0f s, %d kills; %d acknowledged, %d at the first try, %d deliveries repeated\n", len(g.sent), loaded.Sub(begin).Seconds(), kills, acked, first, repeated)
	fmt.Printf("fleet: settled %.0f s after the last message\n", time.Since(loaded).Seconds())
	if err := f.check(len(g.sent), p); err != nil {
		return errors.Join(err, f.complaints())
	}
	return f.leave()
}

// newFleet makes the database, seeds it and starts everything.
func newFleet(bin, dsn string, p fleetPlan) (_ *fleet, err error) {
	ctx := context.Background()
	f := &fleet{bin: bin}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	urls, err := f.database(ctx, dsn)
	if err != nil {
		return f, err
	}
	master, root := "1:"+freshKey(), freshKey()
	if err := seedFleet(ctx, urls, master, root, p); err != nil {
		return f, fmt.Errorf("seed: %w", err)
	}
	if f.front, err = newFront(); err != nil {
		return f, err
	}
	simAt, err := freeAddress()
	if err != nil {
		return f, err
	}
	var ready []string
	if f.sim, ready, err = launch(bin, nil, "simulate", "whatsapp", "--listen", simAt, "--phones", fmt.Sprint(p.senders)); err != nil {
		return f, err
	}
	f.simURL = ready[0]
	w := &world{simURL: f.simURL}
	var all struct {
		settings
		Token, SMTP string
		VerifyToken string `json:"verify_token"`
	}
	if err := w.get("/sim/v1/settings", &all); err != nil {
		return f, err
	}
	f.set = all.settings
	smtpHost, smtpPort, err := net.SplitHostPort(all.SMTP)
	if err != nil {
		return f, fmt.Errorf("mail address of the simulator: %w", err)
	}
	f.host = "127.0.0.1:8080"
	f.env = append(urls.env(),
		"FEIERABEND_MODE=live", "FEIERABEND_PUBLIC_URL=http://"+f.host, "FEIERABEND_MASTER_KEYS="+master, "FEIERABEND_ROOT_KEY="+root,
		"FEIERABEND_WHATSAPP_URL="+f.simURL, "FEIERABEND_WHATSAPP_PHONE_NUMBER_ID="+f.set.PhoneNumberID, "FEIERABEND_WHATSAPP_TOKEN="+all.Token,
		"FEIERABEND_WHATSAPP_APP_SECRET="+f.set.AppSecret, "FEIERABEND_WHATSAPP_VERIFY_TOKEN="+all.VerifyToken,
		"FEIERABEND_SMTP_HOST="+smtpHost, "FEIERABEND_SMTP_PORT="+smtpPort, "FEIERABEND_SMTP_TLS=off", "FEIERABEND_MAIL_FROM=fleet@feierabend.example",
		"FEIERABEND_OPERATOR_CONTACT=fleet@feierabend.example", "FEIERABEND_INTERNAL_LISTEN=127.0.0.1:0",
		"FEIERABEND_MODELS="+os.TempDir()+"/no-models",
	)
	if f.keys, err = os.MkdirTemp("", "feierabend-keys-"); err != nil {
		return f, err
	}
	if f.env, err = sealed(f.keys, f.env); err != nil {
		return f, err
	}
	for i := range p.workers {
		f.workers = append(f.workers, &seat{name: fmt.Sprint("worker ", i+1), env: f.env, args: []string{"serve", "--roles", "worker"}})
	}
	for i := range p.webs {
		at, err := freeAddress()
		if err != nil {
			return f, err
		}
		f.webs = append(f.webs, &seat{name: fmt.Sprint("web ", i+1), listen: at, env: append(f.env[:len(f.env):len(f.env)], "FEIERABEND_LISTEN="+at), args: []string{"serve", "--roles", "web"}})
		if err := f.webs[i].start(bin); err != nil { // holds its port, so that the next one is another
			return f, err
		}
	}
	f.front.serve(f.webs, f.host)
	if err := f.revive(); err != nil {
		return f, err
	}
	if err := w.post("/sim/v1/faults", url.Values{"batch": {"25"}}, nil); err != nil {
		return f, err
	}
	return f, w.post("/sim/v1/connect", url.Values{"webhook": {f.front.url + "/webhooks/whatsapp"}}, nil)
}

func (f *fleet) seats() []*seat { return append(f.workers[:len(f.workers):len(f.workers)], f.webs...) }

// killLoop kills a random process each time and starts it again, until stop.
func (f *fleet) killLoop(random *rand.Rand, every time.Duration, stop <-chan struct{}) (kills int) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var starts sync.WaitGroup
	defer starts.Wait()
	for {
		select {
		case <-stop:
			return kills
		case <-tick.C:
		}
		s := f.seats()[random.IntN(len(f.seats()))]
		if !s.kill() {
			continue // still starting
		}
		kills++
		starts.Go(func() {
			if err := s.start(f.bin); err != nil {
				fmt.Println("fleet:", err)
			}
		})
	}
}

// revive starts what does not run.
func (f *fleet) revive() error {
	for _, s := range f.seats() {
		if s.now() == nil {
			if err := s.start(f.bin); err != nil {
				return err
			}
		}
	}
	return nil
}

// complaints gives what the processes said last.
func (f *fleet) complaints() error {
	var all []error
	for _, q := range []string{
		`SELECT coalesce(string_agg(kind || ' ' || state || ' ' || n, ', '), '') FROM (SELECT kind, state, count(*) AS n FROM river_job WHERE state <> 'completed' GROUP BY kind, state) x`,
		`SELECT coalesce(string_agg(state || ' ' || n, ', '), '') FROM (SELECT state, count(*) AS n FROM outbox GROUP BY state) x`,
		`SELECT coalesce(string_agg(id || ' ' || n, ', '), '') FROM (SELECT attempted_by[array_upper(attempted_by, 1)] || CASE WHEN p.id IS NULL THEN ' (dead)' ELSE '' END AS id, count(*) AS n
			FROM river_job LEFT JOIN process p ON p.id = attempted_by[array_upper(attempted_by, 1)] WHERE state = 'running' GROUP BY 1) x`,
	} {
		var s string
		if err := f.pg.QueryRow(context.Background(), q).Scan(&s); err != nil {
			s = err.Error()
		}
		all = append(all, errors.New(s))
	}
	for _, s := range f.seats() {
		if p := s.now(); p != nil {
			if said := strings.TrimSpace(p.said()); said != "" {
				all = append(all, fmt.Errorf("%s: %s", s.name, said))
			}
		}
	}
	return errors.Join(all...)
}

func (f *fleet) close() {
	for _, s := range f.seats() {
		s.kill()
	}
	if f.sim != nil {
		f.sim.kill()
	}
	if f.front != nil {
		f.front.close()
	}
	if f.keys != "" {
		os.RemoveAll(f.keys)
	}
	if f.pg != nil {
		f.pg.Close(context.Background())
	}
}
