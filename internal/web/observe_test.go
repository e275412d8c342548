package web_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"feierabend"
)

// observed catches what the logs are told.
type observed struct {
	visits []feierabend.PageView
	events []feierabend.SecurityEvent
}

func (w *world) observe() *observed {
	o := &observed{}
	w.options.Visit = func(v feierabend.PageView) { o.visits = append(o.visits, v) }
	w.options.Security = func(e feierabend.SecurityEvent) { o.events = append(o.events, e) }
	w.build()
	return o
}

// take gives the events since the last call, as "act code".
func (o *observed) take() (out []string) {
	for _, e := range o.events {
		out = append(out, strings.TrimSpace(string(e.Act)+" "+e.Code))
	}
	o.events = nil
	return out
}

// TestSecurityEvents: LOG-04, each event with its cause.
func TestSecurityEvents(t *testing.T) {
	w := newWorld(t)
	o := w.observe()
	expect := func(what string, want ...string) {
		t.Helper()
		if got := o.take(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	b := w.browser()
	b.addr = "192.0.2.171:5555"
	b.do("GET", "/anmelden", nil)
	b.askMail(w.a.User.Email)
	expect("asking for a mail")
	token, code := w.mailed()
	b.do("POST", "/anmelden/code", url.Values{"code": {"AAAA-AAAA"}})
	if len(o.events) == 1 && (o.events[0].Address.String() != "192.0.2.171" || o.events[0].Route != "/anmelden/code" || o.events[0].User != "") {
		t.Errorf("event %+v", o.events[0])
	}
	expect("a wrong code", "sign_in_failed")
	b.do("POST", "/anmelden/code", url.Values{"code": {code}})
	if len(o.events) == 1 && o.events[0].User != w.a.User.ID {
		t.Errorf("who signed in: %+v", o.events[0])
	}
	expect("the right code", "signed_in")
	b.do("POST", "/anmelden/link", url.Values{"t": {token}})
	expect("a link that is used up", "sign_in_failed")
	b.do("POST", "/abmelden", url.Values{})
	expect("leaving", "signed_out")

	in := w.signedIn(w.a)
	in.do("GET", "/v/01JDXKUNBEKANNT", nil)
	if len(o.events) == 1 && o.events[0].User != w.a.User.ID {
		t.Errorf("who asked for a foreign case: %+v", o.events[0])
	}
	expect("an unknown or foreign case", "denied not_found")
	for _, route := range []string{"/bestaetigung/code", "/konto/adresse/code"} {
		in.do("POST", route, url.Values{"code": {"AAAA-AAAA"}})
		if len(o.events) == 1 && (o.events[0].User != w.a.User.ID || o.events[0].Route != route) {
			t.Errorf("who typed a wrong code: %+v", o.events[0])
		}
		expect("a wrong code at "+route, "sign_in_failed")
	}
	in.do("POST", "/abmelden", url.Values{}, "Origin", "https://fremd.example", "Sec-Fetch-Site", "cross-site")
	expect("a foreign page", "denied cross_origin")
	in.do("GET", "/", nil, "Host", "fremd.example")
	expect("a foreign host", "denied host")
	w.browser().do("POST", "/v/01JDXKUNBEKANNT/verwerfen", url.Values{})
	expect("without a session", "denied session")
	w.hook(`{}`, "schlecht")
	expect("a forged webhook", "bad_signature signature")
	w.browser().do("GET", "/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=falsch&hub.challenge=1", nil)
	expect("a wrong word at the handshake", "bad_signature")
	far := w.browser()
	far.addr = "192.0.2.77:1"
	for range 11 {
		far.do("POST", "/anmelden", url.Values{"email": {"niemand@x.example"}})
	}
	expect("the eleventh mail of an address", "limited")
}

// TestVisitsHoldNothingOfPeople: what the access log is told has patterns, no ids.
func TestVisitsHoldNothingOfPeople(t *testing.T) {
	w := newWorld(t)
	o := w.observe()
	in := w.signedIn(w.a)
	in.do("GET", "/v/01JDXKUNBEKANNT?wer=Petersen", nil)
	in.do("GET", "/static/feierabend.css", nil)
	in.do("GET", "/healthz", nil)
	w.hook(`{}`, "schlecht")
	if len(o.visits) != 1 || o.visits[0].Route != "/v/{case}" || o.visits[0].Status != 404 || o.visits[0].Address.String() != "127.0.0.1" {
		t.Errorf("visits %+v", o.visits)
	}
}
