package drafting

import (
	"strings"
	"testing"
	"time"

	"feierabend"

	"github.com/google/go-cmp/cmp"
)

var berlin = time.FixedZone("CET", 3600)

func dec(s string) *feierabend.Dec4 {
	d, err := feierabend.ParseDec4(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func profile() feierabend.Profile {
	return feierabend.Profile{VATScheme: "standard", VATRate: feierabend.Dec(19)}
}

// sample is an invoice with an open price and no address.
func sample() feierabend.Draft {
	said := feierabend.Evidence{Source: sourceSaid, From: 1, To: 5}
	return feierabend.Draft{
		Kind:  feierabend.KindInvoice,
		Buyer: &feierabend.Buyer{Salutation: "Frau", Name: "Petersen", City: "Itzehoe"},
		Lines: []feierabend.Line{
			{Kind: feierabend.LineLabour, Text: "Arbeitszeit", Quantity: dec("2"), Unit: "HUR", Price: dec("68"), Source: sourceProfile},
			{Kind: feierabend.LineMaterial, Text: "Designarmatur", Quantity: dec("1"), Unit: "H87"},
			{Kind: feierabend.LineTravel, Text: "Anfahrt", Quantity: dec("1"), Unit: "LS", Price: dec("39"), Source: sourceProfile},
		},
		Questions: []string{"lines[1].price", "supply", "buyer.address"},
		Evidence: map[string]feierabend.Evidence{
			"lines[0].quantity": said, "lines[1].quantity": said, "lines[2].quantity": said, "buyer.name": said,
		},
	}
}

func editor(d feierabend.Draft, p feierabend.Profile) *edit {
	s := New(Options{Zone: berlin})
	return s.edit(d, p, nil, time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC), origin{message: "m2", to: 9}) // 00:30 on the 24th in Berlin
}

func TestTypedNumber(t *testing.T) {
	for in, want := range map[string]string{
		"189": "189", "12,5": "12.5", "12.50": "12.5", "1.234,50": "1234.5", "1.234": "1234", "1.234.567": "1234567", "0,25": "0.25", "1 234,5": "1234.5", "68,00": "68",
		"": "", ",5": "", "1,": "", "1.2.3": "", "12.3456,1": "", "zwölf": "", "1,2,3": "", "1.23.456": "", "9,12345": "", ".5": "",
	} {
		got, ok := typedNumber(in)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q: got %s %v, want %q", in, got, ok, want)
		}
	}
}

func TestSetTakesWhatPeopleType(t *testing.T) {
	for _, c := range []struct {
		path, value string
		get         func(feierabend.Draft) string
		want        string
	}{
		{"lines[1].price", "189", func(d feierabend.Draft) string { return d.Lines[1].Price.String() }, "189"},
		{"lines[1].price", "12,50 €", func(d feierabend.Draft) string { return d.Lines[1].Price.String() }, "12.5"},
		{"lines[1].price", "119 brutto", func(d feierabend.Draft) string { return d.Lines[1].Price.String() }, "100"},
		{"lines[1].price", "100 netto", func(d feierabend.Draft) string { return d.Lines[1].Price.String() }, "100"},
		{"lines[0].quantity", "2,5", func(d feierabend.Draft) string { return d.Lines[0].Quantity.String() }, "2.5"},
		{"lines[0].text", " Siphon  erneuert ", func(d feierabend.Draft) string { return d.Lines[0].Text }, "Siphon erneuert"},
		{"lines[1].vat", "7 %", func(d feierabend.Draft) string { return d.Lines[1].VAT.String() }, "7"},
		{"lines[1]", "drop", func(d feierabend.Draft) string { return d.Lines[1].Text }, "Anfahrt"},
		{"vat", "19", func(d feierabend.Draft) string { return d.Lines[2].VAT.String() }, "19"},
		{"supply", "today", func(d feierabend.Draft) string { return d.Supply.From + d.Supply.To }, "2026-11-242026-11-24"},
		{"supply", "yesterday", func(d feierabend.Draft) string { return d.Supply.From }, "2026-11-23"},
		{"supply", "2026-11-12", func(d feierabend.Draft) string { return d.Supply.To }, "2026-11-12"},
		{"buyer.address", "Lindenweg 12\r\n25524\r\nItzehoe", func(d feierabend.Draft) string { return d.Buyer.Street + "|" + d.Buyer.Postcode + "|" + d.Buyer.City }, "Lindenweg 12|25524|Itzehoe"},
		{"buyer.postcode", "25524", func(d feierabend.Draft) string { return d.Buyer.Postcode }, "25524"},
		{"buyer.email", "a.b@example.de", func(d feierabend.Draft) string { return d.Buyer.Email }, "a.b@example.de"},
		{"buyer.vat_id", "de 123 456 789", func(d feierabend.Draft) string { return d.Buyer.VATID }, "DE123456789"},
		{"paid.invoice", "none", func(d feierabend.Draft) string { return d.Paid.Invoice }, "none"},
		{"paid.invoice", "RE-2026-0007", func(d feierabend.Draft) string { return d.Paid.Invoice }, "RE-2026-0007"},
		{"paid.amount", "5.000", func(d feierabend.Draft) string { return d.Paid.Amount.String() }, "5000.00"},
		{"paid.method", "bar", func(d feierabend.Draft) string { return d.Paid.Method }, "cash"},
		{"kind", "Angebot", func(d feierabend.Draft) string { return string(d.Kind) }, "offer"},
		{"prices", "brutto", func(d feierabend.Draft) string { return d.Prices }, "gross"},
		{"due_days", "14", func(d feierabend.Draft) string { return feierabend.Dec(*d.DueDays).String() }, "14"},
		{"discount", "3", func(d feierabend.Draft) string { return d.Discount.String() }, "3"},
		{"site", "Treppenhaus", func(d feierabend.Draft) string { return d.Site }, "Treppenhaus"},
	} {
		ed := editor(sample(), profile())
		if err := ed.set(c.path, c.value); err != nil {
			t.Errorf("%s = %q: %v", c.path, c.value, err)
			continue
		}
		if got := c.get(ed.d); got != c.want {
			t.Errorf("%s = %q: got %q, want %q", c.path, c.value, got, c.want)
		}
		if e := ed.d.Evidence[c.path]; c.value != "drop" && (e.Source != sourceAnswered || e.Message != "m2") {
			t.Errorf("%s: evidence %+v", c.path, e)
		}
	}
}

