package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
)

var standField = regexp.MustCompile(`name="stand" value="([0-9a-f]+)"`)

// profileOf reads a firm's profile.
func (w *world) profileOf(t feierabend.TenantID) feierabend.Profile {
	w.t.Helper()
	p, err := w.store.Profile(context.Background(), t)
	must(w.t, err)
	return p
}

// TestProfileSavedInParts: one part does not touch the others, nor another firm.
func TestProfileSavedInParts(t *testing.T) {
	w := newWorld(t)
	me, before, other := w.signedIn(w.a), w.profileOf(w.a.Tenant.ID), w.profileOf(w.b.Tenant.ID)
	if body := me.page("/stammdaten"); !strings.Contains(body, "Alles da, was eine Rechnung braucht.") || !strings.Contains(body, "DE02 1203 0000 0000 2020 51") {
		t.Errorf("overview:\n%s", body)
	}
	stand := find(t, me.page("/stammdaten/bank"), standField.String())
	if to := me.post("/stammdaten/bank", url.Values{"stand": {stand}, "iban": {"DE89 3704 0044 0532 0130 00"}, "bic": {"cobadeff"}, "inhaber": {"Hauke  Deichgrün"}}); to != "/stammdaten?gespeichert=bank" {
		t.Errorf("led to %s", to)
	}
	now := w.profileOf(w.a.Tenant.ID)
	if s := now.Seller; s.IBAN != "DE89370400440532013000" || s.BIC != "COBADEFF" || s.AccountHolder != "Hauke Deichgrün" {
		t.Errorf("saved %+v", s)
	}
	now.Seller.IBAN, now.Seller.BIC, now.Seller.AccountHolder = before.Seller.IBAN, "", ""
	if a, b := now.Seller.Name+now.Seller.TaxNumber+now.VATScheme, before.Seller.Name+before.Seller.TaxNumber+before.VATScheme; a != b || len(now.Rates) != len(before.Rates) {
		t.Error("another part changed too")
	}
	if diff := cmp.Diff(other, w.profileOf(w.b.Tenant.ID)); diff != "" {
		t.Errorf("the other firm changed:\n%s", diff)
	}
	if body := me.page("/stammdaten?gespeichert=bank"); !strings.Contains(body, "Gespeichert: Bankverbindung.") {
		t.Error("no word that it is saved")
	}
	if body := me.page("/stammdaten?gespeichert=" + url.QueryEscape("<script>")); strings.Contains(body, "Gespeichert:") {
		t.Error("a made-up word is shown")
	}
}

