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
		base := e.surchargeBase(list, n)
		if base == nil {
			continue
		}
		c := feierabend.LineNet(*base.Quantity, *base.Price)
		v := feierabend.Percent(c, l.a.pct.v).Dec4()
		l.Price, l.price = &v, number{i: -1, word: true}
	}
}

// surchargeBase finds the line that "auf die Öffnung" means: by its words, else the only one before.
func (e *engine) surchargeBase(list []lineDraft, n int) *lineDraft {
	a := list[n].a
	var only *lineDraft
	count := 0
	for k := 0; k < n; k++ {
		l := &list[k]
		if l.Price == nil || l.Quantity == nil {
			continue
		}
		for _, w := range a.words {
			if s := stem(e.t[w].low); len(s) > 3 && !strings.Contains(s, "zuschlag") && strings.Contains(stem(strings.ToLower(l.Text)), s) {
				return l
			}
		}
		only = l
		count++
	}
	if count == 1 {
		return only
	}
	return nil
}
