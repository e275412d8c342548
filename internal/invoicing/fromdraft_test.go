package invoicing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
	"feierabend/internal/einvoice"
	"feierabend/internal/invoicing"
)

var issued = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

func dec(s string) feierabend.Dec4 {
	d, err := feierabend.ParseDec4(s)
	if err != nil {
		panic(err)
	}
	return d
}

func cents(s string) *feierabend.Cents {
	c, err := feierabend.ParseCents(s)
	if err != nil {
		panic(err)
	}
	return &c
}

func profile() feierabend.Profile {
	return feierabend.Profile{Trade: "Sanitär, Heizung, Klima", VATScheme: "standard", VATRate: feierabend.Dec(19), DueDays: 14, Seller: feierabend.Seller{
		Name: "Deichgrün Haustechnik", Street: "Störweg 8", Postcode: "25524", City: "Itzehoe", Contact: "Hauke Deichgrün", Phone: "+49 4821 5550120",
		Email: "rechnung@deichgruen.example", TaxNumber: "18/123/45678", IBAN: "DE02 1203 0000 0000 2020 51",
	}}
}

func line(kind feierabend.LineKind, text, quantity, unit, price string) feierabend.Line {
	return feierabend.Line{Kind: kind, Text: text, Quantity: ptr(dec(quantity)), Unit: unit, Price: ptr(dec(price))}
}

// siphon is the first dictation of the domain notes: 191.50 + 36.39 = 227.89.
func siphon() feierabend.Draft {
	return feierabend.Draft{
		Kind:   feierabend.KindInvoice,
		Buyer:  &feierabend.Buyer{Salutation: "Frau", Name: "Petersen", Street: "Lindenweg 12", Postcode: "25524", City: "Itzehoe", Phone: "+4948211234"},
		Supply: &feierabend.Period{From: "2026-11-18", To: "2026-11-18"},
		Lines: []feierabend.Line{
			line("labour", "Arbeitszeit Geselle", "1.75", "HUR", "68"), line("material", "Röhrensiphon", "1", "H87", "28.5"),
			line("material", "Kleinmaterial", "1", "LS", "5"), line("travel", "Anfahrt", "1", "LS", "39"),
		},
		DueDays: ptr(14), Totals: totals("191.50", "36.39", "227.89"),
	}
}

func totals(net, vat, gross string) *feierabend.Totals {
	return &feierabend.Totals{Net: cents(net), VAT: cents(vat), Gross: cents(gross)}
}

func TestFromDraftStandard(t *testing.T) {
	d, err := invoicing.FromDraft(siphon(), profile(), "RE-2026-0042", issued)
	if err != nil {
		t.Fatal(err)
	}
	want := feierabend.Document{
		Kind: feierabend.KindInvoice, Profile: feierabend.ProfileEN16931, Number: "RE-2026-0042", TypeCode: "380", IssuedOn: "2026-11-24", DueOn: "2026-12-08",
		SupplyFrom: "2026-11-18", SupplyTo: "2026-11-18", Greeting: "Sehr geehrte Frau Petersen,",
		Seller: feierabend.Party{Name: "Deichgrün Haustechnik", Street: "Störweg 8", Postcode: "25524", City: "Itzehoe", Contact: "Hauke Deichgrün", Phone: "+49 4821 5550120", Email: "rechnung@deichgruen.example", TaxNumber: "18/123/45678"},
		Buyer:  feierabend.Party{Salutation: "Frau", Name: "Petersen", Street: "Lindenweg 12", Postcode: "25524", City: "Itzehoe"},
		IBAN:   "DE02120300000000202051", Account: "Deichgrün Haustechnik",
		PaymentTerms: "Bitte überweisen Sie den Betrag bis zum 08.12.2026 ohne Abzug.",
		Notes: []string{
			"Im Rechnungsbetrag sind Lohn-, Fahrt- und Maschinenkosten von 158,00 € netto (188,02 € einschließlich Umsatzsteuer) enthalten. Dafür kann eine Steuerermäßigung nach § 35a EStG möglich sein.",
			"Als Privatperson müssen Sie diese Rechnung zwei Jahre lang aufbewahren (§ 14b Abs. 1 Satz 5 UStG).",
		},
		Lines: []feierabend.DocumentLine{
			{Kind: "labour", Name: "Arbeitszeit Geselle", Quantity: 17500, Unit: "HUR", Price: dec("68"), Category: "S", Rate: dec("19"), Net: 119_00},
			{Kind: "material", Name: "Röhrensiphon", Quantity: feierabend.One, Unit: "H87", Price: dec("28.5"), Category: "S", Rate: dec("19"), Net: 28_50},
			{Kind: "material", Name: "Kleinmaterial", Quantity: feierabend.One, Unit: "LS", Price: dec("5"), Category: "S", Rate: dec("19"), Net: 5_00},
			{Kind: "travel", Name: "Anfahrt", Quantity: feierabend.One, Unit: "LS", Price: dec("39"), Category: "S", Rate: dec("19"), Net: 39_00},
		},
		Sums: feierabend.Sums{Taxes: []feierabend.Tax{{Category: "S", Rate: dec("19"), Basis: 191_50, Amount: 36_39}}, Lines: 191_50, Net: 191_50, VAT: 36_39, Gross: 227_89, Payable: 227_89, LabourNet: 158_00, LabourGross: 188_02},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("document differs (-want +got):\n%s", diff)
	}
	if list := einvoice.Check(d); len(list) != 0 {
		t.Errorf("findings: %v", list)
	}
}

