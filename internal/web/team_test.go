package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"feierabend"
)

// invited sends an invitation and gives the token of its mail.
func (w *world) invited(me *browser, email string, role feierabend.Role) string {
	w.t.Helper()
	if to := me.post("/team/einladen", url.Values{"email": {email}, "rolle": {string(role)}}); to != "/team?ok=eingeladen" {
		w.t.Fatalf("inviting leads to %s", to)
	}
	w.workMails()
	return find(w.t, w.mails.last(w.t).Text, `/einladung\?t=([A-Za-z0-9_-]{43})\b`)
}

// TestInvitedStranger: mail → page → code → name → in, with the role that was offered.
func TestInvitedStranger(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	token := w.invited(me, "gesa@neu.example", feierabend.RoleOffice)
	if page := me.page("/team"); !strings.Contains(page, "gesa@neu.example") || !strings.Contains(page, "Nur eine Person ist Inhaber") {
		t.Errorf("team page\n%s", page)
	}
	gesa := w.browser()
	if page := gesa.page("/einladung?t=" + token); !strings.Contains(page, "Deichgrün Haustechnik") || !strings.Contains(page, "Büro") || strings.Contains(page, "gesa@") {
		t.Errorf("offer\n%s", page)
	}
	for range 3 { // a scanner presses the button too: no session, no member
		w.browser().do("POST", "/einladung", url.Values{"t": {token}})
	}
	w.mailJobs.refs = nil
	w.clock.Advance(16 * time.Minute)
	if to := gesa.post("/einladung", url.Values{"t": {token}}); to != "/anmelden/code?weiter=%2Ffirma" {
		t.Errorf("to %s", to)
	}
	_, code := w.mailed()
	if to := gesa.post("/anmelden/code", url.Values{"code": {code}, "weiter": {"/firma"}}); to != "/firma" {
		t.Errorf("to %s", to)
	}
	page := gesa.page("/firma")
	form := url.Values{"firma": {find(t, page, `name="firma" value="([a-z0-9]+)"`)}, "einladung": {find(t, page, `name="einladung" value="([a-z0-9]+)"`)}}
	if res := gesa.do("POST", "/firma/annehmen", form); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(t, res), "Vor- und Nachnamen") {
		t.Errorf("without a name: %d", res.StatusCode)
	}
	thief := w.signedIn(w.b)
	if res := thief.do("POST", "/firma/annehmen", form); res.StatusCode != http.StatusNotFound {
		t.Errorf("somebody else accepts: %d", res.StatusCode)
	}
	form.Set("name", "  Gesa   Neu ")
	if to := gesa.post("/firma/annehmen", form); to != "/" {
		t.Errorf("to %s", to)
	}
	if page := gesa.page("/einstellungen"); !strings.Contains(page, "Gesa Neu") || strings.Contains(page, `href="/team"`) {
		t.Errorf("settings of the office\n%s", page)
	}
	if res := gesa.do("GET", "/team", nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("office opens the team: %d", res.StatusCode)
	}
	if res := w.browser().do("GET", "/einladung?t="+token, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("used invitation: %d", res.StatusCode)
	}
	if page := me.page("/team"); !strings.Contains(page, "Gesa Neu") {
		t.Errorf("team\n%s", page)
	}
	if strings.Contains(w.logs.String(), token) || strings.Contains(w.logs.String(), "gesa@") {
		t.Error("token or address in the log")
	}
}

// TestInvitationTellsNothing: known and unknown addresses look the same to the firm,
// and every dead token looks the same to everybody.
func TestInvitationTellsNothing(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	answer := func(email string) string {
		res := me.do("POST", "/team/einladen", url.Values{"email": {email}, "rolle": {"staff"}})
		return res.Status + res.Header.Get("Location") + text(t, res)
	}
	if a, b := answer(w.b.User.Email), answer("niemand@neu.example"); a != b {
		t.Errorf("known and unknown differ\n%s\n%s", a, b)
	}
	withdrawn := w.invited(me, "jan@neu.example", feierabend.RoleStaff)
	me.post(find(t, me.page("/team"), `action="(/team/einladung/[a-z0-9]+/zurueck)"`), nil)
	expired := w.invited(me, "uwe@neu.example", feierabend.RoleStaff)
	w.clock.Advance(7*24*time.Hour + time.Second)
	want := ""
	for name, token := range map[string]string{"withdrawn": withdrawn, "expired": expired, "unknown": strings.Repeat("x", 43), "short": "x", "none": ""} {
		get := w.browser().do("GET", "/einladung?t="+token, nil)
		body := text(t, get)
		post := w.browser().do("POST", "/einladung", url.Values{"t": {token}})
		if get.StatusCode != http.StatusNotFound || post.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, %d", name, get.StatusCode, post.StatusCode)
		}
		if want == "" {
			want = body
		}
		if body != want {
			t.Errorf("%s differs\n%s\n%s", name, body, want)
		}
	}
	for i, c := range []struct{ email, role, want string }{
		{"kein", "staff", "keine vollständige"},
		{"x@neu.example", "king", "Bitte eine Rolle"},
		{"x@neu.example\r\nBcc: y@neu.example", "staff", "keine vollständige"},
	} {
		me = w.signedIn(w.a)
		res := me.do("POST", "/team/einladen", url.Values{"email": {c.email}, "rolle": {c.role}})
		if body := text(t, res); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) {
			t.Errorf("case %d: %d\n%s", i, res.StatusCode, body)
		}
	}
	if res := me.do("POST", "/team/einladen", url.Values{"email": {w.a.User.Email}, "rolle": {"staff"}}); res.StatusCode != http.StatusConflict {
		t.Errorf("inviting a member: %d", res.StatusCode)
	}
}

