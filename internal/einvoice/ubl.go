package einvoice

import (
	"strconv"

	"feierabend"
)

const ublRoot = `Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"`

// UBL writes a computed document as UBL 2.1 invoice (XRechnung; with the profile
// en16931 the bare norm). Credit notes (381) are a root element of their own and
// an error here (code ubl_credit_note).
func UBL(d feierabend.Document) ([]byte, error) {
	if typeCode(&d) == "381" {
		return nil, unwritable("ubl_credit_note", "Kaufmännische Gutschriften (381) schreiben wir nur als CII. Bitte wählen Sie xrechnung-cii.")
	}
	w := &xmlWriter{make([]byte, 0, 6144+1024*len(d.Lines))}
	w.b = append(w.b, xmlHead...)
	w.open(ublRoot)
	ublHead(w, &d)
	w.open("cac:AccountingSupplierParty")
	ublParty(w, &d.Seller, true)
	w.close("cac:AccountingSupplierParty")
	w.open("cac:AccountingCustomerParty")
	ublParty(w, &d.Buyer, false)
	w.close("cac:AccountingCustomerParty")
	ublDelivery(w, &d)
	ublPayment(w, &d)
	for i := range d.Allowances {
		ublAllowance(w, &d.Allowances[i])
	}
	ublSums(w, &d)
	for i := range d.Lines {
		ublLine(w, i+1, &d.Lines[i])
	}
	w.close(ublRoot)
	return w.b, nil
}

func ublHead(w *xmlWriter, d *feierabend.Document) {
	w.text("cbc:CustomizationID", guide(d)) // BT-24
	if d.Profile == feierabend.ProfileXRechnung {
		w.text("cbc:ProfileID", processBilling) // BT-23
	}
	w.text("cbc:ID", d.Number)
	w.text("cbc:IssueDate", string(d.IssuedOn))
	w.text("cbc:DueDate", string(d.DueOn))
	w.text("cbc:InvoiceTypeCode", typeCode(d))
	for _, n := range d.Notes {
		w.text("cbc:Note", n)
	}
	if d.RegisterNote != "" {
		w.text("cbc:Note", "#REG#"+d.RegisterNote)
	}
	w.text("cbc:DocumentCurrencyCode", "EUR")
	w.text("cbc:BuyerReference", d.BuyerReference)
	if d.SupplyFrom != d.SupplyTo {
		w.open("cac:InvoicePeriod")
		w.text("cbc:StartDate", string(d.SupplyFrom))
		w.text("cbc:EndDate", string(d.SupplyTo))
		w.close("cac:InvoicePeriod")
	}
	w.wrapped("cac:OrderReference", "cbc:ID", d.OrderReference)
	for _, p := range d.Preceding {
		w.open("cac:BillingReference")
		w.open("cac:InvoiceDocumentReference")
		w.text("cbc:ID", p.Number)
		w.text("cbc:IssueDate", string(p.IssuedOn))
		w.close("cac:InvoiceDocumentReference")
		w.close("cac:BillingReference")
	}
	w.wrapped("cac:ProjectReference", "cbc:ID", d.ProjectReference)
}

func ublAddress(w *xmlWriter, tag string, p *feierabend.Party) {
	w.open(tag)
	w.text("cbc:StreetName", p.Street)
	w.text("cbc:AdditionalStreetName", p.Extra)
	w.text("cbc:CityName", p.City)
	w.text("cbc:PostalZone", p.Postcode)
	w.wrapped("cac:Country", "cbc:IdentificationCode", country(p))
	w.close(tag)
}

func ublParty(w *xmlWriter, p *feierabend.Party, seller bool) {
	w.open("cac:Party")
	if scheme, address := endpoint(p); address != "" {
		w.attr("cbc:EndpointID", "schemeID", scheme, address)
	}
	if seller {
		w.wrapped("cac:PartyIdentification", "cbc:ID", sellerID(p))
	}
	ublAddress(w, "cac:PostalAddress", p)
	ublRegistration(w, p.VATID, "VAT")
	if seller {
		ublRegistration(w, p.TaxNumber, "FC")
	}
	w.open("cac:PartyLegalEntity")
	w.text("cbc:RegistrationName", p.Name)
	w.text("cbc:CompanyID", p.LegalID)
	if seller {
		w.text("cbc:CompanyLegalForm", p.LegalInfo)
	}
	w.close("cac:PartyLegalEntity")
	if p.Contact != "" || p.Phone != "" || p.Email != "" {
		w.open("cac:Contact")
		w.text("cbc:Name", p.Contact)
		w.text("cbc:Telephone", p.Phone)
		w.text("cbc:ElectronicMail", p.Email)
		w.close("cac:Contact")
	}
	w.close("cac:Party")
}

func ublRegistration(w *xmlWriter, id, scheme string) {
	if id == "" {
		return
	}
	w.open("cac:PartyTaxScheme")
	w.text("cbc:CompanyID", id)
	w.wrapped("cac:TaxScheme", "cbc:ID", scheme)
	w.close("cac:PartyTaxScheme")
}

func ublDelivery(w *xmlWriter, d *feierabend.Document) {
	oneDay := !d.SupplyTo.IsZero() && d.SupplyFrom == d.SupplyTo
	if d.DeliverTo == nil && !oneDay {
		return
	}
	w.open("cac:Delivery")
	if oneDay {
		w.text("cbc:ActualDeliveryDate", string(d.SupplyTo))
	}
	if p := d.DeliverTo; p != nil {
		w.open("cac:DeliveryLocation")
		ublAddress(w, "cac:Address", p)
		w.close("cac:DeliveryLocation")
		if p.Name != "" {
			w.open("cac:DeliveryParty")
			w.wrapped("cac:PartyName", "cbc:Name", p.Name)
			w.close("cac:DeliveryParty")
		}
	}
	w.close("cac:Delivery")
}

func ublPayment(w *xmlWriter, d *feierabend.Document) {
	w.open("cac:PaymentMeans")
	w.text("cbc:PaymentMeansCode", paymentMeans(d))
	if creditTransfer(d) {
		w.text("cbc:PaymentID", d.Number)
		w.open("cac:PayeeFinancialAccount")
		w.text("cbc:ID", d.IBAN)
		w.text("cbc:Name", d.Account)
		w.wrapped("cac:FinancialInstitutionBranch", "cbc:ID", d.BIC)
		w.close("cac:PayeeFinancialAccount")
	}
	w.close("cac:PaymentMeans")
	w.wrapped("cac:PaymentTerms", "cbc:Note", terms(d))
}

func ublAllowance(w *xmlWriter, a *feierabend.Allowance) {
	w.open("cac:AllowanceCharge")
	w.text("cbc:ChargeIndicator", strconv.FormatBool(a.Charge))
	w.text("cbc:AllowanceChargeReasonCode", a.Code)
	w.text("cbc:AllowanceChargeReason", a.Reason)
	w.euro("cbc:Amount", a.Amount)
	ublTaxCategory(w, "cac:TaxCategory", a.Category, a.Rate, "", "")
	w.close("cac:AllowanceCharge")
}
