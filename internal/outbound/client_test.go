package outbound_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/outbound"
)

const provider = feierabend.ProviderID("whatsapp")

type gate struct{ err error }

func (g gate) Allowed(feierabend.TenantID, feierabend.ProviderID) error { return g.err }

func tenant(t *testing.T) feierabend.TenantID {
	t.Helper()
	id, err := feierabend.ParseTenantID(feierabend.NewID())
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func get(t *testing.T, c *outbound.Client, address string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer secret")
	return c.Do(t.Context(), tenant(t), provider, req)
}

func hostOf(s string) string { u, _ := url.Parse(s); return u.Host }

func TestRefused(t *testing.T) {
	r := feierabend.Recipient{
		ID: provider, Class: feierabend.Subprocessor,
		Hosts:       []string{"graph.example", "169.254.169.254", "127.0.0.1", "localhost", "10.1.2.3", "odd.example:8443"},
		BearerHosts: []string{"graph.example"},
	}
	c := outbound.New([]feierabend.Recipient{r}, nil, true)
	for name, c2 := range map[string]struct{ address, code string }{
		"plain http":         {"http://graph.example/", "outbound_plain"},
		"odd port":           {"https://graph.example:8443/", "outbound_host_not_allowed"},
		"odd port in list":   {"https://odd.example:8443/", "outbound_port"},
		"suffix trick":       {"https://graph.example.evil.test/", "outbound_host_not_allowed"},
		"prefix trick":       {"https://evilgraph.example/", "outbound_host_not_allowed"},
		"userinfo trick":     {"https://graph.example@evil.test/", "outbound_userinfo"},
		"userinfo password":  {"https://user:pw@graph.example/", "outbound_userinfo"},
		"unknown host":       {"https://evil.test/", "outbound_host_not_allowed"},
		"trailing dot":       {"https://graph.example./", "outbound_host_not_allowed"},
		"metadata http":      {"http://169.254.169.254/latest/meta-data/", "outbound_plain"},
		"metadata address":   {"https://169.254.169.254/", "outbound_address"},
		"loopback address":   {"https://127.0.0.1/", "outbound_address"},
		"name to loopback":   {"https://localhost/", "outbound_address"},
		"private address":    {"https://10.1.2.3/", "outbound_address"},
		"decimal address":    {"https://2852039166/", "outbound_host_not_allowed"},
		"file":               {"file:///etc/passwd", "outbound_scheme"},
		"gopher":             {"gopher://graph.example/", "outbound_scheme"},
		"backslash":          {`https://graph.example%5c@evil.test/`, "outbound_userinfo"},
		"empty host":         {"https:///x", "outbound_host_not_allowed"},
		"query looks a host": {"https://evil.test/?graph.example", "outbound_host_not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			req := &http.Request{Method: http.MethodGet, Header: http.Header{}}
			u, err := url.Parse(c2.address)
			if err != nil {
				t.Fatal(err)
			}
			req.URL = u
			_, err = c.Do(t.Context(), tenant(t), provider, req)
			if got := feierabend.CodeOf(err); got != c2.code || !feierabend.IsPermanent(err) {
				t.Errorf("code = %q (%v), want %q, permanent", got, err, c2.code)
			}
			if err != nil && (strings.Contains(err.Error(), "evil") || strings.Contains(err.Error(), "169.")) {
				t.Errorf("error names the target: %v", err)
			}
		})
	}
}

func TestDoLoopback(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.UserAgent()+"|"+r.Header.Get("Authorization")+"|"+r.Header.Get("Cookie"))
	}))
	defer srv.Close()
	r := feierabend.Recipient{ID: provider, Hosts: []string{hostOf(srv.URL)}, BearerHosts: []string{hostOf(srv.URL)}, Loopback: true}

	resp, err := get(t, outbound.New([]feierabend.Recipient{r}, nil, true), srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if got, want := string(b), "feierabend/1.0|Bearer secret|"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := get(t, outbound.New([]feierabend.Recipient{r}, nil, false), srv.URL); feierabend.CodeOf(err) != "outbound_plain" {
		t.Errorf("live mode: %v, want outbound_plain", err)
	}
	r.Loopback, r.Class = false, feierabend.OwnServer
	if resp, err := get(t, outbound.New([]feierabend.Recipient{r}, nil, false), srv.URL); err != nil {
		t.Errorf("own server: %v", err)
	} else {
		resp.Body.Close()
	}
}

