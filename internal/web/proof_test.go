package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// TestStepUpByChat (AUTH-13): the page shows a code once it is asked for, the person's
// own number sends it, the page goes on. Forwarded, foreign, late and used codes prove
// nobody, and no code becomes a draft.
func TestStepUpByChat(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	me, other := w.signedIn(w.a), w.signedIn(w.b)
	w.clock.Advance(11 * time.Minute)
	const at = "/bestaetigung?weiter=%2Fteam"
	if page := me.page(at); strings.Contains(page, `class="code"`) {
		t.Fatal("a code that nobody asked for")
	}
	show := func(b *browser) string {
		t.Helper()
		if to := b.post("/bestaetigung/telefon", url.Values{"weiter": {"/team"}}); to != at {
			t.Fatalf("to %s", to)
		}
		return find(t, b.page(at), `class="code">([0-9A-Z-]{9})<`)
	}
	code := show(me)
	if again := find(t, me.page(at), `class="code">([0-9A-Z-]{9})<`); again != code {
		t.Errorf("looking at the page changes the code: %s, %s", code, again)
	}
	n := 0
	send := func(f storetest.Firm, text string, change func(*feierabend.Inbound)) string {
		t.Helper()
		n++
		in := f.Inbound("proof-"+string(rune('a'+n)), text)
		in.At, in.Dated = w.clock.Now(), true
		if change != nil {
			change(&in)
		}
		out, err := w.store.Receive(ctx, []feierabend.Inbound{in})
		must(t, err)
		j := feierabend.Job{K: feierabend.JobDraft, Tenant: f.Tenant.ID.String(), Ref: string(out[0].Message)}
		must(t, w.draft.Run(ctx, j))
		m, err := w.store.Message(ctx, f.Tenant.ID, out[0].Message)
		must(t, err)
		return m.Reason
	}
	stand := func(b *browser) string { return text(t, b.do("GET", "/bestaetigung/stand", nil)) }
	if show(other); send(w.b, feierabend.ProofWords+code, nil) != feierabend.ReasonCommand || strings.Contains(stand(me), "proved") {
		t.Errorf("the other firm's number proves me: %s", stand(me))
	}
	send(w.a, feierabend.ProofWords+code, func(in *feierabend.Inbound) { in.Forwarded = true })
	if strings.Contains(stand(me), "proved") {
		t.Error("a forwarded code proves me")
	}
	w.clock.Advance(10 * time.Minute)
	if send(w.a, feierabend.ProofWords+code, nil); strings.Contains(stand(me), "proved") {
		t.Error("a code after its time proves me")
	}
	code = show(me)
	if got := send(w.a, feierabend.ProofWords+code, nil); got != feierabend.ReasonCommand || !strings.Contains(stand(me), "proved") {
		t.Fatalf("the own number: %q, %s", got, stand(me))
	}
	if page := me.page(at); !strings.Contains(page, "Weiter") || strings.Contains(page, code) {
		t.Errorf("the page does not go on:\n%s", page)
	}
	if to := me.post("/bestaetigung/chat", url.Values{"weiter": {"/team"}}); to != "/team" {
		t.Errorf("on to %s", to)
	}
	me.page("/team/einladen")
	if res := other.do("GET", "/team/einladen", nil); res.StatusCode != 303 {
		t.Errorf("the other firm is proved: %d", res.StatusCode)
	}
	if cases, err := w.store.Cases(ctx, w.a.Tenant.ID); err != nil || len(cases) != 1 { // the forwarded text, which intake answers
		t.Errorf("%d cases of codes, %v", len(cases), err)
	}
}

// TestSuspendedNumberProvesNobody: a number in doubt is not offered.
func TestSuspendedNumberProvesNobody(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	if !strings.Contains(me.page("/bestaetigung"), "/bestaetigung/telefon") {
		t.Fatal("an active number is not offered")
	}
	_, err := w.store.Receive(context.Background(), []feierabend.Inbound{{Channel: "whatsapp", Kind: feierabend.InboundChange, From: w.a.Sender.Phone, Text: string(feierabend.SuspendedDevice)}})
	must(t, err)
	if strings.Contains(me.page("/bestaetigung"), "/bestaetigung/telefon") {
		t.Error("a suspended number is offered")
	}
	me.post("/bestaetigung/telefon", nil)
	if got := text(t, me.do("GET", "/bestaetigung/stand", nil)); !strings.Contains(got, "none") {
		t.Errorf("a code without a number: %s", got)
	}
}
