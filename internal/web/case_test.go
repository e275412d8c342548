package web_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

const complete = "Rechnung für Frau Petersen, Lindenweg 12, 25524 Itzehoe. Gestern eine Stunde Arbeit und Anfahrt."

// issued drafts and issues a complete dictation.
func (w *world) issued(f storetest.Firm, id string) feierabend.Document {
	w.t.Helper()
	c := w.dictated(f, id, complete)
	ctx := context.Background()
	v, err := w.store.Draft(ctx, f.Tenant.ID, c)
	must(w.t, err)
	d, err := w.invoice.Issue(ctx, f.Owner, f.Tenant.ID, c, v.Version)
	if err != nil {
		w.t.Fatalf("issue: %v (questions %v)", err, v.Draft.Questions)
	}
	return d
}

func (w *world) erased(f storetest.Firm, id string) feierabend.ReceiptID {
	w.t.Helper()
	r, err := w.erasure.Discard(context.Background(), f.Owner, f.Tenant.ID, w.dictated(f, id, complete))
	must(w.t, err)
	return r.ID
}

func TestAnswerThatCannotBeRead(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	c, _ := w.spoken(w.a, "wamid.1", dictation)
	at := "/v/" + string(c)
	for _, value := range []string{"", "   ", "keine Ahnung <b>"} {
		res := me.do("POST", at+"/antwort", url.Values{"path": {"supply"}, "version": {"1"}, "wert": {value}})
		page := text(t, res)
		if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `role="alert"`) || strings.Contains(page, "<b>&lt;") || strings.Contains(page, "Ahnung <b>") {
			t.Errorf("%q: %d", value, res.StatusCode)
		}
	}
	res := me.do("POST", at+"/antwort", url.Values{"path": {"buyer.address"}, "version": {"1"}, "strasse": {"Weg 1"}, "plz": {"12"}, "ort": {"Itzehoe"}})
	if page := text(t, res); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `value="Weg 1"`) || !strings.Contains(page, `aria-invalid="true"`) {
		t.Errorf("half an address: %d, input lost", res.StatusCode)
	}
	for name, form := range map[string]url.Values{
		"no version": {"path": {"supply"}, "wert": {"gestern"}}, "odd version": {"path": {"supply"}, "version": {"eins"}, "wert": {"gestern"}},
		"long path": {"path": {strings.Repeat("x", 101)}, "version": {"1"}, "wert": {"x"}}, "long value": {"path": {"supply"}, "version": {"1"}, "wert": {strings.Repeat("x", 2001)}},
		"no path": {"version": {"1"}, "wert": {"x"}}, "unknown path": {"path": {"evidence.x"}, "version": {"1"}, "wert": {"x"}},
	} {
		if res := me.do("POST", at+"/antwort", form); res.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	if res := me.do("POST", at+"/antwort", url.Values{"wert": {strings.Repeat("x", 70_000)}}); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a form above the limit: %d", res.StatusCode)
	}
	if v, err := w.store.Draft(context.Background(), w.a.Tenant.ID, c); err != nil || v.Version != 1 {
		t.Errorf("version %d %v after refused answers", v.Version, err)
	}
}

func TestConflictShowsWhatChanged(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	c, _ := w.spoken(w.a, "wamid.1", dictation)
	at := "/v/" + string(c)
	me.post(at+"/antwort", url.Values{"path": {"supply"}, "version": {"1"}, "wert": {"23.11.2026"}})
	form := url.Values{"path": {"buyer.address"}, "version": {"1"}, "strasse": {"Lindenweg 12"}, "plz": {"25524"}, "ort": {"Itzehoe"}}
	res := me.do("POST", at+"/antwort", form)
	page := text(t, res)
	if res.StatusCode != http.StatusConflict || !strings.Contains(page, "Leistungstag") || !strings.Contains(page, "23.11.2026") || !strings.Contains(page, "Lindenweg 12, 25524, Itzehoe") {
		t.Fatalf("%d\n%s", res.StatusCode, page)
	}
	again := url.Values{"path": {"buyer.address"}, "version": {find(t, page, `name="version" value="(\d+)"`)}, "wert": {"Lindenweg 12\r\n25524\r\nItzehoe"}}
	if page := me.page(me.post(at+"/antwort", again)); !strings.Contains(page, "Lindenweg 12, 25524 Itzehoe") {
		t.Error("the retry is not taken")
	}
	if res := me.do("POST", at+"/ausstellen", url.Values{"version": {"1"}}); res.StatusCode != http.StatusConflict || !strings.Contains(text(t, res), "Neuen Stand ansehen") {
		t.Errorf("issue of an old version: %d", res.StatusCode)
	}
}

