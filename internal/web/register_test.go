package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/registration"
	"feierabend/internal/web"
)

func firmForm(email string, change ...string) url.Values {
	f := url.Values{
		"betrieb": {"Zimmerei Rotkehlchen"}, "rechtsform": {"gmbh"}, "gewerk": {"Zimmerer"}, "strasse": {"Am Markt 3"}, "plz": {"25524"}, "ort": {"Itzehoe"},
		"vorname": {"Wiebke"}, "nachname": {"Rotkehlchen"}, "email": {email}, "telefon": {"0171 39200177"}, "unternehmer": {"1"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		f.Set(change[i], change[i+1])
	}
	return f
}

func (b *browser) register(email string) {
	b.w.t.Helper()
	b.page("/registrieren")
	if to := b.post("/registrieren", firmForm(email)); to != "/registrieren/code" {
		b.w.t.Fatalf("the form leads to %s", to)
	}
}

// TestRegister: form, mail, code, contract, dashboard; before the mail is answered
// there is nothing, and before the contract no page but its own.
func TestRegister(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me := w.browser()
	me.register("Wiebke@Rotkehlchen.example")
	if ts, err := w.store.Tenants(ctx); err != nil || len(ts) != 2 {
		t.Errorf("%d firms before the mail is answered, %v", len(ts), err)
	}
	_, code := w.mailed()
	if m := w.mails.last(t); m.To != "Wiebke@rotkehlchen.example" || !strings.HasPrefix(m.Subject, code) || strings.Contains(m.Text+m.HTML, "Zimmerei") {
		t.Errorf("mail to %s, subject %q:\n%s", m.To, m.Subject, m.Text)
	}
	scanner := w.browser()
	if res := scanner.do("POST", "/anmelden/code", url.Values{"code": {code}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the code in another browser: %d", res.StatusCode)
	}
	if res := me.do("POST", "/anmelden/code", url.Values{"code": {"AAAA-AAAA"}, "neu": {"1"}}); !strings.Contains(text(t, res), "/registrieren/mail") {
		t.Error("after a wrong code the mail cannot be asked for again")
	}
	if to := me.post("/anmelden/code", url.Values{"code": {code}, "neu": {"1"}}); to != "/" {
		t.Errorf("the code leads to %s", to)
	}
	for _, p := range []string{"/", "/quittungen", "/einstellungen"} {
		if to := me.do("GET", p, nil).Header.Get("Location"); to != "/vertrag" {
			t.Errorf("without a contract %s leads to %q", p, to)
		}
	}
	page := me.page("/vertrag")
	if !strings.Contains(page, "Sie schließen damit keinen Vertrag") {
		t.Errorf("page:\n%s", page)
	}
	hash := find(t, page, `name="text" value="([0-9a-f]{64})"`)
	if res := me.do("POST", "/vertrag", url.Values{"text": {strings.Repeat("0", 64)}}); res.StatusCode != http.StatusConflict {
		t.Errorf("another text: %d", res.StatusCode)
	}
	if to := me.post("/vertrag", url.Values{"text": {hash}}); to != "/nummern/verbinden" {
		t.Errorf("the contract leads to %s", to)
	}
	me.page("/nummern/verbinden")
	u, err := w.store.UserByEmail(ctx, "wiebke@rotkehlchen.example")
	must(t, err)
	members, err := w.store.Memberships(ctx, u.ID)
	must(t, err)
	a, err := w.store.Agreement(ctx, members[0].Tenant)
	must(t, err)
	p, err := w.store.Profile(ctx, members[0].Tenant)
	must(t, err)
	if a.Version != "demo" || a.By.User != u.ID || u.Phone != "+4917139200177" || p.Seller.Postcode != "25524" || p.VATScheme != "" || len(p.PriceList)+len(p.Rates) > 0 {
		t.Errorf("agreement %+v, user %+v, profile %+v", a, u, p)
	}
	for _, never := range []string{"rotkehlchen", "39200177", code, "Am Markt"} {
		if strings.Contains(strings.ToLower(w.logs.String()), strings.ToLower(never)) {
			t.Errorf("%q stands in the log", never)
		}
	}
}

// TestRegisterIncomplete: each missing field has its words, what was typed stays,
// nothing is stored and nobody is written to.
func TestRegisterIncomplete(t *testing.T) {
	w := newWorld(t)
	me := w.browser()
	res := me.do("POST", "/registrieren", url.Values{})
	page := text(t, res)
	for _, name := range []string{"betrieb", "rechtsform", "gewerk", "strasse", "plz", "ort", "vorname", "nachname", "email", "telefon", "unternehmer"} {
		if !strings.Contains(page, `id="`+name+`-fehler"`) || !strings.Contains(page, `href="#`+name+`"`) {
			t.Errorf("%s has no words", name)
		}
		one := firmForm("wiebke@rotkehlchen.example", name, "")
		res := me.do("POST", "/registrieren", one)
		body := text(t, res)
		if res.StatusCode != http.StatusUnprocessableEntity || strings.Count(body, `class="error"`) != 1 || !strings.Contains(body, `id="`+name+`-fehler"`) {
			t.Errorf("without %s: %d, %d mistakes", name, res.StatusCode, strings.Count(body, `class="error"`))
		}
		for other, v := range one {
			if other == "rechtsform" || other == "gewerk" || other == "unternehmer" || v[0] == "" {
				continue
			}
			if !strings.Contains(body, `value="`+v[0]+`"`) {
				t.Errorf("without %s: what was typed into %s is gone", name, other)
			}
		}
	}
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("empty form: %d", res.StatusCode)
	}
	if len(w.mailJobs.jobs) > 0 {
		t.Error("a wrong form makes a mail")
	}
}

// TestRegisterPlace: a place that does not fit its postcode is a question. The same
// form again overrules it, another place is asked about anew, a suggestion is one tap.
func TestRegisterPlace(t *testing.T) {
	w := newWorld(t)
	me := w.browser()
	f := firmForm("wiebke@rotkehlchen.example", "ort", "Itzehude")
	body := text(t, me.do("POST", "/registrieren", f))
	if !strings.Contains(body, "Meinten Sie Itzehoe") || !strings.Contains(body, `name="vorschlag-ort" value="Itzehoe"`) {
		t.Fatalf("page:\n%s", body)
	}
	mark := find(t, body, `name="ort-bestaetigt" value="([^"]+)"`)
	f.Set("ort-bestaetigt", mark)
	f.Set("ort", "Itzehuda")
	if res := me.do("POST", "/registrieren", f); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another place than the one confirmed: %d", res.StatusCode)
	}
	f.Set("ort", "Itzehude")
	if to := me.post("/registrieren", f); to != "/registrieren/code" {
		t.Errorf("confirmed: %s", to)
	}
	f.Del("ort-bestaetigt")
	f.Set("vorschlag-ort", "Itzehoe")
	if to := me.post("/registrieren", f); to != "/registrieren/code" {
		t.Errorf("suggestion: %s", to)
	}
}

