package feierabend_test

import (
	"slices"
	"testing"

	"feierabend"
)

func TestMissingFacts(t *testing.T) {
	whole := feierabend.Profile{VATScheme: feierabend.SchemeStandard, SpokenPrices: "net", Seller: feierabend.Seller{
		Name: "Deichgrün Haustechnik GmbH", LegalForm: feierabend.FormGmbH, Street: "Störweg 8", Postcode: "25524", City: "Itzehoe", TaxNumber: "18/123/45678",
		RegisterID: "HRB 1", RegisterCourt: "Amtsgericht Pinneberg", LegalInfo: "Geschäftsführer: Hauke Deichgrün", IBAN: "DE02120300000000202051", LastNumber: "RE-2026-0041",
	}}
	for name, c := range map[string]struct {
		change        func(*feierabend.Profile)
		needed, asked []feierabend.Fact
	}{
		"nothing":    {func(*feierabend.Profile) {}, nil, nil},
		"everything": {func(p *feierabend.Profile) { *p = feierabend.Profile{} }, []feierabend.Fact{feierabend.FactName, feierabend.FactAddress, feierabend.FactTax, feierabend.FactScheme, feierabend.FactIBAN}, []feierabend.Fact{feierabend.FactNumber, feierabend.FactPrices}},
		"city":       {func(p *feierabend.Profile) { p.Seller.City = "" }, []feierabend.Fact{feierabend.FactAddress}, nil},
		"VAT id is enough": {func(p *feierabend.Profile) {
			p.Seller.TaxNumber, p.Seller.VATID = "", "DE812345673"
		}, nil, nil},
		"no court":          {func(p *feierabend.Profile) { p.Seller.RegisterCourt = "" }, []feierabend.Fact{feierabend.FactRegister}, nil},
		"no manager":        {func(p *feierabend.Profile) { p.Seller.LegalInfo = "" }, []feierabend.Fact{feierabend.FactManager}, nil},
		"merchant":          {func(p *feierabend.Profile) { p.Seller.LegalForm, p.Seller.LegalInfo = feierabend.FormMerchant, "" }, nil, nil},
		"sole":              {func(p *feierabend.Profile) { p.Seller.LegalForm, p.Seller.RegisterID = feierabend.FormSole, "" }, nil, nil},
		"no invoice ever":   {func(p *feierabend.Profile) { p.Seller.LastNumber = feierabend.NoNumber }, nil, nil},
		"no last number":    {func(p *feierabend.Profile) { p.Seller.LastNumber = "" }, nil, []feierabend.Fact{feierabend.FactNumber}},
		"prices":            {func(p *feierabend.Profile) { p.SpokenPrices = "" }, nil, []feierabend.Fact{feierabend.FactPrices}},
		"§ 19 has no gross": {func(p *feierabend.Profile) { p.SpokenPrices, p.VATScheme = "", feierabend.SchemeSmallBusiness }, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := whole
			c.change(&p)
			needed, asked := p.Missing()
			if !slices.Equal(needed, c.needed) || !slices.Equal(asked, c.asked) {
				t.Errorf("needed %v, asked %v; want %v, %v", needed, asked, c.needed, c.asked)
			}
			for _, f := range slices.Concat(needed, asked) {
				if f.German() == "" {
					t.Errorf("%s has no words", f)
				}
			}
		})
	}
	if got := feierabend.FactWords([]feierabend.Fact{feierabend.FactTax, feierabend.FactIBAN}); got != "Steuernummer, IBAN" {
		t.Errorf("words %q", got)
	}
}

func TestLegalForms(t *testing.T) {
	for _, f := range feierabend.LegalForms() {
		if f.German() == "" {
			t.Errorf("%s has no words", f)
		}
		if f.Represented() && !f.Registered() {
			t.Errorf("%s names its managers but stands in no register", f)
		}
	}
	for f, want := range map[feierabend.LegalForm][2]bool{"": {}, "other": {}, feierabend.FormSole: {}, feierabend.FormGbR: {}, feierabend.FormEGbR: {true, false}, feierabend.FormKG: {true, false}, feierabend.FormGmbH: {true, true}} {
		if got := [2]bool{f.Registered(), f.Represented()}; got != want {
			t.Errorf("%q: registered, represented %v, want %v", f, got, want)
		}
	}
}
