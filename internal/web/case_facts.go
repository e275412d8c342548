package web

import (
	"time"

	"feierabend"
)

// facts are the values beside the lines: day, term, discount, payment.
func (p *draftPage) facts(l loaded) (out []value) {
	d := l.draft.Draft
	add := func(path, text string) { out = append(out, p.value(l, path, text)) }
	switch {
	case d.Supply != nil && d.Supply.From != "":
		add("supply", "Leistung "+periodText(*d.Supply))
	case p.questionNumber("supply") > 0:
		add("supply", "Leistungstag")
	}
	if p.questionNumber("buyer.address") > 0 {
		add("buyer.address", "Anschrift")
	}
	if d.Site != "" && p.Sub != d.Site {
		add("site", "Ort der Arbeit: "+d.Site)
	}
	if d.DueDays != nil {
		add("due_days", "zahlbar in "+count(*d.DueDays, "Tag", "Tagen"))
	}
	if c := d.CashDiscount; c != nil {
		add("cash_discount", c.Percent.German(0)+nbsp+"% Skonto in "+count(c.Days, "Tag", "Tagen"))
	}
	if d.Discount != nil {
		add("discount", d.Discount.German(0)+nbsp+"% Rabatt")
	} else if d.DiscountAmount != nil {
		add("discount", "Rabatt "+format{}.euro(*d.DiscountAmount))
	}
	if d.Share != nil {
		add("share", "Abschlag "+d.Share.German(0)+nbsp+"%")
	}
	if d.ValidDays != nil {
		add("valid_days", "gilt "+count(*d.ValidDays, "Tag", "Tage"))
	}
	if d.Paid != nil {
		add("paid", paidText(*d.Paid))
	}
	switch d.VATScheme {
	case "small_business":
		add("vat_scheme", "ohne Umsatzsteuer, § 19")
	case "reverse_charge":
		add("vat_scheme", "Steuer zahlt der Kunde, § 13b")
	}
	return out
}

func periodText(p feierabend.Period) string {
	from, to := feierabend.Date(p.From).German(), feierabend.Date(p.To).German()
	if to == "" || to == from {
		return from
	}
	return from + " bis " + to
}

func paidText(p feierabend.Paid) string {
	how := map[string]string{"cash": " bar", "card": " mit Karte", "transfer": " überwiesen"}[p.Method]
	switch {
	case p.All:
		return "schon bezahlt" + how
	case p.Amount != nil:
		return format{}.euro(*p.Amount) + " schon bezahlt" + how
	}
	return "Teil schon bezahlt" + how
}

func taskOf(t feierabend.Task) taskView {
	v := taskView{Text: t.Text, Word: map[string]string{"call": "Rückruf", "appointment": "Termin"}[t.Kind]}
	if at, err := time.Parse(time.DateOnly, t.Due); err == nil {
		v.Due = format{time.UTC}.shortDay(at)
	}
	return v
}
