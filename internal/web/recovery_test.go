package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"feierabend"
)

// TestRecoveryPages (J-42): the pages lead an owner without a mailbox from the code in
// the chat to the three days of waiting; a link stops it by a button, never by a look.
func TestRecoveryPages(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	const at = "/anmelden/kein-zugang"
	b, other := w.browser(), w.browser()
	if !strings.Contains(b.page(at), "allein Inhaber") || len(b.cookies) > 0 {
		t.Fatal("looking begins something")
	}
	b.post(at, nil)
	code := find(t, b.page(at), `class="code">([0-9A-Z-]{15})<`)
	if strings.Contains(other.page(at), code) {
		t.Fatal("another browser sees the code")
	}
	stand := text(t, b.do("GET", at+"/stand", nil))
	in := w.a.Inbound("recover-1", feierabend.RecoveryWords+code)
	in.At, in.Dated = w.clock.Now(), true
	out, err := w.store.Receive(ctx, []feierabend.Inbound{in})
	must(t, err)
	must(t, w.draft.Run(ctx, feierabend.Job{K: feierabend.JobDraft, Tenant: w.a.Tenant.ID.String(), Ref: string(out[0].Message)}))
	if again := text(t, b.do("GET", at+"/stand", nil)); again == stand {
		t.Fatalf("the page does not go on: %s", again)
	}
	if res := b.do("POST", at+"/adresse", url.Values{"email": {"kaputt"}}); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(t, res), `value="kaputt"`) {
		t.Errorf("a malformed address: %d", res.StatusCode)
	}
	b.post(at+"/adresse", url.Values{"email": {"hauke@neu.example"}})
	r, err := w.signin.Recovering(ctx, b.cookies["recover"])
	must(t, err)
	must(t, w.signin.Recover(ctx, feierabend.Job{Ref: r.ID}))
	if res := b.do("POST", at+"/code", url.Values{"code": {"0000-0000"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code: %d", res.StatusCode)
	}
	b.post(at+"/code", url.Values{"code": {w.mails.last(t).Subject[:9]}})
	if page := b.page(at); !strings.Contains(page, "gilt ab") {
		t.Errorf("no word of the wait:\n%s", page)
	}
	stop := strings.TrimPrefix(w.signin.StopURL(r.ID), publicURL)
	for range 2 {
		other.page(stop)
	}
	if now, err := w.signin.Recovering(ctx, b.cookies["recover"]); err != nil || now.State != feierabend.RecoveryWaiting {
		t.Fatalf("a look stops it: %+v %v", now, err)
	}
	token := strings.SplitN(stop, "?t=", 2)[1]
	if res := other.do("POST", at+"/stopp", url.Values{"t": {token + "x"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a forged link: %d", res.StatusCode)
	}
	if res := other.do("POST", at+"/stopp", url.Values{"t": {token}}); res.StatusCode != http.StatusOK {
		t.Errorf("the link of a notice: %d", res.StatusCode)
	}
	if !strings.Contains(b.page(at), "allein Inhaber") {
		t.Error("it still waits")
	}
	for _, f := range []feierabend.User{w.a.User, w.b.User} {
		if u, err := w.store.User(ctx, f.ID); err != nil || u.Email != f.Email {
			t.Errorf("address %s, %v", u.Email, err)
		}
	}
	if log := w.logs.String(); strings.Contains(log, "neu.example") || strings.Contains(log, token) || strings.Contains(log, code) {
		t.Error("the log holds what it must not")
	}
}

// TestRecoveryAddressLimit: the form of the new address has the limit of the other forms
// that send mails, says so, and keeps what was typed.
func TestRecoveryAddressLimit(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.addr = "203.0.113.9:4711"
	const at = "/anmelden/kein-zugang"
	b.post(at, nil) // the first of ten
	for i := range 12 {
		res := b.do("POST", at+"/adresse", url.Values{"email": {"hauke@neu.example"}})
		limited := res.StatusCode == http.StatusUnprocessableEntity
		if limited != (i >= 9) {
			t.Errorf("try %d: %d", i+1, res.StatusCode)
		}
	}
	other := w.browser()
	other.addr = "198.51.100.9:4711"
	if res := other.do("POST", at+"/adresse", url.Values{"email": {"hauke@neu.example"}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("another network: %d", res.StatusCode)
	}
}