// change applies changes to copies of the standard draft and profile.
type change func(*feierabend.Draft, *feierabend.Profile)

func made(t *testing.T, c change) feierabend.Document {
	t.Helper()
	dr, p := siphon(), profile()
	c(&dr, &p)
	d, err := invoicing.FromDraft(dr, p, "RE-2026-0042", issued)
	if err != nil {
		t.Fatalf("%v: %s", err, feierabend.TextOf(err))
	}
	for _, x := range einvoice.Check(d) {
		if x.Severity == einvoice.Error {
			t.Errorf("finding %s %s", x.Rule, x.Text)
		}
	}
	return d
}

func TestFromDraftBuyer(t *testing.T) {
	for name, c := range map[string]struct {
		buyer          feierabend.Buyer
		name, greeting string
		contact        string
		private        bool
	}{
		"woman":   {feierabend.Buyer{Salutation: "Frau", Name: "Petersen"}, "Petersen", "Sehr geehrte Frau Petersen,", "", true},
		"doctor":  {feierabend.Buyer{Salutation: "Herr", Name: "Dr. Brenneisen"}, "Dr. Brenneisen", "Sehr geehrter Herr Dr. Brenneisen,", "", true},
		"family":  {feierabend.Buyer{Salutation: "Familie", Name: "Yıldız"}, "Familie Yıldız", "Sehr geehrte Familie Yıldız,", "", true},
		"unsaid":  {feierabend.Buyer{Name: "Nowak"}, "Nowak", "Sehr geehrte Damen und Herren,", "", true},
		"firm":    {feierabend.Buyer{Company: "Hansen Bau GmbH"}, "Hansen Bau GmbH", "Sehr geehrte Damen und Herren,", "", false},
		"contact": {feierabend.Buyer{Company: "Hausverwaltung Krüger", Salutation: "Frau", Name: "Krüger"}, "Hausverwaltung Krüger", "Sehr geehrte Frau Krüger,", "Frau Krüger", false},
	} {
		t.Run(name, func(t *testing.T) {
			d := made(t, func(dr *feierabend.Draft, _ *feierabend.Profile) {
				c.buyer.Street, c.buyer.Postcode, c.buyer.City = "Lindenweg 12", "25524", "Itzehoe"
				dr.Buyer = &c.buyer
			})
			if d.Buyer.Name != c.name || d.Greeting != c.greeting || d.Buyer.Contact != c.contact {
				t.Errorf("name %q, greeting %q, contact %q; want %q, %q, %q", d.Buyer.Name, d.Greeting, d.Buyer.Contact, c.name, c.greeting, c.contact)
			}
			if private := len(d.Notes) == 2; private != c.private {
				t.Errorf("notes %q, want those for private people: %v", d.Notes, c.private)
			}
		})
	}
}

func says(notes []string, word string) bool {
	return slices.ContainsFunc(notes, func(n string) bool { return strings.Contains(n, word) })
}

