package einvoice

import (
	"strconv"

	"feierabend"
)

func ciiSettlement(w *xmlWriter, d *feierabend.Document) {
	w.open("ram:ApplicableHeaderTradeSettlement")
	if creditTransfer(d) {
		w.text("ram:PaymentReference", d.Number) // BT-83
	}
	w.text("ram:InvoiceCurrencyCode", "EUR") // BT-5
	ciiMeans(w, d)
	for i := range d.Sums.Taxes {
		ciiTax(w, &d.Sums.Taxes[i])
	}
	if d.SupplyFrom != d.SupplyTo { // BT-73, BT-74
		w.open("ram:BillingSpecifiedPeriod")
		w.date("ram:StartDateTime", d.SupplyFrom)
		w.date("ram:EndDateTime", d.SupplyTo)
		w.close("ram:BillingSpecifiedPeriod")
	}
	for i := range d.Allowances {
		ciiAllowance(w, &d.Allowances[i])
	}
	if t := terms(d); t != "" || !d.DueOn.IsZero() {
		w.open("ram:SpecifiedTradePaymentTerms")
		w.text("ram:Description", t)           // BT-20
		w.date("ram:DueDateDateTime", d.DueOn) // BT-9
		w.close("ram:SpecifiedTradePaymentTerms")
	}
	ciiSums(w, d)
	for _, p := range d.Preceding { // BG-3
		w.open("ram:InvoiceReferencedDocument")
		w.text("ram:IssuerAssignedID", p.Number)
		if !p.IssuedOn.IsZero() {
			w.open("ram:FormattedIssueDateTime")
			w.text(`qdt:DateTimeString format="102"`, compact(p.IssuedOn))
			w.close("ram:FormattedIssueDateTime")
		}
		w.close("ram:InvoiceReferencedDocument")
	}
	w.close("ram:ApplicableHeaderTradeSettlement")
}

func ciiMeans(w *xmlWriter, d *feierabend.Document) {
	w.open("ram:SpecifiedTradeSettlementPaymentMeans")
	w.text("ram:TypeCode", paymentMeans(d)) // BT-81
	if creditTransfer(d) {
		w.open("ram:PayeePartyCreditorFinancialAccount")
		w.text("ram:IBANID", d.IBAN)         // BT-84
		w.text("ram:AccountName", d.Account) // BT-85
		w.close("ram:PayeePartyCreditorFinancialAccount")
		w.wrapped("ram:PayeeSpecifiedCreditorFinancialInstitution", "ram:BICID", d.BIC) // BT-86
	}
	w.close("ram:SpecifiedTradeSettlementPaymentMeans")
}

func ciiTax(w *xmlWriter, t *feierabend.Tax) {
	w.open("ram:ApplicableTradeTax")
	w.cents("ram:CalculatedAmount", t.Amount) // BT-117
	w.text("ram:TypeCode", "VAT")
	w.text("ram:ExemptionReason", t.Reason)    // BT-120
	w.cents("ram:BasisAmount", t.Basis)        // BT-116
	w.text("ram:CategoryCode", t.Category)     // BT-118
	w.text("ram:ExemptionReasonCode", t.Code)  // BT-121
	w.dec("ram:RateApplicablePercent", t.Rate) // BT-119
	w.close("ram:ApplicableTradeTax")
}

func ciiAllowance(w *xmlWriter, a *feierabend.Allowance) {
	w.open("ram:SpecifiedTradeAllowanceCharge")
	w.wrapped("ram:ChargeIndicator", "udt:Indicator", strconv.FormatBool(a.Charge))
	w.cents("ram:ActualAmount", a.Amount) // BT-92, BT-99
	w.text("ram:ReasonCode", a.Code)      // BT-98, BT-105
	w.text("ram:Reason", a.Reason)        // BT-97, BT-104
	w.open("ram:CategoryTradeTax")
	w.text("ram:TypeCode", "VAT")
	w.text("ram:CategoryCode", a.Category)     // BT-95, BT-102
	w.dec("ram:RateApplicablePercent", a.Rate) // BT-96, BT-103
	w.close("ram:CategoryTradeTax")
	w.close("ram:SpecifiedTradeAllowanceCharge")
}

func ciiSums(w *xmlWriter, d *feierabend.Document) {
	s := &d.Sums
	w.open("ram:SpecifiedTradeSettlementHeaderMonetarySummation")
	w.cents("ram:LineTotalAmount", s.Lines) // BT-106
	if s.Charges != 0 {
		w.cents("ram:ChargeTotalAmount", s.Charges) // BT-108
	}
	if s.Allowances != 0 {
		w.cents("ram:AllowanceTotalAmount", s.Allowances) // BT-107
	}
	w.cents("ram:TaxBasisTotalAmount", s.Net)             // BT-109
	w.cents(`ram:TaxTotalAmount currencyID="EUR"`, s.VAT) // BT-110; BR-CO-15 fails without the currency
	if d.Rounding != 0 {
		w.cents("ram:RoundingAmount", d.Rounding) // BT-114
	}
	w.cents("ram:GrandTotalAmount", s.Gross) // BT-112
	if d.Prepaid != 0 {
		w.cents("ram:TotalPrepaidAmount", d.Prepaid) // BT-113
	}
	w.cents("ram:DuePayableAmount", s.Payable) // BT-115
	w.close("ram:SpecifiedTradeSettlementHeaderMonetarySummation")
}
