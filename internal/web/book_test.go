package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"feierabend"
)

// forWohlers is a dictation without an address.
const forWohlers = "Rechnung für Frau Wohlers. Gestern zwei Stunden Arbeit und Anfahrt."

// typedEntry is an entry as somebody types it.
func typedEntry(change url.Values) url.Values {
	out := url.Values{"anrede": {"Frau"}, "name": {"Wohlers"}, "strasse": {"Dorfstraße 8"}, "plz": {"24582"}, "ort": {"Bordesholm"}}
	for k, v := range change {
		out[k] = v
	}
	return out
}

// TestBookStory: the owner switches the book on, the office writes a customer down, the
// next note finds her, the office deletes her and gets a receipt that names nobody. The
// other firm sees nothing of it at any time.
func TestBookStory(t *testing.T) {
	w := newWorld(t)
	me, office, other := w.signedIn(w.a), w.colleague(w.a, feierabend.RoleOffice), w.signedIn(w.b)
	if body := office.page("/adressbuch"); !strings.Contains(body, "Ausgeschaltet.") || strings.Contains(body, "/adressbuch/an") || !strings.Contains(body, "Einschalten kann es, wer Inhaberin") {
		t.Errorf("off, to the office:\n%s", body)
	}
	if res := office.do("POST", "/adressbuch/neu", typedEntry(nil)); res.StatusCode != http.StatusConflict {
		t.Errorf("written down with the book off: %d", res.StatusCode)
	}
	if body := me.page("/adressbuch"); !strings.Contains(body, "länger als 30 Tage") || !strings.Contains(body, `value="24" selected`) {
		t.Errorf("the owner does not read what it means:\n%s", body)
	}
	if to := me.post("/adressbuch/an", url.Values{"monate": {"12"}}); to != "/adressbuch?meldung=an" {
		t.Fatalf("led to %s", to)
	}
	if to := office.post("/adressbuch/neu", typedEntry(nil)); to != "/adressbuch?meldung=gespeichert" {
		t.Fatalf("led to %s", to)
	}
	body := office.page("/adressbuch")
	at := find(t, body, `href="(/adressbuch/[a-z2-7]{26})"`)
	if !strings.Contains(body, "Frau Wohlers") || !strings.Contains(body, "gelöscht am ") || !strings.Contains(body, ", wenn nicht benutzt") {
		t.Errorf("the list:\n%s", body)
	}
	c := string(w.dictated(w.a, "wamid.1", forWohlers))
	if body := office.page("/v/" + c); !strings.Contains(body, "Dorfstraße 8") || strings.Contains(body, "ins Adressbuch") {
		t.Errorf("the draft of a note about her:\n%s", body)
	}
	foreign := string(w.dictated(w.b, "wamid.2", forWohlers))
	if body := other.page("/v/"+foreign) + other.page("/adressbuch"); strings.Contains(body, "Dorfstraße") || strings.Contains(body, "Bordesholm") {
		t.Error("the other firm reads it")
	}
	to := office.post(at+"/loeschen", nil)
	if !strings.HasPrefix(to, "/q/") || office.post(at+"/loeschen", nil) != to {
		t.Errorf("deleting led to %s, then elsewhere", to)
	}
	if body := office.page(to); !strings.Contains(body, "Eintrag im Adressbuch") || strings.Contains(body, "Wohlers") || !strings.Contains(body, "Aus dem Adressbuch gelöscht durch Büro") {
		t.Errorf("the receipt:\n%s", body)
	}
	if res := office.do("GET", at, nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("the deleted entry: %d", res.StatusCode)
	}
	if strings.Contains(w.logs.String(), "Wohlers") || strings.Contains(w.logs.String(), "Dorfstraße") {
		t.Error("content in the log")
	}
}

// TestBookMistakes: what is wrong stands at its field and the input is kept; postcode and
// place that do not meet are asked about once; somebody else's change is shown beside.
func TestBookMistakes(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	me.post("/adressbuch/an", url.Values{"monate": {"24"}})
	if res := me.do("POST", "/adressbuch/an", url.Values{"monate": {"1200"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a hundred years: %d", res.StatusCode)
	}
	res := me.do("POST", "/adressbuch/neu", typedEntry(url.Values{"plz": {"2458"}, "telefon": {"12"}}))
	if body := text(t, res); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `href="#plz"`) || !strings.Contains(body, `href="#telefon"`) || !strings.Contains(body, `value="Dorfstraße 8"`) {
		t.Errorf("%d:\n%s", res.StatusCode, body)
	}
	elsewhere := typedEntry(url.Values{"ort": {"Kleinkleckersdorf"}})
	res = me.do("POST", "/adressbuch/neu", elsewhere)
	body := text(t, res)
	if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "passen nach unserer Liste nicht zusammen") {
		t.Fatalf("%d:\n%s", res.StatusCode, body)
	}
	elsewhere.Set("ort-bestaetigt", find(t, body, `name="ort-bestaetigt" value="([^"]+)"`))
	if to := me.post("/adressbuch/neu", elsewhere); to != "/adressbuch?meldung=gespeichert" {
		t.Errorf("said twice led to %s", to)
	}
	at := find(t, me.page("/adressbuch"), `href="(/adressbuch/[a-z2-7]{26})"`)
	me.post(at, typedEntry(url.Values{"version": {"1"}, "name": {"Lindemann"}}))
	res = me.do("POST", at, typedEntry(url.Values{"version": {"1"}, "name": {"Thiel"}}))
	if body = text(t, res); res.StatusCode != http.StatusConflict || !strings.Contains(body, "Jetzt gespeichert: Lindemann") || !strings.Contains(body, `value="Thiel"`) {
		t.Errorf("second tab: %d\n%s", res.StatusCode, body)
	}
	me.post(at, typedEntry(url.Values{"version": {find(t, body, `name="version" value="(\d+)"`)}, "name": {"Thiel"}}))
	if body := me.page(at); !strings.Contains(body, `value="Thiel"`) {
		t.Error("saving again did not save")
	}
}