func TestSetRefusesWithWordsAndChangesNothing(t *testing.T) {
	for path, values := range map[string][]string{
		"lines[1].price":    {"", "teuer", "-5", "1,2,3", "99999999999"},
		"lines[0].quantity": {"", "0", "-1", "viele"},
		"lines[9].price":    {"5"},
		"lines[0].text":     {" "},
		"lines[0].unit":     {"FURLONG"},
		"lines[0].vat":      {"16", "zwei"},
		"lines[0]":          {"keep"},
		"lines[0].evil":     {"x"},
		"supply":            {"", "irgendwann", "2026-13-40"},
		"buyer.address":     {"", "Lindenweg", "Lindenweg 12\n2552\nItzehoe"},
		"buyer.name":        {"", "  ", "!!!"},
		"buyer.postcode":    {"2552", "abcde", "255244"},
		"buyer.email":       {"kein at", "a b@c.de"},
		"buyer.salutation":  {"Dr"},
		"buyer.vat_id":      {"12345", "9", ""},
		"buyer.evil":        {"x"},
		"vat":               {"16"},
		"kind":              {"Quatsch"},
		"prices":            {"beides"},
		"paid.invoice":      {"", "weiß nicht"},
		"paid.amount":       {"viel", "0"},
		"paid.method":       {"Kühe"},
		"due_days":          {"1,5", "999", "-3"},
		"discount":          {"0", "101"},
		"totals.gross":      {"100"},
		"withhold[0]":       {"x"},
		"questions":         {"x"},
		"site":              {strings.Repeat("x", 3000)},
	} {
		for _, v := range values {
			before := sample()
			ed := editor(before, profile())
			err := ed.set(path, v)
			if feierabend.KindOf(err) != feierabend.Invalid || !strings.HasSuffix(feierabend.TextOf(err), ".") || strings.Contains(feierabend.TextOf(err), "!") {
				t.Errorf("%s = %q: got %v, %q", path, v, err, feierabend.TextOf(err))
			}
			if err != nil && v != "" && len(v) > 3 && strings.Contains(err.Error(), v) {
				t.Errorf("%s: the error repeats the value: %v", path, err)
			}
			if diff := cmp.Diff(sample(), before); diff != "" {
				t.Errorf("%s = %q changed the draft: %s", path, v, diff)
			}
		}
	}
}

func TestBareName(t *testing.T) {
	for in, want := range map[string]string{
		"Petersen": "Petersen", "petersen": "Petersen", "jens brodersen.": "Jens Brodersen", "Das ist Yıldız": "Yıldız", "an Müller-Lüdenscheidt": "Müller-Lüdenscheidt", "O'Neill": "O'Neill",
		"": "", "keine Ahnung": "", "Heizung entlüftet": "", "weiß ich nicht": "", "Später": "", "Moment mal": "", "nein": "", "39 Euro": "", "zwei Stunden": "", "morgen": "", "Das Wetter ist schön heute": "", "?": "", "sag ich dir morgen": "",
	} {
		if got, ok := bareName(in); got != want || ok != (want != "") {
			t.Errorf("%q: got %q %v, want %q", in, got, ok, want)
		}
	}
}

