package operator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/operator"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// away is a database that does not answer.
type away struct{}

func (away) QueueView(context.Context) (feierabend.QueueView, error) {
	return feierabend.QueueView{}, errors.New("Petersen, Lindenweg 12")
}

func get(t *testing.T, o operator.Options, path string) (int, http.Header, string) {
	t.Helper()
	h, err := operator.New(o)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, w.Result().Header, string(b)
}

// busy is a store with two firms that have work waiting.
func busy(t *testing.T, st *store.Store) (a, b storetest.Firm) {
	t.Helper()
	a, b = storetest.Seed(t, st)
	for _, f := range []storetest.Firm{a, b} {
		if _, err := st.Receive(t.Context(), []feierabend.Inbound{f.Inbound("wamid.1"+f.User.Email, "Rechnung für Frau Petersen")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Beat(t.Context(), feierabend.Process{ID: "p1", Roles: []string{feierabend.ServesWork}, StartedAt: time.Now()}); err != nil {
		t.Fatal(err)
	}
	return a, b
}

// TestQueuePage shows counts, ages and processes, and neither firm nor content.
func TestQueuePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		a, b := busy(t, st)
		o := operator.Options{Queue: st, Self: "p1", Checks: []operator.Check{func(context.Context) []feierabend.Health {
			return []feierabend.Health{{Name: "sweep", Level: feierabend.HealthYellow, Code: "late", Since: time.Now()}}
		}}}
		code, head, page := get(t, o, "/queue")
		if code != http.StatusOK || !strings.HasPrefix(head.Get("Content-Type"), "text/html") || !strings.Contains(head.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("page: %d %v", code, head)
		}
		for _, want := range []string{"<b>2</b> warten", "Entwurf schreiben", "wartet", "p1", "(dieser)", "sweep", "late", "ansehen"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		code, head, text := get(t, o, "/queue?format=json")
		var v feierabend.QueueView
		if err := json.Unmarshal([]byte(text), &v); err != nil || code != http.StatusOK || head.Get("Content-Type") != "application/json" || len(v.Kinds) != 1 || v.Kinds[0].Jobs != 2 {
			t.Errorf("JSON: %d %v %s", code, err, text)
		}
		_, _, metrics := get(t, o, "/metrics")
		for _, want := range []string{"feierabend_queue_jobs{kind=\"draft\",state=\"available\"} 2\n", "# TYPE feierabend_queue_jobs gauge\n", "feierabend_database_up 1\n", "feierabend_processes{role=\"worker\"} 1\n"} {
			if !strings.Contains(metrics, want) {
				t.Errorf("the metrics lack %q:\n%s", want, metrics)
			}
		}
		for _, f := range []storetest.Firm{a, b} {
			for _, secret := range []string{f.Tenant.ID.String(), f.Tenant.Name, string(f.Sender.ID), "Petersen", f.Sender.Phone} {
				if strings.Contains(page+text+metrics, secret) {
					t.Errorf("the operator is shown %q", secret)
				}
			}
		}
	})
}

// TestHealth: red is 503, the rest 200; the liveness of the process asks nobody.
func TestHealth(t *testing.T) {
	for _, c := range []struct {
		level feierabend.HealthLevel
		want  int
	}{{feierabend.HealthGreen, 200}, {feierabend.HealthYellow, 200}, {feierabend.HealthRed, 503}} {
		o := operator.Options{Queue: away{}, Checks: []operator.Check{
			func(context.Context) []feierabend.Health {
				return []feierabend.Health{{Name: "a", Level: feierabend.HealthGreen}}
			},
			func(context.Context) []feierabend.Health {
				return []feierabend.Health{{Name: "b", Level: c.level, Code: "x"}}
			},
		}}
		code, _, text := get(t, o, "/health")
		var rows []feierabend.Health
		if err := json.Unmarshal([]byte(text), &rows); err != nil || code != c.want || len(rows) != 2 || rows[1].Level != c.level {
			t.Errorf("%s: %d %v %s", c.level, code, err, text)
		}
		if code, _, _ := get(t, o, "/healthz"); code != http.StatusOK {
			t.Errorf("%s: /healthz answers %d", c.level, code)
		}
	}
}

// TestDatabaseAway: a sentence instead of the page, and no detail of the error.
func TestDatabaseAway(t *testing.T) {
	o := operator.Options{Queue: away{}, Figures: func() []operator.Figure {
		return []operator.Figure{{Name: "feierabend_jobs_total", Help: "Jobs.", Labels: []string{"kind", "draft", "end", "done"}, Value: 3}}
	}}
	code, _, text := get(t, o, "/queue")
	if code != http.StatusServiceUnavailable || !strings.Contains(text, "Die Datenbank antwortet nicht") || strings.Contains(text, "Petersen") {
		t.Errorf("%d %s", code, text)
	}
	code, _, text = get(t, o, "/metrics")
	want := "# HELP feierabend_database_up 1 where the database answers.\n# TYPE feierabend_database_up gauge\nfeierabend_database_up 0\n" +
		"# HELP feierabend_jobs_total Jobs.\n# TYPE feierabend_jobs_total counter\nfeierabend_jobs_total{kind=\"draft\",end=\"done\"} 3\n"
	if code != http.StatusOK || text != want {
		t.Errorf("%d\n%s", code, text)
	}
}

// TestOnlyReading: nothing else is served, and nothing but GET.
func TestOnlyReading(t *testing.T) {
	h, err := operator.New(operator.Options{Queue: away{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"POST", "/queue", 405},
		{"DELETE", "/queue", 405},
		{"GET", "/f/x", 404},
		{"GET", "/", 303},
		{"GET", "/operator.css", 200},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.want)
		}
	}
}

// TestAddress: this host and private networks, named as addresses.
func TestAddress(t *testing.T) {
	for addr, ok := range map[string]bool{
		"127.0.0.1:9090": true, "localhost:9090": true, "[::1]:0": true, "10.1.2.3:9090": true, "192.168.0.5:1": true, "172.16.9.9:1": true, "[fd00::1]:9090": true,
		"0.0.0.0:9090": false, ":9090": false, "[::]:9090": false, "8.8.8.8:9090": false, "metrics.example.de:9090": false, "9090": false, "": false, "172.32.0.1:1": false,
	} {
		err := operator.Address(addr)
		if (err == nil) != ok {
			t.Errorf("%q: %v, want allowed: %v", addr, err, ok)
		}
		if err != nil && !strings.Contains(feierabend.TextOf(err), "FEIERABEND_INTERNAL_LISTEN") {
			t.Errorf("%q: no sentence: %v", addr, err)
		}
	}
}