// TestRedirects: every hop is checked like a first request, and credentials stay behind.
func TestRedirects(t *testing.T) {
	var seen []string
	final := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Authorization"))
		io.WriteString(w, "ok")
	}))
	defer final.Close()
	target := ""
	hops := 0
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hops++
		if r.URL.Path == "/loop" {
			http.Redirect(w, r, "/loop", http.StatusFound)
			return
		}
		w.Header().Set("Location", target)
		w.WriteHeader(http.StatusFound)
	}))
	defer first.Close()
	r := feierabend.Recipient{
		ID: provider, Loopback: true,
		Hosts:       []string{hostOf(first.URL), hostOf(final.URL), "169.254.169.254"},
		BearerHosts: []string{hostOf(first.URL), hostOf(final.URL)},
	}
	c := outbound.New([]feierabend.Recipient{r}, nil, true)

	target = final.URL + "/file"
	resp, err := get(t, c, first.URL+"/x")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if len(seen) != 1 || seen[0] != "" {
		t.Errorf("credentials after redirect = %q, want none", seen)
	}
	for name, c2 := range map[string]struct{ target, path, code string }{
		"metadata":     {"http://169.254.169.254/latest/meta-data/", "/x", "outbound_address"},
		"unknown host": {"https://evil.test/", "/x", "outbound_host_not_allowed"},
		"userinfo":     {"http://a@" + hostOf(final.URL), "/x", "outbound_userinfo"},
		"file":         {"file:///etc/passwd", "/x", "outbound_scheme"},
		"unreadable":   {"http://%zz", "/x", "outbound_redirect"},
		"loop":         {"", "/loop", "outbound_redirect"},
	} {
		t.Run(name, func(t *testing.T) {
			target, hops = c2.target, 0
			_, err := get(t, c, first.URL+c2.path)
			if got := feierabend.CodeOf(err); got != c2.code {
				t.Errorf("code = %q (%v), want %q", got, err, c2.code)
			}
			if name == "loop" && hops != 4 {
				t.Errorf("requests = %d, want 4", hops)
			}
		})
	}
	t.Run("body", func(t *testing.T) {
		target = final.URL
		req, _ := http.NewRequest(http.MethodPost, first.URL+"/x", strings.NewReader("secret"))
		if _, err := c.Do(t.Context(), tenant(t), provider, req); feierabend.CodeOf(err) != "outbound_redirect" {
			t.Errorf("redirected body: %v", err)
		}
	})
}

func TestBearerHosts(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Header.Get("Authorization")+r.Header.Get("X-Api-Key"))
	}))
	defer srv.Close()
	r := feierabend.Recipient{ID: provider, Hosts: []string{hostOf(srv.URL)}, Loopback: true}
	resp, err := get(t, outbound.New([]feierabend.Recipient{r}, nil, true), srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); len(b) != 0 {
		t.Errorf("credentials sent to a host without them: %q", b)
	}
}

func TestGate(t *testing.T) {
	no := &feierabend.Error{Kind: feierabend.Unauthorized, Code: "no_agreement"}
	rs := []feierabend.Recipient{
		{ID: provider, Purposes: []feierabend.Purpose{feierabend.PurposeMessaging}},
		{ID: "openai", Purposes: []feierabend.Purpose{feierabend.PurposeSpeech}},
	}
	c := outbound.New(rs, gate{no}, false)
	for _, tc := range []struct {
		tenant feierabend.TenantID
		id     feierabend.ProviderID
		code   string
	}{
		{tenant(t), provider, "no_agreement"},
		{feierabend.TenantID{}, provider, "outbound_host_not_allowed"}, // reaches the host check
		{feierabend.TenantID{}, "openai", "outbound_tenant_missing"},
		{tenant(t), "unheard", "outbound_unknown_recipient"},
	} {
		req, _ := http.NewRequest(http.MethodGet, "https://evil.test", nil)
		if _, err := c.Do(t.Context(), tc.tenant, tc.id, req); feierabend.CodeOf(err) != tc.code {
			t.Errorf("%s: %v, want %s", tc.id, err, tc.code)
		}
	}
}

func TestProxyIgnored(t *testing.T) {
	hit := false
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hit = true }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("HTTPS_PROXY", proxy.URL)
	r := feierabend.Recipient{ID: provider, Hosts: []string{"127.0.0.1:1"}, Loopback: true}
	_, err := get(t, outbound.New([]feierabend.Recipient{r}, nil, true), "http://127.0.0.1:1/")
	if hit || feierabend.KindOf(err) != feierabend.Unavailable {
		t.Errorf("proxy used: %v, error %v", hit, err)
	}
}

// TestDeadline: the deadline also ends a body that never ends.
func TestDeadline(t *testing.T) {
	stop := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}))
	defer srv.Close()
	defer close(stop)
	r := feierabend.Recipient{ID: provider, Hosts: []string{hostOf(srv.URL)}, Loopback: true}
	c := outbound.New([]feierabend.Recipient{r}, nil, true)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	req, _ := http.NewRequest(http.MethodGet, srv.URL, nil)
	resp, err := c.Do(ctx, tenant(t), provider, req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, err = io.ReadAll(resp.Body)
	if feierabend.KindOf(err) != feierabend.Unavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read: %v, want unavailable, deadline exceeded", err)
	}
}

func TestDial(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	addr := ln.Addr().String()
	mail := func(loopback bool, hosts ...string) feierabend.Recipient {
		return feierabend.Recipient{ID: "smtp", Purposes: []feierabend.Purpose{feierabend.PurposeMail}, Hosts: hosts, Loopback: loopback}
	}
	for name, tc := range map[string]struct {
		r    feierabend.Recipient
		addr string
		code string
	}{
		"demo":           {mail(true, addr), addr, ""},
		"live":           {mail(false, addr), addr, "outbound_address"},
		"other port":     {mail(true, addr), "127.0.0.1:25", "outbound_host_not_allowed"},
		"other host":     {mail(true, addr), "mail.evil.test:465", "outbound_host_not_allowed"},
		"no port":        {mail(true, addr), "127.0.0.1", "outbound_bad_address"},
		"private by 587": {mail(false, "10.0.0.1"), "10.0.0.1:587", "outbound_address"},
		"port 25":        {mail(false, "mail.example"), "mail.example:25", "outbound_host_not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := outbound.New([]feierabend.Recipient{tc.r}, nil, true).Dial(t.Context(), feierabend.TenantID{}, "smtp", tc.addr)
			if feierabend.CodeOf(err) != tc.code {
				t.Fatalf("error %v, want %q", err, tc.code)
			}
			if conn != nil {
				conn.Close()
			}
		})
	}
}
