package drafting

import (
	"strings"

	"feierabend"
)

// Summary is the small line that lists show. While a price or quantity is open
// the sums are those of the complete lines, and Partial says so.
func Summary(d feierabend.Draft, p feierabend.Profile) feierabend.CaseSummary {
	s := feierabend.CaseSummary{Kind: d.Kind, Title: subject(d), Questions: len(d.Questions), Place: d.Site}
	if d.Buyer != nil && d.Buyer.City != "" {
		s.Place = strings.TrimSpace(d.Buyer.Postcode + " " + d.Buyer.City)
		if d.Buyer.Street != "" {
			s.Place = d.Buyer.Street + ", " + s.Place
		}
	}
	switch {
	case d.Totals != nil && d.Totals.Gross != nil:
		s.Net, s.Gross = copyOf(d.Totals.Net), copyOf(d.Totals.Gross)
	case d.Kind.Priced() && !asks(d, "vat"):
		if t := totals(completeLines(d), p); t != nil && t.Gross != nil && *t.Gross != 0 {
			s.Net, s.Gross, s.Partial = copyOf(t.Net), copyOf(t.Gross), true
		}
	}
	return s
}

// summaryAfter is Summary with what only the case knows.
func (s *Step) summaryAfter(cases []feierabend.Case, id feierabend.CaseID, d feierabend.Draft, p feierabend.Profile) feierabend.CaseSummary {
	sum := Summary(d, p)
	for _, c := range cases {
		if c.ID == id {
			sum.Seconds, sum.Number = c.Summary.Seconds, c.Summary.Number
		}
	}
	return sum
}

// subject names a draft in lists: the buyer, else the place, else what it is about.
func subject(d feierabend.Draft) string {
	switch {
	case d.Buyer.Label() != "":
		return d.Buyer.Label()
	case d.Site != "":
		return d.Site
	case len(d.Tasks) > 0:
		return d.Tasks[0].Text
	case len(d.Lines) > 0:
		return d.Lines[0].Text
	}
	return ""
}

// completeLines is the draft with only the lines whose price and quantity are known.
func completeLines(d feierabend.Draft) feierabend.Draft {
	out := clone(d)
	out.Lines, out.Questions = nil, nil
	for _, l := range d.Lines {
		if l.Price != nil && l.Quantity != nil {
			out.Lines = append(out.Lines, l)
		}
	}
	return out
}

func asks(d feierabend.Draft, path string) bool {
	for _, q := range d.Questions {
		if q == path {
			return true
		}
	}
	return false
}
