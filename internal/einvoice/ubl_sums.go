package einvoice

import (
	"strconv"

	"feierabend"
)

// euro writes an amount with its currency.
func (w *xmlWriter) euro(tag string, c feierabend.Cents) { w.cents(tag+` currencyID="EUR"`, c) }

func ublTaxCategory(w *xmlWriter, tag, category string, rate feierabend.Dec4, reason, code string) {
	w.open(tag)
	w.text("cbc:ID", category)
	w.dec("cbc:Percent", rate)
	w.text("cbc:TaxExemptionReasonCode", code)
	w.text("cbc:TaxExemptionReason", reason)
	w.wrapped("cac:TaxScheme", "cbc:ID", "VAT")
	w.close(tag)
}

func ublSums(w *xmlWriter, d *feierabend.Document) {
	s := &d.Sums
	w.open("cac:TaxTotal")
	w.euro("cbc:TaxAmount", s.VAT)
	for i := range s.Taxes {
		t := &s.Taxes[i]
		w.open("cac:TaxSubtotal")
		w.euro("cbc:TaxableAmount", t.Basis)
		w.euro("cbc:TaxAmount", t.Amount)
		ublTaxCategory(w, "cac:TaxCategory", t.Category, t.Rate, t.Reason, t.Code)
		w.close("cac:TaxSubtotal")
	}
	w.close("cac:TaxTotal")
	w.open("cac:LegalMonetaryTotal")
	w.euro("cbc:LineExtensionAmount", s.Lines)
	w.euro("cbc:TaxExclusiveAmount", s.Net)
	w.euro("cbc:TaxInclusiveAmount", s.Gross)
	if s.Allowances != 0 {
		w.euro("cbc:AllowanceTotalAmount", s.Allowances)
	}
	if s.Charges != 0 {
		w.euro("cbc:ChargeTotalAmount", s.Charges)
	}
	if d.Prepaid != 0 {
		w.euro("cbc:PrepaidAmount", d.Prepaid)
	}
	if d.Rounding != 0 {
		w.euro("cbc:PayableRoundingAmount", d.Rounding)
	}
	w.euro("cbc:PayableAmount", s.Payable)
	w.close("cac:LegalMonetaryTotal")
}

func ublLine(w *xmlWriter, n int, l *feierabend.DocumentLine) {
	w.open("cac:InvoiceLine")
	w.text("cbc:ID", strconv.Itoa(n))
	w.openAttr("cbc:InvoicedQuantity", "unitCode", l.Unit)
	w.b = appendDec(w.b, l.Quantity)
	w.close("cbc:InvoicedQuantity")
	w.euro("cbc:LineExtensionAmount", l.Net)
	if l.Adjust != 0 {
		w.open("cac:AllowanceCharge")
		w.text("cbc:ChargeIndicator", strconv.FormatBool(l.Adjust > 0))
		w.text("cbc:AllowanceChargeReason", adjustReason(l.Adjust))
		w.euro("cbc:Amount", max(l.Adjust, -l.Adjust))
		w.close("cac:AllowanceCharge")
	}
	w.open("cac:Item")
	w.text("cbc:Description", l.Text)
	w.text("cbc:Name", l.Name)
	ublTaxCategory(w, "cac:ClassifiedTaxCategory", l.Category, l.Rate, "", "")
	w.close("cac:Item")
	w.open("cac:Price")
	w.dec(`cbc:PriceAmount currencyID="EUR"`, l.Price)
	if l.Per > 0 && l.Per != feierabend.One {
		w.openAttr("cbc:BaseQuantity", "unitCode", l.Unit)
		w.b = appendDec(w.b, l.Per)
		w.close("cbc:BaseQuantity")
	}
	w.close("cac:Price")
	w.close("cac:InvoiceLine")
}
