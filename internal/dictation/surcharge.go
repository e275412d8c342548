package dictation

import (
	"strings"

	"feierabend"
)

// surcharges works percentages out: "Nachtzuschlag fünfzig Prozent auf die Öffnung".
func (e *engine) surcharges(list []lineDraft) {
	for n := range list {
		l := &list[n]
		if l.Kind != feierabend.LineSurcharge || l.a.pct == nil || l.a.price != nil {
			continue
		}
		l.Unit, l.Source, l.fromList, l.Price = "LS", "", false, nil
		l.one()
		base, ok := e.surchargeBase(list, n)
		if !ok {
			continue
		}
		v := feierabend.Percent(base, l.a.pct.v).Dec4()
		l.Price, l.price = &v, number{i: -1, word: true}
	}
}

// surchargeBase finds the amount that "auf die Öffnung" or "auf die Arbeitszeit" means: by its
// words, else that of the only line before.
func (e *engine) surchargeBase(list []lineDraft, n int) (feierabend.Cents, bool) {
	var only, labour feierabend.Cents
	count, hours := 0, 0
	onLabour := false
	for _, w := range list[n].a.words {
		onLabour = onLabour || e.t[w].is("arbeitszeit", "arbeit", "arbeitslohn", "lohn", "stunden", "stundensatz", "arbeitskosten")
	}
	for k := 0; k < n; k++ {
		l := &list[k]
		if l.Price == nil || l.Quantity == nil {
			continue
		}
		amount := feierabend.LineNet(*l.Quantity, *l.Price)
		for _, w := range list[n].a.words {
			if s := stem(e.t[w].low); len(s) > 3 && !strings.Contains(s, "zuschlag") && strings.Contains(stem(strings.ToLower(l.Text)), s) {
				return amount, true
			}
		}
		if l.Kind == feierabend.LineLabour {
			labour += amount
			hours++
		}
		only = amount
		count++
	}
	if onLabour {
		return labour, hours > 0
	}
	return only, count == 1
}
