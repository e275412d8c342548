package web_test

import (
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"feierabend/internal/web"
)

// behindProxies is a world in live mode that believes 127.0.0.1, 10/8 and 2001:db8:f::/48.
func behindProxies(t *testing.T) (*world, *observed) {
	w := newWorld(t)
	w.options.Mode = web.ModeLive
	for _, p := range []string{"127.0.0.1/32", "10.0.0.0/8", "2001:db8:f::/48"} {
		w.options.Proxies = append(w.options.Proxies, netip.MustParsePrefix(p))
	}
	return w, w.observe()
}

// TestCaller (WEB-04): whose address the logs are told, by peer and X-Forwarded-For.
func TestCaller(t *testing.T) {
	w, o := behindProxies(t)
	for name, c := range map[string]struct {
		peer  string
		lines []string
		want  string
	}{
		"no header":                     {"10.0.0.1:80", nil, "10.0.0.1"},
		"one address":                   {"10.0.0.1:80", []string{"192.0.2.7"}, "192.0.2.7"},
		"spoofed, peer not trusted":     {"198.51.100.9:80", []string{"192.0.2.7"}, "198.51.100.9"},
		"spoofed IPv6, not trusted":     {"[2001:db8:e::1]:80", []string{"192.0.2.7"}, "2001:db8:e::1"},
		"spoofed left of the proxy's":   {"10.0.0.1:80", []string{"203.0.113.1, 192.0.2.7"}, "192.0.2.7"},
		"a proxy's address spoofed":     {"10.0.0.1:80", []string{"10.0.0.2, 192.0.2.7"}, "192.0.2.7"},
		"rubbish left of the proxy's":   {"10.0.0.1:80", []string{"<script>,, 192.0.2.7"}, "192.0.2.7"},
		"two proxies":                   {"10.0.0.1:80", []string{"203.0.113.1, 192.0.2.7, 10.9.9.9"}, "192.0.2.7"},
		"several lines":                 {"10.0.0.1:80", []string{"203.0.113.1", "192.0.2.7", "10.9.9.9,127.0.0.1"}, "192.0.2.7"},
		"the last line counts":          {"10.0.0.1:80", []string{"203.0.113.1", "192.0.2.7"}, "192.0.2.7"},
		"with a port":                   {"10.0.0.1:80", []string{"192.0.2.7:51234"}, "192.0.2.7"},
		"IPv6":                          {"[2001:db8:f::1]:80", []string{"2001:db8:1::7"}, "2001:db8:1::7"},
		"IPv6 in brackets":              {"127.0.0.1:80", []string{"[2001:db8:1::7]"}, "2001:db8:1::7"},
		"IPv6 with a port":              {"127.0.0.1:80", []string{"[2001:db8:1::7]:443"}, "2001:db8:1::7"},
		"IPv6 with a zone":              {"127.0.0.1:80", []string{"fe80::1%eth0"}, "fe80::1"},
		"IPv4 in IPv6":                  {"[::ffff:10.0.0.1]:80", []string{"::ffff:192.0.2.7"}, "192.0.2.7"},
		"a proxy as IPv4 in IPv6":       {"10.0.0.1:80", []string{"192.0.2.7, ::ffff:10.0.0.2"}, "192.0.2.7"},
		"only proxies":                  {"10.0.0.1:80", []string{"10.0.0.2, 127.0.0.1"}, "10.0.0.1"},
		"empty line":                    {"10.0.0.1:80", []string{""}, "10.0.0.1"},
		"proxy that wrote nothing":      {"10.0.0.1:80", []string{"203.0.113.1", ""}, "10.0.0.1"},
		"malformed":                     {"10.0.0.1:80", []string{"unknown"}, "10.0.0.1"},
		"malformed, an address left":    {"10.0.0.1:80", []string{"203.0.113.1, unknown"}, "10.0.0.1"},
		"malformed left of a proxy":     {"10.0.0.1:80", []string{"203.0.113.1, unknown, 10.0.0.2"}, "10.0.0.1"},
		"bracket not closed":            {"10.0.0.1:80", []string{"[2001:db8:1::7"}, "10.0.0.1"},
		"another loopback is no proxy":  {"127.0.0.2:80", []string{"192.0.2.7"}, "127.0.0.2"},
		"thousands of hops, all spoofs": {"10.0.0.1:80", []string{strings.Repeat("10.0.0.3,", 20_000) + "192.0.2.7"}, "192.0.2.7"},
	} {
		t.Run(name, func(t *testing.T) {
			o.visits = nil
			r := httptest.NewRequest("GET", publicURL+"/anmelden", nil)
			r.RemoteAddr = c.peer
			for _, l := range c.lines {
				r.Header.Add("X-Forwarded-For", l)
			}
			w.handler.ServeHTTP(httptest.NewRecorder(), r)
			if len(o.visits) != 1 || o.visits[0].Address.String() != c.want {
				t.Errorf("visits %+v, want %s", o.visits, c.want)
			}
			if r.RemoteAddr != c.peer {
				t.Errorf("the server's own request was changed to %s", r.RemoteAddr)
			}
		})
	}
}

// TestLimitsBehindProxy: who asks too often locks out the own network, not everybody
// behind the same proxy, and stands in the security log with the own address.
func TestLimitsBehindProxy(t *testing.T) {
	w, o := behindProxies(t)
	ask := func(from string) {
		t.Helper()
		b := w.browser()
		b.addr = "127.0.0.1:5555"
		b.do("GET", "/anmelden", nil)
		b.do("POST", "/anmelden", url.Values{"email": {w.a.User.Email}}, "X-Forwarded-For", from)
		w.clock.Advance(5 * time.Minute) // three in a quarter of an hour are allowed per person
	}
	for range 12 {
		ask("203.0.113.99, 192.0.2.7")
	}
	if n := len(w.mailJobs.refs); n != 10 {
		t.Errorf("%d mails of one network, want 10", n)
	}
	if len(o.events) != 2 || o.events[0].Address.String() != "192.0.2.7" {
		t.Errorf("events %+v", o.events)
	}
	ask("192.0.2.8")
	if n := len(w.mailJobs.refs); n != 11 {
		t.Errorf("%d mails, want 11: another network behind the same proxy is not limited", n)
	}
}
