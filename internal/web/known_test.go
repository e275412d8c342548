package web_test

import (
	"context"
	"net/url"
	"testing"

	"feierabend"
)

// TestKnownBrowser: whoever has signed in here before gets a mail, however many a
// stranger asked for; the cookie opens nothing and holds no name (decision 0047).
func TestKnownBrowser(t *testing.T) {
	w := newWorld(t)
	ask := func(b *browser) bool {
		t.Helper()
		w.mailJobs.refs = nil
		b.post("/anmelden", url.Values{"email": {w.a.User.Email}})
		return len(w.mailJobs.refs) == 1
	}
	own, stranger := w.browser(), w.browser()
	own.addr, stranger.addr = "203.0.113.7:4711", "203.0.113.7:4712" // the same network
	if !ask(own) {
		t.Fatal("no mail")
	}
	must(t, w.signin.Mail(context.Background(), feierabend.Job{K: feierabend.JobMail, Ref: w.mailJobs.refs[0]}))
	own.post("/anmelden/code", url.Values{"code": {find(t, w.mails.last(t).Text, `^([0-9A-Z-]{9}) `)}})
	known := own.cookies["known"]
	if known == "" {
		t.Fatal("the browser is not remembered")
	}
	own.post("/abmelden", nil)
	for range 3 {
		ask(stranger)
	}
	if ask(stranger) {
		t.Error("no limit for strangers")
	}
	if !ask(own) {
		t.Error("a stranger locked the person out")
	}
	if res := own.do("GET", "/stand", nil); res.StatusCode != 401 {
		t.Errorf("the cookie of a known browser opens a page: %d", res.StatusCode)
	}
	other := w.browser()
	other.addr, other.cookies["known"] = own.addr, known
	w.mailJobs.refs = nil
	for range 4 {
		other.post("/anmelden", url.Values{"email": {w.b.User.Email}})
	}
	if len(w.mailJobs.refs) != 3 {
		t.Errorf("%d mails to the owner of the other firm by another's cookie, want those of a stranger", len(w.mailJobs.refs))
	}
}
