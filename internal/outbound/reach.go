package outbound

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"

	"feierabend"
)

// reach says which addresses may really be dialled.
type reach int

const (
	reachPublic   reach = iota // public unicast only
	reachLoopback              // loopback only: demo and tests
	reachOwnPlain              // loopback and private: own servers by http
	reachOwn                   // loopback, private and public: own servers by https
)

var errAddress = errors.New("address refused")

// control is called by net.Dialer after DNS with the address about to be
// dialled, so neither a lying name nor a rebinding one gets through (OUT-02).
func (r reach) control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return errAddress
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil || !r.permits(ap.Addr()) {
		return errAddress
	}
	return nil
}

func (r reach) permits(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	switch r {
	case reachLoopback:
		return a.IsLoopback()
	case reachOwnPlain:
		return a.IsLoopback() || a.IsPrivate()
	case reachOwn:
		return a.IsLoopback() || a.IsPrivate() || public(a)
	}
	return public(a)
}

// public says whether a is a public unicast address: in no special-purpose
// block of RFC 6890 and its successors, and for IPv6 within 2000::/3.
func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	if a.Is4() {
		return !within(a, "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
			"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4")
	}
	// 2001::/23 holds Teredo and ORCHID, 2002::/16 embeds IPv4 addresses.
	return within(a, "2000::/3") && !within(a, "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
}

func within(a netip.Addr, blocks ...string) bool {
	for _, b := range blocks {
		if netip.MustParsePrefix(b).Contains(a) {
			return true
		}
	}
	return false
}

// refused is an error of the guard: nothing was sent, and no retry helps until
// the registry or the configuration changes.
func refused(code, why string) error {
	return feierabend.Permanent(&feierabend.Error{
		Kind: feierabend.Internal, Code: "outbound_" + code, Err: errors.New(why),
		Text: "Dieser Aufruf wurde verhindert, weil das Ziel nicht im Verzeichnis der Empfänger steht. Es wurde nichts übertragen.",
	})
}

// unreachable hides addresses and names: net errors carry both.
func unreachable(err error) error {
	if errors.Is(err, errAddress) {
		return refused("address", "the name leads to an address that is not allowed")
	}
	var ne net.Error
	code := "unreachable"
	if errors.As(err, &ne) && ne.Timeout() {
		code = "timeout"
	}
	return &feierabend.Error{
		Kind: feierabend.Unavailable, Code: "outbound_" + code, Err: cause(err),
		Text: "Der Dienst ist gerade nicht erreichbar. Ihre Daten sind sicher gespeichert; es wird von selbst noch einmal versucht.",
	}
}

// cause keeps what a caller may ask for with errors.Is and drops the words.
func cause(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, known) {
			return known
		}
	}
	return errors.New("no connection or no answer")
}
