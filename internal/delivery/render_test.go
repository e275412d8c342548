package delivery

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"feierabend"

	"github.com/google/go-cmp/cmp"
)

var testWords = words{
	zone:       time.FixedZone("CET", 3600),
	caseURL:    func(c feierabend.CaseID) string { return "https://f.example/v/" + string(c) },
	receiptURL: func(r feierabend.ReceiptID) string { return "https://f.example/q/" + string(r) },
	contact:    "hilfe@f.example",
}

func dec(s string) *feierabend.Dec4 {
	d, err := feierabend.ParseDec4(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func cents(s string) *feierabend.Cents {
	c, err := feierabend.ParseCents(s)
	if err != nil {
		panic(err)
	}
	return &c
}

func petersen() feierabend.Draft {
	return feierabend.Draft{
		Kind:   feierabend.KindInvoice,
		Buyer:  &feierabend.Buyer{Salutation: "Frau", Name: "Petersen", Street: "Lindenweg 12", Postcode: "25524", City: "Itzehoe"},
		Supply: &feierabend.Period{From: "2025-11-18", To: "2025-11-18"},
		Lines: []feierabend.Line{
			{Kind: feierabend.LineLabour, Text: "Arbeitszeit", Quantity: dec("1.75"), Unit: "HUR", Price: dec("68")},
			{Kind: feierabend.LineMaterial, Text: "Röhrensiphon", Quantity: dec("1"), Unit: "H87", Price: dec("28.50")},
			{Kind: feierabend.LineMaterial, Text: "Kleinmaterial", Quantity: dec("1"), Unit: "LS", Price: dec("5")},
			{Kind: feierabend.LineTravel, Text: "Anfahrt", Quantity: dec("1"), Unit: "LS", Price: dec("39")},
		},
		Totals: &feierabend.Totals{Net: cents("191.50"), VAT: cents("36.39"), Gross: cents("227.89")},
	}
}

var testCase = feierabend.Case{
	ID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Version: 3, State: feierabend.CaseReady,
	ExpiresAt: time.Date(2025, 12, 18, 16, 0, 0, 0, time.UTC),
}

func version(d feierabend.Draft) feierabend.DraftVersion {
	return feierabend.DraftVersion{Case: testCase.ID, Version: 3, Draft: d}
}

func TestDraftWithoutQuestion(t *testing.T) {
	got := testWords.draft(testCase, version(petersen()))
	want := feierabend.ChatMessage{
		Text: "*Rechnung für Frau Petersen*\n\n" +
			"1,75\u00a0Std. Arbeitszeit … 119,00\u00a0€\n1\u00a0Stk. Röhrensiphon … 28,50\u00a0€\nKleinmaterial … 5,00\u00a0€\nAnfahrt … 39,00\u00a0€\n\n" +
			"Lindenweg 12, 25524 Itzehoe\nLeistung: 18.11.2025\n\n" +
			"191,50\u00a0€ netto + 36,39\u00a0€ USt = *227,89\u00a0€* brutto\n\n" +
			"Passt das so?\n\nhttps://f.example/v/aaaaaaaaaaaaaaaaaaaaaaaaaa",
		Buttons: []feierabend.ChatButton{
			{ID: "approve:aaaaaaaaaaaaaaaaaaaaaaaaaa:3", Title: "Passt so"},
			{ID: "change:aaaaaaaaaaaaaaaaaaaaaaaaaa:3", Title: "Ändern"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOpenQuestionTakesThePlaceOfPasstSo(t *testing.T) {
	d := petersen()
	d.Supply, d.Totals = nil, nil
	d.Lines[1].Price = nil
	d.Questions = []string{"supply", "lines[1].price"}
	c := testCase
	c.Summary = feierabend.CaseSummary{Net: cents("163"), Gross: cents("193.97"), Partial: true}
	got := testWords.draft(c, version(d))
	for _, b := range got.Buttons {
		if b.Title == "Passt so" {
			t.Error("„Passt so“ is there with a question open")
		}
	}
	for _, want := range []string{"Preis offen", "Bisher 163,00\u00a0€ netto", "193,97\u00a0€", "Noch 2 Fragen. Wann war die Arbeit?"} {
		if !strings.Contains(got.Text, want) {
			t.Errorf("text lacks %q:\n%s", want, got.Text)
		}
	}
	if len(got.Buttons) != 3 || got.Buttons[1].ID != "answer:aaaaaaaaaaaaaaaaaaaaaaaaaa:3:supply:yesterday" {
		t.Errorf("buttons: %+v", got.Buttons)
	}
}

func TestNoteIsReadBack(t *testing.T) {
	d := feierabend.Draft{Kind: feierabend.KindNote, Tasks: []feierabend.Task{{Text: "Frau Lorenz wegen Reifen", Kind: "call", Due: "2026-04-17"}, {Text: "Blende nachmessen"}}}
	got := testWords.draft(testCase, version(d))
	if len(got.Buttons) != 0 || !strings.Contains(got.Text, "Anrufen: Frau Lorenz wegen Reifen, 17.04.2026\nAufgabe: Blende nachmessen") {
		t.Errorf("got %+v", got)
	}
}

// Whatever is said, the message keeps the provider's limits, and what matters stays.
func TestEveryDraftFits(t *testing.T) {
	long := strings.Repeat("Unterputzspülkasten mit Vorwandelement und Betätigungsplatte ", 20)
	for _, lines := range []int{0, 1, 5, 6, 60} {
		for _, text := range []string{"Arbeit", long} {
			for _, questions := range [][]string{nil, {"lines[0].price"}, {"supply", "buyer.address", "lines[0].price"}} {
				d := petersen()
				d.Buyer.Name, d.Site, d.Questions = text, text, questions
				d.Lines = nil
				for range lines {
					d.Lines = append(d.Lines, feierabend.Line{Text: text, Quantity: dec("1234.5678"), Unit: "H87", Price: dec("99999")})
				}
				for range 8 {
					d.Tasks = append(d.Tasks, feierabend.Task{Text: text, Due: "2026-01-01"})
				}
				m := testWords.draft(testCase, version(d))
				m.To = "+4917139200155"
				if err := m.Check(); err != nil {
					t.Fatalf("%d lines, %d characters, %v: %v", lines, len(text), questions, err)
				}
				if !strings.HasSuffix(m.Text, string(testCase.ID)) || !strings.Contains(m.Text, "227,89") {
					t.Errorf("%d lines: link or sum was cut:\n%s", lines, m.Text)
				}
			}
		}
	}
}

func TestSumsNameTheTaxCase(t *testing.T) {
	for _, c := range []struct {
		name string
		d    feierabend.Draft
		want string
	}{
		{
			"small business",
			feierabend.Draft{Kind: feierabend.KindInvoice, VATScheme: "small_business", Totals: &feierabend.Totals{Net: cents("940"), VAT: cents("0"), Gross: cents("940")}},
			"*940,00\u00a0€*, ohne Umsatzsteuer (§\u00a019 UStG)",
		},
		{
			"reverse charge",
			feierabend.Draft{Kind: feierabend.KindInvoice, VATScheme: "reverse_charge", Totals: &feierabend.Totals{Net: cents("100"), VAT: cents("0"), Gross: cents("100")}},
			"*100,00\u00a0€* netto, Steuer schuldet der Kunde (§\u00a013b UStG)",
		},
		{"reminder", feierabend.Draft{Kind: feierabend.KindReminder, Totals: &feierabend.Totals{Gross: cents("227.89")}}, "Offen: 227,89\u00a0€"},
		{"nothing known", feierabend.Draft{Kind: feierabend.KindInvoice}, ""},
	} {
		if got := sums(feierabend.CaseSummary{}, c.d); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAskDocumentErasedHeld(t *testing.T) {
	now := time.Date(2025, 11, 18, 17, 7, 0, 0, time.UTC)
	doc := feierabend.Document{
		Number: "RE-2026-0042", Kind: feierabend.KindInvoice, Buyer: feierabend.Party{Salutation: "Frau", Name: "Petersen"},
		Sums: feierabend.Sums{Net: 19150, VAT: 3639, Gross: 22789},
	}
	verified := feierabend.ErasureReceipt{
		ID: "r1", Reason: feierabend.EraseConfirmed, Verification: feierabend.VerifyVerified,
		Copies: []feierabend.ResidualCopy{{Recipient: "whatsapp", Until: now.AddDate(0, 0, 30)}},
	}
	running := testCase
	running.EraseAt = now.Add(time.Hour)
	for _, c := range []struct {
		name string
		m    feierabend.ChatMessage
		want []string
	}{
		{"ask", testWords.ask(testCase, version(petersen()), "RE-2026-0042"), []string{"*RE-2026-0042 · Frau Petersen*", "191,50\u00a0€ netto", "227,89\u00a0€", "ausstellen?", "[Ausstellen][Ändern]"}},
		{"document", testWords.document(testCase, doc, now.Add(24*time.Hour)), []string{"*RE-2026-0042 · Frau Petersen*", "227,89\u00a0€ brutto", "Bitte speichern und weiterleiten", "19.11.2025, 18:07\u00a0Uhr", "18.12.2025", "[Gespeichert][Noch nicht]"}},
		{"document with a countdown", testWords.document(running, doc, now.Add(24*time.Hour)), []string{"18.11.2025, 19:07\u00a0Uhr"}},
		{"document near the end", testWords.document(testCase, doc, testCase.ExpiresAt.Add(-time.Hour).Add(24*time.Hour)), []string{"spätestens am 18.12.2025"}},
		{"erased", testWords.erased(verified), []string{"*Gelöscht.*", "Geprüft", "Telefon", "18.12.2025", "https://f.example/q/r1"}},
		{"erased, proof running", testWords.erased(feierabend.ErasureReceipt{Verification: feierabend.VerifyPending}), []string{"Prüfung läuft noch"}},
		{"held", testWords.held(testCase), []string{"18.12.2025", "[Gespeichert]"}},
		{"welcome", testWords.welcome(feierabend.Tenant{Name: "Malerbetrieb Beispiel", RetentionDays: 14}), []string{"*Malerbetrieb Beispiel*", "Programm, kein Mensch", "14 Tagen", "*Hilfe*", "*Stopp*"}},
		{"human", testWords.human(), []string{"hilfe@f.example"}},
	} {
		text := c.m.Text
		for _, b := range c.m.Buttons {
			text += "[" + b.Title + "]"
		}
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", c.name, want, text)
			}
		}
		tone(t, c.name, c.m)
	}
}

func TestStatusAndErase(t *testing.T) {
	now := func() time.Time { return time.Date(2025, 11, 18, 17, 0, 0, 0, time.UTC) }
	c := testCase
	c.Summary = feierabend.CaseSummary{Kind: feierabend.KindInvoice, Title: "Frau Petersen", Gross: cents("227.89"), Questions: 2}
	c.State = feierabend.CaseOpen
	one := testWords.status([]feierabend.Case{c}, now)
	want := "*1 Vorgang offen*\n\n• Rechnung für Frau Petersen, 227,89\u00a0€, 2 Fragen, löscht in 29\u00a0Tagen\n\nhttps://f.example/v/aaaaaaaaaaaaaaaaaaaaaaaaaa"
	if one.Text != want {
		t.Errorf("status: got\n%s\nwant\n%s", one.Text, want)
	}
	if many := testWords.status([]feierabend.Case{c, c, c, c, c, c, c}, now); !strings.Contains(many.Text, "und 2 weitere") {
		t.Errorf("seven cases: got\n%s", many.Text)
	}
	if none := testWords.status(nil, now); len(none.Buttons) > 0 || none.Text == "" {
		t.Errorf("nothing open: %+v", none)
	}
	if e := testWords.erase([]feierabend.Case{c}, "", now); len(e.Buttons) != 1 || e.Buttons[0].ID != "discard:aaaaaaaaaaaaaaaaaaaaaaaaaa:3" {
		t.Errorf("erase: %+v", e)
	}
	if e := testWords.erase(nil, c.ID, now); len(e.Buttons) > 0 {
		t.Errorf("nothing to erase: %+v", e)
	}
	var four []feierabend.Case
	for _, id := range "bcde" {
		d := c
		d.ID = feierabend.CaseID(strings.Repeat(string(id), 26))
		four = append(four, d)
	}
	which := testWords.erase(four, "", now)
	tone(t, "which to erase", which)
	if len(which.Buttons) != 3 || !strings.Contains(which.Text, "3. Rechnung für Frau Petersen, 227,89\u00a0€") || !strings.Contains(which.Text, "Ältere Vorgänge") || strings.Contains(which.Text, "4.") {
		t.Errorf("four cases: %+v", which)
	}
	for i, b := range which.Buttons {
		got, ok := feierabend.ParseButton(b.ID)
		if !ok || got.Act != feierabend.ActErase || got.Case != four[i].ID || b.Title != fmt.Sprintf("%d löschen", i+1) {
			t.Errorf("button %d: %+v", i, b)
		}
	}
	if two := testWords.erase(four[:2], "", now); len(two.Buttons) != 2 || strings.Contains(two.Text, "Ältere") {
		t.Errorf("two cases: %+v", two)
	}
	if picked := testWords.erase(four, four[3].ID, now); len(picked.Buttons) != 1 || picked.Buttons[0].ID != "discard:"+string(four[3].ID)+":3" {
		t.Errorf("picked: %+v", picked)
	}
}

// tone checks what all texts have in common: no shouting, no first name basis,
// limits kept, and no ordinary space before a euro sign.
func tone(t *testing.T, name string, m feierabend.ChatMessage) {
	t.Helper()
	m.To = "+4917139200155"
	if err := m.Check(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	for _, bad := range []string{"!", " €", " du ", " dein", "Fehler:"} {
		if strings.Contains(m.Text, bad) {
			t.Errorf("%s contains %q:\n%s", name, bad, m.Text)
		}
	}
	if utf8.RuneCountInString(m.Text) > 900 {
		t.Errorf("%s is long: %d characters", name, utf8.RuneCountInString(m.Text))
	}
}

func TestCommandsAndReasonsKeepTheTone(t *testing.T) {
	for _, m := range []feierabend.ChatMessage{testWords.help(), testWords.stop(feierabend.SenderID(feierabend.NewID())), testWords.human(), testWords.change(testCase.ID), words{}.human(), words{}.change(""), testWords.askFree(petersen().Question("supply"))} {
		tone(t, "command", m)
	}
	for _, r := range []string{feierabend.ReasonNothing, feierabend.ReasonTooLong, feierabend.ReasonStale, feierabend.ReasonWaitsModel, "unknown"} {
		tone(t, r, testWords.failed(r, testCase.ID))
	}
}

// TestWhichEntry: two entries of the address book that fit stand on buttons and, in full,
// in the text; of four the page is the place to choose.
func TestWhichEntry(t *testing.T) {
	d := petersen()
	d.Buyer, d.Questions = &feierabend.Buyer{Name: "Petersen"}, []string{"buyer.address"}
	var book []feierabend.BookEntry
	for i, street := range []string{"Lindenweg 12", "Ahornweg 2", "Dorfstraße 8", "Gartenweg 15"} {
		e := feierabend.BookEntry{ID: feierabend.AddressID(fmt.Sprint("id", i))}
		e.Buyer = feierabend.Buyer{Salutation: "Frau", Name: "Petersen", Street: street, Postcode: "25524", City: "Itzehoe"}
		book, d.Entries = append(book, e), append(d.Entries, e.ID)
	}
	got := testWords.draft(testCase, version(d.WithEntries(book[:2])))
	want := []feierabend.ChatButton{
		{ID: "answer:aaaaaaaaaaaaaaaaaaaaaaaaaa:3:buyer.address:id0", Title: "Lindenweg 12"},
		{ID: "answer:aaaaaaaaaaaaaaaaaaaaaaaaaa:3:buyer.address:id1", Title: "Ahornweg 2"},
		{ID: "answer:aaaaaaaaaaaaaaaaaaaaaaaaaa:3:buyer.address:other", Title: "Andere Anschrift"},
	}
	if diff := cmp.Diff(want, got.Buttons); diff != "" || !strings.Contains(got.Text, "• Frau Petersen, Ahornweg 2, 25524 Itzehoe") {
		t.Errorf("two: %s\n%s", diff, got.Text)
	}
	got = testWords.draft(testCase, version(d.WithEntries(book)))
	if len(got.Buttons) != 0 || !strings.Contains(got.Text, "4-mal") || !strings.Contains(got.Text, "auf der Seite") || !strings.Contains(got.Text, "https://f.example/v/") {
		t.Errorf("four: %+v", got)
	}
}
