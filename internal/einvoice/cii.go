package einvoice

import (
	"strconv"

	"feierabend"
)

const ciiRoot = `rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100" xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"`

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// CII writes a computed document as UN/CEFACT Cross Industry Invoice in the
// subset that both D16B (XRechnung) and D22B (ZUGFeRD 2.5) allow. An XRechnung
// that names several earlier invoices is an error (code use_ubl): D16B has room
// for one (BG-3).
func CII(d feierabend.Document) ([]byte, error) {
	if d.Profile == feierabend.ProfileXRechnung && len(d.Preceding) > 1 {
		return nil, unwritable("use_ubl", "Diese XRechnung nennt mehrere frühere Rechnungen. Das geht nur im Format UBL; bitte wählen Sie xrechnung-ubl.")
	}
	w := &xmlWriter{make([]byte, 0, 6144+1024*len(d.Lines))}
	w.b = append(w.b, xmlHead...)
	w.open(ciiRoot)
	ciiHead(w, &d)
	w.open("rsm:SupplyChainTradeTransaction")
	for i := range d.Lines {
		ciiLine(w, i+1, &d.Lines[i])
	}
	ciiAgreement(w, &d)
	ciiDelivery(w, &d)
	ciiSettlement(w, &d)
	w.close("rsm:SupplyChainTradeTransaction")
	w.close(ciiRoot)
	return w.b, nil
}

func ciiHead(w *xmlWriter, d *feierabend.Document) {
	w.open("rsm:ExchangedDocumentContext")
	if d.Profile == feierabend.ProfileXRechnung {
		w.wrapped("ram:BusinessProcessSpecifiedDocumentContextParameter", "ram:ID", processBilling) // BT-23
	}
	w.wrapped("ram:GuidelineSpecifiedDocumentContextParameter", "ram:ID", guide(d)) // BT-24
	w.close("rsm:ExchangedDocumentContext")
	w.open("rsm:ExchangedDocument")
	w.text("ram:ID", d.Number)              // BT-1
	w.text("ram:TypeCode", typeCode(d))     // BT-3
	w.date("ram:IssueDateTime", d.IssuedOn) // BT-2
	for _, n := range d.Notes {
		w.wrapped("ram:IncludedNote", "ram:Content", n) // BT-22
	}
	if d.RegisterNote != "" {
		w.open("ram:IncludedNote")
		w.text("ram:Content", d.RegisterNote)
		w.text("ram:SubjectCode", "REG") // BT-21
		w.close("ram:IncludedNote")
	}
	w.close("rsm:ExchangedDocument")
}

// date writes a date in format 102.
func (w *xmlWriter) date(tag string, d feierabend.Date) {
	if d.IsZero() {
		return
	}
	w.open(tag)
	w.text(`udt:DateTimeString format="102"`, compact(d))
	w.close(tag)
}

func ciiLine(w *xmlWriter, n int, l *feierabend.DocumentLine) {
	w.open("ram:IncludedSupplyChainTradeLineItem")
	w.wrapped("ram:AssociatedDocumentLineDocument", "ram:LineID", strconv.Itoa(n)) // BT-126
	w.open("ram:SpecifiedTradeProduct")
	w.text("ram:Name", l.Name)        // BT-153
	w.text("ram:Description", l.Text) // BT-154
	w.close("ram:SpecifiedTradeProduct")
	w.open("ram:SpecifiedLineTradeAgreement")
	w.open("ram:NetPriceProductTradePrice")
	w.dec("ram:ChargeAmount", l.Price) // BT-146
	if l.Per > 0 && l.Per != feierabend.One {
		w.openAttr("ram:BasisQuantity", "unitCode", l.Unit) // BT-149
		w.b = appendDec(w.b, l.Per)
		w.close("ram:BasisQuantity")
	}
	w.close("ram:NetPriceProductTradePrice")
	w.close("ram:SpecifiedLineTradeAgreement")
	w.open("ram:SpecifiedLineTradeDelivery")
	w.openAttr("ram:BilledQuantity", "unitCode", l.Unit) // BT-129, BT-130
	w.b = appendDec(w.b, l.Quantity)
	w.close("ram:BilledQuantity")
	w.close("ram:SpecifiedLineTradeDelivery")
	w.open("ram:SpecifiedLineTradeSettlement")
	w.open("ram:ApplicableTradeTax")
	w.text("ram:TypeCode", "VAT")
	w.text("ram:CategoryCode", l.Category)     // BT-151
	w.dec("ram:RateApplicablePercent", l.Rate) // BT-152
	w.close("ram:ApplicableTradeTax")
	if l.Adjust != 0 { // BG-27, BG-28
		w.open("ram:SpecifiedTradeAllowanceCharge")
		w.wrapped("ram:ChargeIndicator", "udt:Indicator", strconv.FormatBool(l.Adjust > 0))
		w.cents("ram:ActualAmount", max(l.Adjust, -l.Adjust))
		w.text("ram:Reason", adjustReason(l.Adjust))
		w.close("ram:SpecifiedTradeAllowanceCharge")
	}
	w.open("ram:SpecifiedTradeSettlementLineMonetarySummation")
	w.cents("ram:LineTotalAmount", l.Net) // BT-131
	w.close("ram:SpecifiedTradeSettlementLineMonetarySummation")
	w.close("ram:SpecifiedLineTradeSettlement")
	w.close("ram:IncludedSupplyChainTradeLineItem")
}

// openAttr writes a start tag with one attribute whose value comes from outside.
func (w *xmlWriter) openAttr(tag, name, value string) {
	w.b = append(append(append(append(append(w.b, '<'), tag...), ' '), name...), `="`...)
	w.escape(value)
	w.b = append(w.b, `">`...)
}

func adjustReason(c feierabend.Cents) string {
	if c < 0 {
		return "Nachlass"
	}
	return "Zuschlag"
}
