package web

import (
	"bytes"
	"flag"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"feierabend"
)

var update = flag.Bool("update", false, "write the golden pages")

func sampleServer(t *testing.T) *server {
	t.Helper()
	s := &server{Options: Options{Zone: sampleZone, Now: func() time.Time { return sampleNow }, RecipientName: func(k string) string {
		return map[string]string{"whatsapp": "Meta (WhatsApp)", "phone": "Ihr Telefon und Ihr Rechner"}[k]
	}, Number: "+4930231250420", PhoneURL: "http://127.0.0.1:8081/"}}
	var err error
	if s.assets, err = loadAssets(); err != nil {
		t.Fatal(err)
	}
	if s.views, err = loadViews(s.assets, sampleZone); err != nil {
		t.Fatal(err)
	}
	return s
}

// draftOf makes the draft page without a store.
func (s *server) draftOf(l loaded, query string, pr problem, role feierabend.Role) *draftPage {
	q, _ := url.ParseQuery(query)
	p := s.draftBase(l, q, role, pr)
	p.finish(l.draft.Draft, feierabend.Profile{VATScheme: "standard", VATRate: *dec("19")}, "RE-2026-0043")
	return p
}

func samples(t *testing.T, s *server) []sample {
	owner := feierabend.RoleOwner
	asking := sampleDraft()
	ready := sampleDraft()
	ready.Lines[2].Price, ready.Questions, ready.Supply = dec("189"), nil, &feierabend.Period{From: "2026-02-10", To: "2026-02-10"}
	ready.Evidence["lines[2].price"], ready.Evidence["supply"] = feierabend.Evidence{Source: "answered"}, feierabend.Evidence{Source: "answered"}
	ready.Totals = &feierabend.Totals{Net: cents(45630), VAT: cents(8670), Gross: cents(54300)}
	wild := feierabend.Draft{Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Name: evil}, Lines: []feierabend.Line{{Text: longOne + evil, Unit: "H87"}, {Text: evil, Unit: "LS"}},
		Questions: []string{"buyer.address", "lines[0].price", "lines[0].quantity", "buyer.name", "vat", "paid.invoice", "kind", "prices", "share", "anything.else", "lines[7].price"},
		Paid:      &feierabend.Paid{Amount: cents(50000), Method: "cash"}, CashDiscount: &feierabend.CashDiscount{Percent: *dec("2"), Days: 8}, Discount: dec("3"), Site: evil}
	note := feierabend.Draft{Kind: feierabend.KindNote, Tasks: []feierabend.Task{{Text: "Herrn Özdemir zurückrufen", Due: "2026-02-11", Kind: "call"}, {Text: evil}}}
	report := feierabend.Draft{Kind: feierabend.KindWorkReport, Buyer: &feierabend.Buyer{Company: "Thomhagen Bau"}, People: []feierabend.Person{{Name: "Kevin", Hours: *dec("8")}}, Questions: []string{"supply"}}
	draft := func(d feierabend.Draft, state feierabend.CaseState, query string, pr problem, role feierabend.Role) page {
		return page{View: "draft", Title: d.Kind.German(), Nav: "start", Detail: true, Live: &live{URL: "/v/x/stand", Stand: "1", Seconds: 15}, Content: s.draftOf(sampleCase(state, &d), query, pr, role)}
	}
	open, isReady := feierabend.CaseOpen, feierabend.CaseReady
	out := []sample{
		{"anmelden", page{View: "signin", Title: "Anmelden", Content: mailForm{Demo: true}}},
		{"anmelden-fehler", page{View: "signin", Title: "Anmelden", Content: mailForm{Email: evil, Error: "Das ist keine vollständige E-Mail-Adresse. Bitte so eingeben: name@beispiel.de.", Next: "/v/x"}}},
		{"code", page{View: "code", Title: "Code eingeben", Content: codePage{}}},
		{"code-fehler", page{View: "code", Title: "Code eingeben", Content: codePage{Error: "Dieser Code passt nicht.", Next: "/v/x"}}},
		{"link", page{View: "link", Title: "Anmelden", Content: linkPage{Token: evil}}},
		{"link-fehler", page{View: "link", Title: "Anmelden", Content: linkPage{Error: "Diese Anmeldung gilt nicht mehr."}}},
		{"firma", page{View: "firm", Title: "Firma wählen", Content: firmPage{Firms: []feierabend.Tenant{{Name: "Deichgrün Haustechnik"}, {Name: evil}}}}},
		{"firma-keine", page{View: "firm", Title: "Firma wählen", Content: firmPage{}}},
		{"fehler", page{View: "error", Title: "Das war unser Fehler.", Content: errorPage{Title: "Das war unser Fehler.", Text: "Ihre Daten sind sicher.", ID: "abcdefghij"}}},
		{"fehler-anmelden", page{View: "error", Title: "Bitte neu anmelden.", Content: errorPage{Title: "Bitte neu anmelden.", Text: "Sie sind nicht mehr angemeldet.", ID: "abcdefghij", SignIn: true}}},
		{"start-leer", s.startSample(nil, 3)},
		{"start-eins", s.startSample(s.entries()[:1], 0)},
		{"start", s.startSample(s.entries(), 2)},
		{"entwurf", draft(asking, open, "", problem{}, owner)},
		{"entwurf-stelle", draft(asking, open, "w=lines%5B3%5D.quantity&neu=1", problem{}, owner)},
		{"entwurf-fehler", draft(asking, open, "", problem{Path: "lines[2].price", Text: "Daraus konnte ich keinen Preis lesen.", Input: map[string]string{"wert": evil}}, owner)},
		{"entwurf-aendern", draft(ready, isReady, "f=buyer.address", problem{}, owner)},
		{"entwurf-bereit", draft(ready, isReady, "", problem{}, owner)},
		{"entwurf-mitarbeiter", draft(ready, isReady, "", problem{}, feierabend.RoleStaff)},
		{"entwurf-wild", draft(wild, open, "w="+evil+"&f="+evil, problem{}, owner)},
		{"entwurf-notiz", draft(note, isReady, "", problem{}, owner)},
		{"entwurf-stunden", draft(report, open, "", problem{}, owner)},
	}
	out = append(out, s.waitSamples()...)
	out = append(out, s.documentSamples()...)
	return append(out,
		sample{"bestaetigen", page{View: "confirm", Title: "Jetzt löschen?", Nav: "start", Detail: true, Content: confirmPage{Case: id(1), Saved: true, Word: "Rechnung", Number: "RE-2026-0043", Issued: true}}},
		sample{"verwerfen", page{View: "confirm", Title: "Jetzt löschen?", Nav: "start", Detail: true, Content: confirmPage{Case: id(1), Heading: evil}}},
		sample{"verwerfen-ausgestellt", page{View: "confirm", Title: "Jetzt löschen?", Nav: "start", Detail: true, Content: confirmPage{Case: id(1), Heading: "Frau Claasen", Word: "Rechnung", Number: "RE-2026-0043", Issued: true}}},
		sample{"konflikt", page{View: "conflict", Title: "Inzwischen geändert", Nav: "start", Detail: true, Content: conflictPage{Case: id(1), Version: 3,
			Changes: changes(asking, ready), Answer: &pendingAnswer{"buyer.address", "Weg 1\n25524\nItzehoe"}, Label: "Anschrift"}}},
		sample{"konflikt-ausstellen", page{View: "conflict", Title: "Inzwischen geändert", Nav: "start", Detail: true, Content: conflictPage{Case: id(1), Version: 3}}},
		sample{"quittung-laeuft", page{View: "receipt", Title: "Löschquittung", Nav: "quittungen", Detail: true, Live: &live{URL: "/q/x/stand", Seconds: 1, Refresh: 5}, Content: s.receiptPage(sampleReceipt(feierabend.VerifyPending), true)}},
		sample{"quittung", page{View: "receipt", Title: "Löschquittung", Nav: "quittungen", Detail: true, Content: s.receiptPage(sampleReceipt(feierabend.VerifyVerified), false)}},
		sample{"quittung-ungeprueft", page{View: "receipt", Title: "Löschquittung", Nav: "quittungen", Detail: true, Content: s.receiptPage(sampleReceipt(feierabend.VerifyUnverifiable), false)}},
		sample{"quittungen-leer", page{View: "receipts", Title: "Quittungen", Nav: "quittungen", Content: receiptsPage{}}},
		sample{"quittungen", page{View: "receipts", Title: "Quittungen", Nav: "quittungen", Content: receiptsPage{Rows: []receiptRow{
			{URL: "/q/x", When: "10.02.2026, 18:02 Uhr", Rule: "Speichern bestätigt durch Inhaber", Tag: tag{"done", "check", "Geprüft"}},
			{URL: "/q/y", When: "09.02.2026, 18:02 Uhr", Rule: "Verworfen durch Büro, im Chat", Tag: tag{"", "edit", "Prüfung läuft"}}}}}},
	)
}

