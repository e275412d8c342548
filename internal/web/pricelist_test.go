package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/pricelist"
)

// send posts a form with files in it, as a browser does.
func (b *browser) send(target string, fields map[string]string, file []byte) *http.Response {
	b.w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, v := range fields {
		must(b.w.t, m.WriteField(k, v))
	}
	if file != nil {
		part, err := m.CreateFormFile("datei", "Meine Preise.csv")
		must(b.w.t, err)
		part.Write(file)
	}
	must(b.w.t, m.Close())
	r := httptest.NewRequest("POST", publicURL+target, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.RemoteAddr = "127.0.0.1:5555"
	for k, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	rec := httptest.NewRecorder()
	b.w.handler.ServeHTTP(rec, r)
	return rec.Result()
}

var (
	hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)
	selectField = regexp.MustCompile(`(?s)<select id="[^"]+" name="([^"]+)".*?</select>`)
	chosen      = regexp.MustCompile(`<option value="([^"]*)" selected>`)
)

// shownForm is the form of a preview with what it holds.
func shownForm(body string) map[string]string {
	out := map[string]string{}
	for _, m := range hiddenField.FindAllStringSubmatch(body, -1) {
		out[m[1]] = html.UnescapeString(m[2])
	}
	for _, m := range selectField.FindAllStringSubmatch(body, -1) {
		if c := chosen.FindStringSubmatch(m[0]); c != nil {
			out[m[1]] = html.UnescapeString(c[1])
		}
	}
	if strings.Contains(body, `name="kopf" value="1" checked`) {
		out["kopf"] = "1"
	}
	return out
}

// priced gives a firm a list of its own.
func (w *world) priced(t feierabend.TenantID, list ...feierabend.PriceItem) {
	w.t.Helper()
	p := w.profileOf(t)
	p.PriceList = list
	must(w.t, w.store.SetProfile(context.Background(), t, p))
}

// TestPriceListToDraft: two firms import lists of their own; a note that names an item has
// the firm's price in its draft, taken from the profile. What is in no list stays a question.
func TestPriceListToDraft(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ file, price string }{
		{"Bezeichnung;Einheit;Preis\nGanzheizgerät;Stk;1.234,50\n", "1234.5"},
		{"Artikel,ME,\"VK netto\",Synonyme\nHeizkasten,Stück,\"89,-\",Ganzheizgerät\n", "89"},
	} {
		firm := w.a
		if c.price == "89" {
			firm = w.b
		}
		w.priced(firm.Tenant.ID)
		me := w.signedIn(firm)
		if body := me.page("/preisliste"); !strings.Contains(body, "nie geraten") || !strings.Contains(body, "Ersten Posten anlegen") {
			t.Errorf("empty:\n%s", body)
		}
		before := w.profileOf(firm.Tenant.ID)
		preview := text(t, me.send("/preisliste/datei", map[string]string{"weise": "ergaenzen"}, []byte(c.file)))
		if now := w.profileOf(firm.Tenant.ID); len(now.PriceList) != len(before.PriceList) {
			t.Error("the preview has stored something")
		}
		res := me.send("/preisliste/uebernehmen", shownForm(preview), nil)
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/preisliste?neu=3" {
			t.Fatalf("take over: %d\n%s\n%s", res.StatusCode, text(t, res), preview)
		}
		id := w.dictated(firm, "wamid."+c.price, "Rechnung für Frau Petersen, Lindenweg 12, 25524 Itzehoe. Gestern zwei Ganzheizgeräte eingebaut. Dann noch zwei Siphons, den Preis weiß ich nicht.")
		d, err := w.store.Draft(context.Background(), firm.Tenant.ID, id)
		must(t, err)
		if len(d.Draft.Lines) != 2 {
			t.Fatalf("lines %+v", d.Draft.Lines)
		}
		if l := d.Draft.Lines[0]; l.Price == nil || l.Price.String() != c.price || l.Source != "profile" || l.Quantity.String() != "2" {
			t.Errorf("%s: line %+v", firm.Tenant.Name, l)
		}
		if l := d.Draft.Lines[1]; l.Price != nil || !strings.Contains(strings.Join(d.Draft.Questions, " "), "lines[1].price") {
			t.Errorf("a price from nowhere: %+v, asked %v", l, d.Draft.Questions)
		}
	}
	if strings.Contains(w.logs.String(), "Ganzheiz") || strings.Contains(w.logs.String(), "Heizkasten") {
		t.Error("an item stands in the log")
	}
}

