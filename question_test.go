package feierabend_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"feierabend"
)

func TestEveryQuestionHasWords(t *testing.T) {
	d := feierabend.Draft{Kind: feierabend.KindInvoice, Lines: []feierabend.Line{{Text: "Designarmatur", Unit: "H87"}}}
	for _, path := range []string{
		"buyer.name", "buyer.address", "supply", "vat", "kind", "prices", "paid.invoice", "paid.amount", "share", "totals.gross",
		"lines[0].price", "lines[0].quantity", "lines[0].vat", "lines[0].text", "lines[0].unit", "lines[7].price", "something.new",
	} {
		q := d.Question(path)
		if q.Path != path || !strings.HasSuffix(q.Text, "?") || q.Hint == "" || len(q.Choices) > 3 {
			t.Errorf("%s: got %+v", path, q)
		}
		for _, c := range q.Choices {
			if utf8.RuneCountInString(c.Title) > feierabend.ChatTitleMax || strings.ContainsAny(c.Code, ": ") {
				t.Errorf("%s: choice %+v does not fit on a button", path, c)
			}
		}
	}
	if got, want := d.Question("lines[0].price").Text, "Was kostet „Designarmatur“ je Stück, netto?"; got != want {
		t.Errorf("price: got %q, want %q", got, want)
	}
}

func TestLinePath(t *testing.T) {
	for _, c := range []struct {
		path  string
		index int
		field string
		ok    bool
	}{
		{"lines[2].price", 2, "price", true},
		{"lines[0]", 0, "", true},
		{"lines[12].text", 12, "text", true},
		{"lines[-1].price", 0, "", false},
		{"lines[x].price", 0, "", false},
		{"lines[02].price", 0, "", false},
		{"lines[2]price", 2, "", false},
		{"lines[2].", 2, "", false},
		{"supply", 0, "", false},
		{"lines[1", 0, "", false},
	} {
		i, f, ok := feierabend.LinePath(c.path)
		if ok != c.ok || ok && (i != c.index || f != c.field || feierabend.PathOfLine(i, f) != c.path) {
			t.Errorf("%s: got %d %q %v", c.path, i, f, ok)
		}
	}
}
