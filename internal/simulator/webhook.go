package simulator

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// delivery is one webhook on its way.
type delivery struct {
	what     string // German word for the page
	change   any
	accepted func() // runs under s.mu when the answer was 200
	tries    int
	due      time.Time // real time
}

// hooks is the queue of deliveries and the way to the product.
type hooks struct {
	url      string
	verified bool
	queue    []delivery
	wake     chan struct{}
	client   *http.Client
}

func newHooks(address string) hooks {
	d := &net.Dialer{Timeout: 5 * time.Second, Control: nearby}
	return hooks{url: address, wake: make(chan struct{}, 1), client: &http.Client{
		Timeout:       20 * time.Second,
		Transport:     &http.Transport{DialContext: d.DialContext, MaxIdleConnsPerHost: 8},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// nearby lets the simulator reach this machine and its private network only: it
// must never talk to a real service.
func nearby(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if a := ap.Addr().Unmap(); !a.IsLoopback() && !a.IsPrivate() {
		return errors.New("the simulator only reaches loopback and private addresses")
	}
	return nil
}

// enqueue puts a delivery into the queue; s.mu is held.
func (s *Simulator) enqueue(d delivery) {
	s.hooks.queue = append(s.hooks.queue, d)
	s.wakeUp()
}

func (s *Simulator) wakeUp() {
	select {
	case s.hooks.wake <- struct{}{}:
	default:
	}
}

// Connect names the webhook, does the handshake of its registration and starts
// the deliveries. An error says that the handshake failed; Run tries it again.
func (s *Simulator) Connect(ctx context.Context, webhookURL string) error {
	s.mu.Lock()
	s.hooks.url, s.hooks.verified = webhookURL, false
	s.mu.Unlock()
	err := s.handshake(ctx, webhookURL)
	s.wakeUp()
	return err
}

// handshake is GET with hub.mode, hub.challenge and hub.verify_token; the answer
// must be the challenge and nothing else.
func (s *Simulator) handshake(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("webhook address: %w", err)
	}
	challenge := strconv.FormatInt(1_000_000_000+time.Now().UnixNano()%1_000_000_000, 10)
	q := u.Query()
	q.Set("hub.mode", "subscribe")
	q.Set("hub.challenge", challenge)
	q.Set("hub.verify_token", s.o.VerifyToken)
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fmt.Errorf("webhook address: %w", err)
	}
	resp, err := s.hooks.client.Do(req)
	if err != nil {
		return fmt.Errorf("webhook handshake: %w", err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil {
		return fmt.Errorf("webhook handshake: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if resp.StatusCode != http.StatusOK || string(b) != challenge {
		s.note("→ Anmeldung des Webhooks, " + itoa(resp.StatusCode) + ", abgelehnt")
		return fmt.Errorf("webhook handshake: status %d, or the answer is not the bare challenge", resp.StatusCode)
	}
	if s.hooks.url == address {
		s.hooks.verified = true
	}
	s.note("→ Webhook angemeldet")
	s.signal()
	return nil
}

// Run sends webhooks until ctx ends. Deliveries of one moment keep their order;
// a refused one is repeated later and does not hold up the others.
func (s *Simulator) Run(ctx context.Context) {
	retry := time.NewTimer(time.Hour)
	defer retry.Stop()
	for {
		next := s.work(ctx)
		retry.Reset(next)
		select {
		case <-ctx.Done():
			return
		case <-s.hooks.wake:
		case <-retry.C:
		}
	}
}

// work sends what is due and says when to look again.
func (s *Simulator) work(ctx context.Context) time.Duration {
	s.mu.Lock()
	address, verified, waiting := s.hooks.url, s.hooks.verified, len(s.hooks.queue) > 0
	s.mu.Unlock()
	if address == "" {
		return time.Hour
	}
	if !verified && s.handshake(ctx, address) != nil {
		return 2 * time.Second
	}
	if !waiting {
		return time.Hour
	}
	for ctx.Err() == nil {
		batch := s.due()
		if len(batch) == 0 {
			break
		}
		size := min(max(1, s.Faults().Batch), 1000)
		for part := range slices.Chunk(batch, size) {
			s.send(ctx, address, part)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := time.Hour
	if s.faults.Hold {
		return next
	}
	for _, d := range s.hooks.queue {
		next = min(next, max(0, time.Until(d.due)))
	}
	return next
}

// due takes the deliveries whose time has come out of the queue.
func (s *Simulator) due() (batch []delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.Hold {
		return nil
	}
	now := time.Now()
	rest := s.hooks.queue[:0:0]
	for _, d := range s.hooks.queue {
		if d.due.After(now) {
			rest = append(rest, d)
		} else {
			batch = append(batch, d)
		}
	}
	s.hooks.queue = rest
	if s.faults.Reorder {
		slices.Reverse(batch)
	}
	return batch
}

// send makes one try with one or more changes, with the faults that are on.
func (s *Simulator) send(ctx context.Context, address string, batch []delivery) {
	f := s.Faults()
	what := batch[0].what
	if len(batch) > 1 {
		what = itoa(len(batch)) + " auf einmal"
	}
	changes := make([]any, len(batch))
	for i, d := range batch {
		changes[i] = d.change
	}
	body := envelope(changes)
	if f.Forge {
		forged := bytes.Replace(body, []byte(`"timestamp":"1`), []byte(`"timestamp":"0`), 1)
		code, took := s.post(ctx, address, forged, "sha256="+hex.EncodeToString(make([]byte, 32)))
		s.report("gefälschte Kopie", code, took)
	}
	signature := s.sign(body)
	if f.Unsigned {
		signature = ""
	}
	twin := make(chan struct{})
	if f.Duplicate {
		go func() {
			defer close(twin)
			code, took := s.post(ctx, address, body, signature)
			s.report("dieselbe noch einmal", code, took)
		}()
	} else {
		close(twin)
	}
	code, took := s.post(ctx, address, body, signature)
	<-twin
	s.report(what, code, took)
	s.settle(ctx, batch, code)
}

// settle marks what was accepted and puts the rest back, to be repeated later.
func (s *Simulator) settle(ctx context.Context, batch []delivery, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range batch {
		switch {
		case code == http.StatusOK:
			if d.accepted != nil {
				d.accepted()
			}
		case ctx.Err() == nil:
			pause := s.o.Retry[min(d.tries, len(s.o.Retry)-1)]
			if d.tries++; d.tries > len(s.o.Retry) {
				pause = max(pause, 10*time.Millisecond) // for ever, but never without a pause
			}
			d.due = time.Now().Add(pause)
			s.hooks.queue = append(s.hooks.queue, d)
		}
	}
	s.signal()
}

func (s *Simulator) report(what string, code int, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := itoa(code)
	if code == 0 {
		answer = "keine Antwort"
	}
	s.note(fmt.Sprintf("→ %s, %s in %d ms", what, answer, took.Milliseconds()))
}

// sign makes X-Hub-Signature-256 over the raw body.
func (s *Simulator) sign(body []byte) string {
	m := hmac.New(sha256.New, []byte(s.o.AppSecret))
	m.Write(body)
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}

// post sends one delivery; code 0 means that no answer came.
func (s *Simulator) post(ctx context.Context, address string, body []byte, signature string) (code int, took time.Duration) {
	start := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "facebookexternalua")
	req.Header.Set("Accept", "*/*")
	if signature != "" {
		req.Header.Set("X-Hub-Signature-256", signature)
	}
	resp, err := s.hooks.client.Do(req)
	if err != nil {
		return 0, time.Since(start)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	return resp.StatusCode, time.Since(start)
}
