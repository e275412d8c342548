package web

import (
	"net/http"
	"time"
)

// RouteInfo is a row of the table, for tests that walk over it.
type RouteInfo struct {
	Method, Pattern, Who, Tenant, Class string
	StepUp                              bool
}

// Table gives the handler of New together with its table.
func Table(o Options) (http.Handler, []RouteInfo, error) {
	s, err := newServer(o)
	if err != nil {
		return nil, nil, err
	}
	var out []RouteInfo
	for _, r := range s.routes {
		out = append(out, RouteInfo{r.method, r.pattern, string(r.who), r.tenant, string(r.class), r.stepUp})
	}
	return s.handler(), out, nil
}

// AssetPath gives the address of a public file.
func AssetPath(name string) string {
	a, err := loadAssets()
	if err != nil {
		panic(err)
	}
	p, err := a.path(name)
	if err != nil {
		panic(err)
	}
	return p
}

// Attach writes the header of a download.
func Attach(w http.ResponseWriter, name, mime string) { attach(w, name, mime) }

// NewFlood gives the counter of acts per network that remembers at most most keys: its
// check, and how many keys it holds.
func NewFlood(most int, per time.Duration) (allow func(key string, limit int, now time.Time) bool, keys func() int) {
	f := newFlood(most, per)
	return f.allow, func() int { return max(len(f.byKey), f.order.Len()) }
}
