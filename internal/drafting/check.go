package drafting

import (
	"slices"

	"feierabend"
	"feierabend/internal/dictation"
)

// check works questions and sums of a draft out anew, whoever changed it: an
// engine, a button or a page. Nothing that came in as sum or question of the
// engine survives unless it follows from the draft (design §4.3).
func check(d feierabend.Draft, p feierabend.Profile) feierabend.Draft {
	if len(d.Lines) > maxLines {
		d.Lines = d.Lines[:maxLines]
	}
	unproven(&d)
	d.Questions = dictation.Questions(d, p)
	if d.Kind.Issuable() && len(d.Lines) == 0 {
		d.Questions = append(d.Questions, "lines") // an invoice of nothing cannot be issued
	}
	if d.VATScheme == "reverse_charge" && d.Kind.Issuable() && d.Buyer.Label() != "" && d.Buyer.VATID == "" {
		d.Questions = append(d.Questions, "buyer.vat_id") // BR-AE-02: never dictated, always needed
	}
	d.Questions = order(d.Questions)
	if !asks(d, "buyer.address") {
		d.Entries = nil // only a question for the address offers them
	}
	if d.Kind != feierabend.KindReminder {
		d.Totals = dictation.Totals(d, p)
	}
	return d
}

// unproven drops prices and quantities without evidence, and quantities of
// nothing: then they are asked. A value without evidence is not a value.
func unproven(d *feierabend.Draft) {
	for i := range d.Lines {
		l := &d.Lines[i]
		if l.Price != nil && !proven(*d, feierabend.PathOfLine(i, "price"), l.Source) {
			l.Price = nil
		}
		if l.Quantity != nil && (*l.Quantity <= 0 || !proven(*d, feierabend.PathOfLine(i, "quantity"), "")) {
			l.Quantity = nil
		}
	}
}

func proven(d feierabend.Draft, path, source string) bool {
	e, ok := d.Evidence[path]
	if !ok {
		return source == sourceProfile // the price list itself is the evidence
	}
	switch e.Source {
	case sourceSaid:
		return e.To > e.From
	case sourceProfile, sourceRule, sourceAnswered:
		return true
	}
	return false
}

// order puts the most important question first (J-11): what it is, for whom,
// then what it costs, then when.
func order(q []string) []string {
	slices.SortStableFunc(q, func(a, b string) int { return weight(a) - weight(b) })
	seen := map[string]bool{}
	return slices.DeleteFunc(q, func(p string) bool {
		twice := seen[p]
		seen[p] = true
		return twice
	})
}

func weight(path string) int {
	if i, field, ok := feierabend.LinePath(path); ok {
		if field == "quantity" {
			return 100 + 2*i
		}
		return 101 + 2*i
	}
	switch path {
	case "kind":
		return 0
	case "buyer.name":
		return 1
	case "lines":
		return 2
	case "vat", "prices":
		return 90
	case "supply":
		return 600
	case "buyer.address":
		return 700
	case "vat_scheme":
		return 900 // about the firm, not about this job
	}
	return 800
}
