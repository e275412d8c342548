// Package einvoice turns a Document into EN 16931 XML and back, and checks it.
//
//	CII    UN/CEFACT CrossIndustryInvoice: the XML inside a ZUGFeRD PDF, or XRechnung
//	UBL    OASIS UBL 2.1 invoice: XRechnung, also with several preceding invoices
//	Parse  either syntax, from anybody, with limits: for "feierabend check" and re-import
//	Check  the rules of EN 16931, XRechnung and § 14 UStG that need no code lists
//
// The writers print what the document says and never calculate: call
// Document.Compute before. They are judged by the official rules (tools/referee).
// Check is not a replacement for those: it is what we can know in microseconds
// before a document is issued. Same document, same bytes.
package einvoice

import (
	"strings"

	"feierabend"
)

// BT-24 and BT-23 of the profiles.
const (
	guideEN16931   = "urn:cen.eu:en16931:2017"
	guideXRechnung = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
	processBilling = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
)

// guide is BT-24.
func guide(d *feierabend.Document) string {
	if d.Profile == feierabend.ProfileXRechnung {
		return guideXRechnung
	}
	return guideEN16931
}

// typeCode is BT-3.
func typeCode(d *feierabend.Document) string {
	if d.TypeCode == "" {
		return "380"
	}
	return d.TypeCode
}

// country is BT-40, BT-55, BT-80.
func country(p *feierabend.Party) string {
	if p.Country == "" {
		return "DE"
	}
	return p.Country
}

// sellerID is BT-29: BR-CO-26 wants BT-29, BT-30 or BT-31, and a Steuernummer
// (BT-32) alone is not enough, so it is repeated here.
func sellerID(p *feierabend.Party) string {
	if p.VATID == "" && p.LegalID == "" {
		return p.TaxNumber
	}
	return ""
}

// endpoint is BT-34 and BT-49: the address as given, else the mail address (scheme EM).
func endpoint(p *feierabend.Party) (scheme, address string) {
	switch {
	case p.ElectronicAddr != "" && p.ElectronicScheme != "":
		return p.ElectronicScheme, p.ElectronicAddr
	case p.ElectronicAddr != "":
		return "EM", p.ElectronicAddr
	case p.Email != "":
		return "EM", p.Email
	}
	return "", ""
}

// paymentMeans is BT-81: 58 SEPA transfer, 10 cash, 54 card; 1 (not defined) for
// cards in XRechnung, where 54 would ask for the card number (BR-DE-24-a).
func paymentMeans(d *feierabend.Document) string {
	if d.Sums.Payable > 0 {
		return "58"
	}
	switch d.PaidMethod {
	case "cash":
		return "10"
	case "card":
		if d.Profile == feierabend.ProfileXRechnung {
			return "1"
		}
		return "54"
	}
	if d.IBAN == "" {
		return "1"
	}
	return "58"
}

// creditTransfer says whether BG-17 is written.
func creditTransfer(d *feierabend.Document) bool { return d.IBAN != "" && paymentMeans(d) == "58" }

// terms is BT-20. BR-DE-18: the Skonto line stands alone, has two decimals and
// ends with # and a line break.
func terms(d *feierabend.Document) string {
	c := d.CashDiscount
	if c == nil || c.Days == 0 {
		return d.PaymentTerms
	}
	w := xmlWriter{}
	w.b = append(w.b, d.PaymentTerms...)
	if d.PaymentTerms != "" {
		w.b = append(w.b, '\n')
	}
	w.b = append(w.b, "#SKONTO#TAGE="...)
	w.b = appendInt(w.b, int64(c.Days))
	w.b = append(w.b, "#PROZENT="...)
	w.b = appendCents(w.b, feierabend.Cents(c.Percent/100))
	w.b = append(w.b, "#\n"...)
	return string(w.b)
}

// compact is a date without dashes (format 102).
func compact(d feierabend.Date) string { return strings.ReplaceAll(string(d), "-", "") }

// unwritable is the error for documents that a syntax cannot express.
func unwritable(code, text string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: text}
}
