package web

import (
	"feierabend"
)

// sumRow is a line of the sums; Total is the last one.
type sumRow struct {
	Label, Amount string
	Total         bool
}

// amounts shows the draft's totals, or what can be said so far: sums over the
// lines that have a price and a quantity, marked "bisher". Nothing is guessed: a
// question about VAT leaves the net sum alone.
func (p *draftPage) amounts(d feierabend.Draft, profile feierabend.Profile) {
	if !d.Priced() && d.Totals == nil {
		return
	}
	f := format{}
	if t := d.Totals; t != nil && t.Gross != nil {
		if t.Net != nil {
			p.Sums = append(p.Sums, sumRow{Label: "Netto", Amount: f.euro(*t.Net)})
		}
		if t.VAT != nil && *t.VAT != 0 {
			p.Sums = append(p.Sums, sumRow{Label: "Umsatzsteuer" + rateOf(d, profile), Amount: f.euro(*t.VAT)})
		}
		p.Sums = append(p.Sums, sumRow{Label: "Brutto", Amount: f.euro(*t.Gross), Total: true})
		p.Total, p.TotalNote = f.euro(*t.Gross), "brutto"
		if d.Kind == feierabend.KindReminder {
			p.Sums[len(p.Sums)-1].Label, p.TotalNote = "Offen", "offen"
		}
		return
	}
	p.soFar(d, profile)
}

// soFar sums the lines that are complete.
func (p *draftPage) soFar(d feierabend.Draft, profile feierabend.Profile) {
	f := format{}
	var doc feierabend.Document
	for _, l := range d.Lines {
		if l.Quantity == nil || l.Price == nil {
			continue
		}
		rate := profile.VATRate
		if l.VAT != nil {
			rate = *l.VAT
		}
		doc.Lines = append(doc.Lines, feierabend.DocumentLine{Quantity: *l.Quantity, Price: *l.Price, Rate: rate})
	}
	if len(doc.Lines) == 0 {
		p.Total, p.TotalNote = "", "noch kein Betrag"
		return
	}
	doc.Compute()
	plain := d.Prices != "gross" && p.questionNumber("vat") == 0 && p.questionNumber("vat_scheme") == 0 &&
		d.VATScheme == "" && profile.VATScheme == "standard" && d.Discount == nil && d.DiscountAmount == nil && d.Share == nil
	if !plain {
		mode := "Netto"
		if d.Prices == "gross" {
			mode = "Brutto"
		}
		p.Sums = []sumRow{{Label: mode + " bisher", Amount: f.euro(doc.Sums.Lines), Total: true}}
		p.Total, p.TotalNote = f.euro(doc.Sums.Lines), mode+" bisher"
		return
	}
	p.Sums = []sumRow{{Label: "Netto bisher", Amount: f.euro(doc.Sums.Net)}}
	for _, t := range doc.Sums.Taxes {
		p.Sums = append(p.Sums, sumRow{Label: "Umsatzsteuer " + t.Rate.German(0) + nbsp + "%", Amount: f.euro(t.Amount)})
	}
	p.Sums = append(p.Sums, sumRow{Label: "Brutto bisher", Amount: f.euro(doc.Sums.Gross), Total: true})
	p.Total, p.TotalNote = f.euro(doc.Sums.Gross), "brutto bisher"
}

// rateOf is " 19 %" where all lines have one rate, else "".
func rateOf(d feierabend.Draft, profile feierabend.Profile) string {
	if d.VATScheme != "" || len(d.Lines) == 0 {
		return ""
	}
	rate := feierabend.Dec4(-1)
	for _, l := range d.Lines {
		own := profile.VATRate
		if l.VAT != nil {
			own = *l.VAT
		}
		if rate >= 0 && own != rate {
			return ""
		}
		rate = own
	}
	return " " + rate.German(0) + nbsp + "%"
}
