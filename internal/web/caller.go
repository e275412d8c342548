package web

import (
	"net/http"
	"net/netip"
	"strings"
)

// fromCaller puts the caller's address into RemoteAddr before anything reads it, so
// that limits, access log and security log see one and the same (WEB-04).
func (s *server) fromCaller(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer := remote(r)
		if at := caller(peer, r.Header.Values("X-Forwarded-For"), s.Proxies); at != peer {
			c := *r // the server's own request stays as it came
			c.RemoteAddr = netip.AddrPortFrom(at, 0).String()
			r = &c
		}
		next.ServeHTTP(w, r)
	})
}

// caller gives the address a request comes from: the peer's, where that is no trusted
// proxy, else the rightmost address in the lines of X-Forwarded-For that is none. What
// stands further left was written by the visitor and is not looked at. Where the
// lines hold no such address, or something else first, it is the peer's.
func caller(peer netip.Addr, lines []string, proxies []netip.Prefix) netip.Addr {
	if len(lines) == 0 || !within(proxies, peer) {
		return peer
	}
	rest, more := strings.Join(lines, ","), true
	for more {
		var last string
		if i := strings.LastIndexByte(rest, ','); i >= 0 {
			rest, last = rest[:i], rest[i+1:]
		} else {
			last, more = rest, false
		}
		at := hop(last)
		if !at.IsValid() {
			return peer
		}
		if !within(proxies, at) {
			return at
		}
	}
	return peer
}

// hop reads an address of X-Forwarded-For, as proxies write it: bare, with a port or
// in brackets. Zero where it is none.
func hop(text string) netip.Addr {
	text = strings.TrimSpace(text)
	at, err := netip.ParseAddr(text)
	if err != nil {
		var both netip.AddrPort
		both, err = netip.ParseAddrPort(text)
		at = both.Addr()
	}
	if inner, ok := strings.CutPrefix(text, "["); ok && err != nil {
		if inner, ok = strings.CutSuffix(inner, "]"); ok {
			at, err = netip.ParseAddr(inner)
		}
	}
	if err != nil {
		return netip.Addr{}
	}
	return at.Unmap().WithZone("")
}

func within(proxies []netip.Prefix, at netip.Addr) bool {
	for _, p := range proxies {
		if p.Contains(at) {
			return true
		}
	}
	return false
}
