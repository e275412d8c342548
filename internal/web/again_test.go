package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/signin"
)

// TestAgainKeepsWhose: „Neu verbinden“ of a colleague's suspended number leads over the
// proof and back without losing whose it is; where nobody was named, nobody is chosen.
func TestAgainKeepsWhose(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	malte := feierabend.User{ID: "malte", Email: "malte@deichgruen.example", Name: "Malte Ünsal"}
	must(t, w.store.AddUser(ctx, malte))
	must(t, w.store.AddMembership(ctx, feierabend.Membership{User: malte.ID, Tenant: w.a.Tenant.ID, Role: feierabend.RoleStaff}))
	id := feierabend.SenderID(feierabend.NewID())
	must(t, w.store.AddSenderLink(ctx, w.a.Tenant.ID, feierabend.SenderLink{ID: id, User: malte.ID, Phone: linkPhone}))
	me := w.signedIn(w.a)
	if body := me.page("/nummern/neu"); !strings.Contains(body, `value="`+string(w.a.User.ID)+`" selected`) {
		t.Error("without a suspended number the owner is not chosen")
	}
	_, err := w.store.Receive(ctx, []feierabend.Inbound{{Channel: "whatsapp", Kind: feierabend.InboundChange, From: linkPhone, Text: string(feierabend.SuspendedDevice)}})
	must(t, err)
	again := "/nummern/" + string(id) + "/neu"
	if !strings.Contains(me.page("/nummern"), `href="`+again+`"`) {
		t.Fatal("the list does not lead there")
	}
	w.clock.Advance(11 * time.Minute)
	back := "/bestaetigung?weiter=" + url.QueryEscape(again)
	if to := me.do("GET", again, nil).Header.Get("Location"); to != back {
		t.Errorf("the page leads to %s", to)
	}
	late := me.do("POST", again, url.Values{"nummer": {linkPhone}})
	if body := text(t, late); late.StatusCode != http.StatusForbidden || !strings.Contains(body, `href="`+back+`"`) {
		t.Errorf("the late form: %d\n%s", late.StatusCode, body)
	}
	me = w.signedIn(w.a)
	body := me.page(again)
	if !strings.Contains(body, malte.Name) || !strings.Contains(body, linkPhone[1:]) || strings.Contains(body, "<select") || !strings.Contains(body, `action="`+again+`"`) {
		t.Errorf("the page:\n%s", body)
	}
	if to := me.post(again, url.Values{"nummer": {linkPhone}, "person": {string(w.a.User.ID)}}); to != "/nummern/verbinden" {
		t.Errorf("led to %s", to)
	}
	c, err := w.store.LatestLink(ctx, w.a.Tenant.ID, signin.Hash(me.cookies["s"]))
	if err != nil || c.User != malte.ID || c.By != w.a.User.ID {
		t.Errorf("asked for %s by %s, %v", c.User, c.By, err)
	}
	if body := me.page("/nummern/neu"); !strings.Contains(body, `<option value="" selected>`) || strings.Contains(body, `value="`+string(w.a.User.ID)+`" selected`) {
		t.Error("somebody is chosen beforehand")
	}
	for name, form := range map[string]url.Values{
		"wessen Nummer":        {"nummer": {"0171 39203499"}},
		"bei jemand anderem":   {"nummer": {linkPhone}, "person": {string(w.a.User.ID)}},
		"gehört nicht zu Ihre": {"nummer": {"0171 39203499"}, "person": {string(w.b.User.ID)}},
	} {
		res := me.do("POST", "/nummern/neu", form)
		if body := text(t, res); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, name) {
			t.Errorf("%s: %d\n%s", name, res.StatusCode, body)
		}
	}
	for _, b := range []*browser{w.colleague(w.a, feierabend.RoleOffice), w.signedIn(w.b)} {
		if res := b.do("POST", again, url.Values{"nummer": {linkPhone}}); res.StatusCode != http.StatusForbidden && res.StatusCode != http.StatusNotFound {
			t.Errorf("somebody else: %d", res.StatusCode)
		}
	}
}