// TestRegisterKnownAddress: the answer is the same, the mail says that there is an
// access, and no second firm comes of it.
func TestRegisterKnownAddress(t *testing.T) {
	w := newWorld(t)
	me := w.browser()
	me.register(w.a.User.Email)
	_, code := w.mailed()
	if m := w.mails.last(t); !strings.Contains(m.Text, "schon einen Zugang") || m.To != w.a.User.Email {
		t.Errorf("mail to %s:\n%s", m.To, m.Text)
	}
	me.post("/anmelden/code", url.Values{"code": {code}})
	if page := me.page("/"); !strings.Contains(page, w.a.Tenant.Name) {
		t.Error("not in the firm")
	}
	if ts, err := w.store.Tenants(context.Background()); err != nil || len(ts) != 2 {
		t.Errorf("%d firms, %v", len(ts), err)
	}
}

// TestRegisterTwice: the form sent several times, at once and again later, and the
// mail asked for once more: one firm.
func TestRegisterTwice(t *testing.T) {
	w := newWorld(t)
	me := w.browser()
	me.page("/registrieren")
	var wg sync.WaitGroup
	for range 2 {
		tab := w.browser()
		tab.cookies["bind"] = me.cookies["bind"]
		wg.Go(func() { tab.do("POST", "/registrieren", firmForm("wiebke@rotkehlchen.example")) })
	}
	wg.Wait()
	if to := me.post("/registrieren/mail", nil); !strings.HasPrefix(to, "/registrieren/code") {
		t.Errorf("once more leads to %s", to)
	}
	if n := len(w.mailJobs.jobs); n != 3 {
		t.Fatalf("%d mails, want 3", n)
	}
	w.workMails()
	var codes []string
	for _, m := range w.mails.sent {
		codes = append(codes, m.Text[:9])
	}
	in := 0
	for _, code := range codes {
		tab := w.browser()
		tab.cookies["bind"] = me.cookies["bind"]
		wg.Go(func() {
			tab.do("POST", "/anmelden/code", url.Values{"code": {code}})
			w.mails.mu.Lock()
			defer w.mails.mu.Unlock()
			if tab.cookies["s"] != "" {
				in++
			}
		})
	}
	wg.Wait()
	if ts, err := w.store.Tenants(context.Background()); err != nil || len(ts) != 3 || in < 1 {
		t.Errorf("%d firms, %d sessions, %v; want the two seeded and one", len(ts), in, err)
	}
}