func TestKindWord(t *testing.T) {
	for _, c := range []struct {
		text string
		kind feierabend.DraftKind
		from int
		ok   bool
	}{
		{"Moin, Rechnung für Frau Petersen", feierabend.KindInvoice, 6, true},
		{"so, nächster: angebot an Rathjen", feierabend.KindOffer, 14, true},
		{"Die Rechnung stimmt nicht", feierabend.KindInvoice, 0, false},
		{"zwei Stunden", feierabend.KindInvoice, 0, false},
		{"Rechnung für Petersen", feierabend.KindOffer, 0, false},
		{"Übrigens, ’ne Rechnung", feierabend.KindInvoice, 14, true},
	} {
		from, to, ok := kindWord(c.text, c.kind)
		if ok != c.ok || ok && (from != c.from || to <= from) {
			t.Errorf("%q: got %d–%d %v", c.text, from, to, ok)
		}
	}
}

func TestDropLineMovesEvidenceAndQuestions(t *testing.T) {
	d := clone(sample())
	d.Questions = []string{"lines[0].price", "lines[1].price", "lines[2].quantity", "supply"}
	dropLine(&d, 1)
	if diff := cmp.Diff([]string{"lines[0].price", "lines[1].quantity", "supply"}, d.Questions); diff != "" {
		t.Error(diff)
	}
	if len(d.Lines) != 2 || d.Lines[1].Text != "Anfahrt" || len(d.Evidence) != 3 || d.Evidence["lines[1].quantity"].Source != sourceSaid {
		t.Errorf("lines %+v, evidence %+v", d.Lines, d.Evidence)
	}
	if len(sample().Lines) != 3 {
		t.Error("the original changed")
	}
}

func TestUnprovenValuesAreDropped(t *testing.T) {
	d := clone(sample())
	d.Lines[1].Price = dec("99") // out of thin air
	d.Lines[0].Quantity = dec("7")
	delete(d.Evidence, "lines[0].quantity")
	unproven(&d)
	if d.Lines[1].Price != nil || d.Lines[0].Quantity != nil {
		t.Errorf("kept values without evidence: %+v", d.Lines)
	}
	if d.Lines[0].Price == nil || d.Lines[2].Quantity == nil {
		t.Errorf("dropped values with evidence: %+v", d.Lines)
	}
}

func TestMergeAppends(t *testing.T) {
	fresh := feierabend.Draft{
		Kind:   feierabend.KindInvoice,
		Lines:  []feierabend.Line{{Kind: feierabend.LineMaterial, Text: "Eckventil", Quantity: dec("2"), Unit: "H87", Price: dec("14.90"), Source: sourceProfile}},
		Supply: &feierabend.Period{From: "2026-11-24", To: "2026-11-24"}, Questions: []string{"lines[0].price", "supply"},
		Evidence: map[string]feierabend.Evidence{"lines[0].quantity": {Source: sourceSaid, Message: "m2", To: 4}, "supply": {Source: sourceSaid, Message: "m2", To: 3}},
	}
	prev := sample()
	d := merge(prev, fresh)
	if len(d.Lines) != 4 || d.Lines[3].Text != "Eckventil" || d.Evidence["lines[3].quantity"].Message != "m2" || d.Supply == nil || d.Evidence["supply"].Message != "m2" {
		t.Errorf("got %+v", d)
	}
	if len(prev.Lines) != 3 || prev.Supply != nil || len(prev.Evidence) != 4 {
		t.Error("merge changed the version before")
	}
}

