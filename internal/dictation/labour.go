package dictation

import (
	"cmp"
	"strings"

	"feierabend"
)

// labour makes lines of hours: one per role, the rate said or the profile's.
func (e *engine) labour(a *atom) []lineDraft {
	q := *a.qty
	if q.unit == "DAY" {
		if !e.workDays(a) {
			return e.unknownDays(a)
		}
		q.v, q.unit, q.rule = mul(q.v, *e.in.Profile.DayHours), "HUR", true
	}
	if q.unit == "MIN" && int64(q.v)%60 == 0 {
		q.v, q.unit, q.rule = q.v/60, "HUR", true
	}
	list := unique(a.roles)
	if len(list) == 0 {
		list = []string{""}
	}
	if a.ich && len(list) == 1 && list[0] != "" && (a.each || e.sideBySide(a)) {
		list = append(list, "") // "der Meister und ich, jeder sechs Stunden"
	}
	men := a.men
	if len(list) < 2 && men == nil && a.each && a.ich {
		men = &number{v: feierabend.Dec(2), i: a.i, j: a.i + 1}
	}
	if men != nil && len(list) < 2 && !a.total {
		q.v, q.rule = mul(q.v, men.v), true
		q.i, q.j = min(q.i, men.i), max(q.j, men.j)
	}
	var out []lineDraft
	for _, role := range list {
		l := lineDraft{a: a, qty: q, role: role}
		v := q.v
		l.Line = feierabend.Line{Kind: feierabend.LineLabour, Quantity: &v, Unit: q.unit, Text: e.labourText(a, role)}
		e.rate(&l)
		if !e.possible(q, men) {
			l.Quantity = nil
		}
		out = append(out, l)
	}
	return out
}

func mul(a, b fixed) fixed {
	return fixed(feierabend.MulDiv(int64(a), int64(b), int64(feierabend.One)))
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !containsFold(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (e *engine) labourText(a *atom, role string) string {
	text := e.text(a)
	if a.hit != nil {
		text = strings.TrimSpace(e.catalog.items[a.hit.item].Name + " " + text)
	}
	name := ""
	if role != "" && (len(a.roles) > 0) {
		name = title(role)
	}
	switch {
	case text == "" && name == "":
		return "Arbeitszeit"
	case text == "":
		return name
	case name == "":
		return text
	}
	return text + ", " + name
}

// rate gives a labour line its price per hour.
func (e *engine) rate(l *lineDraft) {
	if l.a.price != nil && !l.a.noPrice {
		if r, ok := e.in.Profile.Rates[cmp.Or(l.role, e.in.Profile.DefaultRole)]; !ok || l.Unit != "HUR" || likely(l.a.price.v, e.inMode(r)) {
			l.setPrice(*l.a.price)
		}
		return
	}
	role := l.role
	if role == "" {
		role = e.in.Profile.DefaultRole
	}
	r, ok := e.in.Profile.Rates[role]
	if !ok || l.a.noPrice || l.Unit != "HUR" {
		return
	}
	l.fromProfile(e.inMode(r))
}
