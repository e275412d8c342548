package einvoice

import (
	"fmt"

	"feierabend"
)

// Severity says whether a finding makes the document invalid.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // must not be issued, need not be accepted
	Warning Severity = "warning" // valid, but look at it
)

// Finding is a rule that a document breaks. Text is German, for people, and
// holds amounts and line numbers but no names.
type Finding struct {
	Rule     string   `json:"rule"` // "BR-CO-15", "BR-DE-15", "§ 14 Abs. 4 Nr. 2 UStG"
	Text     string   `json:"text"`
	Severity Severity `json:"severity"`
}

// findings collects.
type findings struct {
	list []Finding
	doc  *feierabend.Document
}

func (f *findings) err(rule, format string, a ...any) {
	f.list = append(f.list, Finding{rule, fmt.Sprintf(format, a...), Error})
}

func (f *findings) warn(rule, format string, a ...any) {
	f.list = append(f.list, Finding{rule, fmt.Sprintf(format, a...), Warning})
}

// need reports a missing value.
func (f *findings) need(value, rule, text string) {
	if value == "" {
		f.err(rule, "%s", text)
	}
}

// Check tests a document, computed by us or read by Parse, against the rules of
// EN 16931, XRechnung (profile xrechnung) and § 14 UStG that need no code lists.
// The order of findings is that of the document. No finding of severity Error
// means: we would issue it.
func Check(d feierabend.Document) []Finding {
	f := &findings{doc: &d}
	f.head()
	f.parties()
	f.lines()
	f.sums()
	f.taxes()
	f.paymentRules()
	if d.Profile == feierabend.ProfileXRechnung {
		f.xrechnung()
	}
	return f.list
}

// Valid says that no finding is an error.
func Valid(list []Finding) bool {
	for _, x := range list {
		if x.Severity == Error {
			return false
		}
	}
	return true
}

func (f *findings) head() {
	d := f.doc
	f.need(d.Number, "BR-02", "Die Rechnungsnummer fehlt.")
	f.need(string(d.IssuedOn), "BR-03", "Das Rechnungsdatum fehlt.")
	switch typeCode(d) {
	case "326", "380", "381", "384", "389", "875", "876", "877":
	default:
		f.err("BR-DE-17", "Die Rechnungsart „%s“ ist in Deutschland nicht vorgesehen.", typeCode(d))
	}
	for _, x := range []struct {
		name string
		date feierabend.Date
	}{{"Rechnungsdatum", d.IssuedOn}, {"Fälligkeit", d.DueOn}, {"Leistungsbeginn", d.SupplyFrom}, {"Leistungsende", d.SupplyTo}} {
		if _, ok := x.date.Time(); !ok && !x.date.IsZero() {
			f.err("BR-DATE", "%s: „%s“ ist kein Datum.", x.name, x.date)
		}
	}
	if d.SupplyFrom != "" && d.SupplyTo != "" && d.SupplyFrom > d.SupplyTo {
		f.err("BR-29", "Der Leistungszeitraum endet vor seinem Beginn.")
	}
	if d.SupplyFrom == "" && d.SupplyTo == "" {
		f.warn("§ 14 Abs. 4 Nr. 6 UStG", "Der Zeitpunkt der Leistung fehlt.")
	}
	if !d.DueOn.IsZero() && d.DueOn < d.IssuedOn {
		f.warn("DUE", "Die Fälligkeit liegt vor dem Rechnungsdatum.")
	}
	if typeCode(d) == "384" && len(d.Preceding) == 0 {
		f.warn("BR-DE-26", "Eine Korrektur soll die frühere Rechnung nennen.")
	}
	for _, p := range d.Preceding {
		f.need(p.Number, "BR-55", "Eine frühere Rechnung ist ohne Nummer genannt.")
	}
}

// smallAmount: § 33 UStDV asks less of invoices up to 250 € gross.
const smallAmount feierabend.Cents = 250_00

func (f *findings) parties() {
	d := f.doc
	f.need(d.Seller.Name, "BR-06", "Der Name des Rechnungsstellers fehlt.")
	f.need(d.Buyer.Name, "BR-07", "Der Name des Empfängers fehlt.")
	f.address(&d.Seller, "Rechnungsstellers", Error)
	severity := Error
	if s := d.Sums.Gross; s <= smallAmount && s >= -smallAmount {
		severity = Warning
	}
	f.address(&d.Buyer, "Empfängers", severity)
	if d.Seller.VATID == "" && d.Seller.TaxNumber == "" {
		severity := Error
		if !f.taxed() { // the norm asks only where tax is shown or reversed (BR-S-02, BR-AE-02)
			severity = Warning
		}
		f.list = append(f.list, Finding{"§ 14 Abs. 4 Nr. 2 UStG", "Es fehlen Steuernummer und USt-IdNr. des Rechnungsstellers.", severity})
	}
	for _, id := range []string{d.Seller.VATID, d.Buyer.VATID} {
		switch {
		case id == "":
		case len(id) < 4 || !upper(id[0]) || !upper(id[1]):
			f.err("BR-CO-09", "Eine USt-IdNr. beginnt nicht mit dem Länderkürzel.")
		case id[:2] == "DE" && !validGermanVATID(id):
			f.warn("VAT-ID", "Eine deutsche USt-IdNr. hat eine falsche Prüfziffer.")
		}
	}
	if p := d.DeliverTo; p != nil && len(country(p)) != 2 {
		f.err("BR-57", "Das Land des Lieferorts ist kein Länderkürzel.")
	}
}

func (f *findings) taxed() bool {
	for _, t := range f.doc.Sums.Taxes {
		if t.Category != "O" {
			return true
		}
	}
	return len(f.doc.Sums.Taxes) == 0
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// address: BR-08 to BR-11, and § 14 Abs. 4 Nr. 1 UStG, which wants the full address.
func (f *findings) address(p *feierabend.Party, who string, severity Severity) {
	if len(country(p)) != 2 || !upper(country(p)[0]) || !upper(country(p)[1]) {
		f.err("BR-CL-14", "Das Land des %s ist kein Länderkürzel.", who)
	}
	if p.City == "" || p.Postcode == "" && country(p) == "DE" {
		f.list = append(f.list, Finding{"§ 14 Abs. 4 Nr. 1 UStG", "Die Anschrift des " + who + " ist nicht vollständig.", severity})
	}
}

// xrechnung: what the German profile asks beyond the norm.
func (f *findings) xrechnung() {
	d := f.doc
	f.need(d.BuyerReference, "BR-DE-15", "Die Leitweg-ID oder Referenz des Käufers fehlt.")
	s := &d.Seller
	f.need(s.Contact, "BR-DE-5", "Der Ansprechpartner des Rechnungsstellers fehlt.")
	f.need(s.Phone, "BR-DE-6", "Die Telefonnummer des Rechnungsstellers fehlt.")
	f.need(s.Email, "BR-DE-7", "Die Mailadresse des Rechnungsstellers fehlt.")
	if s.Phone != "" && digits(s.Phone) < 3 {
		f.warn("BR-DE-27", "Die Telefonnummer hat weniger als drei Ziffern.")
	}
	if _, a := endpoint(s); a == "" {
		f.err("PEPPOL-EN16931-R020", "Die elektronische Adresse des Rechnungsstellers fehlt.")
	}
	if _, a := endpoint(&d.Buyer); a == "" {
		f.err("PEPPOL-EN16931-R010", "Die elektronische Adresse des Käufers fehlt.")
	}
}

func digits(s string) (n int) {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}
