package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"feierabend"
)

func (w *world) hook(body, signature string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://127.0.0.1:4711/webhooks/whatsapp", strings.NewReader(body))
	r.Header.Set("X-Hub-Signature-256", signature)
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec
}

func TestWebhookHandshake(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	ok := b.do("GET", "/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=geheim&hub.challenge=4711", nil)
	if ok.StatusCode != 200 || text(t, ok) != "4711" || !strings.HasPrefix(ok.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("handshake: %d", ok.StatusCode)
	}
	bad := b.do("GET", "/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=falsch&hub.challenge=4711", nil)
	if bad.StatusCode != http.StatusForbidden || text(t, bad) != "" {
		t.Errorf("wrong token: %d", bad.StatusCode)
	}
}

func TestWebhook(t *testing.T) {
	w := newWorld(t)
	in := w.a.Inbound("wamid.hook", "Rechnung für Frau Geheim")
	unknown := w.a.Inbound("wamid.fremd", "Wer bin ich")
	unknown.From = "+4917600000000"
	w.channel.in = []feierabend.Inbound{in, unknown}
	var seen []feierabend.OutcomeCode
	w.options.Seen = func(_ feierabend.Inbound, o feierabend.Outcome) { seen = append(seen, o.Code) }
	w.build()

	for _, c := range []struct {
		name, body, signature string
		status                int
	}{
		{"forged", `{"x":"Frau Geheim"}`, "schlecht", 401},
		{"unsigned", `{}`, "", 401},
		{"broken JSON", `Frau Geheim`, "gut", 400},
		{"empty", ``, "gut", 400},
		{"too large", "{" + strings.Repeat(" ", 4<<20), "gut", 413},
	} {
		if rec := w.hook(c.body, c.signature); rec.Code != c.status || rec.Body.Len() != 0 {
			t.Errorf("%s: %d %q, want %d and nothing", c.name, rec.Code, rec.Body, c.status)
		}
	}
	if len(seen) != 0 {
		t.Errorf("seen %v before anything was taken", seen)
	}
	for range 2 {
		if rec := w.hook(`{}`, "gut"); rec.Code != 200 || rec.Body.Len() != 0 {
			t.Errorf("good: %d", rec.Code)
		}
	}
	want := []feierabend.OutcomeCode{feierabend.Accepted, feierabend.UnknownSender, feierabend.Duplicate, feierabend.UnknownSender}
	if len(seen) != 4 || seen[0] != want[0] || seen[1] != want[1] || seen[2] != want[2] {
		t.Errorf("seen %v, want %v", seen, want)
	}
	if cases, err := w.store.Cases(context.Background(), w.a.Tenant.ID); err != nil || len(cases) != 1 {
		t.Errorf("%d cases %v", len(cases), err)
	}
	if log := w.logs.String(); strings.Contains(log, "Geheim") || strings.Contains(log, "wamid") || strings.Contains(log, "176000") {
		t.Error("content of the webhook stands in the log")
	}
}

type fullDisk struct{}

func (fullDisk) Receive(context.Context, []feierabend.Inbound) ([]feierabend.Outcome, error) {
	return nil, &feierabend.Error{Kind: feierabend.Unavailable, Code: "disk_full", Err: errors.New("write: no space left on device")}
}

func (fullDisk) ReceiveStatuses(context.Context, []feierabend.DeliveryStatus) error {
	return &feierabend.Error{Kind: feierabend.Unavailable, Code: "disk_full"}
}

// TestWebhookThatCannotBeStored is sent again later: 503, and nobody is told that
// the message was seen.
func TestWebhookThatCannotBeStored(t *testing.T) {
	w := newWorld(t)
	w.options.Accept = fullDisk{}
	w.options.Seen = func(feierabend.Inbound, feierabend.Outcome) { t.Error("seen, though not stored") }
	w.build()
	w.channel.in = []feierabend.Inbound{w.a.Inbound("wamid.1", "x")}
	if rec := w.hook(`{}`, "gut"); rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Errorf("message: %d", rec.Code)
	}
	w.channel.in, w.channel.statuses = nil, []feierabend.DeliveryStatus{{}}
	if rec := w.hook(`{}`, "gut"); rec.Code != http.StatusServiceUnavailable {
		t.Errorf("status: %d", rec.Code)
	}
}

func TestHealth(t *testing.T) {
	w := newWorld(t)
	health := func() (int, map[string]any) {
		res := w.browser().do("GET", "/healthz", nil, "Host", "10.1.2.3")
		var v map[string]any
		must(t, json.NewDecoder(res.Body).Decode(&v))
		return res.StatusCode, v
	}
	if code, v := health(); code != 200 || v["ok"] != true || v["sweep"] != "none" {
		t.Errorf("before the first sweep: %d %v", code, v)
	}
	must(t, w.store.SweepDone(context.Background(), w.clock.Now()))
	w.clock.Advance(90 * time.Second)
	if code, v := health(); code != 200 || v["last_sweep_age_seconds"] != 90.0 {
		t.Errorf("after a sweep: %d %v", code, v)
	}
	w.clock.Advance(15 * time.Minute)
	if code, v := health(); code != 200 || v["sweep"] != "late" {
		t.Errorf("no sweep for 16 minutes: %d %v", code, v)
	}
	w.clock.Advance(2 * time.Hour)
	if code, v := health(); code != 200 || v["ok"] != true || v["sweep"] != "overdue" {
		t.Errorf("no sweep for 2 h: %d %v", code, v)
	}
}

// TestHealthWithoutAnySweep: a service whose sweep never worked is told too (DEL-06),
// not only one whose sweep has stopped.
func TestHealthWithoutAnySweep(t *testing.T) {
	w := newWorld(t)
	for _, tc := range []struct {
		after time.Duration
		want  string
	}{{14 * time.Minute, "none"}, {2 * time.Minute, "late"}, {2 * time.Hour, "overdue"}} {
		w.clock.Advance(tc.after)
		res := w.browser().do("GET", "/healthz", nil)
		var v map[string]any
		must(t, json.NewDecoder(res.Body).Decode(&v))
		if res.StatusCode != http.StatusOK || v["sweep"] != tc.want {
			t.Errorf("%s later: %d %v, want %s", tc.after, res.StatusCode, v, tc.want)
		}
	}
}
