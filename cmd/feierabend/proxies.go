package main

import (
	"net/netip"
	"strings"
)

// noProxies is FEIERABEND_TRUSTED_PROXIES of a service that nothing stands before.
const noProxies = "none"

// proxies gives the addresses whose X-Forwarded-For is believed (WEB-04).
func (c config) proxies() (out []netip.Prefix, err error) {
	if c.TrustedProxies == noProxies {
		return nil, nil
	}
	for _, text := range splitList(c.TrustedProxies) {
		p, err := netip.ParsePrefix(text)
		if at, single := netip.ParseAddr(text); single == nil && at.Zone() == "" {
			p, err = netip.PrefixFrom(at.Unmap(), at.Unmap().BitLen()), nil
		}
		switch {
		case err != nil || p.Addr().Is4In6():
			return nil, usage("FEIERABEND_TRUSTED_PROXIES enthält „%s“; das ist weder eine Adresse noch ein Netz. Der Dienst wurde nicht gestartet. Möglich sind zum Beispiel 127.0.0.1,::1 oder 10.0.0.0/8, oder none allein.", text)
		case p.Bits() == 0:
			return nil, usage("FEIERABEND_TRUSTED_PROXIES enthält „%s“ und glaubte damit jedem, welche Adresse er angibt; keine Begrenzung hielte. Der Dienst wurde nicht gestartet. Bitte nur die Proxys nennen, oder none.", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// checkProxies: https in live mode means that a TLS proxy stands before the service, which
// has no TLS of its own. Which one must be said, so that a limit never meets everybody.
func (c config) checkProxies() error {
	proxies, err := c.proxies()
	if err == nil && len(proxies) == 0 && c.TrustedProxies != noProxies && strings.HasPrefix(strings.ToLower(c.PublicURL), "https:") {
		return usage("FEIERABEND_TRUSTED_PROXIES fehlt: die Adresse des TLS-Proxys vor dem Dienst, zum Beispiel 127.0.0.1,::1. Ohne sie gälten alle Besucher als einer, und zehn Anmeldungen in der Stunde sperrten alle aus. " +
			"Der Dienst wurde nicht gestartet. Bitte nennen Sie sie, oder none, wenn kein Proxy davor steht oder er die Adresse der Besucher behält.")
	}
	return err
}