func TestPriceItem(t *testing.T) {
	w := newWorld(t)
	me, colleague, other := w.signedIn(w.a), w.signedIn(w.a), w.profileOf(w.b.Tenant.ID)
	w.priced(w.a.Tenant.ID)
	item := url.Values{"bezeichnung": {"Röhrensiphon"}, "preis": {"1.028,-"}, "einheit": {"H87"}, "art": {"material"}, "namen": {"Siphon"}}
	if to := me.post("/preisliste/posten", item); to != "/preisliste?neu=1" {
		t.Fatalf("led to %s", to)
	}
	if body := me.page("/preisliste?neu=1"); !strings.Contains(body, "1.028,00") || !strings.Contains(body, "je Stück · Material · auch: Siphon") || !strings.Contains(body, "Gespeichert.") {
		t.Errorf("list:\n%s", body)
	}
	res := me.do("POST", "/preisliste/posten", url.Values{"bezeichnung": {"SIPHON"}, "preis": {"-1"}, "einheit": {"H87"}, "art": {""}})
	body := text(t, res)
	for _, want := range []string{`value="SIPHON"`, `value="-1"`, "größer als null", "auswählen, was das ist", "2 Angaben fehlen noch", `href="#preis"`} {
		if !strings.Contains(body, want) {
			t.Errorf("wrong input, %d: no %q", res.StatusCode, want)
		}
	}
	if res := me.do("POST", "/preisliste/posten", url.Values{"bezeichnung": {"SIPHON"}, "preis": {"1"}, "einheit": {"H87"}, "art": {"material"}}); res.StatusCode != 422 || !strings.Contains(text(t, res), "heißt schon ein anderer Posten: „Röhrensiphon“") {
		t.Errorf("a name twice: %d", res.StatusCode)
	}
	stand := standField.FindStringSubmatch(me.page("/preisliste/1"))[1]
	change := func(who *browser, price, stand string) *http.Response {
		form := url.Values{"war": {"Röhrensiphon"}, "stand": {stand}, "bezeichnung": {"Röhrensiphon"}, "preis": {price}, "einheit": {"H87"}, "art": {"material"}, "namen": {"Siphon"}}
		return who.do("POST", "/preisliste/posten", form)
	}
	if res := change(colleague, "30", stand); res.StatusCode != 303 {
		t.Fatalf("colleague: %d", res.StatusCode)
	}
	res = change(me, "31", stand)
	if body = text(t, res); res.StatusCode != 409 || !strings.Contains(body, "Jetzt gespeichert: 30,00") || !strings.Contains(body, `value="31"`) {
		t.Fatalf("second tab: %d\n%s", res.StatusCode, body)
	}
	if res := me.do("POST", "/preisliste/entfernen", url.Values{"war": {"Röhrensiphon"}, "stand": {stand}}); res.StatusCode != 409 || !strings.Contains(text(t, res), "Noch steht er in der Liste.") {
		t.Errorf("removing what has changed: %d", res.StatusCode)
	}
	stand = standField.FindStringSubmatch(body)[1]
	if res := change(me, "31", stand); res.StatusCode != 303 || w.profileOf(w.a.Tenant.ID).PriceList[0].Price.String() != "31" {
		t.Errorf("again: %d, %v", res.StatusCode, w.profileOf(w.a.Tenant.ID).PriceList)
	}
	ask := me.page("/preisliste/1/entfernen")
	if to := me.post("/preisliste/entfernen", url.Values{"war": {"Röhrensiphon"}, "stand": {standField.FindStringSubmatch(ask)[1]}}); to != "/preisliste?neu=2" || len(w.profileOf(w.a.Tenant.ID).PriceList) != 0 {
		t.Errorf("removed: %s", to)
	}
	if res := change(me, "32", stand); res.StatusCode != 409 || !strings.Contains(text(t, res), "legt ihn neu an") {
		t.Errorf("changing what is gone: %d", res.StatusCode)
	}
	for _, at := range []string{"/preisliste/1", "/preisliste/0", "/preisliste/x", "/preisliste/99999999999999999999/entfernen"} {
		if res := me.do("GET", at, nil); res.StatusCode != 404 {
			t.Errorf("%s: %d", at, res.StatusCode)
		}
	}
	if a, b := mustJSON(t, other), mustJSON(t, w.profileOf(w.b.Tenant.ID)); a != b {
		t.Error("the other firm has changed")
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return string(b)
}

// TestPricePreview: what the preview has shown is what is taken over, and nothing else.
func TestPricePreview(t *testing.T) {
	w := newWorld(t)
	w.priced(w.a.Tenant.ID)
	me := w.signedIn(w.a)
	me.post("/preisliste/posten", url.Values{"bezeichnung": {"Altes Rohr"}, "preis": {"3"}, "einheit": {"MTR"}, "art": {"material"}})
	file := []byte("Bezeichnung;Einheit;Preis\n<b>R\xf6hre</b>;Stk;28,50\n=cmd|' /C calc'!A1;Stk;1\nVentil;;14\nAltes Rohr;m;4\n")
	body := text(t, me.send("/preisliste/datei", map[string]string{"weise": "ersetzen"}, file))
	for _, want := range []string{"&lt;b&gt;Röhre&lt;/b&gt;", "Formel", "wie eine alte Excel-Datei", "Zeile 3", "Die Einheit fehlt", "3,00\u00a0€ → 4,00\u00a0€", "2\u00a0Posten übernehmen"} {
		if !strings.Contains(body, want) {
			t.Errorf("the preview has no %q:\n%s", want, body)
		}
	}
	if strings.Contains(body, "<b>Röhre") {
		t.Error("markup of the file reaches the page")
	}
	form := shownForm(body)
	form["einheit"] = "H87" // changed without a new preview
	res := me.send("/preisliste/uebernehmen", form, nil)
	if body = text(t, res); res.StatusCode != 409 || !strings.Contains(body, "neue Vorschau") || !strings.Contains(body, "3\u00a0Posten übernehmen") || len(w.profileOf(w.a.Tenant.ID).PriceList) != 1 {
		t.Fatalf("what was not shown: %d\n%s", res.StatusCode, body)
	}
	form = shownForm(body)
	w.signedIn(w.a).post("/preisliste/posten", url.Values{"bezeichnung": {"Neues Rohr"}, "preis": {"3"}, "einheit": {"MTR"}, "art": {"material"}})
	if res = me.send("/preisliste/uebernehmen", form, nil); res.StatusCode != 409 {
		t.Errorf("the list has changed since: %d", res.StatusCode)
	}
	if body = text(t, res); !strings.Contains(body, "Ein Posten steht nicht in der Datei") {
		t.Errorf("what goes is not said:\n%s", body)
	}
	if res = me.send("/preisliste/uebernehmen", shownForm(body), nil); res.StatusCode != 303 {
		t.Fatalf("agreed: %d\n%s", res.StatusCode, text(t, res))
	}
	if list := w.profileOf(w.a.Tenant.ID).PriceList; len(list) != 3 || list[0].Name != "Altes Rohr" || list[0].Price.String() != "4" {
		t.Errorf("list %+v", list)
	}
	if res = me.send("/preisliste/uebernehmen", shownForm(body), nil); res.StatusCode != 409 {
		t.Errorf("sent twice: %d", res.StatusCode)
	}
}

// TestPriceColumns: what the heading does not say is asked, and can be answered.
func TestPriceColumns(t *testing.T) {
	w := newWorld(t)
	w.priced(w.a.Tenant.ID)
	me := w.signedIn(w.a)
	body := text(t, me.send("/preisliste/datei", map[string]string{}, []byte("Nr;Ding;Kosten brutto;Kosten\n7;Röhre;33,92;28,50\n8;Ventil;17,73;14,90\n")))
	if !strings.Contains(body, "Welche Spalte ist was?") || !strings.Contains(body, "Ding · Röhre · Ventil") {
		t.Fatalf("not asked:\n%s", body)
	}
	form := shownForm(body)
	for i, c := range []string{"-", "bezeichnung", "-", "preis"} {
		form[fmt.Sprint("spalte", i)] = c
	}
	form["einheit"] = "H87"
	wrong := map[string]string{}
	for k, v := range form {
		wrong[k] = v
	}
	wrong["spalte2"] = "preis"
	if res := me.send("/preisliste/vorschau", wrong, nil); res.StatusCode != 422 || !strings.Contains(text(t, res), "für zwei Spalten gewählt") {
		t.Errorf("two prices: %d", res.StatusCode)
	}
	body = text(t, me.send("/preisliste/vorschau", form, nil))
	if !strings.Contains(body, "2\u00a0Posten übernehmen") {
		t.Fatalf("preview:\n%s", body)
	}
	if res := me.send("/preisliste/uebernehmen", shownForm(body), nil); res.StatusCode != 303 || len(w.profileOf(w.a.Tenant.ID).PriceList) != 2 || w.profileOf(w.a.Tenant.ID).PriceList[0].Price.String() != "28.5" {
		t.Errorf("%d: %+v", res.StatusCode, w.profileOf(w.a.Tenant.ID).PriceList)
	}
}

// TestPriceLargeFile: a file of the size that is allowed can be confirmed, though its text
// has grown by then: into UTF-8, and at its line ends, which browsers send as CRLF.
func TestPriceLargeFile(t *testing.T) {
	w := newWorld(t)
	for name, note := range map[string]string{"Windows-1252": strings.Repeat("\x80", 300), "UTF-8": strings.Repeat("ä", 150)} {
		w.priced(w.a.Tenant.ID)
		me := w.signedIn(w.a)
		file, rows := []byte("Bezeichnung;Einheit;Preis;Bemerkung\n"), 0
		for len(file)+len(note)+40 < pricelist.MaxFile {
			rows++
			file = fmt.Appendf(file, "Posten %d;Stk;1,50;%s\n", rows, note)
		}
		res := me.send("/preisliste/datei", map[string]string{"weise": "ergaenzen"}, file)
		form := shownForm(text(t, res))
		for k, v := range form {
			form[k] = strings.ReplaceAll(v, "\n", "\r\n")
		}
		if res.StatusCode != 200 || len(form["liste"]) <= pricelist.MaxFile {
			t.Fatalf("%s: preview %d, %d bytes come back", name, res.StatusCode, len(form["liste"]))
		}
		if res := me.send("/preisliste/vorschau", form, nil); res.StatusCode != 200 {
			t.Errorf("%s: read otherwise: %d", name, res.StatusCode)
		}
		if res := me.send("/preisliste/uebernehmen", form, nil); res.StatusCode != 303 || len(w.profileOf(w.a.Tenant.ID).PriceList) != rows {
			t.Errorf("%s: confirmed: %d, %d items of %d", name, res.StatusCode, len(w.profileOf(w.a.Tenant.ID).PriceList), rows)
		}
	}
}

// TestPriceFiles: files out and wrong files in.
func TestPriceFiles(t *testing.T) {
	w := newWorld(t)
	w.priced(w.a.Tenant.ID,
		feierabend.PriceItem{Name: "Röhrensiphon", Kind: feierabend.LineMaterial, Unit: "H87", Price: feierabend.Dec(28), Aliases: []string{"Siphon"}},
		feierabend.PriceItem{Name: "+Aufpreis", Kind: feierabend.LineSurcharge, Unit: "LS", Price: 1_2345})
	me, office, before := w.signedIn(w.a), w.colleague(w.a, feierabend.RoleOffice), w.profileOf(w.a.Tenant.ID)
	res := office.do("GET", "/preisliste.csv", nil)
	file := text(t, res)
	if res.Header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") || strings.Count(file, "\r\n") != 3 || !strings.Contains(file, "\n'+Aufpreis;Pauschale;1,2345;") {
		t.Fatalf("export: %v\n%s", res.Header, file)
	}
	body := text(t, me.send("/preisliste/datei", map[string]string{"weise": "ersetzen"}, []byte(file)))
	if !strings.Contains(body, fmt.Sprintf("Schon so in der Liste: %d", len(before.PriceList))) || !strings.Contains(body, "nichts zu übernehmen") {
		t.Errorf("the exported list is not the list:\n%s", body)
	}
	if page := office.page("/preisliste"); strings.Contains(page, "/preisliste/neu") || strings.Contains(page, "/preisliste/1") || !strings.Contains(page, "/preisliste.csv") {
		t.Errorf("office:\n%s", page)
	}
	if res := me.do("POST", "/preisliste/suche", url.Values{"suche": {before.PriceList[0].Name[:5]}}); !strings.Contains(text(t, res), before.PriceList[0].Name) {
		t.Error("not found")
	}
	if body := text(t, me.do("POST", "/preisliste/suche", url.Values{"suche": {`<i>"gibt es nicht`}})); !strings.Contains(body, "Nichts gefunden für „&lt;i&gt;&#34;gibt es nicht“.") {
		t.Errorf("nothing found:\n%s", body)
	}
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"none": {nil, "leer"}, "PDF": {[]byte("%PDF-1.7"), "PDF"}, "large": {make([]byte, 1<<20+1), "größer als 1 MB"}, "10 MB": {make([]byte, 10<<20), "größer als 1 MB"}, "one column": {[]byte("a\nb\n"), "nur eine Spalte"},
	} {
		res := me.send("/preisliste/datei", map[string]string{"weise": "ersetzen"}, c.file)
		if body := text(t, res); res.StatusCode != 422 || !strings.Contains(body, c.says) || !strings.Contains(body, "An Ihrer Preisliste hat sich nichts geändert.") || !strings.Contains(body, `value="ersetzen" selected`) && name != "10 MB" && name != "large" {
			t.Errorf("%s: %d\n%s", name, res.StatusCode, body)
		}
	}
	if res := me.send("/preisliste/uebernehmen", map[string]string{"liste": strings.Repeat("x", 4<<20)}, nil); res.StatusCode != 422 {
		t.Errorf("too much the second time: %d", res.StatusCode)
	}
	if mustJSON(t, before) != mustJSON(t, w.profileOf(w.a.Tenant.ID)) {
		t.Error("something was stored")
	}
}

