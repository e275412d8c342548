package einvoice

import "feierabend"

func (p *parser) cii(root *node) {
	d := &p.doc
	d.Profile = profileOf(root.str("ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID"))
	head := root.at("ExchangedDocument")
	d.Number, d.TypeCode = head.str("ID"), head.str("TypeCode")
	d.Kind = kindOf(d.TypeCode)
	d.IssuedOn = p.date(head.str("IssueDateTime/DateTimeString"))
	for _, n := range head.all("IncludedNote") {
		if n.str("SubjectCode") == "REG" && d.RegisterNote == "" {
			d.RegisterNote = n.str("Content")
		} else {
			d.Notes = append(d.Notes, n.str("Content"))
		}
	}
	deal := root.at("SupplyChainTradeTransaction")
	for _, n := range deal.all("IncludedSupplyChainTradeLineItem") {
		d.Lines = append(d.Lines, p.ciiLine(n))
	}
	a := deal.at("ApplicableHeaderTradeAgreement")
	d.BuyerReference = a.str("BuyerReference")
	d.Seller, d.Buyer = p.ciiParty(a.at("SellerTradeParty")), p.ciiParty(a.at("BuyerTradeParty"))
	d.OrderReference = a.str("BuyerOrderReferencedDocument/IssuerAssignedID")
	d.ProjectReference = a.str("SpecifiedProcuringProject/ID")
	v := deal.at("ApplicableHeaderTradeDelivery")
	if s := v.at("ShipToTradeParty"); s != nil && s.at("PostalTradeAddress") != nil {
		to := p.ciiParty(s)
		d.DeliverTo = &to
	}
	d.SupplyTo = p.date(v.str("ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString"))
	d.SupplyFrom = d.SupplyTo
	p.ciiSettlement(deal.at("ApplicableHeaderTradeSettlement"))
}

func (p *parser) ciiLine(n *node) feierabend.DocumentLine {
	s := n.at("SpecifiedLineTradeSettlement")
	quantity := n.at("SpecifiedLineTradeDelivery/BilledQuantity")
	l := feierabend.DocumentLine{
		Name:     n.str("SpecifiedTradeProduct/Name"),
		Text:     n.str("SpecifiedTradeProduct/Description"),
		Quantity: p.dec(n, "SpecifiedLineTradeDelivery/BilledQuantity"),
		Unit:     quantity.attr("unitCode"),
		Price:    p.dec(n, "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount"),
		Per:      p.dec(n, "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/BasisQuantity"),
		Category: s.str("ApplicableTradeTax/CategoryCode"),
		Rate:     p.dec(s, "ApplicableTradeTax/RateApplicablePercent"),
		Net:      p.cents(s, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"),
	}
	for _, a := range s.all("SpecifiedTradeAllowanceCharge") {
		if a.str("ChargeIndicator/Indicator") == "true" {
			l.Adjust += p.cents(a, "ActualAmount")
		} else {
			l.Adjust -= p.cents(a, "ActualAmount")
		}
	}
	return l
}

func (p *parser) ciiParty(n *node) feierabend.Party {
	a, c := n.at("PostalTradeAddress"), n.at("DefinedTradeContact")
	q := feierabend.Party{
		Name: n.str("Name"), LegalInfo: n.str("Description"), LegalID: n.str("SpecifiedLegalOrganization/ID"),
		Contact: c.str("PersonName"), Phone: c.str("TelephoneUniversalCommunication/CompleteNumber"), Email: c.str("EmailURIUniversalCommunication/URIID"),
		Postcode: a.str("PostcodeCode"), Street: a.str("LineOne"), Extra: a.str("LineTwo"), City: a.str("CityName"), Country: a.str("CountryID"),
		ElectronicAddr: n.str("URIUniversalCommunication/URIID"), ElectronicScheme: n.at("URIUniversalCommunication/URIID").attr("schemeID"),
	}
	if q.Contact == "" {
		q.Contact = c.str("DepartmentName")
	}
	for _, r := range n.all("SpecifiedTaxRegistration") {
		switch r.at("ID").attr("schemeID") {
		case "VA":
			q.VATID = r.str("ID")
		case "FC":
			q.TaxNumber = r.str("ID")
		}
	}
	return q
}

func (p *parser) ciiSettlement(s *node) {
	d := &p.doc
	p.currency(s.str("InvoiceCurrencyCode"))
	if b := s.at("BillingSpecifiedPeriod"); b != nil {
		d.SupplyFrom, d.SupplyTo = p.date(b.str("StartDateTime/DateTimeString")), p.date(b.str("EndDateTime/DateTimeString"))
	}
	for _, t := range s.all("ApplicableTradeTax") {
		p.exempt(feierabend.Tax{
			Category: t.str("CategoryCode"), Rate: p.dec(t, "RateApplicablePercent"), Basis: p.cents(t, "BasisAmount"),
			Amount: p.cents(t, "CalculatedAmount"), Reason: t.str("ExemptionReason"), Code: t.str("ExemptionReasonCode"),
		})
	}
	for _, a := range s.all("SpecifiedTradeAllowanceCharge") {
		d.Allowances = append(d.Allowances, feierabend.Allowance{
			Charge: a.str("ChargeIndicator/Indicator") == "true", Amount: p.cents(a, "ActualAmount"),
			Reason: a.str("Reason"), Code: a.str("ReasonCode"), Category: a.str("CategoryTradeTax/CategoryCode"), Rate: p.dec(a, "CategoryTradeTax/RateApplicablePercent"),
		})
	}
	for _, t := range s.all("SpecifiedTradePaymentTerms") {
		p.terms(t.raw("Description"))
		d.DueOn = p.date(t.str("DueDateDateTime/DateTimeString"))
	}
	m := s.at("SpecifiedTradeSettlementHeaderMonetarySummation")
	d.Sums.Lines, d.Sums.Charges, d.Sums.Allowances = p.cents(m, "LineTotalAmount"), p.cents(m, "ChargeTotalAmount"), p.cents(m, "AllowanceTotalAmount")
	d.Sums.Net, d.Sums.Gross, d.Sums.Payable = p.cents(m, "TaxBasisTotalAmount"), p.cents(m, "GrandTotalAmount"), p.cents(m, "DuePayableAmount")
	d.Prepaid, d.Rounding = p.cents(m, "TotalPrepaidAmount"), p.cents(m, "RoundingAmount")
	for _, t := range m.all("TaxTotalAmount") { // BT-110; a second one is BT-111
		if c := t.attr("currencyID"); c == "EUR" || c == "" {
			d.Sums.VAT = p.cents(&node{kids: []*node{t}}, "TaxTotalAmount")
		}
	}
	for _, n := range s.all("SpecifiedTradeSettlementPaymentMeans") {
		if iban := n.str("PayeePartyCreditorFinancialAccount/IBANID"); d.IBAN == "" && iban != "" {
			d.IBAN, d.Account = iban, n.str("PayeePartyCreditorFinancialAccount/AccountName")
			d.BIC = n.str("PayeeSpecifiedCreditorFinancialInstitution/BICID")
		}
		p.paid(n.str("TypeCode"))
	}
	for _, r := range s.all("InvoiceReferencedDocument") {
		d.Preceding = append(d.Preceding, feierabend.Preceding{Number: r.str("IssuerAssignedID"), IssuedOn: p.date(r.str("FormattedIssueDateTime/DateTimeString"))})
	}
}
