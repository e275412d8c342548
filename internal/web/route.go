package web

import (
	"net/http"
	"slices"

	"feierabend"
)

// who says who may call a route.
type who string

const (
	anyone   who = "anyone"   // no session is looked at
	person   who = "person"   // signed in, firm perhaps not chosen yet
	member   who = "member"   // signed in to a firm, any role
	office   who = "office"   // owner or office of the firm
	owner    who = "owner"    // owner of the firm
	operator who = "operator" // runs the service, in a session for it
	provider who = "channel"  // a provider, known by its signature
)

// signedIn says that the route needs a session.
func (k who) signedIn() bool { return k == person || k == operator || k.inFirm() }

// inFirm says that the route needs a chosen firm.
func (k who) inFirm() bool { return k == member || k == office || k == owner }

// admits says whether a role of the firm may call the route (J-15).
func (k who) admits(r feierabend.Role) bool {
	switch k {
	case office:
		return r == feierabend.RoleOwner || r == feierabend.RoleOffice
	case owner:
		return r == feierabend.RoleOwner
	}
	return true
}

// class chooses the content security policy and the caching of the answer.
type class string

const (
	classPage     class = "page"     // HTML, no-store, script by nonce
	classRecorder class = "recorder" // a page that may use the microphone
	classFile     class = "file"     // download or media, no-store, sandboxed
	classData     class = "data"     // JSON or empty, no-store
	classAsset    class = "asset"    // public, immutable, content hash in the name
)

// isPage says that the answer is HTML for a person.
func (c class) isPage() bool { return c == classPage || c == classRecorder }

// handler serves one route. An error becomes an error page (or a bare status for
// other classes); a handler that has begun to write returns nil.
type handler func(s *server, w http.ResponseWriter, r *http.Request, v *visit) error

// route is a row of the table.
type route struct {
	method  string
	pattern string
	who     who
	tenant  string // path parameter whose row must belong to the session's firm, "" = none
	class   class
	limit   int64 // bytes of body that are read at most
	handler handler
	early   bool                   // works before the firm has concluded its contract
	stepUp  bool                   // sensitive: the person must have proved themselves within ten minutes (AUTH-13)
	act     feierabend.SecurityAct // line of the security log where it led on, "" = what securityAct says
}

// Body limits: forms are small, a webhook batch is at most 3 MB (whatsapp.md §2).
const (
	noBody      = 0
	formBody    = 64 << 10
	webhookBody = 4 << 20
)

// on makes a row of the table.
func on(method, pattern string, w who, tenant string, c class, limit int64, h handler) route {
	return route{method: method, pattern: pattern, who: w, tenant: tenant, class: c, limit: limit, handler: h}
}

// beforeContract makes the row one that works before the firm has concluded its contract.
func (rt route) beforeContract() route {
	rt.early = true
	return rt
}

// logged makes the row one whose success stands in the security log.
func (rt route) logged(act feierabend.SecurityAct) route {
	rt.act = act
	return rt
}

// table is everything that is served; each noun keeps its own rows.
func (s *server) table() []route {
	rows := slices.Concat(startRoutes(), signInRoutes(), registerRoutes(), caseRoutes(), receiptRoutes(), settingsRoutes(), accessRoutes(), addressRoutes(), profileRoutes(), priceListRoutes(), bookRoutes(), numberRoutes(), customerRoutes(), machineRoutes())
	rows = slices.Concat(rows, passkeyRoutes(), operatorRoutes(), digestRoutes())
	if s.Try != nil {
		rows = append(rows, tryRoutes()...)
	}
	return rows
}
