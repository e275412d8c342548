package einvoice

import (
	"strings"

	"feierabend"
)

func (p *parser) ubl(root *node) {
	d := &p.doc
	d.Profile = profileOf(root.str("CustomizationID"))
	d.Number, d.IssuedOn, d.DueOn = root.str("ID"), p.date(root.str("IssueDate")), p.date(root.str("DueDate"))
	d.TypeCode = root.str("InvoiceTypeCode") + root.str("CreditNoteTypeCode")
	d.Kind = kindOf(d.TypeCode)
	p.currency(root.str("DocumentCurrencyCode"))
	for _, n := range root.all("Note") {
		if t, ok := strings.CutPrefix(strings.TrimSpace(string(n.text)), "#REG#"); ok && d.RegisterNote == "" {
			d.RegisterNote = t
		} else if t != "" {
			d.Notes = append(d.Notes, t)
		}
	}
	d.BuyerReference = root.str("BuyerReference")
	d.OrderReference, d.ProjectReference = root.str("OrderReference/ID"), root.str("ProjectReference/ID")
	for _, n := range root.all("BillingReference") {
		r := n.at("InvoiceDocumentReference")
		d.Preceding = append(d.Preceding, feierabend.Preceding{Number: r.str("ID"), IssuedOn: p.date(r.str("IssueDate"))})
	}
	d.Seller, d.Buyer = p.ublParty(root.at("AccountingSupplierParty/Party")), p.ublParty(root.at("AccountingCustomerParty/Party"))
	p.ublDelivery(root)
	p.ublPayment(root)
	p.ublSums(root)
	for _, name := range []string{"InvoiceLine", "CreditNoteLine"} {
		for _, n := range root.all(name) {
			d.Lines = append(d.Lines, p.ublLine(n))
		}
	}
}

func (p *parser) ublParty(n *node) feierabend.Party {
	c := n.at("Contact")
	q := feierabend.Party{
		Name: n.str("PartyLegalEntity/RegistrationName"), LegalID: n.str("PartyLegalEntity/CompanyID"), LegalInfo: n.str("PartyLegalEntity/CompanyLegalForm"),
		Contact: c.str("Name"), Phone: c.str("Telephone"), Email: c.str("ElectronicMail"),
		ElectronicAddr: n.str("EndpointID"), ElectronicScheme: n.at("EndpointID").attr("schemeID"),
	}
	ublAddressInto(&q, n.at("PostalAddress"))
	for _, r := range n.all("PartyTaxScheme") {
		if r.str("TaxScheme/ID") == "VAT" {
			q.VATID = r.str("CompanyID")
		} else {
			q.TaxNumber = r.str("CompanyID")
		}
	}
	return q
}

func ublAddressInto(q *feierabend.Party, a *node) {
	q.Street, q.Extra, q.City = a.str("StreetName"), a.str("AdditionalStreetName"), a.str("CityName")
	q.Postcode, q.Country = a.str("PostalZone"), a.str("Country/IdentificationCode")
}

func (p *parser) ublDelivery(root *node) {
	d, v := &p.doc, root.at("Delivery")
	d.SupplyTo = p.date(v.str("ActualDeliveryDate"))
	d.SupplyFrom = d.SupplyTo
	if b := root.at("InvoicePeriod"); b != nil && b.str("StartDate")+b.str("EndDate") != "" {
		d.SupplyFrom, d.SupplyTo = p.date(b.str("StartDate")), p.date(b.str("EndDate"))
	}
	if a := v.at("DeliveryLocation/Address"); a != nil {
		to := feierabend.Party{Name: v.str("DeliveryParty/PartyName/Name")}
		ublAddressInto(&to, a)
		d.DeliverTo = &to
	}
}

func (p *parser) ublPayment(root *node) {
	d := &p.doc
	m := root.at("LegalMonetaryTotal")
	d.Prepaid, d.Rounding = p.cents(m, "PrepaidAmount"), p.cents(m, "PayableRoundingAmount")
	for _, n := range root.all("PaymentMeans") {
		if id := n.str("PayeeFinancialAccount/ID"); d.IBAN == "" && id != "" {
			d.IBAN, d.Account = id, n.str("PayeeFinancialAccount/Name")
			d.BIC = n.str("PayeeFinancialAccount/FinancialInstitutionBranch/ID")
		}
		if d.DueOn.IsZero() { // credit notes have the due date here
			d.DueOn = p.date(n.str("PaymentDueDate"))
		}
		p.paid(n.str("PaymentMeansCode"))
	}
	p.terms(root.raw("PaymentTerms/Note"))
}

func (p *parser) ublSums(root *node) {
	d := &p.doc
	for _, a := range root.all("AllowanceCharge") {
		d.Allowances = append(d.Allowances, feierabend.Allowance{
			Charge: a.str("ChargeIndicator") == "true", Amount: p.cents(a, "Amount"),
			Reason: a.str("AllowanceChargeReason"), Code: a.str("AllowanceChargeReasonCode"), Category: a.str("TaxCategory/ID"), Rate: p.dec(a, "TaxCategory/Percent"),
		})
	}
	for _, t := range root.all("TaxTotal") { // BT-110 has the breakdown; BT-111 has none
		if c := t.at("TaxAmount").attr("currencyID"); c != "EUR" && c != "" {
			continue
		}
		d.Sums.VAT = p.cents(t, "TaxAmount")
		for _, s := range t.all("TaxSubtotal") {
			c := s.at("TaxCategory")
			p.exempt(feierabend.Tax{
				Category: c.str("ID"), Rate: p.dec(c, "Percent"), Basis: p.cents(s, "TaxableAmount"), Amount: p.cents(s, "TaxAmount"),
				Reason: c.str("TaxExemptionReason"), Code: c.str("TaxExemptionReasonCode"),
			})
		}
	}
	m := root.at("LegalMonetaryTotal")
	d.Sums.Lines, d.Sums.Net, d.Sums.Gross = p.cents(m, "LineExtensionAmount"), p.cents(m, "TaxExclusiveAmount"), p.cents(m, "TaxInclusiveAmount")
	d.Sums.Allowances, d.Sums.Charges, d.Sums.Payable = p.cents(m, "AllowanceTotalAmount"), p.cents(m, "ChargeTotalAmount"), p.cents(m, "PayableAmount")
}

func (p *parser) ublLine(n *node) feierabend.DocumentLine {
	quantity := "InvoicedQuantity"
	if n.at(quantity) == nil {
		quantity = "CreditedQuantity"
	}
	c := n.at("Item/ClassifiedTaxCategory")
	l := feierabend.DocumentLine{
		Name: n.str("Item/Name"), Text: n.str("Item/Description"), Quantity: p.dec(n, quantity), Unit: n.at(quantity).attr("unitCode"),
		Price: p.dec(n, "Price/PriceAmount"), Per: p.dec(n, "Price/BaseQuantity"), Category: c.str("ID"), Rate: p.dec(c, "Percent"), Net: p.cents(n, "LineExtensionAmount"),
	}
	for _, a := range n.all("AllowanceCharge") {
		if a.str("ChargeIndicator") == "true" {
			l.Adjust += p.cents(a, "Amount")
		} else {
			l.Adjust -= p.cents(a, "Amount")
		}
	}
	return l
}
