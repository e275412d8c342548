package invoicing

import (
	"fmt"
	"strings"
	"time"

	"feierabend"
	"feierabend/internal/einvoice"
)

// FromDraft makes the computed document of an invoice draft. issued is the day
// of issue in the firm's time zone. The draft's totals are law: a document whose
// sums differ is an Internal error (code sums_differ), never issued.
func FromDraft(dr feierabend.Draft, p feierabend.Profile, number string, issued time.Time) (feierabend.Document, error) {
	var none feierabend.Document
	if err := kindError(dr.Kind); err != nil {
		return none, err
	}
	if err := draftError(dr); err != nil {
		return none, err
	}
	paidAll := dr.Paid != nil && dr.Paid.All
	xrechnung := leitwegID(dr.Buyer.Reference)
	if err := sellerError(p.Seller, paidAll, xrechnung); err != nil {
		return none, err
	}
	if p.VATScheme == "" && dr.VATScheme == "" { // § 14c UStG: wrongly shown tax is owed
		return none, invalid("missing_vat_scheme", "In Ihren Stammdaten fehlt noch, ob Sie Umsatzsteuer ausweisen. Bitte tragen Sie das dort nach.")
	}
	d := feierabend.Document{
		Kind: feierabend.KindInvoice, Profile: feierabend.ProfileEN16931, Number: number, TypeCode: "380", IssuedOn: feierabend.DateOf(issued),
		Seller: seller(p.Seller), Buyer: buyer(dr.Buyer), Site: dr.Site, BuyerReference: dr.Buyer.Reference,
		Greeting: greeting(dr.Buyer), IBAN: strings.ReplaceAll(p.Seller.IBAN, " ", ""), BIC: p.Seller.BIC, Account: p.Seller.AccountHolder,
	}
	if d.Account == "" {
		d.Account = p.Seller.Name
	}
	if p.Seller.RegisterID != "" { // BT-22 REG: receivers' portals ask for it
		d.RegisterNote = strings.Join(nonEmpty(p.Seller.Name, p.Seller.RegisterCourt, p.Seller.RegisterID, p.Seller.LegalInfo), ", ")
	}
	if xrechnung {
		d.Profile, d.Buyer.ElectronicScheme, d.Buyer.ElectronicAddr = feierabend.ProfileXRechnung, "0204", dr.Buyer.Reference
		if d.Seller.Contact == "" { // BT-41 may name the office
			d.Seller.Contact = d.Seller.Name
		}
	}
	if err := supply(&d, dr.Supply); err != nil {
		return none, err
	}
	if err := amounts(&d, dr, p); err != nil {
		return none, err
	}
	d.Compute()
	if err := sameSums(&d, dr.Totals); err != nil {
		return none, err
	}
	if err := paid(&d, dr.Paid); err != nil {
		return none, err
	}
	payment(&d, dr, p, issued)
	d.Notes = append(d.Notes, notes(&d, dr, p)...)
	return d, nil
}