// TestFirstBankData (AUTH-13): the first IBAN wants the proof that a changed one wants.
// The page leads to it; a form that was open for too long comes back with all that was
// typed, and nothing of it is saved, until the proof is there.
func TestFirstBankData(t *testing.T) {
	w := newWorld(t)
	p := w.profileOf(w.a.Tenant.ID)
	p.Seller.TaxNumber, p.Seller.IBAN = "", ""
	must(t, w.store.SetProfile(context.Background(), w.a.Tenant.ID, p))
	c := string(w.dictated(w.a, "wamid.1", complete))
	at := "/v/" + c + "/angaben"
	me := w.signedIn(w.a)
	form := url.Values{"version": {"1"}, "stand": {find(t, me.page(at), standField.String())}, "steuernummer": {"18/123/45678"}, "iban": {"DE02120300000000202051"}, "sprechweise": {"net"}}
	w.clock.Advance(11 * time.Minute)
	prove := "/bestaetigung?weiter=" + url.QueryEscape(at)
	if to := me.do("GET", at, nil).Header.Get("Location"); to != prove {
		t.Errorf("the page leads to %q", to)
	}
	res := me.do("POST", at, form)
	body := text(t, res)
	for _, want := range []string{"18/123/45678", "DE02120300000000202051", `name="version" value="1"`, `href="` + prove + `"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the late form comes back without %s:\n%s", want, body)
		}
	}
	if now := w.profileOf(w.a.Tenant.ID).Seller; res.StatusCode != http.StatusForbidden || now.IBAN != "" || now.TaxNumber != "" {
		t.Errorf("late: %d, saved %q %q", res.StatusCode, now.IBAN, now.TaxNumber)
	}
	if !strings.Contains(w.colleague(w.a, feierabend.RoleOffice).page(at), "Eintragen kann sie") { // who may not enter it needs no proof
		t.Error("the office's page")
	}
	fresh := w.signedIn(w.a)
	if to := fresh.post(at, form); to != "/v/"+c || w.profileOf(w.a.Tenant.ID).Seller.IBAN == "" {
		t.Errorf("with the proof: to %s", to)
	}
}

// TestOwnAddressInOtherCase: nobody else has it, so the code comes and the change is made.
func TestOwnAddressInOtherCase(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	typed := strings.ToUpper(w.a.User.Email[:1]) + w.a.User.Email[1:]
	me.post("/konto/adresse", url.Values{"email": {typed}})
	w.workMails()
	m := w.mails.last(t)
	if !strings.Contains(m.Subject, "Code für die neue Adresse") {
		t.Fatalf("mail %q", m.Subject)
	}
	if to := me.post("/konto/adresse/code", url.Values{"code": {m.Text[:9]}}); to != "/konto?ok=adresse" {
		t.Errorf("led to %s", to)
	}
	if u, err := w.store.User(context.Background(), w.a.User.ID); err != nil || u.Email != typed {
		t.Errorf("address %q, %v", u.Email, err)
	}
}

// TestProofMailWords: the mail of the step-up is no sign-in mail: it says that somebody
// who is signed in wants to change something, and what to do if it was not the reader.
func TestProofMailWords(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	me.post("/bestaetigung/mail", nil)
	w.workMails()
	m := w.mails.last(t)
	for _, want := range []string{"angemeldet ist", "Geräte", "/geraete", "Waren Sie das nicht?"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("without %q:\n%s", want, m.Text)
		}
	}
	if strings.Contains(m.Text, "/anmelden/link") || strings.Contains(m.Text, "Das waren nicht Sie? Dann müssen Sie nichts tun") {
		t.Errorf("a sign-in mail:\n%s", m.Text)
	}
	w.browser().askMail(w.a.User.Email)
	w.workMails()
	if m := w.mails.last(t); !strings.Contains(m.Text, "/anmelden/link") || strings.Contains(m.Text, "angemeldet ist") {
		t.Errorf("the sign-in mail:\n%s", m.Text)
	}
}
