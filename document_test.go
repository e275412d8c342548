package feierabend_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"feierabend"
)

func TestCompute(t *testing.T) {
	s19, s7 := feierabend.Dec(19), feierabend.Dec(7)
	one := func(kind feierabend.LineKind, price feierabend.Dec4, category string, rate feierabend.Dec4) feierabend.DocumentLine {
		return feierabend.DocumentLine{Kind: kind, Quantity: feierabend.One, Price: price, Category: category, Rate: rate}
	}
	for name, c := range map[string]struct {
		doc  feierabend.Document
		want feierabend.Sums
	}{
		// Three times 0.03 × 19 % is 0.02 on the sum, not 3 × 0.01 (BR-CO-17).
		"vat once per rate": {
			feierabend.Document{Lines: []feierabend.DocumentLine{one("", 300, "", s19), one("", 300, "S", s19), one("", 300, "S", s19)}},
			feierabend.Sums{Taxes: []feierabend.Tax{{Category: "S", Rate: s19, Basis: 9, Amount: 2}}, Lines: 9, Net: 9, VAT: 2, Gross: 11, Payable: 11},
		},
		"storno of 7,612.50": {
			feierabend.Document{Lines: []feierabend.DocumentLine{{Quantity: -feierabend.One, Price: 76_125_000, Category: "S", Rate: s19}}},
			feierabend.Sums{Taxes: []feierabend.Tax{{Category: "S", Rate: s19, Basis: -7612_50, Amount: -1446_38}}, Lines: -7612_50, Net: -7612_50, VAT: -1446_38, Gross: -9058_88, Payable: -9058_88},
		},
		"rates, discount, charge, prepaid, rounding": {
			feierabend.Document{
				Prepaid: 50_00, Rounding: -1,
				Lines:      []feierabend.DocumentLine{one("labour", 1_000_000, "S", s7), one("labour", 2_000_000, "S", s19), one("material", 2_000_000, "S", s19)},
				Allowances: []feierabend.Allowance{{Category: "S", Rate: s19, Amount: 40_00}, {Charge: true, Category: "S", Rate: s7, Amount: 5_00}},
			},
			feierabend.Sums{
				Taxes: []feierabend.Tax{{Category: "S", Rate: s19, Basis: 360_00, Amount: 68_40}, {Category: "S", Rate: s7, Basis: 105_00, Amount: 7_35}},
				Lines: 500_00, Allowances: 40_00, Charges: 5_00, Net: 465_00, VAT: 75_75, Gross: 540_75, Payable: 490_74, LabourNet: 285_00, LabourGross: 326_55,
			},
		},
		"price per hundred, line discount": {
			feierabend.Document{Lines: []feierabend.DocumentLine{{Quantity: feierabend.Dec(250), Price: 1_234_500, Per: feierabend.Dec(100), Adjust: -3_63, Category: "S", Rate: s19}}},
			feierabend.Sums{Taxes: []feierabend.Tax{{Category: "S", Rate: s19, Basis: 305_00, Amount: 57_95}}, Lines: 305_00, Net: 305_00, VAT: 57_95, Gross: 362_95, Payable: 362_95},
		},
		"exempt": {
			feierabend.Document{Exemptions: map[string]feierabend.Exemption{"E": {Reason: "§ 19"}}, Lines: []feierabend.DocumentLine{one("travel", 390_000, "E", 0)}},
			feierabend.Sums{Taxes: []feierabend.Tax{{Category: "E", Basis: 39_00, Reason: "§ 19"}}, Lines: 39_00, Net: 39_00, Gross: 39_00, Payable: 39_00, LabourNet: 39_00, LabourGross: 39_00},
		},
		"nothing": {feierabend.Document{}, feierabend.Sums{}},
	} {
		t.Run(name, func(t *testing.T) {
			c.doc.Compute()
			first := c.doc.Sums
			if diff := cmp.Diff(c.want, first); diff != "" {
				t.Errorf("sums (-want +got):\n%s", diff)
			}
			c.doc.Compute()
			if diff := cmp.Diff(first, c.doc.Sums); diff != "" {
				t.Errorf("computed twice differs:\n%s", diff)
			}
		})
	}
}
