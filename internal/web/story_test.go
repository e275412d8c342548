package web_test

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"feierabend"
)

const dictation = "Rechnung für Frau Petersen. Neuen Siphon eingebaut für 28 Euro 50, anderthalb Stunden Arbeit, Anfahrt."

// TestStory walks one case through all pages: questions, issue, download,
// countdown, confirm, receipt. The other firm gets 404 at every step.
func TestStory(t *testing.T) {
	w := newWorld(t)
	me, other := w.signedIn(w.a), w.signedIn(w.b)
	id, msg := w.spoken(w.a, "wamid.1", dictation)
	at := "/v/" + string(id)

	page := me.page("/")
	for _, want := range []string{"Sie sind dran", "Frau Petersen", at, "Fragen", "löscht in 29"} {
		if !strings.Contains(page, want) {
			t.Errorf("dashboard without %q", want)
		}
	}
	if strings.Contains(other.page("/"), string(id)) {
		t.Error("the other firm's dashboard shows the case")
	}
	page = me.page(at)
	t.Log(page)
	tapped := me.page("/v/" + string(id) + "?w=" + url.QueryEscape("lines[0].price"))
	if !strings.Contains(tapped, "<mark>") {
		t.Error("a tapped value marks no words")
	}
	if clip := me.do("GET", "/m/"+string(msg)+"/clip?von=0&bis=5000", nil); clip.StatusCode != 200 || clip.Header.Get("Content-Type") != "audio/wav" {
		t.Errorf("clip: %d %s", clip.StatusCode, clip.Header.Get("Content-Type"))
	}

	version := find(t, page, `name="version" value="(\d+)"`)
	to := me.post(at+"/antwort", url.Values{"path": {"buyer.address"}, "version": {version}, "strasse": {"Lindenweg 12"}, "plz": {"25524"}, "ort": {"Itzehoe"}})
	page = me.page(to)
	if !strings.Contains(page, "Lindenweg 12, 25524 Itzehoe") || !strings.Contains(page, "Übernommen") {
		t.Errorf("address not taken:\n%s", page)
	}
	page = me.page(me.post(at+"/antwort", url.Values{"path": {"supply"}, "version": {find(t, page, `name="version" value="(\d+)"`)}, "wahl": {find(t, page, `name="wahl" value="([0-9.]+)">Heute`)}}))
	if strings.Contains(page, `class="question"`) {
		t.Errorf("a question is left:\n%s", page)
	}
	version = find(t, page, `name="version" value="(\d+)"`)
	if to := me.post(at+"/ausstellen", url.Values{"version": {version}}); to != at {
		t.Errorf("issue leads to %s", to)
	}
	page = me.page(at)
	file := find(t, page, `action="(/f/[^"]+\.pdf)/download"`)
	if strings.Contains(page, "Löscht sich in") || !strings.Contains(page, "RE-2026-0042") {
		t.Errorf("issued page:\n%s", page)
	}

	before := me.do("GET", file, nil) // a preview changes nothing
	if c, _ := w.store.Case(context.Background(), w.a.Tenant.ID, id); c.State != feierabend.CaseIssued {
		t.Errorf("a GET made the case %s", c.State)
	}
	if to := me.post(file+"/download", nil); to != file {
		t.Errorf("download leads to %s, want %s", to, file)
	}
	after := me.do("GET", file, nil)
	if a, b := sha256.Sum256([]byte(text(t, before))), sha256.Sum256([]byte(text(t, after))); a != b {
		t.Error("the file changed")
	}
	if d := after.Header.Get("Content-Disposition"); !strings.HasPrefix(d, `attachment; filename="RE-2026-0042.pdf"`) {
		t.Errorf("disposition %q", d)
	}
	page = me.page(at)
	if !strings.Contains(page, "Löscht sich in") || !strings.Contains(page, "Noch nicht gespeichert") {
		t.Errorf("no countdown:\n%s", page)
	}
	if page = me.page(me.post(at+"/noch-nicht", nil)); !strings.Contains(page, "Die Uhr steht") {
		t.Errorf("the clock runs on:\n%s", page)
	}
	if confirm := me.page(at + "/gespeichert"); !strings.Contains(confirm, "Ja, gespeichert. Jetzt löschen") {
		t.Errorf("confirm page:\n%s", confirm)
	}
	for _, path := range []string{at, at + "/gespeichert", file, "/m/" + string(msg) + "/clip?von=0&bis=5000"} {
		if res := other.do("GET", path, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("other firm: GET %s is %d", path, res.StatusCode)
		}
	}
	receipt := me.post(at+"/gespeichert", nil)
	page = me.page(receipt)
	if !strings.Contains(page, "Prüfung läuft") || !strings.Contains(page, "Gelöscht. Feierabend.") {
		t.Errorf("receipt page:\n%s", page)
	}
	if _, err := w.store.ScrubAndVerify(context.Background()); err != nil {
		t.Fatal(err)
	}
	page = me.page(strings.TrimSuffix(receipt, "?neu=1"))
	if !strings.Contains(page, "Gelöscht und geprüft") || !strings.Contains(page, "0 Treffer") {
		t.Errorf("verified receipt:\n%s", page)
	}
	if res := me.do("GET", at, nil); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(receipt, res.Header.Get("Location")) {
		t.Errorf("erased case: %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
	if res := other.do("GET", strings.TrimSuffix(receipt, "?neu=1"), nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("other firm reads the receipt: %d", res.StatusCode)
	}
	if list := me.page("/quittungen"); !strings.Contains(list, "Geprüft") {
		t.Errorf("list of receipts:\n%s", list)
	}
	for _, word := range []string{"Petersen", "Lindenweg", "Siphon", w.a.Sender.Phone, w.a.User.Email} {
		if strings.Contains(w.logs.String(), word) {
			t.Errorf("%q stands in the log", word)
		}
	}
}
