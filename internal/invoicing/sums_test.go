package invoicing_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"feierabend"
	"feierabend/internal/einvoice"
	"feierabend/internal/invoicing"
)

// rat is a Dec4 as an exact fraction.
func rat(d feierabend.Dec4) *big.Rat { return big.NewRat(int64(d), 10_000) }

// toCents rounds euro to cents, half away from zero.
func toCents(r *big.Rat) feierabend.Cents {
	n := new(big.Rat).Mul(r, big.NewRat(100, 1))
	abs := new(big.Rat).Abs(n)
	abs.Add(abs, big.NewRat(1, 2))
	q := new(big.Int).Quo(abs.Num(), abs.Denom()).Int64()
	if n.Sign() < 0 {
		q = -q
	}
	return feierabend.Cents(q)
}

func euro(c feierabend.Cents) *big.Rat { return big.NewRat(int64(c), 100) }

// law is the dictation format's "Sums", written anew with fractions: rounded line
// amounts per rate, discount per rate, then VAT once per rate, or out of the gross.
func law(dr feierabend.Draft, p feierabend.Profile) *feierabend.Totals {
	sums := map[feierabend.Dec4]feierabend.Cents{}
	for _, l := range dr.Lines {
		rate := p.VATRate
		if l.VAT != nil {
			rate = *l.VAT
		}
		if dr.VATScheme != "" {
			rate = 0
		}
		sums[rate] += toCents(new(big.Rat).Mul(rat(*l.Quantity), rat(*l.Price)))
	}
	if dr.DiscountAmount != nil && len(sums) > 1 {
		return nil
	}
	var net, vat feierabend.Cents
	for rate, v := range sums {
		if dr.Discount != nil {
			v -= toCents(new(big.Rat).Mul(euro(v), new(big.Rat).Quo(rat(*dr.Discount), big.NewRat(100, 1))))
		}
		if dr.DiscountAmount != nil {
			v -= *dr.DiscountAmount
		}
		part := new(big.Rat).Quo(rat(rate), big.NewRat(100, 1))
		if dr.Prices == "gross" {
			n := toCents(new(big.Rat).Quo(euro(v), new(big.Rat).Add(big.NewRat(1, 1), part)))
			net, vat = net+n, vat+v-n
		} else {
			net, vat = net+v, vat+toCents(new(big.Rat).Mul(euro(v), part))
		}
	}
	gross := net + vat
	return &feierabend.Totals{Net: &net, VAT: &vat, Gross: &gross}
}

func randomDraft(r *rand.Rand) feierabend.Draft {
	dr := siphon()
	dr.Lines, dr.Totals = nil, nil
	if r.IntN(2) == 0 {
		dr.Prices = "gross"
	}
	if r.IntN(8) == 0 {
		dr.VATScheme = "small_business"
	}
	units := []string{"LS", "H87", "HUR", "MTK", "MTR", "KGM"}
	for range 1 + r.IntN(9) {
		q := feierabend.One
		switch r.IntN(4) {
		case 0:
			q = feierabend.Dec(1 + r.IntN(12))
		case 1:
			q = feierabend.Dec4(1+r.IntN(400)) * 2500 // quarters up to 100
		case 2:
			q = feierabend.Dec4(1 + r.IntN(30_000_000)) // up to 3,000, four decimals
		}
		price := feierabend.Dec4(r.IntN(200_000)) * 100
		if r.IntN(6) == 0 {
			price = feierabend.Dec4(r.IntN(90_000))
		}
		l := feierabend.Line{Kind: feierabend.LineLump, Text: "Arbeit", Quantity: &q, Unit: units[r.IntN(len(units))], Price: &price}
		if dr.VATScheme == "" {
			if k := r.IntN(6); k < 2 {
				l.VAT = ptr(feierabend.Dec(7 * k))
			}
		}
		dr.Lines = append(dr.Lines, l)
	}
	switch r.IntN(4) {
	case 0:
		dr.Discount = ptr(feierabend.Dec4(r.IntN(1000)) * 1000)
	case 1:
		dr.DiscountAmount = ptr(feierabend.Cents(r.IntN(100)))
	}
	return dr
}

// Whatever is dictated: the document's sums are the draft's to the cent, and the
// document is valid.
func TestSumsAreTheDraftsSums(t *testing.T) {
	p := profile()
	rounded, lumps, issuedOnes := 0, 0, 0
	for seed := range uint64(4_000) {
		dr := randomDraft(rand.New(rand.NewPCG(seed, 1)))
		dr.Totals = law(dr, p)
		d, err := invoicing.FromDraft(dr, p, "RE-2026-0001", issued)
		if dr.Totals == nil {
			if feierabend.CodeOf(err) != "missing_totals" {
				t.Fatalf("seed %d: discount in euro over several rates: error %v", seed, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		issuedOnes++
		if d.Sums.Net != *dr.Totals.Net || d.Sums.Gross+d.Rounding != *dr.Totals.Gross || d.Sums.Payable != *dr.Totals.Gross {
			t.Fatalf("seed %d: net %s, gross %s + %s; want %s, %s", seed, d.Sums.Net, d.Sums.Gross, d.Rounding, dr.Totals.Net, dr.Totals.Gross)
		}
		if list := einvoice.Check(d); len(list) != 0 {
			t.Fatalf("seed %d: findings %v", seed, list)
		}
		if d.Rounding > 2 || d.Rounding < -2 {
			t.Fatalf("seed %d: rounding %s", seed, d.Rounding)
		}
		if d.Rounding != 0 {
			rounded++
		}
		for i, l := range d.Lines {
			asked := dr.Lines[i]
			if dr.Prices != "gross" && l.Price != *asked.Price {
				t.Fatalf("seed %d: net price %s became %s", seed, asked.Price, l.Price)
			}
			if l.Unit != asked.Unit {
				lumps++
			}
			want := toCents(new(big.Rat).Mul(rat(*asked.Quantity), rat(*asked.Price)))
			if dr.Prices == "gross" {
				want = toCents(new(big.Rat).Quo(euro(want), new(big.Rat).Add(big.NewRat(1, 1), new(big.Rat).Quo(rat(l.Rate), big.NewRat(100, 1)))))
			}
			// A price of four decimals misses at most quantity × 0.00005 €.
			limit := 3 + feierabend.Cents(*asked.Quantity/(200*feierabend.One))
			if diff := l.Net - want; diff > limit || diff < -limit {
				t.Fatalf("seed %d: line %d is %s, its own share %s", seed, i, l.Net, want)
			}
		}
	}
	t.Logf("%d documents, %d with a rounding amount, %d lines as lump sums", issuedOnes, rounded, lumps)
}
