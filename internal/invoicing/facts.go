package invoicing

import (
	"slices"
	"strings"

	"feierabend"
)

// neededFacts are what this document needs of the firm and the profile does not say yet.
// Whoever has the money already needs no account to pay to.
func neededFacts(dr feierabend.Draft, p feierabend.Profile) []feierabend.Fact {
	needed, _ := p.Missing()
	if dr.Paid != nil && dr.Paid.All {
		needed = slices.DeleteFunc(needed, func(f feierabend.Fact) bool { return f == feierabend.FactIBAN })
	}
	return needed
}

// factsFirst turns the error about one missing value of the firm into the one that names
// them all: they are asked together, once, at the first invoice (J-02). What the draft
// itself lacks comes first.
func factsFirst(err error, dr feierabend.Draft, p feierabend.Profile) error {
	switch code := feierabend.CodeOf(err); {
	case code == "missing_seller_contact": // for authorities only
	case strings.HasPrefix(code, "missing_seller_"), code == "missing_tax_number", code == "missing_iban", code == "missing_vat_scheme":
		if needed := neededFacts(dr, p); len(needed) > 0 {
			return errFacts(needed)
		}
	}
	return err
}

func errFacts(needed []feierabend.Fact) error {
	return invalid("missing_facts", "Für die erste Rechnung fehlen noch Angaben zu Ihrem Betrieb: "+feierabend.FactWords(needed)+".")
}
