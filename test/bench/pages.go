package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"time"

	"feierabend"
	"feierabend/internal/drafting"
	"feierabend/internal/signin"
	"feierabend/internal/store"
)

// The size of the database of page reads.
const (
	bigFirms  = 1000
	bigCases  = 1000 // of each firm
	realFirms = 1    // read, with cases sealed by the product itself; the others are filler of the same size
)

// pages measures pages over the real handler in a database of a million cases,
// against the same in a database with the read firms alone.
func (b *bench) pages(ctx context.Context, e engine) error {
	alone, err := b.readPages(ctx, e, false)
	if err != nil {
		return err
	}
	big, err := b.readPages(ctx, e, true)
	if err != nil {
		return err
	}
	for i, p := range big {
		for _, r := range []row{
			figure(p.name+", TTFB p50, "+e.name, "ms", p.p50, nil),
			figure(p.name+", TTFB p95, "+e.name, "ms", p.p95, nil).against("this firm alone, ms", median(alone[i].p95)).most(50),
		} {
			r.Note = fmt.Sprintf("%d firms of %d cases, %d kB a page", bigFirms, bigCases, p.size/1000)
			if err := b.report.add(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// page is one kind of page with its times in ms.
type page struct {
	name     string
	paths    []string
	size     int
	p50, p95 []float64
}

func (b *bench) readPages(ctx context.Context, e engine, big bool) ([]page, error) {
	began := time.Now()
	d, firms, err := b.seeded(ctx, e, realFirms)
	if err != nil {
		return nil, err
	}
	defer b.remove(ctx, d)
	st, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	// The first and the last key are real: the start looks whether they open.
	cases, err := receive(ctx, st, firms, bigCases*len(firms), 1)
	if err != nil {
		return nil, err
	}
	if big {
		if err := fill(ctx, d); err != nil {
			return nil, err
		}
	}
	pages, cookies, err := furnish(ctx, st, firms, cases)
	if err != nil {
		return nil, err
	}
	if err := st.Close(); err != nil {
		return nil, err
	}
	fmt.Printf("  seeded in %.0f s\n", time.Since(began).Seconds())
	s, err := b.edge(ctx, d)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	for i := range pages {
		for range b.rounds {
			if err := pages[i].read(s.addr, cookies); err != nil {
				return nil, fmt.Errorf("%s: %w: %s", pages[i].name, err, s.words())
			}
		}
	}
	return pages, nil
}

// read asks for each path once, one after the other, on one connection.
func (p *page) read(addr string, cookies []string) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	r := bufio.NewReaderSize(c, 64<<10)
	var times []float64
	for i, path := range p.paths {
		req := "GET " + path + " HTTP/1.1\r\nHost: " + addr + "\r\nCookie: s=" + cookies[i%len(cookies)] + "\r\n\r\n"
		began := time.Now()
		if _, err := io.WriteString(c, req); err != nil {
			return err
		}
		if _, err := r.Peek(1); err != nil {
			return err
		}
		times = append(times, millis(time.Since(began)))
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return err
		}
		n, err := io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answered %d (%v)", path, res.StatusCode, err)
		}
		p.size = int(n)
	}
	slices.Sort(times)
	p.p50, p.p95 = append(p.p50, percentile(times, .5)), append(p.p95, percentile(times, .95))
	return nil
}

// furnish gives the read firms their cases with drafts, and a session each.
func furnish(ctx context.Context, st *store.Store, firms []firm, cases []made) (pages []page, cookies []string, err error) {
	more, err := receive(ctx, st, firms, 0, len(firms)*bigCases-1)
	if err != nil {
		return nil, nil, err
	}
	cases = append(cases, more...)
	if err := draft(ctx, st, cases); err != nil {
		return nil, nil, err
	}
	for _, f := range firms {
		var raw [32]byte
		rand.Read(raw[:])
		cookie := base64.RawURLEncoding.EncodeToString(raw[:])
		now := time.Now()
		if err := st.AddSession(ctx, feierabend.Session{
			TokenHash: signin.Hash(cookie), User: f.owner.User, Tenant: f.tenant, Role: feierabend.RoleOwner, Stay: true, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour),
		}); err != nil {
			return nil, nil, err
		}
		cookies = append(cookies, cookie)
	}
	list, one := page{name: "dashboard of a firm"}, page{name: "a case with its open draft"}
	for range 40 {
		list.paths = append(list.paths, "/")
	}
	for i := range 200 { // the i-th path is read by the firm of the i-th cookie
		one.paths = append(one.paths, "/v/"+string(cases[i*7*len(firms)%len(cases)+i%len(firms)].id))
	}
	return []page{list, one}, cookies, nil
}

// draft lets the product's own step draft the first case and gives all others the
// same draft, each sealed with its own key: drafting them one by one would take
// longer than all the rest.
func draft(ctx context.Context, st *store.Store, cases []made) error {
	step := drafting.New(drafting.Options{Store: st, Policy: ownEngine{}, Now: time.Now})
	first := cases[0]
	if err := step.Run(ctx, feierabend.Job{K: feierabend.JobDraft, Tenant: first.tenant.String(), Ref: string(first.message)}); err != nil {
		return err
	}
	v, err := st.Draft(ctx, first.tenant, first.id)
	if err != nil {
		return err
	}
	c, err := st.Case(ctx, first.tenant, first.id)
	if err != nil {
		return err
	}
	for _, m := range cases[1:] {
		if _, err := st.AddDraft(ctx, m.tenant, feierabend.NewDraft{Case: m.id, Draft: v.Draft, By: v.By, Engine: v.Engine, State: c.State, Summary: c.Summary, Message: m.message, Reason: "drafted"}); err != nil {
			return err
		}
	}
	return nil
}