func (s *server) startSample(list []entry, erased int) page {
	p := startPage{Day: format{sampleZone}.longDay(sampleNow), Number: s.Number, PhoneURL: s.PhoneURL, Kept: len(list), ErasedToday: erased}
	s.fill(&p, sampleNow, list)
	return page{View: "start", Title: "Was wartet", Nav: "start", Firm: "Deichgrün Haustechnik", Live: &live{URL: "/stand", Stand: "1", Seconds: 2, Refresh: 6},
		Demo: &demoLinks{Phone: s.PhoneURL, Mail: "http://127.0.0.1:8081/mails"}, Content: p}
}

// entries are cases in every stage.
func (s *server) entries() []entry {
	mk := func(n byte, age, left time.Duration, state feierabend.CaseState, version int, sum feierabend.CaseSummary, ms ...feierabend.Message) entry {
		c := feierabend.Case{ID: feierabend.CaseID(id(n)), State: state, Version: version, Summary: sum, CreatedAt: sampleNow.Add(-age), ChangedAt: sampleNow.Add(-age), ExpiresAt: sampleNow.Add(left)}
		e := entry{Case: c, messages: ms, sender: "Malte"}
		e.stage = stageOf(c, ms)
		return e
	}
	day := 24 * time.Hour
	out := []entry{
		mk(1, 27*day, 2*day+time.Hour, feierabend.CaseOpen, 1, feierabend.CaseSummary{Kind: feierabend.KindWorkReport, Title: "Thomhagen Bau", Place: "Kita Zwergenkoje, Heide", Questions: 1}),
		mk(2, 20*time.Minute, 29*day+time.Hour, feierabend.CaseOpen, 1, feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Frau Claasen", Place: "Brunsbüttel", Questions: 2, Gross: cents(32761), Partial: true}),
		mk(3, day, 28*day+time.Hour, feierabend.CaseReady, 2, feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Jens Brodersen", Place: "Heide", Gross: cents(89667)}),
		mk(4, 9*day, 20*day+time.Hour, feierabend.CaseIssued, 2, feierabend.CaseSummary{Kind: feierabend.KindOffer, Title: longOne + evil, Place: evil, Gross: cents(37663500), Number: "AN-2026-0007"}),
		mk(5, time.Minute, 29*day, feierabend.CaseOpen, 0, feierabend.CaseSummary{Seconds: 48}, feierabend.Message{State: feierabend.MessageFetched, Kind: feierabend.InboundAudio}),
		mk(6, 3*time.Hour, 29*day, feierabend.CaseOpen, 0, feierabend.CaseSummary{}, feierabend.Message{State: feierabend.MessageFetched, Reason: feierabend.ReasonWaitsModel, Kind: feierabend.InboundAudio}),
		mk(7, 3*time.Hour, 29*day, feierabend.CaseOpen, 0, feierabend.CaseSummary{}, feierabend.Message{State: feierabend.MessageFailed, Reason: feierabend.ReasonNoSpeech, Kind: feierabend.InboundAudio}),
		mk(8, 5*time.Hour, 29*day, feierabend.CaseReady, 1, feierabend.CaseSummary{Kind: feierabend.KindNote, Title: "Rückruf Herr Özdemir"}),
		mk(9, 23*day, 6*day, feierabend.CaseDownloaded, 1, feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Petersen", Gross: cents(18000), Number: "RE-2026-0041"}),
		mk(10, 23*day, 6*day, feierabend.CaseDownloaded, 1, feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Rathjen", Gross: cents(18000), Number: "RE-2026-0040"}),
		mk(11, 30*day, -time.Minute, feierabend.CaseOpen, 1, feierabend.CaseSummary{Kind: feierabend.KindInvoice}),
	}
	out[8].EraseAt = sampleNow.Add(21*time.Hour + time.Minute)
	out[8].stage = stageOf(out[8].Case, nil)
	return out
}

func (s *server) waitSamples() (out []sample) {
	for name, m := range map[string]feierabend.Message{
		"warten-empfangen":        {State: feierabend.MessageReceived, Kind: feierabend.InboundAudio},
		"warten-geholt":           {State: feierabend.MessageFetched, Kind: feierabend.InboundAudio, Audio: feierabend.AudioInfo{Duration: 38 * time.Second}},
		"warten-text":             {State: feierabend.MessageReceived, Kind: feierabend.InboundText, Text: evil},
		"warten-modell":           {State: feierabend.MessageFetched, Kind: feierabend.InboundAudio, Reason: feierabend.ReasonWaitsModel},
		"warten-fehler":           {State: feierabend.MessageFailed, Kind: feierabend.InboundAudio, Reason: feierabend.ReasonNoSpeech},
		"warten-fehler-unbekannt": {State: feierabend.MessageFailed, Kind: feierabend.InboundUnsupported, Reason: "neu"},
	} {
		l := sampleCase(feierabend.CaseOpen, nil)
		l.messages, l.transcripts = []feierabend.Message{m}, nil
		if m.Text != "" {
			l.transcripts = map[feierabend.MessageID]feierabend.Transcript{m.ID: {Text: m.Text, Engine: "text"}}
		}
		l.stage = stageOf(l.Case, l.messages)
		out = append(out, sample{name, page{View: "wait", Title: "Nachricht", Nav: "start", Detail: true, Live: &live{URL: "/v/x/stand", Seconds: 2, Refresh: 5}, Content: s.waitPage(l)}})
	}
	return out
}

func (s *server) documentSamples() (out []sample) {
	files := []feierabend.File{{Name: "RE-2026-0043.pdf", Type: "application/pdf"}, {Name: "RE-2026-0043.xml", Type: "application/xml"}}
	d := sampleDraft()
	for _, c := range []struct {
		name  string
		state feierabend.CaseState
		erase time.Duration
		may   bool
	}{
		{"rechnung", feierabend.CaseIssued, 0, true}, {"rechnung-geladen", feierabend.CaseDownloaded, 23*time.Hour + 41*time.Minute, true},
		{"rechnung-gleich", feierabend.CaseDownloaded, 30 * time.Second, true}, {"rechnung-angehalten", feierabend.CaseDownloaded, 0, true}, {"rechnung-mitarbeiter", feierabend.CaseIssued, 0, false},
	} {
		l := sampleCase(c.state, &d)
		if c.erase > 0 {
			l.EraseAt = sampleNow.Add(c.erase)
		}
		l.stage = stageOf(l.Case, nil)
		dp := s.documentPage(l, sampleDocument(), files)
		dp.MayErase = c.may
		out = append(out, sample{c.name, page{View: "document", Title: "Rechnung RE-2026-0043", Nav: "start", Detail: true, Live: &live{URL: "/v/x/stand", Seconds: 2, Refresh: 15}, Content: dp}})
	}
	wild := sampleDocument()
	wild.Buyer.Name, wild.Lines[0].Name, wild.Seller.Name, wild.Notes = evil, longOne+evil, evil, []string{evil}
	l := sampleCase(feierabend.CaseIssued, &d)
	return append(out, sample{"rechnung-wild", page{View: "document", Title: "Rechnung", Nav: "start", Detail: true, Content: s.documentPage(l, wild, files)}})
}

// TestViews renders every template in every state, reads the HTML back and
// compares it with the golden page.
func TestViews(t *testing.T) {
	s := sampleServer(t)
	seen := map[string]bool{}
	for _, sm := range samples(t, s) {
		t.Run(sm.name, func(t *testing.T) {
			seen[sm.page.View] = true
			sm.page.Nonce = "nonce"
			rec := httptest.NewRecorder()
			if err := s.send(rec, 200, sm.page); err != nil {
				t.Fatal(err)
			}
			body := rec.Body.Bytes()
			checkHTML(t, body)
			golden(t, sm.name, s.plain(body))
		})
	}
	for name := range s.views.pages {
		if !seen[name] {
			t.Errorf("view %s is rendered in no state", name)
		}
	}
}

// plain replaces hashed asset names, so that a golden page survives a new style.
func (s *server) plain(body []byte) []byte {
	for name, hashed := range s.assets.hashed {
		body = bytes.ReplaceAll(body, []byte(hashed), []byte(name))
	}
	return body
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "pages", name+".html")
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("page differs from %s; look at it and run: go test ./internal/web -run TestViews -update", file)
	}
}

var forbidden = regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=|javascript:|data:|&lt;script&gt;alert\(1\)&lt;/script&gt;&lt;`)

// checkHTML finds what must stand in no page: inline styles and handlers, twice
// the same id, labels and references that lead nowhere, buttons without a word,
// content that became markup.
func checkHTML(t *testing.T, body []byte) {
	t.Helper()
	if m := forbidden.Find(body); m != nil {
		t.Errorf("forbidden: %q", m)
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ids, refs, headings, primary := map[string]int{}, map[string]string{}, 0, 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
		}
		if v, ok := attr["id"]; ok {
			ids[v]++
		}
		for _, k := range []string{"for", "aria-describedby", "aria-labelledby"} {
			if v := attr[k]; v != "" {
				refs[v] = n.Data + " " + k
			}
		}
		if h := attr["href"]; strings.HasPrefix(h, "#") && h != "#" {
			refs[h[1:]] = n.Data + " href"
		}
		switch n.Data {
		case "h1":
			headings++
		case "script":
			if attr["nonce"] == "" || attr["src"] == "" || n.FirstChild != nil {
				t.Error("a script without nonce or with text")
			}
		case "button", "a":
			if strings.TrimSpace(textOf(n)) == "" && attr["aria-label"] == "" {
				t.Errorf("%s without a word", n.Data)
			}
			if strings.Contains(attr["class"], "primary") {
				primary++
			}
		case "form":
			if m := strings.ToLower(attr["method"]); m != "post" && m != "get" {
				t.Error("a form without method")
			}
		}
	}
	for v, n := range ids {
		if n > 1 {
			t.Errorf("id %q stands %d times", v, n)
		}
	}
	for v, who := range refs {
		if ids[v] == 0 {
			t.Errorf("%s leads to %q, which is not there", who, v)
		}
	}
	if headings != 1 {
		t.Errorf("%d h1", headings)
	}
	if primary > 1 {
		t.Errorf("%d yellow buttons: one per screen", primary)
	}
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
