package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
	"feierabend/internal/storetest"
	"feierabend/internal/web"
)

// idorRoles are the people of the matrix.
var idorRoles = []string{"anonymous", "other", "staff", "office", "owner", "stale owner", "blocked", "blocked firm", "no firm", "operator"}

// idorWorld is a world in which the first firm has a row for every id of a path.
type idorWorld struct {
	*world
	malte, gesa, uwe, olga feierabend.User // staff, office, no firm, runs the service
	ids                    map[string]string
	names                  []string // what nobody of the other firm may read
}

// again gives another world with the same rows.
func (w *idorWorld) again(t *testing.T, snapshot []byte) *idorWorld {
	t.Helper()
	out := *w
	out.world = newWorldOn(t, snapshot)
	return &out
}

func newIDORWorld(t *testing.T) *idorWorld {
	t.Helper()
	w := &idorWorld{world: newWorld(t)}
	ctx := context.Background()
	w.malte, w.gesa = w.member(w.a, "Malte", feierabend.RoleStaff), w.member(w.a, "Gesa", feierabend.RoleOffice)
	w.priced(w.a.Tenant.ID, feierabend.PriceItem{Name: "Geheimrohr", Kind: feierabend.LineMaterial, Unit: "MTR", Price: feierabend.One})
	c, m := w.spoken(w.a, "wamid.idor", dictation)
	issued := w.issued(w.a, "wamid.idor2")
	receipt := w.erased(w.a, "wamid.idor3")
	must(w.t, w.store.SetCustomers(context.Background(), w.a.Tenant.ID, feierabend.CustomerVoices{Links: true}, w.a.Owner))
	kunde := feierabend.CustomerLink{ID: feierabend.NewID(), By: w.a.User.ID, Session: []byte("s"), CreatedAt: w.store.Now(), ExpiresAt: w.store.Now().Add(feierabend.CustomerTerm)}
	must(w.t, w.store.AddCustomerLink(context.Background(), w.a.Tenant.ID, kunde, feierabend.LinkCode([]byte(feierabend.NewID()))))
	invitation := feierabend.NewID()
	must(t, w.store.AddInvitation(ctx, w.a.Tenant.ID, feierabend.Invitation{
		ID: invitation, Email: "uwe@neu.example", Role: feierabend.RoleStaff, By: w.a.User.ID, CreatedAt: w.store.Now(), ExpiresAt: w.store.Now().Add(7 * 24 * time.Hour),
	}))
	_, err := w.store.SetBook(ctx, w.a.Tenant.ID, 24, w.a.Owner)
	must(t, err)
	kept, err := w.store.AddAddress(ctx, w.a.Tenant.ID, feierabend.AddressEntry{Buyer: feierabend.Buyer{Name: "Idorwohlers", Street: "Dorfstraße 8", Postcode: "24582", City: "Bordesholm"}}, w.a.Owner)
	must(t, err)
	w.uwe = feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: "ohne@firma.example", Name: "Uwe"}
	must(t, w.store.AddUser(ctx, w.uwe))
	w.olga = w.operator("olga@betrieb.example")
	hers := signin.Hash(w.session(w.gesa.ID, w.a.Tenant.ID, feierabend.RoleOffice).cookies["s"])
	w.ids = map[string]string{
		"case": string(c), "message": string(m), "doc": string(issued.ID), "receipt": string(receipt), "file": issued.Number + ".pdf",
		"teil": "steuer", "kunde": kunde.ID, "nr": "1", "invitation": invitation, "sender": string(w.a.Sender.ID), "person": string(w.malte.ID), "address": string(kept.ID), "firm": w.a.Tenant.ID.String(), "device": feierabend.Session{TokenHash: hers}.Device(),
	}
	w.ids["tenant"], w.ids["passkey"] = w.a.Tenant.ID.String(), w.passkey(w.a.User, "")
	w.names = []string{string(c), string(issued.ID), string(receipt), invitation, string(w.malte.ID), w.a.Tenant.Name, w.a.User.Email, string(kept.ID), "Idorwohlers", "uwe@neu.example", "Malte", issued.Number, "Geheimrohr"}
	return w
}

// put replaces {x} by the first firm's id.
func (w *idorWorld) put(s string) string {
	for k, v := range w.ids {
		s = strings.ReplaceAll(s, "{"+k+"}", v)
	}
	return strings.ReplaceAll(s, "{$}", "")
}

func (w *idorWorld) form(in url.Values) url.Values {
	out := url.Values{}
	for k, v := range in {
		out.Set(k, w.put(v[0]))
	}
	return out
}

