package dictation

import "feierabend"

// atWork are words of a sentence whose span of hours is working time.
var atWork = set("gearbeitet geschafft geschuftet gewerkelt gebraucht dran zugange beschäftigt arbeitszeit gearbeit")

// workedAt reads "von acht bis halb zwölf gearbeitet" as hours of labour in what is billed.
func (e *engine) workedAt(i int) (entity, bool) {
	if !e.t[i].is("von") || !e.d.Kind.Priced() && e.d.Kind != "" {
		return entity{}, false
	}
	m, j, ok := e.rangeAt(i)
	if !ok || m < 15 {
		return entity{}, false
	}
	a, b := max(0, i-14), min(len(e.t), j+14)
	if sa, sb := e.sentence(i); !e.hasSet(max(a, sa), min(b, sb), atWork) {
		return entity{}, false
	}
	v := fixed(feierabend.MulDiv(int64(m), int64(feierabend.One), 60))
	return entity{k: eQty, q: quantity{v: v, unit: "HUR", i: i, j: j, rule: true}, j: j}, true
}
