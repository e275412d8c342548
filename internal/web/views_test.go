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

// TestPartsAreDefinedOnce: all pages share one set of templates, where the second
// definition of a part silently takes the place of the first.
func TestPartsAreDefinedOnce(t *testing.T) {
	files, err := filepath.Glob("views/*.html")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d views, %v", len(files), err)
	}
	in := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`{{-? *(?:define|block) "([^"]+)"`).FindAllSubmatch(text, -1) {
			part := string(m[1])
			if other, ok := in[part]; ok {
				t.Errorf("part %q is defined in %s and in %s", part, other, f)
			}
			in[part] = f
		}
	}
	if len(in) < 20 {
		t.Errorf("only %d parts were found", len(in))
	}
}

// draftOf makes the draft page without a store.
func (s *server) draftOf(l loaded, query string, pr problem, role feierabend.Role) *draftPage {
	q, _ := url.ParseQuery(query)
	p := s.draftBase(l, q, role, pr)
	p.finish(l.draft.Draft, feierabend.Profile{VATScheme: "standard", VATRate: *dec("19")}, "RE-2026-0043")
	return p
}

func samples(t *testing.T, s *server) []sample {
	tried := func(d feierabend.Draft) tryPage {
		p, err := s.tryPage(feierabend.Transcript{Text: sampleText}, []feierabend.Answer{{Path: "supply", Value: evil}}, d, feierabend.Profile{VATScheme: "standard", VATRate: *dec("19")}, problem{})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	owner := feierabend.RoleOwner
	asking := sampleDraft()
	ready := sampleDraft()
	ready.Lines[2].Price, ready.Questions, ready.Supply = dec("189"), nil, &feierabend.Period{From: "2026-02-10", To: "2026-02-10"}
	ready.Evidence["lines[2].price"], ready.Evidence["supply"] = feierabend.Evidence{Source: "answered"}, feierabend.Evidence{Source: "answered"}
	ready.Totals = &feierabend.Totals{Net: cents(45630), VAT: cents(8670), Gross: cents(54300)}
	wild := feierabend.Draft{
		Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Name: evil}, Lines: []feierabend.Line{{Text: longOne + evil, Unit: "H87"}, {Text: evil, Unit: "LS"}},
		Questions: []string{"buyer.address", "lines[0].price", "lines[0].quantity", "buyer.name", "vat", "paid.invoice", "kind", "prices", "share", "anything.else", "lines[7].price"},
		Paid:      &feierabend.Paid{Amount: cents(50000), Method: "cash"}, CashDiscount: &feierabend.CashDiscount{Percent: *dec("2"), Days: 8}, Discount: dec("3"), Site: evil,
	}
	note := feierabend.Draft{Kind: feierabend.KindNote, Tasks: []feierabend.Task{{Text: "Herrn Özdemir zurückrufen", Due: "2026-02-11", Kind: "call"}, {Text: evil}}}
	report := feierabend.Draft{Kind: feierabend.KindWorkReport, Buyer: &feierabend.Buyer{Company: "Thomhagen Bau"}, People: []feierabend.Person{{Name: "Kevin", Hours: *dec("8")}}, Questions: []string{"supply"}}
	draft := func(d feierabend.Draft, state feierabend.CaseState, query string, pr problem, role feierabend.Role) page {
		return page{View: "draft", Title: d.Kind.German(), Nav: "start", Detail: true, Live: &live{URL: "/v/x/stand", Stand: "1", Seconds: 15}, Content: s.draftOf(sampleCase(state, &d), query, pr, role)}
	}
	open, isReady := feierabend.CaseOpen, feierabend.CaseReady
	out := []sample{
		{"anmelden", page{View: "signin", Title: "Anmelden", Scripts: []string{passkeyScript}, Content: mailForm{Form: addressForm(), Demo: true, Passkey: signInKey("", "")}}},
		{"anmelden-fehler", page{View: "signin", Title: "Anmelden", Content: mailForm{Form: wrongForm(addressForm(), map[string]string{"email": evil}, "email"), Next: "/v/x", Passkey: signInKey("/v/x", "")}}},
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
		{"start-seite", s.startPageSample(2)},
		{"start-verspaetet", s.lateSample(s.entries()[:3], overdueText("sweep_late"))},
		{"start-uhr", s.lateSample(nil, overdueText("clock_jump"))},
		{"entwurf", draft(asking, open, "", problem{}, owner)},
		{"entwurf-stelle", draft(asking, open, "w=lines%5B3%5D.quantity&neu=1", problem{}, owner)},
		{"entwurf-fehler", draft(asking, open, "", problem{Path: "lines[2].price", Text: "Daraus konnte ich keinen Preis lesen.", Input: map[string]string{"wert": evil}}, owner)},
		{"entwurf-aendern", draft(ready, isReady, "f=buyer.address", problem{}, owner)},
		{"entwurf-bereit", draft(ready, isReady, "", problem{}, owner)},
		{"entwurf-nicht-ausgestellt", draft(ready, isReady, "", problem{Text: "Ihre Steuernummer fehlt noch."}, owner)},
		{"entwurf-mitarbeiter", draft(ready, isReady, "", problem{}, feierabend.RoleStaff)},
		{"entwurf-wild", draft(wild, open, "w="+evil+"&f="+evil, problem{}, owner)},
		{"entwurf-notiz", draft(note, isReady, "", problem{}, owner)},
		{"entwurf-adressbuch", func() page {
			p := draft(ready, isReady, "buch=1", problem{}, owner)
			p.Content.(*draftPage).CanBook = true
			return p
		}()},
		{"entwurf-stunden", draft(report, open, "", problem{}, owner)},
	}
	out = append(out, s.formSamples()...)
	out = append(out, registerSamples()...)
	out = append(out, s.accessSamples()...)
	out = append(out, s.digestSamples()...)
	out = append(out, passkeySamples()...)
	out = append(out, serviceSamples()...)
	out = append(out, s.waitSamples()...)
	out = append(out, s.numberSamples()...)
	out = append(out, s.customerSamples()...)
	out = append(out, s.documentSamples()...)
	out = append(out, s.profileSamples()...)
	out = append(out, priceSamples(t)...)
	out = append(out, s.bookSamples()...)
	return append(out,
		sample{"bestaetigen", page{View: "confirm", Title: "Jetzt löschen?", Nav: "start", Detail: true, Content: confirmPage{Case: id(1), Saved: true, Word: "Rechnung", Number: "RE-2026-0043", Issued: true}}},
		sample{"verwerfen", page{View: "confirm", Title: "Jetzt löschen?", Nav: "start", Detail: true, Content: confirmPage{Case: id(1), Heading: evil}}},
		sample{"verwerfen-ausgestellt", page{View: "confirm", Title: "Jetzt löschen?", Nav: "start", Detail: true, Content: confirmPage{Case: id(1), Heading: "Frau Claasen", Word: "Rechnung", Number: "RE-2026-0043", Issued: true}}},
		sample{"konflikt", page{View: "conflict", Title: "Inzwischen geändert", Nav: "start", Detail: true, Content: conflictPage{
			Case: id(1), Version: 3,
			Changes: changes(asking, ready), Answer: &pendingAnswer{"buyer.address", "Weg 1\n25524\nItzehoe"}, Label: "Anschrift",
		}}},
		sample{"konflikt-ausstellen", page{View: "conflict", Title: "Inzwischen geändert", Nav: "start", Detail: true, Content: conflictPage{Case: id(1), Version: 3}}},
		sample{"quittung-laeuft", page{View: "receipt", Title: "Löschquittung", Nav: "quittungen", Detail: true, Live: &live{URL: "/q/x/stand", Seconds: 1, Refresh: 5}, Content: s.receiptPage(sampleReceipt(feierabend.VerifyPending), true)}},
		sample{"quittung", page{View: "receipt", Title: "Löschquittung", Nav: "quittungen", Detail: true, Content: s.receiptPage(sampleReceipt(feierabend.VerifyVerified), false)}},
		sample{"quittung-ungeprueft", page{View: "receipt", Title: "Löschquittung", Nav: "quittungen", Detail: true, Content: s.receiptPage(sampleReceipt(feierabend.VerifyUnverifiable), false)}},
		sample{"ausprobieren", page{View: "try", Title: "Ausprobieren", Scripts: []string{"recorder.js"}, Content: tryPage{}}},
		sample{"ausprobieren-fehler", page{View: "try", Title: "Ausprobieren", Scripts: []string{"recorder.js"}, Content: tryPage{Text: evil + longOne, Error: "Das ist zu viel auf einmal. " + longOne}}},
		sample{"ausprobieren-entwurf", page{View: "try", Title: "Ausprobieren", Content: tried(asking)}},
		sample{"ausprobieren-fertig", page{View: "try", Title: "Ausprobieren", Content: tried(ready)}},
		sample{"start-ohne-nummer", page{View: "start", Title: "Was wartet", Nav: "start", Content: startPage{Day: "Dienstag, 10. Februar", Headline: headline(0, 0), Unlinked: true}}},
		sample{"einstellungen", page{View: "settings", Title: "Einstellungen", Nav: "einstellungen", Content: settingsPage{Name: "Hauke Deichgrün", Email: "hauke@deichgruen.example", Settings: settingsList()}}},
		sample{"einstellungen-namenlos", page{View: "settings", Title: "Einstellungen", Nav: "einstellungen", Content: settingsPage{Email: longOne + "@" + longOne + ".example", Settings: settingsList()[:1]}}},
		sample{"quittungen-leer", page{View: "receipts", Title: "Quittungen", Nav: "quittungen", Content: receiptsPage{}}},
		sample{"quittungen", page{View: "receipts", Title: "Quittungen", Nav: "quittungen", Content: receiptsPage{Rows: []receiptRow{
			{URL: "/q/x", When: "10.02.2026, 18:02 Uhr", Rule: "Speichern bestätigt durch Inhaber", Tag: tag{"done", "check", "Geprüft"}},
			{URL: "/q/y", When: "09.02.2026, 18:02 Uhr", Rule: "Verworfen durch Büro, im Chat", Tag: tag{"", "edit", "Prüfung läuft"}},
		}}}},
	)
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
	for _, name := range s.views.pages {
		if !seen[name] {
			t.Errorf("view %s is rendered in no state", name)
		}
	}
}

// TestNoNameTwice: all views share one set, where a second template of a name would
// silently take the first one's place.
func TestNoNameTwice(t *testing.T) {
	files, err := filepath.Glob("views/*.html")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d views, %v", len(files), err)
	}
	in, defined := map[string]string{}, regexp.MustCompile(`{{-?\s*(?:define|block)\s+"([^"]+)"`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range defined.FindAllSubmatch(text, -1) {
			if n := string(m[1]); in[n] != "" {
				t.Errorf("%s defines %q, as %s does", f, n, in[n])
			}
			in[string(m[1])] = f
		}
	}
	if len(in) < 20 {
		t.Errorf("only %d names found", len(in))
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
			for _, v := range strings.Fields(attr[k]) {
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
