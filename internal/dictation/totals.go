package dictation

import (
	"sort"
	"strconv"

	"feierabend"
)

// Totals works out the sums of a draft in whole cents (FORMAT "Sums"): line amounts rounded
// half away from zero, the discount per rate, then the share, then VAT once per rate. It is
// nil while a price, a quantity or the tax is asked, and for kinds without prices.
func Totals(d feierabend.Draft, p feierabend.Profile) *feierabend.Totals {
	if !d.Kind.Priced() || len(d.Lines) == 0 {
		return nil
	}
	if unsaidScheme(d, p) {
		return nil
	}
	for _, q := range d.Questions {
		if q == "vat" {
			return nil
		}
	}
	free := d.VATScheme == "small_business" || d.VATScheme == "reverse_charge"
	sums := map[feierabend.Dec4]feierabend.Cents{}
	for _, l := range d.Lines {
		if l.Price == nil || l.Quantity == nil {
			return nil
		}
		sums[rateOf(l, p, free)] += feierabend.LineNet(*l.Quantity, *l.Price)
	}
	if d.DiscountAmount != nil && len(sums) > 1 {
		return nil
	}
	return sumUp(d, sums)
}

func rateOf(l feierabend.Line, p feierabend.Profile, free bool) feierabend.Dec4 {
	switch {
	case l.VAT != nil:
		return *l.VAT
	case free:
		return 0
	}
	return p.VATRate
}

func sumUp(d feierabend.Draft, sums map[feierabend.Dec4]feierabend.Cents) *feierabend.Totals {
	rates := make([]feierabend.Dec4, 0, len(sums))
	for r := range sums {
		rates = append(rates, r)
	}
	sort.Slice(rates, func(i, j int) bool { return rates[i] < rates[j] })
	var net, vat feierabend.Cents
	for _, r := range rates {
		v := sums[r]
		if d.Discount != nil {
			v -= feierabend.Percent(v, *d.Discount)
		}
		if d.DiscountAmount != nil {
			v -= *d.DiscountAmount
		}
		if d.Share != nil {
			v = feierabend.Percent(v, *d.Share)
		}
		if d.Prices == "gross" {
			n := feierabend.Cents(feierabend.MulDiv(int64(v), 100*int64(feierabend.One), 100*int64(feierabend.One)+int64(r)))
			net, vat = net+n, vat+v-n
			continue
		}
		net, vat = net+v, vat+feierabend.Percent(v, r)
	}
	gross := net + vat
	return &feierabend.Totals{Net: &net, VAT: &vat, Gross: &gross}
}

// unsaidScheme says that the firm has not yet said whether it shows VAT: nothing is
// summed then, and it is asked (§ 14c UStG: wrongly shown tax is owed).
func unsaidScheme(d feierabend.Draft, p feierabend.Profile) bool {
	return d.Kind.Priced() && p.VATScheme == "" && d.VATScheme == ""
}

// Questions lists the paths that must be asked (FORMAT "What must be asked"), most important
// first: name, address, date of supply, each line's quantity and price, the invoice of a part
// payment, the tax. A tax question that stands in d stays until the rate is known, and a firm
// that has not said its tax scheme is asked for it.
func Questions(d feierabend.Draft, p feierabend.Profile) []string {
	var out []string
	k := d.Kind
	if k == feierabend.KindNote || k == "" {
		return nil
	}
	b := d.Buyer
	if b == nil || b.Name == "" && b.Company == "" {
		out = append(out, "buyer.name")
	}
	bills := k == feierabend.KindInvoice || k == feierabend.KindInterimInvoice || k == feierabend.KindFinalInvoice
	if bills && !b.AddressComplete() {
		out = append(out, "buyer.address")
	}
	if (k == feierabend.KindInvoice || k == feierabend.KindFinalInvoice || k == feierabend.KindWorkReport) && d.Supply == nil {
		out = append(out, "supply")
	}
	if k.Priced() {
		for i, l := range d.Lines {
			path := "lines[" + strconv.Itoa(i) + "]."
			if l.Quantity == nil {
				out = append(out, path+"quantity")
			}
			if l.Price == nil {
				out = append(out, path+"price")
			}
		}
	}
	if d.Paid != nil && d.Paid.Amount != nil && !answered(d, "paid.invoice") {
		out = append(out, "paid.invoice")
	}
	for _, q := range d.Questions {
		if q == "vat" && k.Priced() && !answered(d, "vat") && !answered(d, "vat_scheme") {
			out = append(out, "vat")
		}
	}
	if unsaidScheme(d, p) {
		out = append(out, "vat_scheme")
	}
	return out
}

func answered(d feierabend.Draft, path string) bool { return d.Evidence[path].Source == "answered" }