func TestFromDraftCases(t *testing.T) {
	for name, c := range map[string]struct {
		change change
		check  func(t *testing.T, d feierabend.Document)
	}{
		"paid in cash": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Paid = &feierabend.Paid{All: true, Method: "cash"}
		}, func(t *testing.T, d feierabend.Document) {
			if d.Sums.Payable != 0 || d.Prepaid != 227_89 || d.DueOn != "" || says(d.Notes, "35a") || !says(d.Notes, "14b") || !strings.HasPrefix(d.PaymentTerms, "Zahlung: bar.") {
				t.Errorf("payable %s, due %q, notes %q, terms %q", d.Sums.Payable, d.DueOn, d.Notes, d.PaymentTerms)
			}
		}},
		"paid in part": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Paid = &feierabend.Paid{Amount: cents("100.00"), Method: "transfer"}
		}, func(t *testing.T, d feierabend.Document) {
			if d.Sums.Payable != 127_89 || !strings.Contains(d.PaymentTerms, "Restbetrag") || !says(d.Notes, "35a") {
				t.Errorf("payable %s, terms %q", d.Sums.Payable, d.PaymentTerms)
			}
		}},
		"part invoice before": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Paid = &feierabend.Paid{Amount: cents("119.00"), Method: "transfer", Invoice: "RE-2026-0007"}
		}, func(t *testing.T, d feierabend.Document) {
			if d.Sums.Payable != 108_89 || len(d.Preceding) != 1 || d.Notes[0] != "Angerechnet ist der Abschlag laut Rechnung RE-2026-0007 über 119,00 € (100,00 € netto und 19,00 € Umsatzsteuer, 19 %)." {
				t.Errorf("payable %s, preceding %v, notes %q", d.Sums.Payable, d.Preceding, d.Notes)
			}
		}},
		"no invoice before": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Paid = &feierabend.Paid{Amount: cents("119.00"), Invoice: "none"}
		}, func(t *testing.T, d feierabend.Document) {
			if d.Sums.Payable != 108_89 || len(d.Preceding) != 0 || says(d.Notes, "Angerechnet") {
				t.Errorf("payable %s, preceding %v, notes %q", d.Sums.Payable, d.Preceding, d.Notes)
			}
		}},
		"small business": {func(dr *feierabend.Draft, p *feierabend.Profile) {
			p.VATScheme, p.VATRate = "small_business", 0
			dr.Totals = totals("191.50", "0.00", "191.50")
		}, func(t *testing.T, d feierabend.Document) {
			tax := d.Sums.Taxes[0]
			if tax.Category != "E" || tax.Reason != "Steuerfrei nach § 19 UStG (Kleinunternehmer)" || tax.Code != "" || d.Sums.LabourGross != 158_00 {
				t.Errorf("tax %+v, labour %s", tax, d.Sums.LabourGross)
			}
		}},
		"reverse charge": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.VATScheme, dr.Buyer.Company, dr.Buyer.VATID, dr.Totals = "reverse_charge", "Hansen Bau GmbH", "DE812345673", totals("191.50", "0.00", "191.50")
		}, func(t *testing.T, d feierabend.Document) {
			tax := d.Sums.Taxes[0]
			if tax.Category != "AE" || tax.Reason != "Steuerschuldnerschaft des Leistungsempfängers" || tax.Code != "VATEX-EU-AE" || len(d.Notes) != 0 {
				t.Errorf("tax %+v, notes %q", tax, d.Notes)
			}
		}},
		"photovoltaics": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Lines[0].VAT = ptr(feierabend.Dec4(0))
			dr.Totals = totals("191.50", "13.78", "205.28")
		}, func(t *testing.T, d feierabend.Document) {
			if len(d.Sums.Taxes) != 2 || d.Sums.Taxes[1].Category != "Z" || !says(d.Notes, "§ 12 Abs. 3 UStG") {
				t.Errorf("taxes %+v, notes %q", d.Sums.Taxes, d.Notes)
			}
		}},
		"skonto": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.CashDiscount = &feierabend.CashDiscount{Percent: dec("2"), Days: 10}
			dr.DueDays = ptr(30)
		}, func(t *testing.T, d feierabend.Document) {
			want := "Bei Zahlung innerhalb von 10 Tagen gewähren wir 2 % Skonto, sonst überweisen Sie bitte den Betrag bis zum 24.12.2026 ohne Abzug."
			if d.PaymentTerms != want || d.CashDiscount == nil {
				t.Errorf("terms %q, want %q", d.PaymentTerms, want)
			}
		}},
		"at once": {func(dr *feierabend.Draft, p *feierabend.Profile) { dr.DueDays = ptr(0) }, func(t *testing.T, d feierabend.Document) {
			if d.DueOn != "2026-11-24" || !strings.Contains(d.PaymentTerms, "sofort") {
				t.Errorf("due %q, terms %q", d.DueOn, d.PaymentTerms)
			}
		}},
		"authority": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Buyer.Company, dr.Buyer.Reference = "Stadt Itzehoe", "04011000-1234512345-06"
		}, func(t *testing.T, d feierabend.Document) {
			if d.Profile != feierabend.ProfileXRechnung || d.Buyer.ElectronicScheme != "0204" || d.BuyerReference != "04011000-1234512345-06" {
				t.Errorf("profile %s, scheme %s", d.Profile, d.Buyer.ElectronicScheme)
			}
		}},
		"order number": {func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Buyer.Reference = "BV 4711-12" }, func(t *testing.T, d feierabend.Document) {
			if d.Profile != feierabend.ProfileEN16931 || d.BuyerReference != "BV 4711-12" {
				t.Errorf("profile %s, reference %s", d.Profile, d.BuyerReference)
			}
		}},
		"garage": {func(_ *feierabend.Draft, p *feierabend.Profile) { p.Trade = "Kfz-Werkstatt" }, func(t *testing.T, d feierabend.Document) {
			if len(d.Notes) != 0 {
				t.Errorf("notes %q, want none", d.Notes)
			}
		}},
		"company register": {func(_ *feierabend.Draft, p *feierabend.Profile) {
			p.Seller.RegisterID, p.Seller.LegalInfo = "HRB 12345 PI", "Geschäftsführer Hauke Deichgrün"
		}, func(t *testing.T, d feierabend.Document) {
			if d.RegisterNote != "Deichgrün Haustechnik, HRB 12345 PI, Geschäftsführer Hauke Deichgrün" || d.Seller.LegalID != "HRB 12345 PI" {
				t.Errorf("register note %q", d.RegisterNote)
			}
		}},
		"register court": {func(_ *feierabend.Draft, p *feierabend.Profile) {
			p.Seller.RegisterID, p.Seller.RegisterCourt = "HRB 12345", "Amtsgericht Pinneberg"
		}, func(t *testing.T, d feierabend.Document) {
			if d.RegisterNote != "Deichgrün Haustechnik, Amtsgericht Pinneberg, HRB 12345" {
				t.Errorf("register note %q", d.RegisterNote)
			}
		}},
		"cash basis says nothing yet": {func(_ *feierabend.Draft, p *feierabend.Profile) { p.CashBasis = true }, func(t *testing.T, d feierabend.Document) {
			if says(d.Notes, "vereinnahmten") {
				t.Errorf("notes %q", d.Notes)
			}
		}},
		"discount lowers the labour share": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Discount, dr.Totals = ptr(dec("10")), totals("172.35", "32.75", "205.10")
		}, func(t *testing.T, d feierabend.Document) {
			if d.Sums.LabourNet != 142_20 || len(d.Allowances) != 1 || d.Allowances[0].Amount != 19_15 {
				t.Errorf("labour %s, allowances %+v", d.Sums.LabourNet, d.Allowances)
			}
		}},
		"negative price": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Lines[2].Price = ptr(dec("-5"))
			dr.Totals = totals("181.50", "34.49", "215.99")
		}, func(t *testing.T, d feierabend.Document) {
			if l := d.Lines[2]; l.Price != dec("5") || l.Quantity != dec("-1") || l.Net != -5_00 {
				t.Errorf("line %+v", l)
			}
		}},
		"month": {func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Supply = &feierabend.Period{From: "2026-11-01", To: "2026-11-30"}
		}, func(t *testing.T, d feierabend.Document) {
			if d.SupplyFrom != "2026-11-01" || d.SupplyTo != "2026-11-30" {
				t.Errorf("period %s to %s", d.SupplyFrom, d.SupplyTo)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) { c.check(t, made(t, c.change)) })
	}
}