func TestTypedButton(t *testing.T) {
	id := func(s string) feierabend.CaseID { return feierabend.CaseID(strings.Repeat(s, 26)) }
	ready := feierabend.Case{ID: id("a"), Version: 2, State: feierabend.CaseReady, Summary: feierabend.CaseSummary{Kind: feierabend.KindInvoice}}
	offer := feierabend.Case{ID: id("d"), Version: 1, State: feierabend.CaseReady, Summary: feierabend.CaseSummary{Kind: feierabend.KindOffer}}
	issued := feierabend.Case{ID: id("b"), Version: 3, State: feierabend.CaseIssued}
	fresh := feierabend.Case{ID: id("c"), State: feierabend.CaseOpen} // the message's own case
	asking := feierabend.DraftVersion{Case: ready.ID, Version: 2, Draft: feierabend.Draft{Questions: []string{"supply"}}}
	open := feierabend.Case{ID: id("e"), Version: 4, State: feierabend.CaseOpen, Summary: feierabend.CaseSummary{Kind: feierabend.KindInvoice}}
	note := feierabend.Case{ID: id("f"), Version: 1, State: feierabend.CaseReady, Summary: feierabend.CaseSummary{Kind: feierabend.KindNote}}
	cases := []feierabend.Case{fresh, note, ready, offer, issued}
	for _, c := range []struct {
		text   string
		newest *feierabend.DraftVersion
		want   string
		ok     bool
	}{
		{"Ausstellen", nil, "issue:" + string(ready.ID) + ":2", true},
		{"  ausstellen!", nil, "issue:" + string(ready.ID) + ":2", true},
		{"Passt so.", nil, "approve:" + string(ready.ID) + ":2", true},
		{"Ja", nil, "approve:" + string(ready.ID) + ":2", true},
		{"Gespeichert", nil, "saved:" + string(issued.ID) + ":3", true},
		{"noch nicht", nil, "notyet:" + string(issued.ID) + ":3", true},
		{"Heute", &asking, "answer:" + string(ready.ID) + ":2:supply:today", true},
		{"Heute", nil, "", false},
		{"Rechnung für Frau Petersen", nil, "", false},
		{"Ausstellen bitte an Frau Petersen", nil, "", false},
	} {
		got, ok := typedButton(c.text, cases, c.newest, nil)
		if got != c.want || ok != c.ok {
			t.Errorf("%q: got %q %v, want %q %v", c.text, got, ok, c.want, c.ok)
		}
	}
	for _, c := range []struct {
		name, text string
		cases      []feierabend.Case
		want       string
	}{
		{"nothing to save", "Gespeichert", []feierabend.Case{fresh, ready}, ""},
		{"two documents: never guess which to erase", "Gespeichert", []feierabend.Case{issued, issued}, ""},
		{"the newest draft has a question: it is shown, no older one is issued", "Ausstellen", []feierabend.Case{open, ready}, "approve:" + string(open.ID) + ":4"},
		{"an offer is the newest: nothing older is issued", "Ausstellen", []feierabend.Case{offer, ready}, ""},
		{"throw away the only one", "Ja, löschen", []feierabend.Case{fresh, note}, "discard:" + string(note.ID) + ":1"},
		{"throw away a document", "Ja, löschen", []feierabend.Case{fresh, issued}, "discard:" + string(issued.ID) + ":3"},
		{"two cases: never guess which to throw away", "Ja, löschen", []feierabend.Case{fresh, note, issued}, ""},
	} {
		if got, ok := typedButton(c.text, c.cases, nil, nil); got != c.want || !ok {
			t.Errorf("%s: got %q %v, want %q", c.name, got, ok, c.want)
		}
	}
}

func TestNamesAnother(t *testing.T) {
	said := map[string]feierabend.Evidence{"kind": {Source: sourceSaid, To: 8}}
	line := []feierabend.Line{{Text: "Anfahrt"}}
	buyer := func(s string) *feierabend.Buyer { return &feierabend.Buyer{Name: s} }
	for _, c := range []struct {
		name  string
		fresh feierabend.Draft
		want  bool
	}{
		{"other buyer with work", feierabend.Draft{Kind: feierabend.KindInvoice, Buyer: buyer("Claasen"), Lines: line}, true},
		{"same buyer with work", feierabend.Draft{Kind: feierabend.KindInvoice, Buyer: buyer("Petersen"), Lines: line}, false},
		{"only a name", feierabend.Draft{Kind: feierabend.KindInvoice, Buyer: buyer("Petermann")}, false},
		{"more work", feierabend.Draft{Kind: feierabend.KindInvoice, Lines: line}, false},
		{"an offer", feierabend.Draft{Kind: feierabend.KindOffer, Lines: line, Evidence: said}, true},
	} {
		if got := namesAnother(sample(), c.fresh); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}

func TestOrder(t *testing.T) {
	got := order([]string{"supply", "buyer.address", "lines[1].price", "lines[0].price", "lines[0].quantity", "buyer.name", "supply", "paid.invoice"})
	want := []string{"buyer.name", "lines[0].quantity", "lines[0].price", "lines[1].price", "supply", "buyer.address", "paid.invoice"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReverseChargeNeedsTheBuyersVATID(t *testing.T) {
	d := sample()
	d.VATScheme = "reverse_charge"
	if !asks(check(clone(d), profile()), "buyer.vat_id") {
		t.Error("not asked")
	}
	d.Buyer = &feierabend.Buyer{Company: "Bau GmbH", VATID: "DE123456789"}
	if asks(check(clone(d), profile()), "buyer.vat_id") {
		t.Error("asked although known")
	}
}
