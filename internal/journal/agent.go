package journal

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// browsers in the order in which they are recognised: most pretend to be another.
var browsers = []struct{ name, mark string }{
	{"Edge", "Edg/"},
	{"Edge", "EdgA/"},
	{"Edge", "EdgiOS/"},
	{"Opera", "OPR/"},
	{"Samsung Internet", "SamsungBrowser/"},
	{"Firefox", "Firefox/"},
	{"Firefox", "FxiOS/"},
	{"Chrome", "CriOS/"},
	{"Chrome", "Chrome/"},
	{"Safari", "Version/"},
}

var systems = []struct{ name, mark string }{
	{"Windows", "Windows"}, {"Android", "Android"}, {"iOS", "iPhone"}, {"iOS", "iPad"}, {"macOS", "Mac OS X"}, {"ChromeOS", "CrOS"}, {"Linux", "Linux"},
}

const other = "other"

// browser gives family and major version: "Firefox 132", or "other".
func browser(agent string) string {
	for _, b := range browsers {
		_, rest, ok := strings.Cut(agent, b.mark)
		if !ok || b.name == "Safari" && !strings.Contains(agent, "Safari/") {
			continue
		}
		n := 0
		for n < len(rest) && n < 4 && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if n == 0 {
			return b.name
		}
		return b.name + " " + rest[:n]
	}
	return other
}

// system gives the family of the operating system, or "other".
func system(agent string) string {
	for _, s := range systems {
		if strings.Contains(agent, s.mark) {
			return s.name
		}
	}
	return other
}

var originForm = regexp.MustCompile(`^https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?$`)

// origin is the referring site without path and query; "" where there is none.
func origin(referrer string) string {
	u, err := url.Parse(referrer)
	if err != nil || u.Host == "" {
		return ""
	}
	if o := strings.ToLower(u.Scheme + "://" + u.Host); originForm.MatchString(o) {
		return o
	}
	return ""
}

// network cuts an address to its /24 or /48.
func network(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	bits := 24
	if a.Is6() {
		bits = 48
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}
