package main

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/simulator"
)

// customer lets a firm's customer speak by a Kundenlink (J-21), from a marked number with
// marked words, and gives the case. It goes with the rest (discardRest).
func (f *canaryFirm) customer(t *testing.T) feierabend.CaseID {
	t.Helper()
	const phone, words = "+4917139204747", "Moin, bei mir am Türkisweiher tropft der Hahn."
	if _, err := f.sim.AddPhone(simulator.Person{Phone: phone, Name: "Kundin"}); err != nil {
		t.Fatal(err)
	}
	f.page(t, "/kunden", url.Values{"kundenlink": {"1"}})
	made := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}`).FindString(f.page(t, "/kunden/link", url.Values{}))
	if made == "" {
		t.Fatal("no code of a Kundenlink")
	}
	f.mark(phone, phone[1:], phone[3:], words, "Türkisweiher", made, strings.ReplaceAll(made, "-", ""))
	told := func(part string) {
		t.Helper()
		if err := f.sim.Wait(f.ctx, phone, func(bs []simulator.Bubble) bool {
			return slices.ContainsFunc(bs, func(b simulator.Bubble) bool { return b.From == "bot" && strings.Contains(b.Text, part) })
		}); err != nil {
			t.Fatalf("the customer was never told %q: %v", part, err)
		}
	}
	say := func(text string) {
		t.Helper()
		if _, err := f.sim.SendText(phone, text); err != nil {
			t.Fatal(err)
		}
	}
	say("Code: " + made)
	told("Programm mit KI")
	if _, err := f.sim.Press(phone, "Einverstanden"); err != nil {
		t.Fatal(err)
	}
	told("Danke.")
	say(words)
	for f.ctx.Err() == nil {
		for _, c := range f.cases(t) {
			if v, err := f.store.Draft(f.ctx, f.tenant, c.ID); err == nil && v.Draft.Customer {
				if len(v.Draft.Tasks) == 0 || v.Draft.Tasks[0].Text != words {
					t.Errorf("the customer's note: %+v", v.Draft)
				}
				f.keep(t, c.ID)
				if page := f.page(t, "/v/"+string(c.ID), nil); !strings.Contains(page, "Nachricht eines Kunden") || !strings.Contains(page, "Türkisweiher") {
					t.Error("the page does not show the customer's words: the marks prove nothing")
				}
				for _, b := range f.sim.Chat(phone) {
					f.mark(b.Wamid)
					if b.From == "bot" && strings.Contains(b.Text, "€") {
						t.Errorf("a customer was sent an amount: %q", b.Text)
					}
				}
				return c.ID
			}
		}
		wait(f.ctx)
	}
	t.Fatal("the customer's words became nothing")
	return ""
}