func TestIssueTwiceIsOneDocument(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	c := w.dictated(w.a, "wamid.1", complete)
	at := "/v/" + string(c)
	version := find(t, me.page(at), `name="version" value="(\d+)"`)
	for range 2 {
		if to := me.post(at+"/ausstellen", url.Values{"version": {version}}); to != at {
			t.Errorf("leads to %s", to)
		}
	}
	if page := me.page(at); !strings.Contains(page, "RE-2026-0042") {
		t.Error("not the first number")
	}
	if n, err := w.store.PeekNumber(context.Background(), w.a.Tenant.ID, "RE-2026"); err != nil || n != "RE-2026-0043" {
		t.Errorf("next number %s %v", n, err)
	}
}

func TestConfirmTwiceLeadsToTheReceipt(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	d := w.issued(w.a, "wamid.1")
	at := "/v/" + string(d.Case)
	first := me.post(at+"/gespeichert", nil)
	second := me.post(at+"/gespeichert", nil)
	if !strings.HasPrefix(first, second) || !strings.HasPrefix(second, "/q/") {
		t.Errorf("first %s, second %s", first, second)
	}
	for _, path := range []string{"/antwort", "/ausstellen", "/verwerfen", "/noch-nicht"} {
		if to := me.post(at+path, url.Values{"version": {"1"}, "path": {"supply"}, "wert": {"x"}}); to != second {
			t.Errorf("POST %s after erasure leads to %s", path, to)
		}
	}
	res := me.do("GET", at+"/stand", nil)
	if body := text(t, res); !strings.Contains(body, "erased") {
		t.Errorf("the open page learns nothing: %s", body)
	}
	file := me.do("GET", second+"/quittung.json", nil)
	if !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment; ") || !strings.Contains(text(t, file), `"signature"`) {
		t.Error("the receipt cannot be kept")
	}
}

func TestNothingIsErasedByAGet(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	c := w.dictated(w.a, "wamid.1", complete)
	at := "/v/" + string(c)
	if page := me.page(at + "/verwerfen"); !strings.Contains(page, "Ja, jetzt löschen") {
		t.Errorf("page:\n%s", page)
	}
	if res := me.do("GET", at+"/gespeichert", nil); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(t, res), "noch keine Datei") {
		t.Errorf("confirm before issuing: %d", res.StatusCode)
	}
	if res := me.do("POST", at+"/gespeichert", url.Values{}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("POST confirm before issuing: %d", res.StatusCode)
	}
	me.page(at)
	if to := me.post(at+"/verwerfen", nil); !strings.HasPrefix(to, "/q/") {
		t.Errorf("discard leads to %s", to)
	}
}

