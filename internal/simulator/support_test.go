package simulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/outbound"
	"feierabend/internal/secret"
	"feierabend/internal/simulator"
	"feierabend/internal/whatsapp"
)

const (
	hauke = "+4917139200155"
	inken = "+4917139200166"
)

// bench is the simulator, the real client through the real guarded client, and a
// webhook that keeps what it parsed.
type bench struct {
	t      *testing.T
	sim    *simulator.Simulator
	srv    *httptest.Server
	hook   *httptest.Server
	client *whatsapp.Client
	tenant feierabend.TenantID

	mu       sync.Mutex
	changed  chan struct{}
	in       []feierabend.Inbound
	st       []feierabend.DeliveryStatus
	refused  int
	answer   func(n int) int // status of the nth delivery, nil = 200
	n        int
	parseErr error
}

func newBench(t *testing.T, change func(*simulator.Options)) *bench {
	t.Helper()
	o := simulator.Options{AppSecret: "app-secret", VerifyToken: "own-word", Token: "token", Retry: []time.Duration{0, time.Millisecond}}
	if change != nil {
		change(&o)
	}
	sim, err := simulator.New(o)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, sim: sim, changed: make(chan struct{})}
	if b.tenant, err = feierabend.ParseTenantID(feierabend.NewID()); err != nil {
		t.Fatal(err)
	}
	b.srv = httptest.NewServer(sim.Handler())
	host := must(url.Parse(b.srv.URL)).Host
	out := outbound.New([]feierabend.Recipient{{
		ID: "whatsapp", Purposes: []feierabend.Purpose{feierabend.PurposeMessaging}, Hosts: []string{host}, BearerHosts: []string{host}, Loopback: true,
	}}, nil, true)
	b.client = whatsapp.New(whatsapp.Options{
		Do: out, Base: b.srv.URL, PhoneNumberID: "115577990033441", Token: secret.New("token"), Secrets: []secret.Secret{secret.New("app-secret")}, VerifyToken: secret.New("own-word"), Timeout: 5 * time.Second,
	})
	b.hook = httptest.NewServer(http.HandlerFunc(b.webhook))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); sim.Run(ctx) }()
	if err := sim.Connect(t.Context(), b.hook.URL+"/webhooks/whatsapp"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); <-done; b.hook.Close(); b.srv.Close() })
	return b
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (b *bench) webhook(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		q := r.URL.Query()
		if c, ok := b.client.Verify(q.Get("hub.mode"), q.Get("hub.verify_token"), q.Get("hub.challenge")); ok {
			io.WriteString(w, c)
			return
		}
		w.WriteHeader(http.StatusForbidden)
		return
	}
	raw := must(io.ReadAll(r.Body))
	in, st, err := b.client.Parse(r.Header, raw)
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { close(b.changed); b.changed = make(chan struct{}) }()
	if feierabend.KindOf(err) == feierabend.Unauthorized {
		b.refused++
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if err != nil {
		b.parseErr = err
	}
	for _, c := range raw {
		if c >= 0x80 {
			b.parseErr = errors.New("body is not ASCII")
		}
	}
	b.n++
	if b.answer != nil {
		if code := b.answer(b.n); code != http.StatusOK {
			w.WriteHeader(code)
			return
		}
	}
	b.in, b.st = append(b.in, in...), append(b.st, st...)
}

// until waits for a condition on what the webhook got.
func (b *bench) until(what string, done func() bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 10*time.Second)
	defer cancel()
	for {
		b.mu.Lock()
		ok, next := done(), b.changed
		b.mu.Unlock()
		if b.parseErr != nil {
			b.t.Fatalf("webhook: %v", b.parseErr)
		}
		if ok {
			return
		}
		select {
		case <-next:
		case <-ctx.Done():
			b.t.Fatalf("waited for %s: %d messages, %d statuses, %d refused", what, len(b.in), len(b.st), b.refused)
		}
	}
}

// inbound waits for n messages.
func (b *bench) inbound(n int) []feierabend.Inbound {
	b.t.Helper()
	b.until("messages", func() bool { return len(b.in) >= n })
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]feierabend.Inbound(nil), b.in...)
}

// states waits for n statuses with a callback.
func (b *bench) states(callback string, n int) (out []feierabend.DeliveryStatus) {
	b.t.Helper()
	pick := func() (l []feierabend.DeliveryStatus) {
		for _, s := range b.st {
			if s.Callback == callback {
				l = append(l, s)
			}
		}
		return l
	}
	b.until("statuses", func() bool { out = pick(); return len(out) >= n })
	return out
}

func note(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/note.ogg")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func chatCode(err error) int {
	var ce *feierabend.ChatError
	if errors.As(err, &ce) {
		return ce.Code
	}
	return -1
}

func newServer(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}
