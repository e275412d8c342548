package delivery

import (
	"strings"
	"testing"

	"feierabend"
)

// Whatever a draft says: the message keeps the provider's limits and its link.
func FuzzDraftMessage(f *testing.F) {
	f.Add("Petersen", "Arbeitszeit", "Frau Lorenz anrufen", int64(17500), int64(680000), uint8(4), true)
	f.Add("*", strings.Repeat("ß", 300), "\n\n\n", int64(-1), int64(0), uint8(200), false)
	f.Fuzz(func(t *testing.T, name, text, task string, quantity, price int64, lines uint8, asks bool) {
		q, p := feierabend.Dec4(quantity), feierabend.Dec4(price)
		d := feierabend.Draft{
			Kind: feierabend.KindInvoice, Buyer: &feierabend.Buyer{Name: name, Street: text, City: name}, Site: text,
			Tasks: []feierabend.Task{{Text: task}, {Text: text, Kind: "call"}},
		}
		for range lines {
			d.Lines = append(d.Lines, feierabend.Line{Text: text, Quantity: &q, Price: &p, Unit: "H87"})
		}
		if asks {
			d.Questions = []string{"lines[0].price", "supply"}
		}
		m := testWords.draft(testCase, version(d))
		m.To = "+4917139200155"
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(m.Text, string(testCase.ID)) {
			t.Fatalf("the link was cut: %q", m.Text)
		}
	})
}
