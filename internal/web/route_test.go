package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/web"
)

// fill puts ids into a pattern; every {x} is replaced.
func fill(pattern string) string {
	r := strings.NewReplacer("{$}", "", "{case}", feierabend.NewID(), "{doc}", feierabend.NewID(), "{message}", feierabend.NewID(),
		"{receipt}", feierabend.NewID(), "{invitation}", feierabend.NewID(), "{person}", feierabend.NewID(), "{sender}", feierabend.NewID(), "{kunde}", feierabend.NewID(), "{file}", "RE-2026-0001.pdf", "{nr}", "1")
	return strings.NewReplacer("{tenant}", feierabend.NewID(), "{passkey}", feierabend.NewID()).Replace(r.Replace(pattern))
}

// TestHeaders walks over the whole table, signed in and not, and over what is
// not in it: every answer has the strict headers (WEB-02, WEB-03).
func TestHeaders(t *testing.T) {
	w := newWorld(t)
	w.openTry(tried)
	targets := []struct{ method, target string }{
		{"GET", "/nicht/da"},
		{"GET", "/v/../quittungen"},
		{"GET", "//evil.example/"},
		{"TRACE", "/"},
		{"PUT", "/"},
		{"DELETE", "/v/" + feierabend.NewID()},
		{"OPTIONS", "/anmelden"},
		{"GET", web.AssetPath("app.js")},
		{"GET", "/static/../doc.go"},
		{"GET", "/favicon.ico"},
	}
	for _, r := range w.routes {
		targets = append(targets, struct{ method, target string }{r.Method, fill(r.Pattern)})
		if r.Method == "GET" {
			targets = append(targets, struct{ method, target string }{"HEAD", fill(r.Pattern)})
		}
	}
	for _, b := range []*browser{w.browser(), w.signedIn(w.a)} {
		for _, c := range targets {
			res := b.do(c.method, c.target, url.Values{})
			h := res.Header
			name := c.method + " " + c.target
			for k, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
			} {
				if h.Get(k) != want {
					t.Errorf("%s: %s is %q", name, k, h.Get(k))
				}
			}
			if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
				t.Errorf("%s: policy %q", name, csp)
			}
			if !strings.Contains(h.Get("Permissions-Policy"), "microphone=()") && c.target != "/ausprobieren" {
				t.Errorf("%s: microphone allowed", name)
			}
			cached := strings.HasPrefix(c.target, "/static/") && res.StatusCode == http.StatusOK
			if got := h.Get("Cache-Control"); cached != strings.Contains(got, "immutable") || !cached && got != "no-store" {
				t.Errorf("%s: caching %q", name, got)
			}
			if res.StatusCode >= 500 {
				t.Errorf("%s: %d", name, res.StatusCode)
			}
			if res.Header.Get("Server") != "" || res.Header.Get("X-Powered-By") != "" {
				t.Errorf("%s names its software", name)
			}
		}
	}
}

// TestPolicyOfPages pins the policy of WEB-02, plus the sound of a passage.
func TestPolicyOfPages(t *testing.T) {
	w := newWorld(t)
	first, second := w.browser().do("GET", "/anmelden", nil), w.browser().do("GET", "/anmelden", nil)
	csp := first.Header.Get("Content-Security-Policy")
	nonce := find(t, csp, `'nonce-([A-Za-z0-9_-]{22})'`)
	want := "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self' blob:; " +
		"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types htmx"
	if csp != want {
		t.Errorf("policy\n%s\nwant\n%s", csp, want)
	}
	if !strings.Contains(text(t, first), `nonce="`+nonce+`"`) {
		t.Error("the script does not carry the nonce of its answer")
	}
	if csp == second.Header.Get("Content-Security-Policy") {
		t.Error("two answers share a nonce")
	}
}

// TestEveryChangeIsAPost: no GET handler of a changing act, and every POST is
// refused to foreign origins (WEB-01).
func TestForeignOriginsAreRefused(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	for _, r := range w.routes {
		if r.Method != "POST" || r.Who == "channel" {
			continue
		}
		for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			res := me.do("POST", fill(r.Pattern), url.Values{}, header...)
			if res.StatusCode != http.StatusForbidden || !strings.Contains(text(t, res), "fremden Seite") {
				t.Errorf("POST %s with %v: %d", r.Pattern, header, res.StatusCode)
			}
		}
		for _, header := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "none"}, {"Origin", publicURL}, nil} {
			if res := w.signedIn(w.a).do("POST", fill(r.Pattern), url.Values{}, header...); res.StatusCode == http.StatusForbidden {
				t.Errorf("POST %s with %v is refused", r.Pattern, header)
			}
		}
	}
}

func TestNobodyGetsInWithoutASession(t *testing.T) {
	w := newWorld(t)
	c, _ := w.spoken(w.a, "wamid.anon", dictation)
	for _, r := range w.routes {
		if r.Who == "anyone" || r.Who == "channel" {
			continue
		}
		target := strings.ReplaceAll(r.Pattern, "{case}", string(c))
		res := w.browser().do(r.Method, fill(target), url.Values{})
		switch {
		case r.Method == "GET" && r.Class == "page":
			if !strings.HasPrefix(res.Header.Get("Location"), "/anmelden") {
				t.Errorf("GET %s: %d to %q", r.Pattern, res.StatusCode, res.Header.Get("Location"))
			}
		case res.StatusCode != http.StatusUnauthorized:
			t.Errorf("%s %s: %d, want 401", r.Method, r.Pattern, res.StatusCode)
		}
	}
}

