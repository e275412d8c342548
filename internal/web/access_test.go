package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// member adds a person to a firm.
func (w *world) member(f storetest.Firm, name string, role feierabend.Role) feierabend.User {
	w.t.Helper()
	u := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Name: name, Email: strings.ToLower(name) + "@" + f.Tenant.ID.String()[:8] + ".example"}
	must(w.t, w.store.AddUser(context.Background(), u))
	must(w.t, w.store.AddMembership(context.Background(), feierabend.Membership{User: u.ID, Tenant: f.Tenant.ID, Role: role}))
	return u
}

// TestDevices (SES-04): the list marks this one, ends one, ends all others.
func TestDevices(t *testing.T) {
	w := newWorld(t)
	me, phone, old, other := w.signedIn(w.a), w.signedIn(w.a), w.signedIn(w.a), w.signedIn(w.b)
	page := me.page("/geraete")
	if n := strings.Count(page, "Dieses Gerät"); n != 1 || strings.Count(page, `name="geraet"`) != 2 {
		t.Errorf("%d marked, page\n%s", n, page)
	}
	device := find(t, page, `name="geraet" value="([0-9a-f]{24})"`)
	if res := other.do("POST", "/geraete/beenden", url.Values{"geraet": {device}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("ending a foreign device: %d", res.StatusCode)
	}
	if page = me.page("/geraete"); !strings.Contains(page, device) {
		t.Error("somebody else ended the session")
	}
	me.post("/geraete/beenden", url.Values{"geraet": {device}})
	if page = me.page("/geraete"); strings.Contains(page, device) {
		t.Error("the ended one is still in the list")
	}
	if strings.Contains(me.page("/geraete?ok=andere"), "Passkeys gelten weiter") {
		t.Error("passkeys are spoken of where there are none")
	}
	w.passkey(w.a.User, "")
	if !strings.Contains(me.page("/geraete"), "Passkeys bleiben dabei gültig") {
		t.Error("the button does not say that passkeys stay")
	}
	if !strings.Contains(me.page(me.post("/geraete/andere", nil)), "Passkeys gelten weiter") {
		t.Error("after ending the others nothing says that passkeys go on")
	}
	for name, b := range map[string]*browser{"phone": phone, "old": old} {
		if res := b.do("GET", "/einstellungen", nil); res.Header.Get("Location") == "" {
			t.Errorf("%s is still signed in: %d", name, res.StatusCode)
		}
	}
	me.page("/einstellungen")
	other.page("/einstellungen")
	own := find(t, me.page("/geraete"), `()`)
	if own != "" || strings.Contains(me.page("/geraete"), "Überall abmelden") {
		t.Error("the button to end others is there without others")
	}
}

// TestSignInEndsTheOldSession (SES-03): the token of before is dead after a sign-in in
// the same browser, and after the choice of another firm.
func TestSignInEndsTheOldSession(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	old := me.cookies["s"]
	me.askMail(w.a.User.Email)
	_, code := w.mailed()
	me.post("/anmelden/code", url.Values{"code": {code}})
	if me.cookies["s"] == old {
		t.Fatal("no new token")
	}
	before := w.browser()
	before.cookies["s"] = old
	if res := before.do("GET", "/einstellungen", nil); res.Header.Get("Location") == "" {
		t.Errorf("the old token still works: %d", res.StatusCode)
	}
	if res := me.do("POST", "/abmelden", url.Values{}); res.Header.Get("Clear-Site-Data") != `"cache", "storage"` {
		t.Errorf("Clear-Site-Data %q", res.Header.Get("Clear-Site-Data"))
	}
}

// TestStepUp (AUTH-13): ten minutes after the sign-in a sensitive page leads to the
// proof and back, a sensitive form is refused; the code works in this browser only.
func TestStepUp(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	me.page("/team/einladen")
	w.clock.Advance(10 * time.Minute)
	res := me.do("GET", "/team/einladen", nil)
	if to := res.Header.Get("Location"); to != "/bestaetigung?weiter=%2Fteam%2Feinladen" {
		t.Fatalf("%d to %q", res.StatusCode, to)
	}
	res = me.do("POST", "/team/einladen", url.Values{"email": {"gesa@neu.example"}, "rolle": {"office"}})
	if body := text(t, res); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "Sind Sie es?") || strings.Contains(body, "gesa@neu.example") || !strings.Contains(body, "/bestaetigung?weiter=") {
		t.Fatalf("late form: %d\n%s", res.StatusCode, body)
	}
	if n, err := w.store.Invitations(context.Background(), w.a.Tenant.ID, w.store.Now()); err != nil || len(n) != 0 {
		t.Errorf("the late form was kept: %v %v", n, err)
	}
	if page := me.page("/bestaetigung?weiter=%2Fteam%2Feinladen"); !strings.Contains(page, w.a.User.Email) {
		t.Errorf("the page does not say where the code goes:\n%s", page)
	}
	if to := me.post("/bestaetigung/mail", url.Values{"weiter": {"/team/einladen"}}); to != "/bestaetigung/code?weiter=%2Fteam%2Feinladen" {
		t.Errorf("to %s", to)
	}
	_, code := w.mailed()
	thief := w.browser()
	thief.cookies["s"] = me.cookies["s"]
	if res := thief.do("POST", "/bestaetigung/code", url.Values{"code": {code}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another browser with the same session: %d", res.StatusCode)
	}
	if res := me.do("POST", "/bestaetigung/code", url.Values{"code": {"0000-0000"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("wrong code: %d", res.StatusCode)
	}
	old := me.cookies["s"]
	if to := me.post("/bestaetigung/code", url.Values{"code": {code}, "weiter": {"/team/einladen"}}); to != "/team/einladen" {
		t.Errorf("back to %s", to)
	}
	me.page("/team/einladen")
	thief.cookies["s"] = old
	if res := thief.do("GET", "/einstellungen", nil); res.Header.Get("Location") == "" {
		t.Errorf("the token before the step-up still works: %d", res.StatusCode)
	}
	for _, next := range []string{"https://evil.example/", "//evil.example", "/bestaetigung", "/bestaetigung/code"} {
		if page := me.page("/bestaetigung?weiter=" + url.QueryEscape(next)); strings.Contains(page, `name="weiter"`) {
			t.Errorf("weiter=%s is kept", next)
		}
	}
}

// TestStepUpOfAnother: a code that was mailed to somebody else does not prove me.
func TestStepUpOfAnother(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	me.askMail(w.b.User.Email) // bound to my browser, but not my mailbox
	_, code := w.mailed()
	w.clock.Advance(5 * time.Minute)
	if res := me.do("POST", "/bestaetigung/code", url.Values{"code": {code}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d", res.StatusCode)
	}
}

// TestBlockedPages: a blocked person is out, a blocked firm's people read why.
func TestBlockedPages(t *testing.T) {
	w := newWorld(t)
	ctx, by := context.Background(), feierabend.Actor{Via: feierabend.ViaCLI}
	me := w.signedIn(w.a)
	must(t, w.store.BlockTenant(ctx, w.a.Tenant.ID, w.store.Now(), by))
	for _, c := range [][2]string{{"GET", "/einstellungen"}, {"GET", "/v/" + feierabend.NewID()}, {"POST", "/geraete/andere"}} {
		res := me.do(c[0], c[1], nil)
		if body := text(t, res); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "Zugang gesperrt") || !strings.Contains(body, "Betreiber") {
			t.Errorf("%v: %d\n%s", c, res.StatusCode, body)
		}
	}
	w.signedIn(w.b).page("/einstellungen")
	must(t, w.store.BlockTenant(ctx, w.a.Tenant.ID, time.Time{}, by))
	me.page("/einstellungen")
	must(t, w.store.BlockUser(ctx, w.a.User.ID, w.store.Now(), by))
	if res := me.do("GET", "/einstellungen", nil); res.Header.Get("Location") == "" {
		t.Errorf("a blocked person goes on: %d", res.StatusCode)
	}
	again := w.browser()
	again.askMail(w.a.User.Email)
	_, code := w.mailed()
	res := again.do("POST", "/anmelden/code", url.Values{"code": {code}})
	if body := text(t, res); res.StatusCode != http.StatusForbidden || !strings.Contains(body, "Zugang gesperrt") || len(again.cookies["s"]) > 0 {
		t.Errorf("sign-in of a blocked person: %d\n%s", res.StatusCode, body)
	}
}