func TestFromDraftRefuses(t *testing.T) {
	for code, c := range map[string]change{
		"nothing_to_issue":     func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Kind = feierabend.KindNote },
		"kind_later":           func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Kind = feierabend.KindOffer },
		"kind":                 func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Kind = "" },
		"missing_buyer_name":   func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Buyer = nil },
		"missing_address":      func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Buyer.Postcode = "" },
		"missing_supply":       func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Supply = nil },
		"supply":               func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Supply.From = "2026-11-31" },
		"share":                func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Share = ptr(dec("70")) },
		"missing_lines":        func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Lines = nil },
		"missing_text":         func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Lines[1].Text = " " },
		"missing_price":        func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Lines[1].Price = nil },
		"missing_quantity":     func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Lines[1].Quantity = nil },
		"missing_vat":          func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Questions = []string{"vat"} },
		"missing_answer":       func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Questions = []string{"due_days"} },
		"missing_totals":       func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Totals = nil },
		"missing_paid_invoice": func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Questions = []string{"paid.invoice"} },
		"missing_paid_amount":  func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Paid = &feierabend.Paid{Method: "cash"} },
		"paid_amount":          func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Paid = &feierabend.Paid{Amount: cents("500")} },
		"paid_rates": func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.Lines[0].VAT, dr.Totals = ptr(dec("7")), totals("191.50", "22.11", "213.61")
			dr.Paid = &feierabend.Paid{Amount: cents("100"), Invoice: "RE-2026-0007"}
		},
		"missing_seller_name":    func(_ *feierabend.Draft, p *feierabend.Profile) { p.Seller.Name = "" },
		"missing_seller_address": func(_ *feierabend.Draft, p *feierabend.Profile) { p.Seller.City = "" },
		"missing_tax_number":     func(_ *feierabend.Draft, p *feierabend.Profile) { p.Seller.TaxNumber = "" },
		"missing_iban":           func(_ *feierabend.Draft, p *feierabend.Profile) { p.Seller.IBAN = "" },
		"iban":                   func(_ *feierabend.Draft, p *feierabend.Profile) { p.Seller.IBAN = "DE02120300000000202052" },
		"missing_vat_scheme":     func(_ *feierabend.Draft, p *feierabend.Profile) { p.VATScheme = "" },
		"missing_vat_rate":       func(_ *feierabend.Draft, p *feierabend.Profile) { p.VATRate = 0 },
		"missing_seller_contact": func(dr *feierabend.Draft, p *feierabend.Profile) {
			dr.Buyer.Reference, p.Seller.Phone = "04011000-1234512345-06", ""
		},
		"missing_buyer_vat_id": func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.VATScheme = "reverse_charge" },
		"vat_conflict": func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.VATScheme, dr.Lines[0].VAT = "small_business", ptr(dec("19"))
		},
		"vat_rate":   func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Lines[0].VAT = ptr(dec("16")) },
		"vat_scheme": func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.VATScheme = "other" },
		"discount":   func(dr *feierabend.Draft, _ *feierabend.Profile) { dr.Discount = ptr(dec("101")) },
		"discount_rates": func(dr *feierabend.Draft, _ *feierabend.Profile) {
			dr.DiscountAmount, dr.Lines[0].VAT = cents("5"), ptr(dec("7"))
		},
		"sums_differ": func(dr *feierabend.Draft, _ *feierabend.Profile) { *dr.Totals.Gross++ },
	} {
		t.Run(code, func(t *testing.T) {
			dr, p := siphon(), profile()
			c(&dr, &p)
			_, err := invoicing.FromDraft(dr, p, "RE-2026-0042", issued)
			if feierabend.CodeOf(err) != code {
				t.Fatalf("error %v, want code %s", err, code)
			}
			want := feierabend.Invalid
			if code == "sums_differ" {
				want = feierabend.Internal
			}
			if feierabend.KindOf(err) != want || !strings.HasSuffix(feierabend.TextOf(err), ".") {
				t.Errorf("kind %s, text %q", feierabend.KindOf(err), feierabend.TextOf(err))
			}
		})
	}
}

// TestCashBasisFrom2028: § 14 Abs. 4 Nr. 6a UStG holds from 1 January 2028, and never under § 19.
func TestCashBasisFrom2028(t *testing.T) {
	for _, c := range []struct {
		on   time.Time
		cash bool
		want bool
	}{
		{time.Date(2027, 12, 31, 12, 0, 0, 0, time.UTC), true, false},
		{time.Date(2028, 1, 1, 12, 0, 0, 0, time.UTC), true, true},
		{time.Date(2028, 1, 1, 12, 0, 0, 0, time.UTC), false, false},
	} {
		p := profile()
		p.CashBasis = c.cash
		d, err := invoicing.FromDraft(siphon(), p, "RE-1", c.on)
		if err != nil || slices.Contains(d.Notes, "Versteuerung nach vereinnahmten Entgelten") != c.want {
			t.Errorf("%s, cash basis %v: notes %q, %v", c.on.Format(time.DateOnly), c.cash, d.Notes, err)
		}
	}
}
