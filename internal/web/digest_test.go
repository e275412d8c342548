package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"feierabend"
)

// TestDigestSwitch: the mail at the end of a working day is switched off and on under
// „Einstellungen“, by its link's button, and by a mail program's own call without session
// or cookie; looking changes nothing, and the other firm's member keeps theirs.
func TestDigestSwitch(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me := w.signedIn(w.a)
	must(t, w.store.AddMembership(ctx, feierabend.Membership{User: w.a.User.ID, Tenant: w.b.Tenant.ID, Role: feierabend.RoleStaff}))
	on := func() bool {
		t.Helper()
		on, err := w.store.DigestOn(ctx, w.a.Tenant.ID, w.a.User.ID)
		must(t, err)
		if other, err := w.store.DigestOn(ctx, w.b.Tenant.ID, w.a.User.ID); err != nil || !other {
			t.Errorf("the other firm's are off: %v", err)
		}
		return on
	}
	if !strings.Contains(me.page("/einstellungen"), `href="/mails"`) || !strings.Contains(me.page("/mails"), "hauke@deichgruen.example") || !on() {
		t.Fatal("they begin switched off, or nobody finds the switch")
	}
	if to := me.post("/mails", url.Values{"an": {"0"}}); on() || !strings.Contains(me.page(to), "Es kommt keine mehr") {
		t.Error("switched off, and still on")
	}
	if me.post("/mails", url.Values{"an": {"1"}}); !on() {
		t.Error("switched on, and still off")
	}

	x := []byte("link")
	must(t, w.store.AddSignInLink(ctx, feierabend.SignInLink{User: w.a.User.ID, TokenHash: x, CodeHash: x, BindHash: x, ExpiresAt: w.clock.Now().Add(time.Minute)}))
	_, err := w.store.ConsumeSignInToken(ctx, x, x, w.clock.Now())
	must(t, err)
	_, err = w.store.PlanDigests(ctx, w.a.Tenant.ID, feierabend.DigestNow(w.clock.Now(), time.UTC), w.a.User.ID)
	must(t, err)
	var id string
	must(t, w.store.SQL().QueryRowContext(ctx, `SELECT id FROM digest`).Scan(&id))
	d, err := w.store.TakeDigest(ctx, w.a.Tenant.ID, id)
	must(t, err)
	link := "/mails/abbestellen?t=" + d.Token

	nobody := w.browser()
	if page := nobody.page(link); !on() || !strings.Contains(page, `action="`+link+`"`) || len(nobody.cookies) > 0 {
		t.Error("looking at the link does something, or shows no button")
	}
	for name, body := range map[string][2]string{
		"form":      {"application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
		"multipart": {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"},
	} {
		r := httptest.NewRequest("POST", publicURL+link, strings.NewReader(body[1])) // RFC 8058 § 3.2: no cookie, no Origin
		r.Header.Set("Content-Type", body[0])
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, r)
		if rec.Code != http.StatusOK || on() {
			t.Errorf("%s: %d, on %v", name, rec.Code, on())
		}
		if res := nobody.do("POST", "/mails/bestellen?t="+d.Token, url.Values{}); res.StatusCode != http.StatusOK || !on() {
			t.Errorf("taken back: %d, on %v", res.StatusCode, on())
		}
	}
	bad := nobody.do("POST", "/mails/abbestellen?t="+d.Token[1:], url.Values{})
	if bad.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(t, bad), "Dieser Link gilt nicht") || !on() {
		t.Errorf("another token: %d", bad.StatusCode)
	}
	if res := nobody.do("POST", link, url.Values{}, "Origin", "https://boese.example", "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden || !on() {
		t.Errorf("from a foreign page: %d", res.StatusCode)
	}
	if strings.Contains(w.logs.String(), d.Token) {
		t.Error("the token stands in the log")
	}
}
