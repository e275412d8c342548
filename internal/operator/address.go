package operator

import (
	"fmt"
	"net"
	"net/netip"

	"feierabend"
)

// Address checks where the listener may be: on this host or on a private network,
// named as an address, since a name may lead anywhere.
func Address(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return refuse(addr, "ist keine Adresse der Form 127.0.0.1:9090")
	}
	if host == "localhost" {
		return nil
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return refuse(addr, "nennt keine IP-Adresse")
	case ip.IsLoopback(), ip.IsPrivate(), ip.IsLinkLocalUnicast():
		return nil
	}
	return refuse(addr, "ist aus dem offenen Netz erreichbar, hat aber keine Anmeldung")
}

func refuse(addr, why string) error {
	return &feierabend.Error{
		Kind: feierabend.Invalid, Code: "usage",
		Text: fmt.Sprintf("FEIERABEND_INTERNAL_LISTEN „%s“ %s. Möglich sind Adressen dieses Rechners (127.0.0.1:9090) oder eines privaten Netzes, oder off.", addr, why),
	}
}
