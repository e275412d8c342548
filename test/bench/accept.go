package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"
)

// n8n's best durable webhook, measured by us once on a machine of the same size
// (docs/bench.md): 2.41.1 with its legacy expression engine on PostgreSQL.
const n8nBest = 136

// accept measures the durable accept: signed webhooks over HTTP, all rows of a
// message with its key, case and job, workers off.
func (b *bench) accept(ctx context.Context, e engine) error {
	d, firms, err := b.seeded(ctx, e, 64)
	if err != nil {
		return err
	}
	defer b.remove(ctx, d)
	s, err := b.edge(ctx, d)
	if err != nil {
		return err
	}
	defer s.stop()
	servers := []int{s.pid()}
	o := order{Addr: s.addr, Host: strings.TrimPrefix(s.url, "http://"), Conns: 32, Oldest: time.Now().Unix() - 200_000}
	for _, f := range firms {
		o.Phones = append(o.Phones, f.phone)
	}
	count, single := 15_000, 1_500
	if b.quick {
		count, single = 5_000, 700
	}
	send := func(conns, n int) (answer, float64, error) {
		o.Conns, o.Count = conns, n
		before := used(servers)
		a, err := b.load(ctx, o)
		o.First += n
		return a, (used(servers) - before).Seconds() * 1e6 / float64(n), err
	}
	if _, _, err := send(32, 2_000); err != nil { // warm
		return err
	}
	var rate, cost, p50, p99, alone, yard []float64
	disk, err := b.times(b.rounds, func(int) error {
		one, _, err := send(1, single)
		if err != nil {
			return err
		}
		yard = append(yard, yardstick(o.request(0)))
		all, each, err := send(32, count)
		alone = append(alone, float64(single)/one.Seconds)
		rate, cost = append(rate, float64(count)/all.Seconds), append(cost, each)
		p50, p99 = append(p50, percentile(all.Millis, .5)), append(p99, percentile(all.Millis, .99))
		return err
	})
	if err != nil {
		return err
	}
	name := "accept, 32 connections, " + e.name
	single1 := figure("accept, 1 connection (a transaction each), "+e.name, "1/s", alone, disk)
	rows := []row{
		single1.against("fdatasync/s of the disk", median(disk)),
		figure(name, "1/s", rate, disk).against("1 connection, one message a transaction", single1.Value).least(4500),
		figure(name+", grouped against not grouped", "1/s", rate, disk).against("1 connection, one message a transaction", single1.Value).leastRatio(3),
		figure(name+", against n8n's best", "1/s", rate, disk).against("n8n 2.41.1, quoted, 1/s", n8nBest).leastRatio(30),
		figure(name+", service CPU each", "µs", cost, nil).against("parse, HMAC and SHA-256 of one webhook, µs", median(yard)).most(220),
		figure(name+", p50", "ms", p50, disk),
		figure(name+", p99", "ms", p99, disk).most(10),
	}
	rows[4].Note = "generator not counted"
	for _, r := range rows {
		if err := b.report.add(r); err != nil {
			return err
		}
	}
	cheap := figure(name+", service CPU in yardsticks", "µs", cost, nil).against("parse, HMAC and SHA-256 of one webhook, µs", median(yard)).mostRatio(dear)
	return b.report.add(cheap.always())
}

// dear is the most that an accept may cost in yardsticks: the processor's speed
// cancels out, and what other work on the machine costs is allowed for.
const dear = 30

// yardstick is the processor time, in µs, of reading one webhook twenty times over:
// JSON, HMAC and parsing, in this process.
func yardstick(request []byte) float64 {
	_, body, _ := strings.Cut(string(request), "\r\n\r\n")
	raw := []byte(body)
	const n = 2000
	began := own()
	for range n {
		m := hmac.New(sha256.New, []byte(appSecret))
		m.Write(raw)
		m.Sum(nil)
		var v any
		if json.Unmarshal(raw, &v) != nil {
			return 0
		}
	}
	return float64((own() - began).Nanoseconds()) / n / 1000
}

func used(pids []int) (all time.Duration) {
	for _, p := range pids {
		all += cpu(p)
	}
	return all
}
