package dictation

import (
	"maps"
	"strconv"

	"feierabend"
)

// conditions reads a message that sets dates, terms, discounts or payment alone.
func (c *correction) conditions() bool {
	e := c.e
	e.d.Kind = c.d.Kind
	e.withhold()
	e.vat()
	e.terms()
	e.payment()
	e.supply()
	found := e.d
	if len(found.Evidence) == 0 && len(found.Withhold) == 0 {
		return false
	}
	d := &c.d
	if found.Supply != nil {
		d.Supply = found.Supply
	}
	if found.DueDays != nil {
		d.DueDays = found.DueDays
	}
	if found.CashDiscount != nil {
		d.CashDiscount = found.CashDiscount
	}
	if found.Discount != nil {
		d.Discount, d.DiscountAmount = found.Discount, nil
	}
	if found.DiscountAmount != nil {
		d.DiscountAmount, d.Discount = found.DiscountAmount, nil
	}
	if found.ValidDays != nil {
		d.ValidDays = found.ValidDays
	}
	if found.Share != nil {
		d.Share = found.Share
	}
	if found.Paid != nil {
		d.Paid = found.Paid
	}
	if found.VATScheme != "" {
		d.VATScheme = found.VATScheme
	}
	if found.Prices == "gross" && d.Prices != "gross" {
		c.gross()
	}
	for _, w := range found.Withhold {
		d.Withhold = append(d.Withhold, w)
		for i := range d.Lines {
			if t := cutWord(d.Lines[i].Text, w); t != "" {
				d.Lines[i].Text = t
			}
		}
	}
	maps.Copy(d.Evidence, found.Evidence)
	c.more()
	return true
}

// gross turns the draft's mode; profile prices are worked out anew, said ones were meant gross.
func (c *correction) gross() {
	c.d.Prices = "gross"
	c.e.d.Prices = "gross"
	for i := range c.d.Lines {
		if l := &c.d.Lines[i]; l.Source == "profile" && l.Price != nil {
			v := c.e.inModeAt(*l.Price, rateOf(*l, c.e.in.Profile, false))
			l.Price = &v
		}
	}
}

// more adds lines: "noch zwei Eckventile", "und eine Anfahrt dazu".
func (c *correction) more() bool {
	e := c.e
	if !e.has(0, len(e.t), "noch", "dazu", "außerdem", "zusätzlich", "plus", "auch", "fehlt", "fehlen", "vergessen", "hinzu", "extra") {
		return false
	}
	e.d.Kind, e.d.Prices = c.d.Kind, c.d.Prices
	e.lines()
	if len(e.d.Lines) == 0 {
		return false
	}
	base := len(c.d.Lines)
	for i, l := range e.d.Lines {
		c.d.Lines = append(c.d.Lines, l)
		for p, ev := range e.d.Evidence {
			if n, field, ok := feierabend.LinePath(p); ok && n == i {
				c.d.Evidence["lines["+strconv.Itoa(base+i)+"]."+field] = ev
			}
		}
	}
	return true
}
