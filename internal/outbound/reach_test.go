package outbound

import (
	"net/netip"
	"testing"
)

// TestPermits is inside the package: addresses after DNS cannot be chosen from outside.
func TestPermits(t *testing.T) {
	for _, c := range []struct {
		addr                            string
		public, loopback, ownPlain, own bool
	}{
		{"157.240.0.53", true, false, false, true},
		{"2a03:2880:f21c:80c1:face:b00c:0:32c2", true, false, false, true},
		{"127.0.0.1", false, true, true, true},
		{"127.8.8.8", false, true, true, true},
		{"::1", false, true, true, true},
		{"::ffff:127.0.0.1", false, true, true, true},
		{"10.0.0.1", false, false, true, true},
		{"172.16.9.9", false, false, true, true},
		{"192.168.1.1", false, false, true, true},
		{"::ffff:192.168.1.1", false, false, true, true},
		{"fd12:3456::1", false, false, true, true},
		{"169.254.169.254", false, false, false, false}, // cloud metadata
		{"::ffff:169.254.169.254", false, false, false, false},
		{"fd00:ec2::254", false, false, true, true}, // unique local like any own server
		{"fe80::1%eth0", false, false, false, false},
		{"0.0.0.0", false, false, false, false},
		{"0.1.2.3", false, false, false, false},
		{"::", false, false, false, false},
		{"100.64.1.1", false, false, false, false},
		{"192.0.0.8", false, false, false, false},
		{"192.0.2.1", false, false, false, false},
		{"198.18.0.1", false, false, false, false},
		{"203.0.113.7", false, false, false, false},
		{"224.0.0.1", false, false, false, false},
		{"240.0.0.1", false, false, false, false},
		{"255.255.255.255", false, false, false, false},
		{"64:ff9b::a9fe:a9fe", false, false, false, false}, // NAT64 of the metadata address
		{"2002:a9fe:a9fe::1", false, false, false, false},  // 6to4 of it
		{"2001:0:4136:e378::1", false, false, false, false},
		{"2001:db8::1", false, false, false, false},
		{"ff02::1", false, false, false, false},
		{"fec0::1", false, false, false, false},
	} {
		a := netip.MustParseAddr(c.addr)
		got := [4]bool{reachPublic.permits(a), reachLoopback.permits(a), reachOwnPlain.permits(a), reachOwn.permits(a)}
		want := [4]bool{c.public, c.loopback, c.ownPlain, c.own}
		if got != want {
			t.Errorf("%s: public, loopback, own plain, own = %v, want %v", c.addr, got, want)
		}
	}
}

func TestControl(t *testing.T) {
	for _, c := range []struct {
		network, addr string
		ok            bool
	}{
		{"tcp4", "157.240.0.53:443", true},
		{"tcp6", "[2a03:2880::1]:443", true},
		{"tcp4", "127.0.0.1:443", false},
		{"udp4", "157.240.0.53:443", false},
		{"unix", "/run/x.sock", false},
		{"tcp4", "rubbish", false},
	} {
		if err := reachPublic.control(c.network, c.addr, nil); (err == nil) != c.ok {
			t.Errorf("%s %s: %v, want ok %v", c.network, c.addr, err, c.ok)
		}
	}
}

func TestAllowed(t *testing.T) {
	list := []string{"graph.facebook.com", "*.fbcdn.net", "mail.example:465", "[::1]:8081"}
	for _, c := range []struct {
		host, port string
		ok         bool
	}{
		{"graph.facebook.com", "443", true},
		{"GRAPH.facebook.COM", "443", true},
		{"graph.facebook.com", "8443", false},
		{"graph.facebook.com.evil.example", "443", false}, // suffix trick
		{"evil-graph.facebook.com", "443", false},
		{"xgraph.facebook.com", "443", false},
		{"graph.facebook.com.", "443", false},
		{"facebook.com", "443", false},
		{"scontent.fbcdn.net", "443", true},
		{"a.b.fbcdn.net", "443", true},
		{"fbcdn.net", "443", false},
		{".fbcdn.net", "443", false},
		{"evilfbcdn.net", "443", false},
		{"fbcdn.net.evil.example", "443", false},
		{"mail.example", "465", true},
		{"mail.example", "443", false},
		{"::1", "8081", true},
		{"", "443", false},
		{"*.fbcdn.net", "443", true}, // a name that cannot be resolved
	} {
		if got := allowed(list, c.host, c.port, "443"); got != c.ok {
			t.Errorf("allowed(%q, %q) = %v, want %v", c.host, c.port, got, c.ok)
		}
	}
}

// TestNoTransportKnowsAProxy: Go's own rule spares this machine from proxies, so that
// a call to it (TestProxyIgnored) could not notice one.
func TestNoTransportKnowsAProxy(t *testing.T) {
	c := New(nil, nil, true)
	defer c.Close()
	for r, tr := range c.transports {
		if tr.Proxy != nil {
			t.Errorf("reach %d asks for a proxy", r)
		}
	}
}
