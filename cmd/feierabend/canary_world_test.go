package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/jobs"
	"feierabend/internal/secret"
	"feierabend/internal/simulator"
)

// canary is a running demo service, everything it says, and what must not be found.
type canary struct {
	*running
	ctx    context.Context
	sim    *simulator.Simulator
	logs   *safeBuffer
	dirs   map[string]string // data and temp
	std    *os.File          // what came out on stdout and stderr
	mu     sync.Mutex
	marks  map[string]bool // content and secrets: nowhere in plain
	people map[string]bool // account data: in the database, but in no log
	sealed [][]byte        // wrapped keys and ciphertext of cases
	urls   strings.Builder // every address that was called, redirects included
}

// RoundTrip notes an address and goes there. The token of a mailed link is the one
// secret that an address may hold (AUTH-08).
func (c *canary) RoundTrip(r *http.Request) (*http.Response, error) {
	q := r.URL.Query()
	q.Del("t")
	c.mu.Lock()
	fmt.Fprintln(&c.urls, r.URL.EscapedPath(), q.Encode())
	c.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

// canaryFirm is one firm with its phone and browser.
type canaryFirm struct {
	*canary
	tenant        feierabend.TenantID
	phone, email  string
	buyer, street string
	built         string // what was built in, "" = a Röhrensiphon
	visitor       *visitor
}

// safeBuffer takes log lines of many goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newCanary starts the demo service with the log at its loudest.
func newCanary(t *testing.T) *canary {
	t.Helper()
	return newCanaryWith(t, nil)
}

// newCanaryWith wraps every handler of a job, unless double is nil.
func newCanaryWith(t *testing.T, double func(jobs.Handler) jobs.Handler) *canary {
	t.Helper()
	return newCanaryOn(t, canaryFirms(), double)
}

// newCanaryOn starts it with other firms, and further settings.
func newCanaryOn(t *testing.T, firms []newTenant, double func(jobs.Handler) jobs.Handler, settings ...string) *canary {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	t.Cleanup(cancel)
	c := &canary{ctx: ctx, logs: &safeBuffer{}, dirs: map[string]string{"data": t.TempDir(), "temp": t.TempDir()}, marks: map[string]bool{}, people: map[string]bool{}}
	t.Setenv("TMPDIR", c.dirs["temp"])
	c.catchStd(t)
	cfg, err := loadConfig(lookup(append([]string{
		"FEIERABEND_MODE=demo", "FEIERABEND_LISTEN=localhost:0", "FEIERABEND_SIMULATOR_LISTEN=127.0.0.1:0",
		"FEIERABEND_DATA=" + c.dirs["data"], "FEIERABEND_MODELS=" + t.TempDir(),
		"FEIERABEND_MASTER_KEYS=1:" + randomKey(), "FEIERABEND_ROOT_KEY=" + randomKey(),
	}, settings...)))
	if err != nil {
		t.Fatal(err)
	}
	c.seed(t, cfg, firms)
	log := newLog(c.logs, false, slog.LevelDebug)
	if double == nil {
		c.running, err = start(ctx, cfg, log)
	} else {
		c.running, err = startDoubled(ctx, cfg, log, double)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	c.sim = c.demo.sim
	for _, s := range []secret.Secret{secret.New(cfg.MasterKeys.Reveal()[2:]), cfg.RootKey, c.cfg.WhatsAppToken, c.cfg.WhatsAppSecret, c.cfg.WhatsAppVerify} {
		c.mark(s.Reveal())
	}
	return c
}

// catchStd sends stdout and stderr of the process to a file for the test.
func (c *canary) catchStd(t *testing.T) {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "std")
	if err != nil {
		t.Fatal(err)
	}
	c.std = f
	out, err2 := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = f, f
	t.Cleanup(func() {
		os.Stdout, os.Stderr = out, err2
		f.Close()
	})
}

// canaryFirms are the two firms of the story.
func canaryFirms() []newTenant {
	return []newTenant{
		{Name: "Haustechnik Saphirbach", Owner: "Heimeran Saphirbach", Email: "saphirbach@canary.example", Phone: "+4917139200155"},
		{Name: "Malerei Opalgrund", Owner: "Irmtraud Opalgrund", Email: "opalgrund@canary.example", Phone: "+4917139200166"},
	}
}

// seed makes the firms before the demo does, with marked people.
func (c *canary) seed(t *testing.T, cfg config, firms []newTenant) {
	t.Helper()
	st, _, err := openStore(c.ctx, cfg, newLog(c.logs, false, slog.LevelDebug), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, n := range firms {
		b, err := demoFiles.ReadFile("demo/deichgruen.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &n.Profile); err != nil {
			t.Fatal(err)
		}
		n.Profile.Seller.Name, n.Profile.Seller.Email = n.Name, n.Email
		if _, err := n.create(c.ctx, st); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{n.Name, n.Owner, n.Email, strings.Fields(n.Owner)[1], n.Profile.Seller.IBAN, "RE-2026-00"} {
			c.people[s] = true
		}
	}
}

// firm finds a firm by its phone.
func (c *canary) firm(phone, buyer, street string) *canaryFirm {
	c.mark(buyer, street, phone, phone[1:], phone[3:], "Dispersionsanstrich", "Bergkristall")
	f := &canaryFirm{canary: c, phone: phone, buyer: buyer, street: street}
	ts, _ := c.store.Tenants(c.ctx)
	for _, t := range ts {
		links, _ := c.store.SenderLinks(c.ctx, t.ID)
		for _, l := range links {
			if l.Phone == phone {
				u, _ := c.store.User(c.ctx, l.User)
				f.tenant, f.email = t.ID, u.Email
			}
		}
	}
	return f
}

// mark adds what must not be found. What is shorter than eight bytes proves nothing.
func (c *canary) mark(texts ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range texts {
		if len(s) >= 8 {
			c.marks[s] = true
		}
	}
}

// keep notes the sealed forms of a case, which must be there before the erasure.
func (c *canaryFirm) keep(t *testing.T, id feierabend.CaseID) {
	t.Helper()
	wrapped, cipher, err := c.store.Fingerprints(c.ctx, c.tenant, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{wrapped, cipher} {
		if len(b) < 32 {
			t.Fatalf("a fingerprint of %d bytes", len(b))
		}
		if !slices.ContainsFunc(c.sealed, func(x []byte) bool { return bytes.Equal(x, b) }) {
			c.sealed = append(c.sealed, b)
		}
	}
}

func (f *canaryFirm) cases(t *testing.T) []feierabend.Case {
	t.Helper()
	cs, err := f.store.Cases(f.ctx, f.tenant)
	if err != nil {
		t.Fatal(err)
	}
	return cs
}

// strangers posts what does not belong here: an unknown number, a wrong
// signature, broken JSON, each with a mark.
func (c *canary) strangers(t *testing.T) {
	t.Helper()
	c.mark("Rosenquarzsilbe", "4915900000077")
	message := `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",` +
		`"metadata":{"display_phone_number":"4930231250420","phone_number_id":"115577990033441"},"messages":[{"from":"4915900000077","id":"wamid.Rosenquarzsilbe",` +
		`"timestamp":"` + fmt.Sprint(time.Now().Unix()) + `","type":"text","text":{"body":"Rosenquarzsilbe"}}]}}]}]}`
	for _, p := range []struct {
		body, secret string
		want         int
	}{{message, c.cfg.WhatsAppSecret.Reveal(), 200}, {message, "falsch", 401}, {`{"Rosenquarzsilbe":`, c.cfg.WhatsAppSecret.Reveal(), 400}} {
		mac := hmac.New(sha256.New, []byte(p.secret))
		mac.Write([]byte(p.body))
		req, err := http.NewRequestWithContext(c.ctx, http.MethodPost, c.url+"/webhooks/whatsapp", strings.NewReader(p.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode != p.want {
			t.Errorf("webhook answered %d, want %d", res.StatusCode, p.want)
		}
	}
}

// countDown lets the countdown of an issued case end.
func (c *canary) countDown(t *testing.T, f *canaryFirm, doc feierabend.Document) {
	t.Helper()
	past := time.Now().Add(-time.Second).UnixMicro()
	if _, err := c.store.SQL().ExecContext(c.ctx, `UPDATE cases SET state = 'downloaded', erase_at = $1 WHERE tenant_id = $2 AND id = $3`, past, f.tenant.String(), string(doc.Case)); err != nil {
		t.Fatal(err)
	}
}

// expire moves the end of a case's time to now.
func (c *canary) expire(t *testing.T, id feierabend.CaseID) {
	t.Helper()
	if _, err := c.store.SQL().ExecContext(c.ctx, `UPDATE cases SET expires_at = $1 WHERE id = $2`, time.Now().UnixMicro(), string(id)); err != nil {
		t.Fatal(err)
	}
}

// discardRest sweeps and throws away what the failures left.
func (c *canary) discardRest(t *testing.T, firms ...*canaryFirm) {
	t.Helper()
	if err := c.store.Enqueue(c.ctx, feierabend.Job{K: feierabend.JobSweep}); err != nil {
		t.Fatal(err)
	}
	for _, f := range firms {
		for _, k := range f.cases(t) {
			if k.EraseAt.IsZero() {
				f.keep(t, k.ID)
				f.page(t, "/v/"+string(k.ID)+"/verwerfen", map[string][]string{})
			}
		}
	}
}

// erased waits for the receipt of a case.
func (c *canary) erased(t *testing.T, id feierabend.CaseID, want feierabend.EraseReason) {
	t.Helper()
	ts, err := c.store.Tenants(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for c.ctx.Err() == nil {
		for _, f := range ts {
			if r, err := c.store.ReceiptOf(c.ctx, f.ID, id); err == nil {
				if r.Reason != want {
					t.Errorf("erased by %s, want %s", r.Reason, want)
				}
				return
			}
		}
		wait(c.ctx)
	}
	t.Fatalf("case %s was never erased (%s)", id, want)
}

// files gives every byte below a folder, by name.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		out[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