// TestRegisterLimits: three mails in a quarter of an hour for an address, and the
// fourth answer looks the same; without a registration the mail is asked for in vain.
func TestRegisterLimits(t *testing.T) {
	w := newWorld(t)
	me := w.browser()
	for range 5 {
		me.register("wiebke@rotkehlchen.example")
	}
	if n := len(w.mailJobs.jobs); n != 3 {
		t.Errorf("%d mails, want 3", n)
	}
	w.browser().post("/registrieren/mail", nil)
	if n := len(w.mailJobs.jobs); n != 3 {
		t.Errorf("%d mails after a strange browser asked", n)
	}
	w.clock.Advance(25 * time.Hour)
	me.post("/registrieren/mail", nil)
	w.workMails()
	if n := len(w.mails.sent); n != 0 {
		t.Errorf("%d mails a day later", n)
	}
}

// TestRegisterClosed: without a text to conclude there is no form, and a posted one
// stores nothing.
func TestRegisterClosed(t *testing.T) {
	w := newWorld(t)
	var err error
	w.options.Mode = web.ModeLive
	w.options.Registration, err = registration.New(registration.Options{Store: w.mailJobs, Links: w.signin, Mailer: w.mails, Zone: time.UTC, Now: w.store.Now, NewID: feierabend.NewID})
	must(t, err)
	w.build()
	me := w.browser()
	if page := me.page("/registrieren"); strings.Contains(page, "<form") || !strings.Contains(page, "Noch nicht geöffnet") {
		t.Errorf("page:\n%s", page)
	}
	if res := me.do("POST", "/registrieren", firmForm("wiebke@rotkehlchen.example")); res.StatusCode != http.StatusForbidden || len(w.mailJobs.jobs) > 0 {
		t.Errorf("form: %d, %d mails", res.StatusCode, len(w.mailJobs.jobs))
	}
	if page := me.page("/anmelden"); strings.Contains(page, "/registrieren") {
		t.Error("the sign-in page leads to a closed door")
	}
}

// TestContractGate: who does not own the firm is told who must act, in an old session
// the owner signs in anew, and nothing but the page itself is served.
func TestContractGate(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id, err := feierabend.ParseTenantID(feierabend.NewID())
	must(t, err)
	must(t, w.store.CreateTenant(ctx, feierabend.Tenant{ID: id, Name: "Fahrradwerkstatt Speiche", RetentionDays: 30}, feierabend.Profile{}))
	for _, m := range []feierabend.Membership{{User: w.a.User.ID, Tenant: id, Role: feierabend.RoleOwner}, {User: w.b.User.ID, Tenant: id, Role: feierabend.RoleOffice}} {
		must(t, w.store.AddMembership(ctx, m))
	}
	owner, office := w.session(w.a.User.ID, id, feierabend.RoleOwner), w.session(w.b.User.ID, id, feierabend.RoleOffice)
	hash := find(t, owner.page("/vertrag"), `name="text" value="([0-9a-f]{64})"`)
	if page := office.page("/vertrag"); !strings.Contains(page, "Hier fehlt noch der Vertrag") || strings.Contains(page, hash) {
		t.Errorf("office sees:\n%s", page)
	}
	if res := office.do("POST", "/vertrag", url.Values{"text": {hash}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("office concludes: %d", res.StatusCode)
	}
	if res := owner.do("GET", "/stand", nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("data without a contract: %d", res.StatusCode)
	}
	w.clock.Advance(11 * time.Minute)
	if page := owner.page("/vertrag"); !strings.Contains(page, "/bestaetigung?weiter=%2Fvertrag") || strings.Contains(page, `name="text"`) {
		t.Errorf("after eleven minutes:\n%s", page)
	}
	if res := owner.do("POST", "/vertrag", url.Values{"text": {hash}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("concluded after eleven minutes: %d", res.StatusCode)
	}
	if _, err := w.store.Agreement(ctx, id); feierabend.KindOf(err) != feierabend.NotFound {
		t.Errorf("agreement: %v", err)
	}
	owner = w.session(w.a.User.ID, id, feierabend.RoleOwner)
	owner.post("/vertrag", url.Values{"text": {hash}})
	office.page("/")
}