func TestHosts(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		target, host string
		status       int
	}{
		{"/anmelden", "localhost:8080", 200},
		{"/anmelden", "LOCALHOST:8080", 200},
		{"/anmelden", "127.0.0.1:8080", 421},
		{"/anmelden", "evil.example", 421},
		{"/healthz", "10.0.0.7:8080", 200},
		{"/webhooks/whatsapp", "127.0.0.1:9999", 403},
		{"/webhooks/whatsapp", "evil.example", 421},
	} {
		if res := w.browser().do("GET", c.target, nil, "Host", c.host); res.StatusCode != c.status {
			t.Errorf("%s at %s: %d, want %d", c.target, c.host, res.StatusCode, c.status)
		}
	}
}

func TestCookiesUnderHTTPS(t *testing.T) {
	w := newWorld(t)
	w.options.PublicURL, w.options.Mode = "https://app.example", web.ModeLive
	w.build()
	res := w.browser().do("POST", "/anmelden", url.Values{"email": {w.a.User.Email}}, "Host", "app.example")
	c := res.Header.Get("Set-Cookie")
	for _, want := range []string{"__Host-bind=", "; Path=/", "; HttpOnly", "; Secure", "; SameSite=Strict", "Max-Age=600"} {
		if !strings.Contains(c, want) {
			t.Errorf("cookie %q without %q", c, want)
		}
	}
}

func TestOpenRedirect(t *testing.T) {
	w := newWorld(t)
	for next, want := range map[string]bool{
		"/v/" + feierabend.NewID(): true, "/quittungen": true,
		"//evil.example": false, "https://evil.example/v/x": false, "/\\evil.example": false, "/static/app.js": false, "/abmelden": false, "/nicht/da": false, "/anmelden": false, "javascript:alert(1)": false,
	} {
		page := text(t, w.browser().do("GET", "/anmelden?weiter="+url.QueryEscape(next), nil))
		if strings.Contains(page, `name="weiter"`) != want {
			t.Errorf("weiter=%s: kept is %v", next, !want)
		}
	}
}

// TestMethods (WEB-06): TRACE and every method that the table does not have are
// refused and change nothing, on every path of it.
func TestMethods(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	for _, r := range w.routes {
		for _, m := range []string{"TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "TRACK"} {
			res := me.do(m, fill(r.Pattern), nil, "X-Probe", "echo-me")
			if body := text(t, res); res.StatusCode != http.StatusMethodNotAllowed && res.StatusCode != http.StatusNotFound || strings.Contains(body, "echo-me") {
				t.Errorf("%s %s: %d", m, r.Pattern, res.StatusCode)
			}
		}
	}
}

// TestForwardedIsNotBelieved (WEB-04): a visitor's own X-Forwarded-* and Forwarded
// headers change neither the host check, nor where redirects lead, nor whose limit
// is counted.
func TestForwardedIsNotBelieved(t *testing.T) {
	w := newWorld(t)
	w.options.Mode = web.ModeLive
	w.build()
	lies := func(n int) []string {
		ip := "198.51.100." + strconv.Itoa(n)
		return []string{"X-Forwarded-For", ip, "X-Real-IP", ip, "Forwarded", "for=" + ip, "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https"}
	}
	for i := range 14 {
		b := w.browser()
		b.addr = "192.0.2.7:4711"
		res := b.do("POST", "/anmelden", url.Values{"email": {"wer" + strconv.Itoa(i) + "@neu.example"}}, lies(i)...)
		if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
			t.Fatalf("%d to %q", res.StatusCode, to)
		}
		if c := res.Header.Get("Set-Cookie"); strings.Contains(c, "Domain=") {
			t.Errorf("cookie %q", c)
		}
	}
	if n := len(w.mailJobs.refs); n != 10 {
		t.Errorf("%d mails of one network that lies about itself, want 10", n)
	}
	if res := w.browser().do("GET", "/anmelden", nil, append(lies(1), "Host", "evil.example")...); res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("foreign host: %d", res.StatusCode)
	}
}

// TestBodyLimits (WEB-06): every POST reads at most what its row allows.
func TestBodyLimits(t *testing.T) {
	w := newWorld(t)
	for _, r := range w.routes {
		if r.Method != "POST" || r.Who == "channel" || strings.HasPrefix(r.Pattern, "/ausprobieren") {
			continue
		}
		res := w.signedIn(w.a).do("POST", fill(r.Pattern), url.Values{"x": {strings.Repeat("a", 70<<10)}})
		if res.StatusCode >= 500 || res.StatusCode == http.StatusOK {
			t.Errorf("%s with 70 KiB: %d", r.Pattern, res.StatusCode)
		}
	}
}
