package invoicing

import (
	"feierabend"
)

// group is the lines of one VAT category and rate, as the draft sums them: VAT
// once per rate (dictation format, "Sums").
type group struct {
	category string
	rate     feierabend.Dec4
	sum      feierabend.Cents // of rounded line amounts, in the draft's mode
	off      feierabend.Cents // discount, in the draft's mode
	lines    []int            // indexes of the document's lines
}

// amounts fills lines, allowances, exemptions and rounding of the document.
func amounts(d *feierabend.Document, dr feierabend.Draft, p feierabend.Profile) error {
	scheme := dr.VATScheme
	if scheme == "" && p.VATScheme == "small_business" {
		scheme = p.VATScheme
	}
	groups, err := grouped(d, dr, p, scheme)
	if err != nil {
		return err
	}
	if err := discount(groups, dr); err != nil {
		return err
	}
	for _, g := range groups {
		off := g.off
		if dr.Prices == "gross" && g.rate != 0 {
			off = netGroup(d, g)
		}
		if off != 0 {
			d.Allowances = append(d.Allowances, feierabend.Allowance{Reason: discountReason(dr), Code: "95", Category: g.category, Rate: g.rate, Amount: off})
		}
	}
	switch scheme {
	case "small_business": // BT-120 is needed, no VATEX code exists
		d.Exemptions = map[string]feierabend.Exemption{"E": {Reason: "Steuerfrei nach § 19 UStG (Kleinunternehmer)"}}
	case "reverse_charge":
		d.Exemptions = map[string]feierabend.Exemption{"AE": {Reason: "Steuerschuldnerschaft des Leistungsempfängers", Code: "VATEX-EU-AE"}}
		if d.Buyer.VATID == "" {
			return invalid("missing_buyer_vat_id", "Für Rechnungen ohne Umsatzsteuer nach § 13b UStG braucht die E-Rechnung die USt-IdNr. des Auftraggebers. Bitte ergänzen Sie sie.")
		}
	}
	return nil
}

// grouped makes the document's lines, prices still in the draft's mode, and sums
// them per category and rate in the order of first use.
func grouped(d *feierabend.Document, dr feierabend.Draft, p feierabend.Profile, scheme string) ([]*group, error) {
	var groups []*group
	for i, l := range dr.Lines {
		category, rate, err := vat(l, p, scheme)
		if err != nil {
			return nil, err
		}
		x := feierabend.DocumentLine{Kind: l.Kind, Name: l.Text, Quantity: *l.Quantity, Unit: l.Unit, Price: *l.Price, Category: category, Rate: rate}
		if x.Price < 0 { // BR-27: negative is the quantity, never the price
			x.Price, x.Quantity = -x.Price, -x.Quantity
		}
		d.Lines = append(d.Lines, x)
		var g *group
		for _, have := range groups {
			if have.category == category && have.rate == rate {
				g = have
			}
		}
		if g == nil {
			g = &group{category: category, rate: rate}
			groups = append(groups, g)
		}
		g.sum += feierabend.LineNet(x.Quantity, x.Price)
		g.lines = append(g.lines, i)
	}
	return groups, nil
}

// vat gives category and rate of a line: E under § 19, AE under § 13b, Z for 0 %.
func vat(l feierabend.Line, p feierabend.Profile, scheme string) (string, feierabend.Dec4, error) {
	rate := p.VATRate
	if l.VAT != nil {
		rate = *l.VAT
	}
	switch scheme {
	case "":
	case "small_business", "reverse_charge":
		if l.VAT != nil && *l.VAT != 0 {
			return "", 0, invalid("vat_conflict", "Eine Position hat einen Steuersatz, obwohl die Rechnung ohne Umsatzsteuer sein soll. Bitte entscheiden Sie, was gilt.")
		}
		if scheme == "small_business" {
			return "E", 0, nil
		}
		return "AE", 0, nil
	default:
		return "", 0, invalid("vat_scheme", "Die Steuerregel dieses Entwurfs ist unbekannt. Bitte wählen Sie sie neu.")
	}
	if l.VAT == nil && rate == 0 { // a profile without a rate is no 0 %
		return "", 0, invalid("missing_vat_rate", "In Ihren Stammdaten fehlt der übliche Steuersatz. Bitte tragen Sie ihn dort nach.")
	}
	switch rate {
	case feierabend.Dec(19), feierabend.Dec(7):
		return "S", rate, nil
	case 0:
		return "Z", 0, nil
	}
	return "", 0, invalid("vat_rate", "Ein Steuersatz ist weder 19 % noch 7 % noch 0 %. Bitte prüfen Sie ihn.")
}

// discount spreads the draft's discount over the groups: percent per rate, rounded
// there; an amount only where there is one rate.
func discount(groups []*group, dr feierabend.Draft) error {
	switch {
	case dr.Discount != nil:
		if *dr.Discount < 0 || *dr.Discount > feierabend.Dec(100) {
			return invalid("discount", "Der Nachlass stimmt nicht. Bitte nennen Sie ihn noch einmal.")
		}
		for _, g := range groups {
			g.off = feierabend.Percent(g.sum, *dr.Discount)
		}
	case dr.DiscountAmount != nil:
		if len(groups) != 1 {
			return invalid("discount_rates", "Ein Nachlass in Euro lässt sich nicht auf mehrere Steuersätze aufteilen. Bitte nennen Sie ihn in Prozent.")
		}
		groups[0].off = *dr.DiscountAmount
	}
	return nil
}

func discountReason(dr feierabend.Draft) string {
	if dr.Discount != nil {
		return "Nachlass " + dr.Discount.German(0) + " %"
	}
	return "Nachlass"
}
