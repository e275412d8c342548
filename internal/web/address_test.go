package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"feierabend"
)

// TestChangeOfAddress (AUTH-11): a fresh session asks, the code goes to the new
// address and works in the asking browser only, other sessions end, the old address
// is told and takes it back within 24 hours, which ends all sessions.
func TestChangeOfAddress(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me, other := w.signedIn(w.a), w.signedIn(w.a)
	if res := me.do("POST", "/konto/adresse", url.Values{"email": {"hauke@"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("malformed: %d", res.StatusCode)
	}
	if to := me.post("/konto/adresse", url.Values{"email": {"Neu@Deichgruen.example"}}); to != "/konto/adresse/code" {
		t.Fatalf("leads to %s", to)
	}
	w.workMails()
	m := w.mails.last(t)
	if m.To != "Neu@deichgruen.example" {
		t.Errorf("code goes to %s", m.To)
	}
	code := url.Values{"code": {m.Text[:9]}}
	if res := other.do("POST", "/konto/adresse/code", code); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("in another browser: %d", res.StatusCode)
	}
	if to := me.post("/konto/adresse/code", code); to != "/konto?ok=adresse" {
		t.Errorf("the code leads to %s", to)
	}
	if u, err := w.store.User(ctx, w.a.User.ID); err != nil || u.Email != "Neu@deichgruen.example" {
		t.Errorf("address %q, %v", u.Email, err)
	}
	me.page("/konto")
	if res := other.do("GET", "/konto", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the other browser is still in: %d", res.StatusCode)
	}
	if res := me.do("POST", "/konto/adresse/code", code); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the code twice: %d", res.StatusCode)
	}
	w.workMails()
	m = w.mails.last(t)
	if m.To != w.a.User.Email || strings.Contains(m.Text, "Neu@") {
		t.Errorf("notice to %s:\n%s", m.To, m.Text)
	}
	link := url.Values{"t": {regexp.MustCompile(`\?t=(\S{43})`).FindStringSubmatch(m.Text)[1]}}
	stranger := w.browser()
	stranger.page("/adresse/zurueck?t=" + link.Get("t")) // opens and changes nothing
	me.page("/konto")
	if res := stranger.do("POST", "/adresse/zurueck", url.Values{"t": {strings.Repeat("A", 43)}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an invented link: %d", res.StatusCode)
	}
	if res := stranger.do("POST", "/adresse/zurueck", link); res.StatusCode != http.StatusOK {
		t.Errorf("the way back: %d", res.StatusCode)
	}
	if u, err := w.store.User(ctx, w.a.User.ID); err != nil || u.Email != w.a.User.Email {
		t.Errorf("address %q, %v", u.Email, err)
	}
	if res := me.do("GET", "/konto", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("still in after the way back: %d", res.StatusCode)
	}
	if res := stranger.do("POST", "/adresse/zurueck", link); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the way back twice: %d", res.StatusCode)
	}
}

// TestChangeToTakenAddress: the answer is the same, its owner is told, no code exists;
// an old session must prove itself first; the way back ends after 24 hours.
func TestChangeToTakenAddress(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	if to := me.post("/konto/adresse", url.Values{"email": {w.b.User.Email}}); to != "/konto/adresse/code" {
		t.Errorf("leads to %s", to)
	}
	w.workMails()
	if m := w.mails.last(t); m.To != w.b.User.Email || !strings.Contains(m.Text, "schon zu einem Zugang") {
		t.Errorf("mail to %s:\n%s", m.To, m.Text)
	}
	for range 6 {
		if res := me.do("POST", "/konto/adresse/code", url.Values{"code": {"AAAA-AAAA"}}); res.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("a guessed code: %d", res.StatusCode)
		}
	}
	me.post("/konto/adresse", url.Values{"email": {"neu@deichgruen.example"}})
	w.workMails()
	me.post("/konto/adresse/code", url.Values{"code": {w.mails.last(t).Text[:9]}})
	w.workMails()
	token := regexp.MustCompile(`\?t=(\S{43})`).FindStringSubmatch(w.mails.last(t).Text)[1]
	w.clock.Advance(feierabend.AddressUndoTerm)
	if res := w.browser().do("POST", "/adresse/zurueck", url.Values{"t": {token}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the way back after 24 hours: %d", res.StatusCode)
	}
	must(t, w.store.SweepDone(context.Background(), w.clock.Now().Add(time.Second)))
	if _, err := w.store.AddressChange(context.Background(), "x"); feierabend.KindOf(err) != feierabend.NotFound {
		t.Errorf("change: %v", err)
	}
	old := w.signedIn(w.a)
	w.clock.Advance(11 * time.Minute)
	if res := old.do("POST", "/konto/adresse", url.Values{"email": {"a@b.de"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("in a session of eleven minutes: %d", res.StatusCode)
	}
}
