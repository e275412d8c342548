package main

import (
	"fmt"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/storetest"
)

// TestOneSpeakersOrder: notes and the answers to their questions, sent without waiting,
// are worked in the order of their sending, one speaker at a time: each answer meets
// the note before it and no other (design §4.1.7).
func TestOneSpeakersOrder(t *testing.T) {
	for _, e := range storetest.Engines(t) {
		t.Run(e.Name, func(t *testing.T) {
			var settings []string
			if e.Name == "postgres" {
				dsn := e.DSN(t)
				settings = []string{"FEIERABEND_ROOT_KEY=" + storetest.RootKey, "FEIERABEND_DATABASE_URL=" + dsn, "FEIERABEND_DATABASE_SCRUB_URL=" + storetest.As(t, dsn, storetest.ScrubRole)}
			}
			c := newCanaryOn(t, canaryFirms(), nil, settings...)
			firms := []*canaryFirm{c.firm("+4917139200155", "", ""), c.firm("+4917139200166", "", "")}
			const rounds = 6
			for i := range rounds {
				for n, f := range firms {
					for _, text := range []string{fmt.Sprintf("Rechnung für Frau %s%s, zwei Stunden Arbeit.", []string{"Ahrens", "Brandt", "Carstens", "Detlefs", "Ehlers", "Frahm", "Gosch", "Harder"}[i], []string{"", "sen"}[n]), "vorgestern"} {
						if _, err := f.sim.SendText(f.phone, text); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			for _, f := range firms {
				f.answersMeetTheirNotes(t, rounds)
			}
		})
	}
}

func (f *canaryFirm) answersMeetTheirNotes(t *testing.T, rounds int) {
	t.Helper()
	dated := func() (n int) {
		for _, k := range f.cases(t) {
			if v, err := f.store.Draft(f.ctx, f.tenant, k.ID); err == nil && v.Version == 2 {
				n++
			}
		}
		return n
	}
	if !waitFor(60*time.Second, func() bool { return dated() == rounds }) {
		t.Fatalf("%d of %d notes have met their answer alone", dated(), rounds)
	}
	for _, k := range f.cases(t) {
		said, err := f.store.Messages(f.ctx, f.tenant, k.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(said) != 2 || said[0].Text == said[1].Text || said[1].Reason != feierabend.ReasonAnswered {
			t.Errorf("case with %d messages", len(said))
		}
	}
}
