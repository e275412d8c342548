package einvoice

import "feierabend"

func ciiAgreement(w *xmlWriter, d *feierabend.Document) {
	w.open("ram:ApplicableHeaderTradeAgreement")
	w.text("ram:BuyerReference", d.BuyerReference) // BT-10
	ciiParty(w, "ram:SellerTradeParty", &d.Seller, true)
	ciiParty(w, "ram:BuyerTradeParty", &d.Buyer, false)
	w.wrapped("ram:BuyerOrderReferencedDocument", "ram:IssuerAssignedID", d.OrderReference) // BT-13
	if d.ProjectReference != "" {
		w.open("ram:SpecifiedProcuringProject") // BT-11
		w.text("ram:ID", d.ProjectReference)
		w.text("ram:Name", d.ProjectReference)
		w.close("ram:SpecifiedProcuringProject")
	}
	w.close("ram:ApplicableHeaderTradeAgreement")
}

func ciiDelivery(w *xmlWriter, d *feierabend.Document) {
	w.open("ram:ApplicableHeaderTradeDelivery")
	if p := d.DeliverTo; p != nil {
		w.open("ram:ShipToTradeParty")
		w.text("ram:Name", p.Name) // BT-70
		ciiAddress(w, p)           // BG-15
		w.close("ram:ShipToTradeParty")
	}
	// BT-72. A period (BG-14) has it too where the group would else be empty, which
	// the schema demands and PEPPOL-EN16931-R008 forbids: the day of completion.
	if !d.SupplyTo.IsZero() && (d.SupplyTo == d.SupplyFrom || d.DeliverTo == nil) {
		w.open("ram:ActualDeliverySupplyChainEvent")
		w.date("ram:OccurrenceDateTime", d.SupplyTo) // BT-72
		w.close("ram:ActualDeliverySupplyChainEvent")
	}
	w.close("ram:ApplicableHeaderTradeDelivery")
}

func ciiAddress(w *xmlWriter, p *feierabend.Party) {
	w.open("ram:PostalTradeAddress")
	w.text("ram:PostcodeCode", p.Postcode)
	w.text("ram:LineOne", p.Street)
	w.text("ram:LineTwo", p.Extra)
	w.text("ram:CityName", p.City)
	w.text("ram:CountryID", country(p))
	w.close("ram:PostalTradeAddress")
}

func ciiParty(w *xmlWriter, tag string, p *feierabend.Party, seller bool) {
	w.open(tag)
	if seller {
		w.text("ram:ID", sellerID(p)) // BT-29
	}
	w.text("ram:Name", p.Name) // BT-27, BT-44
	if seller {
		w.text("ram:Description", p.LegalInfo) // BT-33
	}
	w.wrapped("ram:SpecifiedLegalOrganization", "ram:ID", p.LegalID) // BT-30, BT-47
	if p.Contact != "" || p.Phone != "" || p.Email != "" {           // BG-6, BG-9
		w.open("ram:DefinedTradeContact")
		w.text("ram:PersonName", p.Contact)
		w.wrapped("ram:TelephoneUniversalCommunication", "ram:CompleteNumber", p.Phone)
		w.wrapped("ram:EmailURIUniversalCommunication", "ram:URIID", p.Email)
		w.close("ram:DefinedTradeContact")
	}
	ciiAddress(w, p)
	if scheme, address := endpoint(p); address != "" { // BT-34, BT-49
		w.open("ram:URIUniversalCommunication")
		w.attr("ram:URIID", "schemeID", scheme, address)
		w.close("ram:URIUniversalCommunication")
	}
	if seller && p.TaxNumber != "" { // BT-32
		w.open("ram:SpecifiedTaxRegistration")
		w.text(`ram:ID schemeID="FC"`, p.TaxNumber)
		w.close("ram:SpecifiedTaxRegistration")
	}
	if p.VATID != "" { // BT-31, BT-48
		w.open("ram:SpecifiedTaxRegistration")
		w.text(`ram:ID schemeID="VA"`, p.VATID)
		w.close("ram:SpecifiedTaxRegistration")
	}
	w.close(tag)
}
