package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"feierabend"
)

// TestBurst sends a whole evening at once from both phones: every message ends in
// its outcome, each job has its own case, and nothing of one firm or customer
// stands in another's draft.
func TestBurst(t *testing.T) {
	c := newCanary(t)
	firms := []*canaryFirm{c.firm("+4917139200155", "Wachtelbrand", "Zinnobersteig 12"), c.firm("+4917139200166", "Quittenmoor", "Malachitgasse 7")}
	buyers := []string{"Albers", "Brandt", "Clausen", "Detlefs", "Ehlers", "Feddersen", "Gosch", "Hinrichs"}
	for i, b := range buyers {
		for n, f := range firms {
			text := fmt.Sprintf("Rechnung für Frau %s, %d Stunden, Anfahrt.", strings.ToUpper(b[:1])+b[1:]+[]string{"", "sen"}[n], i+2)
			if _, err := f.sim.SendText(f.phone, text); err != nil {
				t.Fatal(err)
			}
		}
		f := firms[i%2]
		for _, extra := range []string{"Danke", "Hilfe", "Ausstellen"}[:1+i%3] {
			if _, err := f.sim.SendText(f.phone, extra); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !waitFor(60*time.Second, func() bool { return c.query(t, `SELECT count(*) FROM message`)[0] == "31" && c.atRest(t) }) {
		t.Fatalf("%s messages, at rest %v", c.query(t, `SELECT count(*) FROM message`), c.atRest(t))
	}
	if open := c.query(t, `SELECT id FROM message WHERE state NOT IN ('done', 'failed') OR reason = ''`); len(open) > 0 {
		t.Errorf("%d messages without an outcome", len(open))
	}
	for n, f := range firms {
		seen := map[string]int{}
		for _, k := range f.cases(t) {
			v, err := f.store.Draft(f.ctx, f.tenant, k.ID)
			if err != nil {
				t.Errorf("case without a draft: %v", err)
				continue
			}
			seen[v.Draft.Buyer.Name]++
			for i, b := range buyers {
				if v.Draft.Buyer.Name != b+[]string{"", "sen"}[n] {
					continue
				}
				if len(v.Draft.Lines) != 2 || v.Draft.Lines[0].Quantity == nil || *v.Draft.Lines[0].Quantity != feierabend.Dec(i+2) {
					t.Errorf("draft %d has lines of another: %d lines", i, len(v.Draft.Lines))
				}
			}
		}
		for _, b := range buyers {
			if seen[b+[]string{"", "sen"}[n]] != 1 {
				t.Errorf("firm %d: %d drafts for buyer %s", n, seen[b+[]string{"", "sen"}[n]], b)
			}
		}
	}
}