func TestProfileMistakesKeepTheInput(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	stand := find(t, me.page("/stammdaten/steuer"), standField.String())
	res := me.do("POST", "/stammdaten/steuer", url.Values{"stand": {stand}, "steuernummer": {"86095742719"}, "ustid": {"DE812345674"}, "verfahren": {""}, "umsatz": {"x"}})
	body := text(t, res)
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", res.StatusCode)
	}
	for _, want := range []string{"Identifikationsnummer", "Prüfziffer dieser USt-IdNr.", "ob Sie Umsatzsteuer ausweisen", "4 Angaben fehlen noch", `value="86095742719"`, `value="DE812345674"`, `href="#ustid"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	if p := w.profileOf(w.a.Tenant.ID); p.Seller.TaxNumber != "18/123/45678" || p.VATScheme != feierabend.SchemeStandard {
		t.Error("something was saved")
	}
	if strings.Contains(w.logs.String(), "86095742719") {
		t.Error("the typed number stands in the log")
	}
}

// TestProfileSecondTab: what somebody else saved meanwhile is shown beside what was typed,
// and nothing of either is lost. Another part is no conflict.
func TestProfileSecondTab(t *testing.T) {
	w := newWorld(t)
	me, colleague := w.signedIn(w.a), w.signedIn(w.a)
	stand := find(t, me.page("/stammdaten/bank"), standField.String())
	rates := find(t, colleague.page("/stammdaten/preise"), standField.String())
	colleague.post("/stammdaten/preise", url.Values{"stand": {rates}, "meister": {"90"}, "rolle": {"meister"}})
	colleague.post("/stammdaten/bank", url.Values{"stand": {stand}, "iban": {"DE89370400440532013000"}})
	res := me.do("POST", "/stammdaten/bank", url.Values{"stand": {stand}, "iban": {"DE02100500000054540402"}})
	body := text(t, res)
	if res.StatusCode != http.StatusConflict || !strings.Contains(body, "inzwischen an anderer Stelle geändert") || !strings.Contains(body, "Jetzt gespeichert: DE89370400440532013000") || !strings.Contains(body, `value="DE02100500000054540402"`) {
		t.Fatalf("status %d:\n%s", res.StatusCode, body)
	}
	if w.profileOf(w.a.Tenant.ID).Seller.IBAN != "DE89370400440532013000" {
		t.Error("the second tab overwrote the first")
	}
	me.post("/stammdaten/bank", url.Values{"stand": {find(t, body, standField.String())}, "iban": {"DE02100500000054540402"}})
	p := w.profileOf(w.a.Tenant.ID)
	if p.Seller.IBAN != "DE02100500000054540402" || p.Rates["meister"] != *dec4(t, "90") {
		t.Errorf("saved %s, %s", p.Seller.IBAN, p.Rates["meister"])
	}
}

func dec4(t *testing.T, s string) *feierabend.Dec4 {
	t.Helper()
	d, err := feierabend.ParseDec4(s)
	must(t, err)
	return &d
}

func TestProfileIsTheOwnersToChange(t *testing.T) {
	w := newWorld(t)
	office, staff := w.colleague(w.a, feierabend.RoleOffice), w.colleague(w.a, feierabend.RoleStaff)
	if body := office.page("/stammdaten/bank"); !strings.Contains(body, "DE02120300000000202051") || strings.Contains(body, "<button class=\"button primary") {
		t.Errorf("office:\n%s", body)
	}
	for _, c := range []struct {
		who    *browser
		method string
		at     string
	}{{office, "POST", "/stammdaten/bank"}, {staff, "POST", "/stammdaten/bank"}, {staff, "GET", "/stammdaten"}, {staff, "GET", "/stammdaten/bank"}} {
		var form url.Values
		if c.method == "POST" {
			form = url.Values{"iban": {"DE89370400440532013000"}}
		}
		if res := c.who.do(c.method, c.at, form); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s %s: %d", c.method, c.at, res.StatusCode)
		}
	}
	if res := w.signedIn(w.a).do("GET", "/stammdaten/gibtesnicht", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("unknown part: %d", res.StatusCode)
	}
}

// TestFirstInvoiceAsks (J-02): at the first „Ausstellen“ everything that is missing is asked
// on one page, and its button issues.
func TestFirstInvoiceAsks(t *testing.T) {
	w := newWorld(t)
	p := w.profileOf(w.a.Tenant.ID)
	p.Seller.TaxNumber, p.Seller.IBAN, p.Seller.LastNumber, p.SpokenPrices = "", "", "", ""
	must(t, w.store.SetProfile(context.Background(), w.a.Tenant.ID, p))
	c := string(w.dictated(w.a, "wamid.1", complete))
	me := w.signedIn(w.a)
	if to := me.post("/v/"+c+"/ausstellen", url.Values{"version": {"1"}}); to != "/v/"+c+"/angaben" {
		t.Fatalf("led to %s", to)
	}
	body := me.page("/v/" + c + "/angaben")
	for _, want := range []string{"Steuernummer", "IBAN", "letzte Rechnungsnummer", "Preise an Privatleute", "Speichern und ausstellen"} {
		if !strings.Contains(body, want) {
			t.Errorf("not asked: %s", want)
		}
	}
	if strings.Contains(body, "Rechtsform") || strings.Contains(body, "Umsatzsteuer aus?") {
		t.Error("asked for what is known or not needed")
	}
	form := url.Values{"version": {"1"}, "stand": {find(t, body, standField.String())}, "steuernummer": {"18/123/45678"}, "iban": {"DE02120300000000202052"}, "nummer": {"RE-2026-0099"}, "sprechweise": {"net"}}
	res := me.do("POST", "/v/"+c+"/angaben", form)
	if again := text(t, res); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(again, "Prüfziffer dieser IBAN") || !strings.Contains(again, "RE-2026-0099") {
		t.Fatalf("wrong IBAN: %d\n%s", res.StatusCode, again)
	}
	empty := url.Values{"version": {"1"}, "stand": form["stand"], "iban": {"DE02120300000000202051"}}
	if res := me.do("POST", "/v/"+c+"/angaben", empty); res.StatusCode != http.StatusUnprocessableEntity || strings.Count(text(t, res), "Das fehlt noch: Ohne diese Angabe") != 3 {
		t.Errorf("with three fields empty: %d", res.StatusCode)
	}
	if w.profileOf(w.a.Tenant.ID).Seller.TaxNumber != "" || w.profileOf(w.a.Tenant.ID).Seller.IBAN != "" {
		t.Error("half of it was saved")
	}
	if res := w.colleague(w.a, feierabend.RoleOffice).do("POST", "/v/"+c+"/angaben", form); res.StatusCode != http.StatusForbidden {
		t.Errorf("office: %d", res.StatusCode)
	}
	if body := w.colleague(w.a, feierabend.RoleOffice).page("/v/" + c + "/angaben"); !strings.Contains(body, "Eintragen kann sie, wer Inhaberin") {
		t.Error("office is not told who may")
	}
	form.Set("iban", "DE02 1203 0000 0000 2020 51")
	if to := me.post("/v/"+c+"/angaben", form); to != "/v/"+c {
		t.Fatalf("led to %s", to)
	}
	if body := me.page("/v/" + c); !strings.Contains(body, "RE-2026-0100") {
		t.Errorf("not issued with the next number:\n%s", body)
	}
	if res := me.do("GET", "/v/"+c+"/angaben", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("afterwards: %d", res.StatusCode)
	}
	if res := w.signedIn(w.b).do("GET", "/v/"+c+"/angaben", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("the other firm: %d", res.StatusCode)
	}
}

// TestFirstInvoiceGross: whoever says on that page that he names prices gross sees the
// changed sum before anything is issued.
func TestFirstInvoiceGross(t *testing.T) {
	w := newWorld(t)
	p := w.profileOf(w.a.Tenant.ID)
	p.Seller.TaxNumber, p.SpokenPrices = "", ""
	must(t, w.store.SetProfile(context.Background(), w.a.Tenant.ID, p))
	c := string(w.dictated(w.a, "wamid.1", "Rechnung für Frau Petersen, Lindenweg 12, 25524 Itzehoe. Gestern ein Siphon für 119 Euro und Anfahrt."))
	me := w.signedIn(w.a)
	stand := find(t, me.page("/v/"+c+"/angaben"), standField.String())
	to := me.post("/v/"+c+"/angaben", url.Values{"version": {"1"}, "stand": {stand}, "steuernummer": {"18/123/45678"}, "sprechweise": {"gross"}})
	if to != "/v/"+c+"?neu=brutto" {
		t.Fatalf("led to %s", to)
	}
	body := me.page(to)
	if !strings.Contains(body, "gelten jetzt als brutto") || !strings.Contains(body, "160,65") {
		t.Errorf("draft:\n%s", body)
	}
	if to := me.post("/v/"+c+"/ausstellen", url.Values{"version": {"2"}}); to != "/v/"+c {
		t.Errorf("led to %s", to)
	}
}

// TestSchemeChangedBeforeIssuing: an open draft that was summed with VAT is not issued by a
// firm that has become a Kleinunternehmer; the new sum is shown first.
func TestSchemeChangedBeforeIssuing(t *testing.T) {
	w := newWorld(t)
	c := string(w.dictated(w.a, "wamid.1", complete))
	p := w.profileOf(w.a.Tenant.ID)
	p.SetScheme(feierabend.SchemeSmallBusiness)
	must(t, w.store.SetProfile(context.Background(), w.a.Tenant.ID, p))
	me := w.signedIn(w.a)
	res := me.do("POST", "/v/"+c+"/ausstellen", url.Values{"version": {"1"}})
	if body := text(t, res); res.StatusCode != http.StatusConflict || !strings.Contains(body, "Brutto") {
		t.Fatalf("%d\n%s", res.StatusCode, body)
	}
	if to := me.post("/v/"+c+"/ausstellen", url.Values{"version": {"2"}}); to != "/v/"+c {
		t.Errorf("led to %s", to)
	}
	d, err := w.store.CaseDocument(context.Background(), w.a.Tenant.ID, feierabend.CaseID(c))
	if must(t, err); d.Sums.VAT != 0 || d.Sums.Taxes[0].Category != "E" {
		t.Errorf("sums %+v", d.Sums)
	}
}