// as gives the browser of a role.
func (w *idorWorld) as(role string) *browser {
	w.t.Helper()
	ctx := context.Background()
	switch role {
	case "other":
		return w.signedIn(w.b)
	case "staff":
		return w.session(w.malte.ID, w.a.Tenant.ID, feierabend.RoleStaff)
	case "office":
		return w.session(w.gesa.ID, w.a.Tenant.ID, feierabend.RoleOffice)
	case "owner":
		return w.signedIn(w.a)
	case "stale owner":
		return w.stale(w.a)
	case "blocked": // has an open page; blocking ends the session
		b := w.session(w.gesa.ID, w.a.Tenant.ID, feierabend.RoleOffice)
		must(w.t, w.store.BlockUser(ctx, w.gesa.ID, w.store.Now(), feierabend.Actor{Via: feierabend.ViaCLI}))
		must(w.t, w.store.BlockUser(ctx, w.gesa.ID, time.Time{}, feierabend.Actor{Via: feierabend.ViaCLI}))
		return b
	case "operator":
		return w.onDuty(w.olga)
	case "no firm":
		return w.session(w.uwe.ID, feierabend.TenantID{}, "")
	}
	return w.browser()
}

// stale gives a browser of the owner whose last proof is ten minutes old.
func (w *idorWorld) stale(f storetest.Firm) *browser {
	w.t.Helper()
	now, token := w.store.Now(), signin.NewToken()
	must(w.t, w.store.AddSession(context.Background(), feierabend.Session{
		TokenHash: signin.Hash(token), User: f.User.ID, Tenant: f.Tenant.ID, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour), ProvedAt: now.Add(-10 * time.Minute),
	}))
	b := w.browser()
	b.cookies["s"] = token
	return b
}

// wanted derives the outcome of a cell.
func wanted(r web.RouteInfo, row idorRow, role string) string {
	or := func(s string) string {
		if s == "" {
			return row.owner
		}
		return s
	}
	page := r.Method == "GET" && (r.Class == "page" || r.Class == "recorder")
	switch {
	case role == "anonymous" || role == "blocked":
		if page {
			return "signin"
		}
		return "401"
	case role == "blocked firm":
		return "403"
	case role == "operator" && r.Who == "operator":
		return row.operator
	case role == "operator" && r.Who != "person": // neither own nor foreign: nothing of a firm
		return "403"
	case role == "operator":
		return or(row.operator)
	case r.Who == "operator": // for everybody else there is nothing
		return "404"
	case role == "no firm" && r.Who != "person":
		return "firm"
	case role == "no firm":
		return or(row.noFirm)
	case role == "stale owner" && r.StepUp && page:
		return "proof"
	case role == "stale owner" && r.StepUp:
		return "403"
	case role == "other" && r.Tenant != "":
		return "404"
	case role == "other":
		return or(row.other)
	case role == "staff":
		return or(row.staff)
	case role == "office":
		return or(row.office)
	}
	return row.owner
}

// outcome is the status, or where a refusal leads.
func outcome(res *http.Response) string {
	to := res.Header.Get("Location")
	if res.StatusCode == http.StatusSeeOther {
		for word, path := range map[string]string{"signin": "/anmelden", "firm": "/firma", "operator": "/betrieb", "proof": "/bestaetigung?"} {
			if strings.HasPrefix(to, path) {
				return word
			}
		}
	}
	return fmt.Sprint(res.StatusCode)
}

// kept is everything that the first firm has, in one text.
func (w *idorWorld) kept() string {
	var b strings.Builder
	for _, table := range []string{
		"tenant WHERE id", "profile WHERE tenant_id", "membership WHERE tenant_id", "sender_link WHERE tenant_id", "invitation WHERE tenant_id", "cases WHERE tenant_id",
		"message WHERE tenant_id", "draft WHERE tenant_id", "document WHERE tenant_id", "outbox WHERE tenant_id", "receipt WHERE tenant_id", "address_entry WHERE tenant_id", "number_ledger WHERE tenant_id",
	} {
		fmt.Fprintln(&b, table, storetest.Query(w.t, w.store, "SELECT * FROM "+table+" = '"+w.a.Tenant.ID.String()+"'"))
	}
	return b.String()
}