// TestInvitedTooOften: an address gets three invitations a day, of all firms together;
// the fourth is answered as the firm's own limit is, and no mail goes out.
func TestInvitedTooOften(t *testing.T) {
	w := newWorld(t)
	a, b := w.signedIn(w.a), w.signedIn(w.b)
	try := func(me *browser, email string) (int, string) {
		res := me.do("POST", "/team/einladen", url.Values{"email": {email}, "rolle": {"staff"}})
		return res.StatusCode, text(t, res)
	}
	for i, me := range []*browser{a, b, a} {
		if code, _ := try(me, "neu@neu.example"); code != http.StatusSeeOther {
			t.Fatalf("invitation %d: %d", i, code)
		}
	}
	over, said := try(b, " NEU@neu.example ")
	if over != http.StatusUnprocessableEntity || !strings.Contains(said, "ging nicht mehr hinaus") {
		t.Errorf("the fourth: %d\n%s", over, said)
	}
	if waits, err := w.store.Invitations(context.Background(), w.b.Tenant.ID, w.clock.Now()); err != nil || len(waits) != 1 {
		t.Errorf("%+v %v", waits, err)
	}
	if code, _ := try(b, "andere@neu.example"); code != http.StatusSeeOther {
		t.Errorf("another address: %d", code)
	}
	w.clock.Advance(24*time.Hour + time.Second)
	if code, _ := try(w.signedIn(w.b), "neu@neu.example"); code != http.StatusSeeOther {
		t.Errorf("a day later: %d", code)
	}
}

// TestRolesAndLeaving: the owner changes and removes; a role change ends the session;
// nobody leaves a firm without an owner.
func TestRolesAndLeaving(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	malte := w.member(w.a, "Malte", feierabend.RoleStaff)
	his := w.session(malte.ID, w.a.Tenant.ID, feierabend.RoleStaff)
	if res := his.do("POST", "/team/"+string(malte.ID)+"/rolle", url.Values{"rolle": {"owner"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("staff makes themselves owner: %d", res.StatusCode)
	}
	if res := me.do("POST", "/team/"+string(w.a.User.ID)+"/rolle", url.Values{"rolle": {"staff"}}); res.StatusCode != http.StatusConflict {
		t.Errorf("own role: %d", res.StatusCode)
	}
	if res := me.do("POST", "/konto/verlassen", url.Values{}); res.StatusCode != http.StatusConflict || !strings.Contains(text(t, res), "mindestens") {
		t.Errorf("the last owner leaves: %d", res.StatusCode)
	}
	me.post("/team/"+string(malte.ID)+"/rolle", url.Values{"rolle": {"owner"}})
	if res := his.do("GET", "/einstellungen", nil); res.Header.Get("Location") == "" {
		t.Errorf("the session of before the role change goes on: %d", res.StatusCode)
	}
	his = w.session(malte.ID, w.a.Tenant.ID, feierabend.RoleOwner)
	his.page("/team")
	if to := me.post("/konto/verlassen", nil); to != "/anmelden" {
		t.Errorf("leaving leads to %s", to)
	}
	if _, err := w.store.User(context.Background(), w.a.User.ID); feierabend.KindOf(err) != feierabend.NotFound {
		t.Errorf("the access is still there: %v", err)
	}
	jan := w.member(w.a, "Jan", feierabend.RoleStaff)
	gone := w.session(jan.ID, w.a.Tenant.ID, feierabend.RoleStaff)
	his.post("/team/"+string(jan.ID)+"/entfernen", nil)
	if res := gone.do("GET", "/einstellungen", nil); res.Header.Get("Location") == "" {
		t.Errorf("a removed person goes on: %d", res.StatusCode)
	}
	if res := his.do("POST", "/team/"+string(malte.ID)+"/entfernen", url.Values{}); res.StatusCode != http.StatusConflict {
		t.Errorf("removing oneself: %d", res.StatusCode)
	}
}

// TestTwoFirmsChange: a person of two firms goes from one into the other, with a new token.
func TestTwoFirmsChange(t *testing.T) {
	w := newWorld(t)
	must(t, w.store.AddMembership(context.Background(), feierabend.Membership{User: w.a.User.ID, Tenant: w.b.Tenant.ID, Role: feierabend.RoleStaff}))
	me := w.signedIn(w.a)
	old := me.cookies["s"]
	if page := me.page("/firma"); !strings.Contains(page, "Deichgrün") || !strings.Contains(page, "Nordlicht") {
		t.Errorf("%s", page)
	}
	me.post("/firma", url.Values{"firma": {w.b.Tenant.ID.String()}})
	if res := me.do("GET", "/team", nil); me.cookies["s"] == old || res.StatusCode != http.StatusForbidden {
		t.Errorf("staff of the second firm opens its team: %d", res.StatusCode)
	}
}