// TestBookSearch: words are looked for everywhere in an entry, are no part of an address,
// and change nothing.
func TestBookSearch(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	me.post("/adressbuch/an", url.Values{"monate": {"24"}})
	me.post("/adressbuch/neu", typedEntry(nil))
	me.post("/adressbuch/neu", typedEntry(url.Values{"anrede": {"Herr"}, "name": {"Thiel"}, "strasse": {"Gartenweg 15"}}))
	for search, want := range map[string]string{"wohl": "Wohlers", "GARTENWEG bordesholm": "Thiel", "nirgends": "", "wohlers gartenweg": ""} {
		body := text(t, me.do("POST", "/adressbuch/suche", url.Values{"suche": {search}}))
		for _, name := range []string{"Wohlers", "Thiel"} {
			if got := strings.Contains(body, "<b>Frau "+name) || strings.Contains(body, "<b>Herr "+name); got != (name == want) {
				t.Errorf("%q: %s is shown: %t", search, name, got)
			}
		}
		if want == "" && !strings.Contains(body, "Dazu steht nichts im Adressbuch") {
			t.Errorf("%q: nothing is said", search)
		}
	}
}

// TestBookTakesFromACase: the buyer of a case is taken over on somebody's word, once,
// before and after it is issued; not with the book off, and never by itself.
func TestBookTakesFromACase(t *testing.T) {
	w := newWorld(t)
	me := w.signedIn(w.a)
	c := string(w.dictated(w.a, "wamid.1", complete))
	if body := me.page("/v/" + c); strings.Contains(body, "ins Adressbuch") {
		t.Error("offered with the book off")
	}
	if res := me.do("POST", "/v/"+c+"/adressbuch", nil); res.StatusCode != http.StatusConflict {
		t.Errorf("taken with the book off: %d", res.StatusCode)
	}
	me.post("/adressbuch/an", url.Values{"monate": {"24"}})
	if body := me.page("/adressbuch"); !strings.Contains(body, "Noch steht niemand darin") {
		t.Error("somebody was taken over by itself")
	}
	if body := me.page("/v/" + c); !strings.Contains(body, "Anschrift ins Adressbuch") {
		t.Error("not offered")
	}
	for range 2 {
		if to := me.post("/v/"+c+"/adressbuch", nil); to != "/v/"+c+"?buch=1" {
			t.Fatalf("led to %s", to)
		}
	}
	if body := me.page("/v/" + c + "?buch=1"); !strings.Contains(body, "Im Adressbuch gespeichert.") {
		t.Error("nothing is said")
	}
	me.post("/v/"+c+"/ausstellen", url.Values{"version": {"1"}})
	if body := me.page("/v/" + c); !strings.Contains(body, "Anschrift ins Adressbuch") {
		t.Error("not offered at the document")
	}
	me.post("/v/"+c+"/adressbuch", nil)
	if body := me.page("/adressbuch"); !strings.Contains(body, "Suchen in 1 Eintrag") {
		t.Errorf("not one entry:\n%s", body)
	}
	open := string(w.dictated(w.a, "wamid.2", "Rechnung für Frau Thiel. Gestern zwei Stunden Arbeit."))
	if res := me.do("POST", "/v/"+open+"/adressbuch", nil); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without an address: %d", res.StatusCode)
	}
	if res := w.signedIn(w.b).do("POST", "/v/"+c+"/adressbuch", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("by the other firm: %d", res.StatusCode)
	}
}

// TestBookSwitchedOff: everything goes after one question, with one receipt; the other
// firm's stays.
func TestBookSwitchedOff(t *testing.T) {
	w := newWorld(t)
	me, other := w.signedIn(w.a), w.signedIn(w.b)
	for _, b := range []*browser{me, other} {
		b.post("/adressbuch/an", url.Values{"monate": {"24"}})
		b.post("/adressbuch/neu", typedEntry(nil))
	}
	me.post("/adressbuch/neu", typedEntry(url.Values{"name": {"Thiel"}}))
	if body := me.page("/adressbuch/aus"); !strings.Contains(body, "Alle 2 Einträge werden") {
		t.Errorf("the question:\n%s", body)
	}
	to := me.post("/adressbuch/aus", nil)
	if !strings.HasPrefix(to, "/q/") {
		t.Fatalf("led to %s", to)
	}
	if body := me.page(to); !strings.Contains(body, "2\u00a0Einträge im Adressbuch") || !strings.Contains(body, "Adressbuch ausgeschaltet durch Inhaber") {
		t.Errorf("the receipt:\n%s", body)
	}
	if to := me.post("/adressbuch/aus", nil); to != "/adressbuch?meldung=aus" {
		t.Errorf("off again led to %s", to)
	}
	if body := other.page("/adressbuch"); !strings.Contains(body, "Wohlers") {
		t.Error("the other firm's went too")
	}
}
