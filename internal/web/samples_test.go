package web

import (
	"time"

	"feierabend"
)

// The samples are every page in every state, with the words that break pages:
// long ones, umlauts, markup, none at all (UI-03).

const (
	evil    = `<script>alert(1)</script>"'&`
	longOne = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
)

type sample struct {
	name string
	page page
}

func id(n byte) string {
	b := []byte("aaaaaaaaaaaaaaaaaaaaaaaaaa")
	b[25] = 'a' + n
	return string(b)
}

var (
	sampleNow  = time.Date(2026, 2, 10, 17, 2, 0, 0, time.UTC)
	sampleZone = time.FixedZone("MEZ", 3600)
)

func dec(s string) *feierabend.Dec4 {
	d, err := feierabend.ParseDec4(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func cents(n int) *feierabend.Cents { c := feierabend.Cents(n); return &c }

const sampleText = "Moin, ähm, Rechnung für Frau Claasen, Deichstraße vierunddreißig in Brunsbüttel, zwo fünf fünf vier eins. Unterm Waschbecken die Eckventile getauscht, zwei Stück, und ’n neuen Siphon dazu, Preise wie Liste. Dazu so ’ne Designarmatur, den Preis krieg ich vom Großhändler. Zwei Stunden, ach Quatsch, zweieinhalb waren das mit dem Entlüften. Anfahrt wie immer. Zahlbar zehn Tage."

func sampleTranscript() feierabend.Transcript {
	t := feierabend.Transcript{Text: sampleText, Engine: "local", Duration: 38 * time.Second}
	from, runes := 0, []rune(sampleText)
	for i := 0; i <= len(runes); i++ {
		if i == len(runes) || runes[i] == ' ' {
			at := time.Duration(from) * 38 * time.Second / time.Duration(len(runes))
			t.Words = append(t.Words, feierabend.Word{From: from, To: i, Start: at, End: at + 300*time.Millisecond, P: .9})
			from = i + 1
		}
	}
	return t
}

// where finds words in the sample transcript.
func where(words string) feierabend.Evidence {
	runes, want := []rune(sampleText), []rune(words)
	for i := range runes {
		if i+len(want) <= len(runes) && string(runes[i:i+len(want)]) == words {
			return feierabend.Evidence{Source: "said", Message: feierabend.MessageID(id(9)), From: i, To: i + len(want)}
		}
	}
	panic("not in the sample: " + words)
}

func sampleDraft() feierabend.Draft {
	list := feierabend.Evidence{Source: "profile"}
	return feierabend.Draft{
		Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Salutation: "Frau", Name: "Claasen", Street: "Deichstraße 34", Postcode: "25541", City: "Brunsbüttel"},
		DueDays: func() *int { n := 10; return &n }(),
		Lines: []feierabend.Line{
			{Kind: feierabend.LineMaterial, Text: "Eckventil", Quantity: dec("2"), Unit: "H87", Price: dec("14.9"), Source: "profile"},
			{Kind: feierabend.LineMaterial, Text: "Röhrensiphon", Quantity: dec("1"), Unit: "H87", Price: dec("28.5"), Source: "profile"},
			{Kind: feierabend.LineMaterial, Text: "Designarmatur", Quantity: dec("1"), Unit: "H87"},
			{Kind: feierabend.LineLabour, Text: "Arbeitszeit Geselle", Quantity: dec("2.5"), Unit: "HUR", Price: dec("68"), Source: "profile"},
			{Kind: feierabend.LineTravel, Text: "Anfahrt", Quantity: dec("1"), Unit: "LS", Price: dec("39"), Source: "profile"},
		},
		Questions: []string{"lines[2].price", "supply"},
		Evidence: map[string]feierabend.Evidence{
			"lines[0].quantity": where("zwei Stück"), "lines[0].price": list, "lines[1].quantity": where("Siphon"), "lines[1].price": list,
			"lines[2].text": where("Designarmatur, den Preis krieg ich vom Großhändler"), "lines[2].quantity": where("so ’ne Designarmatur"),
			"lines[3].quantity": where("zweieinhalb waren das mit dem Entlüften"), "lines[3].price": list,
			"lines[4].quantity": where("Anfahrt wie immer"), "lines[4].price": list, "due_days": where("Zahlbar zehn Tage"), "buyer.name": where("Frau Claasen"),
		},
	}
}

// sampleCase is loaded as the handlers load it.
func sampleCase(state feierabend.CaseState, d *feierabend.Draft) loaded {
	c := feierabend.Case{
		ID: feierabend.CaseID(id(1)), State: state, CreatedAt: sampleNow.Add(-20 * time.Minute), ChangedAt: sampleNow,
		ExpiresAt: feierabend.ExpiresAt(sampleNow.Add(-20*time.Minute), 30), Summary: feierabend.CaseSummary{Title: "Frau Claasen", Place: "Brunsbüttel"},
	}
	m := feierabend.Message{ID: feierabend.MessageID(id(9)), Case: c.ID, Kind: feierabend.InboundAudio, State: feierabend.MessageDone, Audio: feierabend.AudioInfo{Bytes: 1, Duration: 38 * time.Second}}
	l := loaded{
		entry:       entry{Case: c, messages: []feierabend.Message{m}, sender: "Malte Ünsal"},
		transcripts: map[feierabend.MessageID]feierabend.Transcript{m.ID: sampleTranscript()},
	}
	if d != nil {
		l.Version, l.Summary.Kind, l.Summary.Questions = 2, d.Kind, len(d.Questions)
		l.draft = feierabend.DraftVersion{Case: c.ID, Version: 2, Draft: *d}
	}
	l.stage = feierabend.StageOf(l.Case, l.messages)
	return l
}

func sampleDocument() feierabend.Document {
	d := feierabend.Document{
		ID: feierabend.DocumentID(id(3)), Kind: feierabend.KindInvoice, Number: "RE-2026-0043", IssuedOn: "2026-02-10", DueOn: "2026-02-20", SupplyFrom: "2026-02-10", SupplyTo: "2026-02-10",
		Seller:   feierabend.Party{Name: "Deichgrün Haustechnik", Tagline: "Sanitär · Heizung · Meisterbetrieb", Street: "Störweg 8", Postcode: "25524", City: "Itzehoe", TaxNumber: "18/123/45678"},
		Buyer:    feierabend.Party{Salutation: "Frau", Name: "Claasen", Street: "Deichstraße 34", Postcode: "25541", City: "Brunsbüttel"},
		Greeting: "Sehr geehrte Frau Claasen,", IBAN: "DE02120300000000202051",
		Lines: []feierabend.DocumentLine{
			{Name: "Eckventil", Quantity: *dec("2"), Unit: "H87", Price: *dec("14.9"), Rate: *dec("19")},
			{Name: "Arbeitszeit Geselle", Text: "mit Entlüften", Quantity: *dec("2.5"), Unit: "HUR", Price: *dec("68"), Rate: *dec("19"), Kind: feierabend.LineLabour},
			{Name: "Anfahrt", Quantity: *dec("1"), Unit: "LS", Price: *dec("39"), Rate: *dec("19"), Kind: feierabend.LineTravel},
		},
	}
	d.Compute()
	return d
}

func sampleReceipt(v feierabend.Verification) feierabend.ErasureReceipt {
	r := feierabend.ErasureReceipt{
		ID: feierabend.ReceiptID(id(4)), Case: feierabend.CaseID(id(1)), Reason: feierabend.EraseConfirmed,
		By: feierabend.Actor{User: "u", Role: feierabend.RoleOwner, Via: feierabend.ViaSession}, ErasedAt: sampleNow, FirstContentAt: sampleNow.Add(-time.Hour),
		Erased: map[string]int{"messages": 1, "audio": 1, "transcripts": 1, "drafts": 3, "documents": 1, "files": 2, "outbox": 7, "keys": 1}, Verification: v,
		Copies: []feierabend.ResidualCopy{{Recipient: "whatsapp", Until: sampleNow.AddDate(0, 0, 30)}, {Recipient: "phone"}},
	}
	if v == feierabend.VerifyVerified {
		r.Method, r.VerifiedAt, r.SearchedFiles, r.SearchedBytes, r.Signature = "sqlite_zero_wal_search", sampleNow.Add(2*time.Second), 3, 41_800_000, make([]byte, 64)
	}
	return r
}
