package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/storetest"
)

// TestForwardedInstruction (J-20): off at first, the owner's to switch, each firm for
// itself; the case that waits for a word in the chat says so.
func TestForwardedInstruction(t *testing.T) {
	w := newWorld(t)
	owner, other := w.signedIn(w.a), w.signedIn(w.b)
	const on = `name="weitergeleitet" value="1" checked`
	if page := owner.page("/kunden"); strings.Contains(page, on) {
		t.Fatal("on before anybody said so")
	}
	owner.post("/kunden", url.Values{"weitergeleitet": {"1"}})
	if page := owner.page("/kunden"); !strings.Contains(page, on) {
		t.Error("switched on, and the page does not say so")
	}
	if page := other.page("/kunden"); strings.Contains(page, on) {
		t.Error("the other firm was switched on too")
	}
	in := w.a.Inbound("wamid.forwarded", "Der Hahn tropft.")
	in.Forwarded = true
	out, err := w.store.Receive(context.Background(), []feierabend.Inbound{in})
	must(t, err)
	if _, err := w.store.HoldForwarded(context.Background(), w.a.Tenant.ID, out[0].Message); err != nil {
		t.Fatal(err)
	}
	m, err := w.store.Message(context.Background(), w.a.Tenant.ID, out[0].Message)
	must(t, err)
	if page := owner.page("/"); !strings.Contains(page, "Antwort im Chat") {
		t.Error("the list does not say what is waited for")
	}
	if page := owner.page("/v/" + string(m.Case)); !strings.Contains(page, "Weitergeleitet: Auswerten?") || strings.Contains(page, "Der Weg") {
		t.Errorf("the case's page:\n%s", page)
	}
	owner.post("/kunden", nil)
	if page := owner.page("/kunden"); strings.Contains(page, on) {
		t.Error("switched off, and still on")
	}
}

// waiting is a case whose message has no draft yet.
func (w *world) waiting(f storetest.Firm, id string) feierabend.CaseID {
	w.t.Helper()
	out, err := w.store.Receive(context.Background(), []feierabend.Inbound{f.Inbound(id, "Moin")})
	must(w.t, err)
	m, err := w.store.Message(context.Background(), f.Tenant.ID, out[0].Message)
	must(w.t, err)
	return m.Case
}

// TestKundenlinkPages (J-21): off at first; made from a case or for a new one; the code
// only in the browser that made it; what the customer does shows; ended, it is over.
func TestKundenlinkPages(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	owner, colleague, other := w.signedIn(w.a), w.signedIn(w.a), w.signedIn(w.b)
	open := w.dictated(w.a, "wamid.open", complete)
	if res := owner.do("POST", "/kunden/link", url.Values{}); res.StatusCode != http.StatusConflict {
		t.Fatalf("a link while they are off: %d", res.StatusCode)
	}
	if page := owner.page("/v/" + string(open)); strings.Contains(page, "kundenlink") {
		t.Error("a case offers a link while they are off")
	}
	owner.post("/kunden", url.Values{"kundenlink": {"1"}})
	if page := owner.page("/v/" + string(open)); !strings.Contains(page, `action="/v/`+string(open)+`/kundenlink"`) {
		t.Error("a case offers no link")
	}
	// A document that is issued and a case without a draft offer it too, to those who may (J-21).
	doc, bare := w.issued(w.a, "wamid.issued"), w.waiting(w.a, "wamid.bare")
	staff := w.colleague(w.a, feierabend.RoleStaff)
	for _, c := range []feierabend.CaseID{doc.Case, bare} {
		way := "/v/" + string(c) + "/kundenlink"
		if page := owner.page("/v/" + string(c)); !strings.Contains(page, `action="`+way+`"`) {
			t.Errorf("no link on the page of %s", c)
		}
		if res := owner.do("POST", way, url.Values{}); res.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: %d", way, res.StatusCode)
		}
		if page := text(t, staff.do("GET", "/v/"+string(c), nil)); strings.Contains(page, "kundenlink") {
			t.Error("staff are offered a link")
		}
	}
	for _, way := range []string{"/kunden/link", "/v/" + string(open) + "/kundenlink"} {
		res := owner.do("POST", way, url.Values{})
		at := res.Header.Get("Location")
		if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(at, "/kunden/link/") {
			t.Fatalf("%s: %d %s", way, res.StatusCode, at)
		}
		page := owner.page(at)
		code := find(t, page, `Code: <b[^>]*>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5})</b>`)
		if again := owner.page(at); !strings.Contains(again, code) || !strings.Contains(page, `class="qr"`) || !strings.Contains(page, "127.0.0.1:8081/wa.me") {
			t.Errorf("%s: %s", way, page)
		}
		if page := colleague.page(at); strings.Contains(page, code) || !strings.Contains(page, "Kundenlink wartet") {
			t.Error("another browser shows the code")
		}
		if res := other.do("GET", at, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("the other firm: %d", res.StatusCode)
		}
		say := func(text string) feierabend.Outcome {
			in := feierabend.Inbound{Channel: "whatsapp", ExternalID: "wamid." + feierabend.NewID(), From: "+4917139200999", Kind: feierabend.InboundText, Text: text, At: w.store.Now(), Dated: true}
			out, err := w.store.Receive(ctx, []feierabend.Inbound{in})
			must(t, err)
			return out[0]
		}
		say("Code: " + code)
		if page := owner.page(at); !strings.Contains(page, "Ihr Kunde ist da") || strings.Contains(page, code) || strings.Contains(page, "+4917139200999") {
			t.Errorf("after the code: %s", page)
		}
		say("Einverstanden")
		if page := owner.page(at); !strings.Contains(page, "Zum Vorgang") || !strings.Contains(page, "<h1>Einverstanden</h1>") {
			t.Errorf("agreed: %s", page)
		}
		if page := owner.page("/"); way == "/kunden/link" && !strings.Contains(page, "Wartet auf Kunden") {
			t.Error("the list does not show what is waited for")
		}
		if page := owner.page("/kunden"); !strings.Contains(page, `href="`+at+`"`) {
			t.Error("the link is not in the list")
		}
		owner.post(at+"/beenden", nil)
		if page := owner.page(at); !strings.Contains(page, "Der Link gilt nicht mehr") || strings.Contains(page, "/beenden") {
			t.Errorf("ended: %s", page)
		}
		if got := say("Hallo"); got.Code != feierabend.UnknownSender {
			t.Errorf("ended, and still heard: %+v", got)
		}
	}
}
