package main

import (
	"fmt"
	"strings"
	"testing"

	"feierabend"
)

// TestProxies: what FEIERABEND_TRUSTED_PROXIES may say.
func TestProxies(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "[]",
		"none":                      "[]",
		"127.0.0.1,::1":             "[127.0.0.1/32 ::1/128]",
		" 10.1.2.3/8 , 2001:db8::1": "[10.0.0.0/8 2001:db8::1/128]",
		"::ffff:10.0.0.1":           "[10.0.0.1/32]",
		"none,127.0.0.1":            "weder",
		"proxy.example":             "weder",
		"10.0.0.1:80":               "weder",
		"10.0.0.0/33":               "weder",
		"::ffff:10.0.0.0/104":       "weder",
		"fe80::1%eth0":              "weder",
		"0.0.0.0/0":                 "jedem",
		"::/0":                      "jedem",
	} {
		p, err := config{TrustedProxies: text}.proxies()
		if got := fmt.Sprint(p); err == nil && got != want || err != nil && !strings.Contains(feierabend.TextOf(err), want) {
			t.Errorf("%q: %s, %v, want %s", text, got, err, want)
		}
	}
}

// TestProxiesMustBeSaid: behind https:// the service does not start before it is said.
func TestProxiesMustBeSaid(t *testing.T) {
	for _, c := range []struct {
		address, proxies string
		fine             bool
	}{
		{"https://app.example.de", "", false},
		{"HTTPS://app.example.de", "", false},
		{"https://app.example.de", " , ", false},
		{"https://app.example.de", "none", true},
		{"https://app.example.de", "127.0.0.1", true},
		{"http://localhost:8080", "", true},
		{"http://localhost:8080", "quatsch", false},
	} {
		if err := (config{PublicURL: c.address, TrustedProxies: c.proxies}).checkProxies(); (err == nil) != c.fine {
			t.Errorf("%s with %q: %v", c.address, c.proxies, err)
		}
	}
}
