package invoicing

import (
	"cmp"
	"slices"

	"feierabend"
)

// fromGross takes the tax out of an amount: a ÷ (1 + rate), rounded once.
func fromGross(c feierabend.Cents, rate feierabend.Dec4) feierabend.Cents {
	return feierabend.Cents(feierabend.MulDiv(int64(c), 100*int64(feierabend.One), 100*int64(feierabend.One)+int64(rate)))
}

// netGroup turns the lines of a group with gross prices into net ones whose sum,
// less the net discount that it returns, is exactly the net amount of the draft:
// (sum − discount) ÷ (1 + rate). What VAT of that, rounded, misses of the agreed
// gross goes to BT-114.
func netGroup(d *feierabend.Document, g *group) (off feierabend.Cents) {
	gross := g.sum - g.off
	net := fromGross(gross, g.rate)
	d.Rounding += gross - net - feierabend.Percent(net, g.rate)
	all := fromGross(g.sum, g.rate)
	var missed feierabend.Cents
	var stubborn []int // lines whose quantity leaves no price for the wanted amount
	want := spread(d, g, all)
	for k, i := range g.lines {
		l := &d.Lines[i]
		price, ok := unitPrice(l.Quantity, want[k])
		if !ok {
			stubborn = append(stubborn, k)
			missed += want[k] - feierabend.LineNet(l.Quantity, price)
		}
		l.Price = price
	}
	if missed != 0 && !absorb(d, g, want, stubborn, missed) {
		for _, k := range stubborn {
			lump(&d.Lines[g.lines[k]], want[k])
		}
	}
	return all - net
}

// spread splits the net sum over the lines by the largest remainder, so that each
// is within a cent of its own gross ÷ (1 + rate).
func spread(d *feierabend.Document, g *group, all feierabend.Cents) []feierabend.Cents {
	const hundred = 100 * int64(feierabend.One)
	type part struct {
		k    int
		rest int64 // exact share less the rounded one, in 1/hundred+rate cents
	}
	out := make([]feierabend.Cents, len(g.lines))
	parts := make([]part, len(g.lines))
	var sum feierabend.Cents
	for k, i := range g.lines {
		gross := feierabend.LineNet(d.Lines[i].Quantity, d.Lines[i].Price)
		out[k] = fromGross(gross, g.rate)
		parts[k] = part{k, int64(gross)*hundred - int64(out[k])*(hundred+int64(g.rate))}
		sum += out[k]
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.rest, a.rest) })
	for n := 0; sum < all; n++ {
		out[parts[n%len(parts)].k]++
		sum++
	}
	for n := 0; sum > all; n++ {
		out[parts[len(parts)-1-n%len(parts)].k]--
		sum--
	}
	return out
}

// unitPrice finds a price of four decimals with quantity × price = amount; else
// the nearest one and false.
func unitPrice(quantity feierabend.Dec4, amount feierabend.Cents) (feierabend.Dec4, bool) {
	if quantity == 0 {
		return 0, amount == 0
	}
	a, q := int64(amount), int64(quantity)
	if q < 0 {
		a, q = -a, -q
	}
	best := feierabend.Dec4(feierabend.MulDiv(a, 1_000_000, q))
	for _, p := range []feierabend.Dec4{best, best - 1, best + 1} {
		if p >= 0 && feierabend.LineNet(quantity, p) == amount {
			return p, true
		}
	}
	return max(best, 0), false
}

// absorb gives the cents that stubborn lines miss to one other line of the group.
func absorb(d *feierabend.Document, g *group, want []feierabend.Cents, stubborn []int, missed feierabend.Cents) bool {
	if missed > 2 || missed < -2 {
		return false
	}
	for k, i := range g.lines {
		if slices.Contains(stubborn, k) || want[k] < 100 {
			continue
		}
		if price, ok := unitPrice(d.Lines[i].Quantity, want[k]+missed); ok {
			d.Lines[i].Price = price
			return true
		}
	}
	return false
}

// lump turns a line into one lump sum of exactly the wanted amount; its quantity
// stands in the text (§ 14 Abs. 4 Nr. 5 UStG).
func lump(l *feierabend.DocumentLine, amount feierabend.Cents) {
	l.Text = "Menge: " + l.Quantity.German(0) + " " + feierabend.UnitLabel(l.Unit, l.Quantity)
	l.Unit, l.Quantity, l.Price = "LS", feierabend.One, amount.Dec4()
	if amount < 0 { // BR-27
		l.Quantity, l.Price = -l.Quantity, -l.Price
	}
}
