package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"feierabend/internal/simulator"
)

// front stands before the web processes as a balancer does: what one cannot take the
// next one gets. Only the simulator's deliveries pass it; the generator chooses itself.
type front struct {
	url    string
	ln     net.Listener
	srv    *http.Server
	client *http.Client
	next   atomic.Int64
}

func newFront() (*front, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return &front{url: "http://" + ln.Addr().String(), ln: ln, client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}, nil
}

func (f *front) serve(webs []*seat, host string) {
	f.srv = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		for range webs {
			at := webs[int(f.next.Add(1))%len(webs)].listen
			req, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+at+r.URL.RequestURI(), bytes.NewReader(body))
			if err != nil {
				break
			}
			req.Host, req.Header = host, r.Header.Clone()
			res, err := f.client.Do(req)
			if err != nil {
				continue
			}
			answer, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil || res.StatusCode >= 500 {
				continue
			}
			w.WriteHeader(res.StatusCode)
			w.Write(answer)
			return
		}
		w.WriteHeader(http.StatusBadGateway)
	})}
	go f.srv.Serve(f.ln)
}

func (f *front) close() {
	f.ln.Close()
	if f.srv != nil {
		f.srv.Close()
	}
}

// sending is one message of the generator.
type sending struct {
	body  []byte
	tries int
	acked bool
}

// generator sends signed messages at a fixed rate, each again and again until a
// process has acknowledged it, as Meta does.
type generator struct {
	f      *fleet
	client *http.Client
	wait   sync.WaitGroup
	places chan struct{}

	mu   sync.Mutex
	sent []*sending
}

func (f *fleet) generator(p fleetPlan) *generator {
	g := &generator{f: f, places: make(chan struct{}, 400), client: &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	random := rand.New(rand.NewPCG(7, 7))
	for n := range int(p.load.Seconds() * float64(p.rate)) {
		phone := simulator.CrowdPhone(n % p.senders)
		id := fmt.Sprintf("wamid.FLEET%08d", n)
		g.sent = append(g.sent, &sending{body: textWebhook(f.set, phone, id, dictation(random, n/p.senders))})
	}
	return g
}

// run sends everything and ends when the last message has been tried once.
func (g *generator) run(p fleetPlan) {
	begin := time.Now()
	var first sync.WaitGroup
	for n, m := range g.sent {
		time.Sleep(time.Until(begin.Add(time.Duration(n) * time.Second / time.Duration(p.rate))))
		first.Add(1)
		g.wait.Go(func() { g.deliver(m, n, &first) })
	}
	first.Wait()
}

// deliver tries one process after the other: at once, then after 1, 2, 4, 5, 5 … s.
func (g *generator) deliver(m *sending, n int, first *sync.WaitGroup) {
	for try := 0; ; try++ {
		g.places <- struct{}{}
		ok := g.post(g.f.webs[(n+try)%len(g.f.webs)], m.body)
		<-g.places
		g.mu.Lock()
		m.tries++
		m.acked = ok
		g.mu.Unlock()
		if try == 0 {
			first.Done()
		}
		if ok {
			return
		}
		time.Sleep(min(time.Second<<min(try, 3), 5*time.Second))
	}
}

func (g *generator) post(to *seat, body []byte) bool {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+to.listen+"/webhooks/whatsapp", bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Host = g.f.host
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Hub-Signature-256", sign(g.f.set.AppSecret, body))
	res, err := g.client.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err == nil && res.StatusCode == http.StatusOK
}

// counts gives how many are acknowledged, how many at the first try, and how many
// deliveries were repeated.
func (g *generator) counts() (acked, first, repeated int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range g.sent {
		if m.acked {
			acked++
			if m.tries == 1 {
				first++
			}
		}
		repeated += max(0, m.tries-1)
	}
	return acked, first, repeated
}
