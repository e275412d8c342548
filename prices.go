package feierabend

import (
	"maps"
	"strings"
)

// HidesPrices says whether a member with this role may see no prices and sums: staff,
// unless the firm has allowed it (J-15). Whoever is no member sees none.
func (t Tenant) HidesPrices(r Role) bool { return !r.MayIssue() && (r != RoleStaff || !t.StaffPrices) }

// Priced says whether the reader of this draft sees prices.
func (d Draft) Priced() bool { return d.Kind.Priced() && !d.Unpriced }

// WithoutPrices is the draft for a reader who may see no prices: words and quantities
// stay, prices, sums and the questions about them go. It is only to be shown.
func (d Draft) WithoutPrices() Draft {
	d.Unpriced = true
	d.Totals, d.Discount, d.DiscountAmount, d.CashDiscount, d.Share, d.Paid, d.Prices = nil, nil, nil, nil, nil, nil, ""
	lines := make([]Line, len(d.Lines))
	for i, l := range d.Lines {
		l.Price = nil
		lines[i] = l
	}
	d.Lines = lines
	var questions []string
	for _, q := range d.Questions {
		if !aboutPrices(q) {
			questions = append(questions, q)
		}
	}
	d.Questions = questions
	d.Evidence = maps.Clone(d.Evidence)
	maps.DeleteFunc(d.Evidence, func(path string, _ Evidence) bool { return aboutPrices(path) })
	return d
}

// aboutPrices says whether the value at a path tells a price.
func aboutPrices(path string) bool {
	for _, s := range []string{"vat", "prices", "share", "discount", "cash_discount", "paid"} {
		if strings.HasPrefix(path, s) {
			return true
		}
	}
	return strings.HasSuffix(path, ".price") || strings.HasSuffix(path, ".vat")
}

// WithoutPrices is the line of a list for a reader who may see no prices.
func (s CaseSummary) WithoutPrices() CaseSummary {
	s.Net, s.Gross, s.Partial = nil, nil, false
	return s
}