// TestStaff: a Mitarbeiter sees the own cases only, answers, and issues nothing (J-15).
func TestStaff(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	malte := feierabend.User{ID: feierabend.UserID(feierabend.NewID()), Email: "malte@deichgruen.example", Name: "Malte"}
	must(t, w.store.AddUser(ctx, malte))
	must(t, w.store.AddMembership(ctx, feierabend.Membership{User: malte.ID, Tenant: w.a.Tenant.ID, Role: feierabend.RoleStaff}))
	link := feierabend.SenderLink{ID: feierabend.SenderID(feierabend.NewID()), Tenant: w.a.Tenant.ID, User: malte.ID, Phone: "+4917139200177", LinkedAt: w.clock.Now()}
	must(t, w.store.AddSenderLink(ctx, w.a.Tenant.ID, link))
	chef := w.dictated(w.a, "wamid.chef", complete)
	his := w.a
	his.Sender = link
	own := w.dictated(his, "wamid.malte", strings.ReplaceAll(complete, "Petersen", "Boll"))
	doc := w.issued(w.a, "wamid.doc")
	b := w.session(malte.ID, w.a.Tenant.ID, feierabend.RoleStaff)
	if page := b.page("/"); strings.Contains(page, string(chef)) || !strings.Contains(page, string(own)) {
		t.Error("the dashboard shows other people's cases, or not the own one")
	}
	for _, path := range []string{"/v/" + string(chef), "/v/" + string(doc.Case), "/f/" + string(doc.ID) + "/" + doc.Number + ".pdf"} {
		if res := b.do("GET", path, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, res.StatusCode)
		}
	}
	nothing := w.dictated(his, "wamid.nichts", "Bergkristall schimmert heute besonders schön.")
	note := w.dictated(his, "wamid.notiz", "Notiz: Herrn Krause zurückrufen wegen der Heizung.")
	for _, id := range []feierabend.CaseID{own, nothing, note} { // nothing is offered that is then refused
		if page := b.page("/v/" + string(id)); strings.Contains(page, "/ausstellen") || strings.Contains(page, "/verwerfen") {
			t.Error("staff is offered to issue or to erase")
		}
		if res := b.do("GET", "/v/"+string(id)+"/verwerfen", nil); res.StatusCode != http.StatusForbidden {
			t.Errorf("GET verwerfen: %d", res.StatusCode)
		}
	}
	issued := w.issued(his, "wamid.malte.doc")
	for _, stage := range []string{"issued", "counting"} {
		if page := b.page("/v/" + string(issued.Case)); strings.Contains(page, `method="post" action="/f/`) || strings.Contains(page, "/noch-nicht") || strings.Contains(page, "/gespeichert") {
			t.Errorf("%s: staff is offered to download, to hold or to confirm", stage)
		}
		must(t, w.store.MarkDownloaded(ctx, w.a.Tenant.ID, issued.ID, w.a.Owner, w.clock.Now().Add(24*time.Hour)))
	}
	for _, path := range []string{"/ausstellen", "/verwerfen"} {
		if res := b.do("POST", "/v/"+string(own)+path, url.Values{"version": {"1"}}); res.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s: %d", path, res.StatusCode)
		}
	}
}

func TestClip(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	_, m := w.spoken(w.a, "wamid.1", dictation)
	at := "/m/" + string(m) + "/clip"
	for query, want := range map[string]int{
		"?von=0&bis=1500": 200, "?von=1000&bis=16000": 200, "?von=1000&bis=16001": 422, "?von=5&bis=5": 422, "?von=9&bis=3": 422,
		"": 422, "?von=-1&bis=3": 422, "?von=0&bis=99999999999999999999": 422, "?von=a&bis=b": 422,
	} {
		if res := me.do("GET", at+query, nil); res.StatusCode != want {
			t.Errorf("%s: %d, want %d", query, res.StatusCode, want)
		}
	}
	part := me.do("GET", at+"?von=0&bis=1000", nil, "Range", "bytes=0-3")
	if part.StatusCode != http.StatusPartialContent || text(t, part) != "RIFF" {
		t.Errorf("range: %d", part.StatusCode)
	}
	ctx := context.Background()
	in := w.a.Inbound("wamid.kaputt", "")
	in.Kind, in.MediaID, in.MediaType = feierabend.InboundAudio, "m", "audio/ogg"
	out, err := w.store.Receive(ctx, []feierabend.Inbound{in})
	must(t, err)
	if res := me.do("GET", "/m/"+string(out[0].Message)+"/clip?von=0&bis=1000", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("no audio yet: %d", res.StatusCode)
	}
	must(t, w.store.AddAudio(ctx, w.a.Tenant.ID, out[0].Message, feierabend.AudioInfo{Type: "audio/ogg"}, []byte("kaputt")))
	if res := me.do("GET", "/m/"+string(out[0].Message)+"/clip?von=0&bis=1000", nil); res.StatusCode != http.StatusInternalServerError || text(t, res) != "" {
		t.Errorf("unreadable audio: %d", res.StatusCode)
	}
}

