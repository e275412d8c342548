package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"feierabend"
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
