package feierabend_test

import (
	"strings"
	"testing"

	"feierabend"
)

// TestButtonsRoundTrip: what we put on a phone comes back as the same button.
func TestButtonsRoundTrip(t *testing.T) {
	id := feierabend.CaseID(feierabend.NewID())
	d := feierabend.Draft{Kind: feierabend.KindInvoice, Lines: []feierabend.Line{{Text: "Siphon", Unit: "H87"}}}
	buttons := []feierabend.Button{
		{Act: feierabend.ActApprove, Case: id, Version: 1},
		{Act: feierabend.ActIssue, Case: id, Version: 12},
		{Act: feierabend.ActSaved, Case: id},
		{Act: feierabend.ActNotYet, Case: id},
		{Act: feierabend.ActDiscard, Case: id, Version: 3},
		{Act: feierabend.ActErase, Case: id, Version: 3},
		{Act: feierabend.ActChange, Case: id, Version: 1},
	}
	for _, path := range []string{"supply", "vat", "kind", "prices", "paid.invoice", "lines[0].vat", "lines[12].vat"} {
		for _, c := range d.Question(path).Choices {
			buttons = append(buttons, feierabend.Button{Act: feierabend.ActAnswer, Case: id, Version: 2, Question: path, Answer: c.Code})
		}
	}
	buttons = append(buttons, feierabend.Button{Act: feierabend.ActAnswer, Case: id, Version: 2, Question: "lines[0]", Answer: feierabend.ChoiceDrop})
	for _, b := range buttons {
		if got, ok := feierabend.ParseButton(b.String()); !ok || got != b {
			t.Errorf("%s came back as %+v, %v", b, got, ok)
		}
	}
}

// TestForeignButtonsAreNone: payloads are stored in plain columns, so one that
// could hold words of a person is no button of ours.
func TestForeignButtonsAreNone(t *testing.T) {
	id := feierabend.NewID()
	for _, s := range []string{
		"", "answer", "issue:" + id, "issue:kurz:1", "issue:" + id + ":-1", "issue:" + id + ":x", "pay:" + id + ":1", "issue:" + id + ":1:a:b:c",
		"answer:" + id + ":1:Frau Petersen", "answer:" + id + ":1:Petersen:today", "answer:" + id + ":1:supply:Lindenweg 12", "answer:" + id + ":1:supply:+4917139200155",
		"answer:" + id + ":1:supply\n", "answer:" + id + ":1:süd:x", "answer:" + id + ":1:" + strings.Repeat("a", 65), "answer:" + id + ":1:supply:" + strings.Repeat("a", 65),
		"issue:" + id + ":1" + strings.Repeat("0", 300),
	} {
		if b, ok := feierabend.ParseButton(s); ok {
			t.Errorf("%q is taken for %+v", s, b)
		}
	}
}
