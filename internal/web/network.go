package web

import (
	"net"
	"net/http"
	"net/netip"
)

// networkOf is the network that a request comes from: the address, /64 for IPv6,
// "" where there is none to read (fromCaller put it there). It is counted, never stored or logged.
func networkOf(r *http.Request) (network string, loopback bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return "", false
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "", false
	}
	ip = ip.Unmap().WithZone("")
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits) // the number of bits fits the family
	return p.String(), ip.IsLoopback()
}