// TestPriceListPages: 5,000 items stay pages of 50, in the order of the alphabet.
func TestPriceListPages(t *testing.T) {
	w := newWorld(t)
	var list []feierabend.PriceItem
	for i := range 5000 {
		list = append(list, feierabend.PriceItem{Name: fmt.Sprintf("Posten %04d", 4999-i), Kind: feierabend.LineMaterial, Unit: "H87", Price: feierabend.One})
	}
	w.priced(w.a.Tenant.ID, list...)
	me := w.signedIn(w.a)
	body := me.page("/preisliste?seite=100")
	if strings.Count(body, `class="row item"`) != 50 || !strings.Contains(body, "Posten 4999") || !strings.Contains(body, `href="/preisliste/1"`) || !strings.Contains(body, "4.951 bis 5.000 von 5.000") || !strings.Contains(body, "/preisliste?seite=99") || len(body) > 100_000 {
		t.Errorf("last page, %d bytes:\n%s", len(body), body)
	}
	if body := me.page("/preisliste?seite=100000"); !strings.Contains(body, "Posten 4999") {
		t.Error("a page beyond the last is not the last")
	}
	if body := text(t, me.do("POST", "/preisliste/suche", url.Values{"suche": {"posten 49"}})); !strings.Contains(body, "Die ersten 50 von") {
		t.Errorf("many found:\n%s", body)
	}
}