// TestWaiting: a note without a draft says where it stands, in every state.
func TestWaiting(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	ctx, tenant := context.Background(), w.a.Tenant.ID
	in := w.a.Inbound("wamid.1", "")
	in.Kind, in.MediaID, in.MediaType, in.Voice = feierabend.InboundAudio, "m", "audio/ogg", true
	out, err := w.store.Receive(ctx, []feierabend.Inbound{in})
	must(t, err)
	id := out[0].Message
	m, err := w.store.Message(ctx, tenant, id)
	must(t, err)
	at := "/v/" + string(m.Case)
	stands := map[string]bool{}
	look := func(want ...string) {
		t.Helper()
		page, start := me.page(at), me.page("/")
		for _, s := range want {
			if !strings.Contains(page, s) {
				t.Errorf("case page without %q", s)
			}
		}
		if !strings.Contains(start, at) {
			t.Error("the dashboard does not show it")
		}
		stands[text(t, me.do("GET", at+"/stand", nil))] = true
	}
	look("Wird geschrieben", `http-equiv="refresh"`)
	must(t, w.store.AddAudio(ctx, tenant, id, feierabend.AudioInfo{Type: "audio/ogg", Duration: 38 * time.Second}, []byte("Opus")))
	must(t, w.store.SetReason(ctx, tenant, id, feierabend.ReasonWaitsModel))
	look("Wartet auf Spracherkennung", "feierabend model pull", "sicher gespeichert")
	must(t, w.store.FinishMessage(ctx, tenant, id, feierabend.MessageFailed, feierabend.ReasonNoSpeech))
	look("Bitte ansehen", "Darauf ist nichts zu hören", "/verwerfen")
	if len(stands) != 3 {
		t.Errorf("%d different stands, want 3", len(stands))
	}
}

func TestExpiredCaseIsNotShown(t *testing.T) {
	w := newWorld(t)
	c := w.dictated(w.a, "wamid.1", complete)
	w.clock.Advance(30 * 24 * time.Hour)
	me := w.signedIn(w.a)
	if res := me.do("GET", "/v/"+string(c), nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("expired case: %d", res.StatusCode)
	}
	if bytes.Contains([]byte(me.page("/")), []byte("Petersen")) {
		t.Error("the dashboard shows an expired case")
	}
}

// TestIssueNamesWhatIsMissing: an invoice that the law does not allow yet stays a
// draft, and the page says what is missing.
func TestIssueNamesWhatIsMissing(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	c := w.dictated(w.b, "wamid.1", "Rechnung für Frau Petersen, Lindenweg 12, 25524 Itzehoe. Gestern Wand gestrichen, pauschal 300 Euro netto.")
	me := w.signedIn(w.b) // a firm without a letterhead
	at := "/v/" + string(c)
	to := me.post(at+"/ausstellen", url.Values{"version": {find(t, me.page(at), `name="version" value="(\d+)"`)}})
	if page := me.page(to); to != at+"/angaben" || !strings.Contains(page, "Steuernummer") || !strings.Contains(page, "Straße und Hausnummer") {
		t.Errorf("led to %s\n%s", to, page)
	}
	if k, err := w.store.Case(ctx, w.b.Tenant.ID, c); err != nil || k.State == feierabend.CaseIssued {
		t.Errorf("case %s %v", k.State, err)
	}
}