func nonEmpty(parts ...string) (out []string) {
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func seller(s feierabend.Seller) feierabend.Party {
	return feierabend.Party{
		Name: s.Name, Tagline: s.Tagline, Contact: s.Contact, Phone: s.Phone, Email: s.Email, Street: s.Street, Postcode: s.Postcode,
		City: s.City, VATID: strings.ReplaceAll(s.VATID, " ", ""), TaxNumber: s.TaxNumber, LegalID: s.RegisterID, LegalInfo: s.LegalInfo,
	}
}

// buyer maps BG-7. A firm's contact person is BT-56; phone numbers of buyers are
// not needed on an invoice and stay out.
func buyer(b *feierabend.Buyer) feierabend.Party {
	p := feierabend.Party{Street: b.Street, Postcode: b.Postcode, City: b.City, Email: b.Email, VATID: strings.ReplaceAll(b.VATID, " ", "")}
	switch {
	case b.Company != "":
		p.Name, p.Contact = b.Company, strings.TrimSpace(b.Salutation+" "+b.Name)
		if b.Name == "" {
			p.Contact = ""
		}
	case b.Salutation == "Familie":
		p.Name = "Familie " + b.Name
	default:
		p.Salutation, p.Name = b.Salutation, b.Name
	}
	return p
}

func greeting(b *feierabend.Buyer) string {
	if b.Name != "" {
		switch b.Salutation {
		case "Frau", "Familie":
			return "Sehr geehrte " + b.Salutation + " " + b.Name + ","
		case "Herr":
			return "Sehr geehrter Herr " + b.Name + ","
		}
	}
	return "Sehr geehrte Damen und Herren,"
}

func supply(d *feierabend.Document, s *feierabend.Period) error {
	from, to := feierabend.Date(s.From), feierabend.Date(s.To)
	if from == "" {
		from = to
	}
	if to == "" {
		to = from
	}
	_, okFrom := from.Time()
	_, okTo := to.Time()
	if !okFrom || !okTo || from > to {
		return invalid("supply", "Der Leistungszeitraum stimmt nicht. Bitte nennen Sie Tag oder Zeitraum noch einmal.")
	}
	d.SupplyFrom, d.SupplyTo = from, to
	return nil
}

// sameSums compares with the draft's totals, which the person approved.
func sameSums(d *feierabend.Document, t *feierabend.Totals) error {
	gross := d.Sums.Gross + d.Rounding
	if gross == *t.Gross && (t.Net == nil || d.Sums.Net == *t.Net) && (t.VAT == nil || gross-d.Sums.Net == *t.VAT) {
		return nil
	}
	return &feierabend.Error{
		Kind: feierabend.Internal, Code: "sums_differ",
		Text: "Die Summen von Rechnung und Entwurf stimmen nicht überein, deshalb wurde nichts ausgestellt." + kept + " Bitte melden Sie das dem Betreiber.",
		Err:  fmt.Errorf("document and draft differ in their sums"),
	}
}

// paid sets BT-113 from what was received.
func paid(d *feierabend.Document, p *feierabend.Paid) error {
	if p == nil {
		return nil
	}
	total := d.Sums.Gross + d.Rounding
	switch {
	case p.All:
		d.Prepaid = total
	case p.Amount == nil:
		return invalid("missing_paid_amount", "Es fehlt noch, wie viel schon bezahlt ist. Bitte nennen Sie den Betrag.")
	case *p.Amount <= 0 || *p.Amount > total:
		return invalid("paid_amount", "Der schon bezahlte Betrag passt nicht zur Rechnung. Bitte prüfen Sie ihn.")
	default:
		d.Prepaid = *p.Amount
	}
	d.PaidMethod = p.Method
	d.Compute()
	return earlier(d, p.Invoice)
}

// earlier names the part invoice that a payment belongs to, with its tax (§ 14
// Abs. 5 Satz 2 UStG): without that the tax would be owed twice (§ 14c UStG). Over
// several rates nobody but the firm knows how the part was split.
func earlier(d *feierabend.Document, number string) error {
	if number == "" || number == feierabend.ChoiceNone {
		return nil
	}
	if len(d.Sums.Taxes) != 1 {
		return invalid("paid_rates", "Die Abschlagsrechnung, die schon bezahlt ist, muss mit ihrer Umsatzsteuer abgezogen werden, und hier gelten mehrere Steuersätze. Solche Schlussrechnungen können noch nicht ausgestellt werden.")
	}
	d.Preceding = []feierabend.Preceding{{Number: number}}
	text := "Angerechnet ist der Abschlag laut Rechnung " + number + " über " + d.Prepaid.German() + " €"
	if rate := d.Sums.Taxes[0].Rate; rate != 0 {
		net := fromGross(d.Prepaid, rate)
		text += " (" + net.German() + " € netto und " + (d.Prepaid - net).German() + " € Umsatzsteuer, " + rate.German(0) + " %)"
	}
	d.Notes = append(d.Notes, text+".")
	return nil
}

// payment sets due date, terms and Skonto (BT-9, BT-20).
func payment(d *feierabend.Document, dr feierabend.Draft, p feierabend.Profile, issued time.Time) {
	if d.Sums.Payable <= 0 {
		word := map[string]string{"cash": "Zahlung: bar. ", "card": "Zahlung: mit Karte. ", "transfer": "Zahlung: überwiesen. "}[d.PaidMethod]
		d.PaymentTerms = word + "Der Rechnungsbetrag ist bezahlt; es ist nichts mehr offen."
		return
	}
	days := p.DueDays
	if dr.DueDays != nil {
		days = *dr.DueDays
	}
	if c := dr.CashDiscount; c != nil && c.Days > 0 {
		skonto := *c
		d.CashDiscount = &skonto
		days = max(days, c.Days)
	}
	what := "den Betrag"
	if d.Prepaid > 0 {
		what = "den Restbetrag"
	}
	if days <= 0 {
		d.DueOn = d.IssuedOn
		d.PaymentTerms = "Bitte überweisen Sie " + what + " sofort nach Erhalt ohne Abzug."
		return
	}
	d.DueOn = feierabend.DateOf(issued.AddDate(0, 0, days))
	if c := d.CashDiscount; c != nil {
		d.PaymentTerms = fmt.Sprintf("Bei Zahlung innerhalb von %d Tagen gewähren wir %s %% Skonto, sonst überweisen Sie bitte %s bis zum %s ohne Abzug.",
			c.Days, c.Percent.German(0), what, d.DueOn.German())
		return
	}
	d.PaymentTerms = "Bitte überweisen Sie " + what + " bis zum " + d.DueOn.German() + " ohne Abzug."
}

// leitwegID says whether a buyer's reference is a Leitweg-ID with right check
// digits (ISO 7064, MOD 97-10): then the buyer is an authority and gets XRechnung.
func leitwegID(s string) bool {
	parts := strings.Split(s, "-")
	if len(parts) < 2 || len(parts) > 3 || len(s) > 46 || len(parts[0]) < 2 || len(parts[0]) > 12 || strings.Trim(parts[0], "0123456789") != "" {
		return false
	}
	check := parts[len(parts)-1]
	if len(check) != 2 || strings.Trim(check, "0123456789") != "" || len(parts) == 3 && (parts[1] == "" || len(parts[1]) > 30) {
		return false
	}
	rest := 0
	for _, c := range strings.ToUpper(strings.Join(parts, "")) {
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// findingError is the error for a document that our own checks refuse.
func findingError(list []einvoice.Finding) error {
	for _, f := range list {
		if f.Severity == einvoice.Error {
			return &feierabend.Error{
				Kind: feierabend.Invalid, Code: "rule", Err: fmt.Errorf("rule %s", f.Rule),
				Text: "Die Rechnung wäre so nicht gültig und wurde nicht ausgestellt: " + f.Text + kept,
			}
		}
	}
	return nil
}