// TestIDOR (TEN-01, TEN-02): every route × everybody. What is refused leaves the
// firm's rows as they are; what the other firm reads names nothing of the first.
func TestIDOR(t *testing.T) {
	shared := newIDORWorld(t)
	snapshot := shared.snapshot()
	routes, cells := 0, 0
	seen := map[string]bool{}
	for _, r := range shared.routes {
		name := r.Method + " " + r.Pattern
		row, ok := idorRows[name]
		seen[name] = true
		switch {
		case !ok:
			t.Errorf("%s has no row in idorRows: say there what its people get", name)
			continue
		case (row.operator == "") != (r.Who != "operator") && row.public == "" && r.Who == "operator":
			t.Errorf("%s says nothing of operators", name)
			continue
		case (row.public != "") != (r.Who == "anyone" || r.Who == "channel"):
			t.Errorf("%s is for %s: public is %q", name, r.Who, row.public)
			continue
		case row.public != "":
			continue
		}
		routes++
		for _, role := range idorRoles {
			cells++
			want := wanted(r, row, role)
			w := shared
			refused := slices.Contains([]string{"401", "403", "404", "signin", "firm", "proof"}, want) && !(want == "signin" && r.Method == "POST")
			if !refused && r.Method == "POST" { // it changes something
				w = shared.again(t, snapshot)
			}
			before := ""
			if refused && r.Method == "POST" {
				before = w.kept()
			}
			b := w.as(role)
			if role == "blocked firm" {
				b = w.signedIn(w.a)
				must(t, w.store.BlockTenant(context.Background(), w.a.Tenant.ID, w.store.Now(), feierabend.Actor{Via: feierabend.ViaCLI}))
			}
			var form url.Values
			if r.Method == "POST" {
				form = w.form(row.form)
			}
			res := b.do(r.Method, w.put(r.Pattern)+row.query, form)
			if role == "blocked firm" {
				must(t, w.store.BlockTenant(context.Background(), w.a.Tenant.ID, time.Time{}, feierabend.Actor{Via: feierabend.ViaCLI}))
			}
			body := text(t, res)
			if got := outcome(res); got != want {
				t.Errorf("%s as %s: %s, want %s", name, role, got, want)
			}
			if role == "other" || role == "no firm" || role == "operator" {
				for _, n := range w.names {
					if strings.Contains(body, n) {
						t.Errorf("%s as %s reads %q", name, role, n)
					}
				}
			}
			if before != "" && w.kept() != before {
				t.Errorf("%s as %s was refused and changed something", name, role)
			}
		}
	}
	if routes < 40 {
		t.Errorf("only %d routes", routes)
	}
	t.Logf("routes=%d cells=%d", routes, cells)
}

// masked takes out what differs in every answer.
func masked(t *testing.T, res *http.Response) string {
	t.Helper()
	body := text(t, res)
	id := res.Header.Get("X-Request-Id")
	nonce := regexp.MustCompile(`'nonce-([^']+)'`).FindStringSubmatch(res.Header.Get("Content-Security-Policy"))
	out := fmt.Sprint(res.StatusCode, "\n")
	for _, k := range slices.Sorted(func(yield func(string) bool) {
		for k := range res.Header {
			if k != "X-Request-Id" && k != "Set-Cookie" && !yield(k) {
				return
			}
		}
	}) {
		out += k + ": " + strings.Join(res.Header[k], ", ") + "\n"
	}
	out += body
	for _, s := range append(nonce[min(1, len(nonce)):], id) {
		if s != "" {
			out = strings.ReplaceAll(out, s, "…")
		}
	}
	return out
}

// TestForeignIsUnknown (TEN-02): for the other firm a foreign id is an unknown one, in
// paths and in forms: the same bytes, and no difference in time that could be measured.
func TestForeignIsUnknown(t *testing.T) {
	w := newIDORWorld(t)
	other := w.signedIn(w.b)
	compare := func(name, method, foreign, unknown, query string, a, b url.Values) {
		t.Helper()
		if x, y := masked(t, other.do(method, foreign+query, a)), masked(t, other.do(method, unknown+query, b)); x != y {
			t.Errorf("%s: foreign and unknown differ\n%s\n%s", name, x, y)
		}
		var f, u []time.Duration
		for range 50 {
			f = append(f, took(other, method, foreign+query, a))
			u = append(u, took(other, method, unknown+query, b))
		}
		if d := (median(f) - median(u)).Abs(); d >= 5*time.Millisecond {
			t.Errorf("%s: medians differ by %s", name, d)
		}
	}
	n := 0
	for _, r := range w.routes {
		if r.Tenant == "" {
			continue
		}
		n++
		row := idorRows[r.Method+" "+r.Pattern]
		var form url.Values
		if r.Method == "POST" {
			form = w.form(row.form)
		}
		compare(r.Method+" "+r.Pattern, r.Method, w.put(r.Pattern), fill(r.Pattern), row.query, form, form)
	}
	before := w.kept()
	for _, c := range idorBodies {
		method, pattern, _ := strings.Cut(c.route, " ")
		foreign, unknown := w.form(c.form), w.form(c.form)
		unknown.Set(c.field, feierabend.NewID())
		compare(c.route+" "+c.field, method, pattern, pattern, "", foreign, unknown)
		n++
	}
	if w.kept() != before {
		t.Error("an id in a form changed something of another firm")
	}
	if n < 20 {
		t.Errorf("only %d were compared", n)
	}
	t.Logf("compared=%d", n)
}

func took(b *browser, method, target string, form url.Values) time.Duration {
	begin := time.Now()
	b.do(method, target, form)
	return time.Since(begin)
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
