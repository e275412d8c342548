package invoicing

import (
	"strings"

	"feierabend"
)

// cashBasisFrom is the first day on which invoices of firms that are taxed by what they
// have received must say so (§ 14 Abs. 4 Nr. 6a UStG). Before, the words would only ask
// for explanations.
const cashBasisFrom = feierabend.Date("2028-01-01")

// notes are the sentences that the law or fairness asks for (BT-22), by rule.
func notes(d *feierabend.Document, dr feierabend.Draft, p feierabend.Profile) (out []string) {
	property := !aboutVehicles(p.Trade)
	if dr.Prices == "gross" && d.Sums.VAT != 0 {
		out = append(out, "Vereinbart waren Bruttopreise. Einzelpreise und Beträge der Positionen sind hier ohne Umsatzsteuer angegeben.")
	}
	if p.CashBasis && d.Sums.VAT != 0 && d.IssuedOn >= cashBasisFrom {
		out = append(out, "Versteuerung nach vereinnahmten Entgelten")
	}
	if hasZeroRate(d) {
		out = append(out, "Für die mit 0 % ausgewiesenen Positionen gilt der Steuersatz 0 % nach § 12 Abs. 3 UStG (Photovoltaikanlagen).")
	}
	if !private(dr.Buyer) || !property {
		return out
	}
	if s := d.Sums; s.LabourGross > 0 && d.PaidMethod != "cash" { // § 35a Abs. 5 Satz 3 EStG: no cash
		text := "Im Rechnungsbetrag sind Lohn-, Fahrt- und Maschinenkosten von " + s.LabourGross.German() + " €"
		if s.LabourNet != s.LabourGross {
			text = "Im Rechnungsbetrag sind Lohn-, Fahrt- und Maschinenkosten von " + s.LabourNet.German() + " € netto (" + s.LabourGross.German() + " € einschließlich Umsatzsteuer)"
		}
		out = append(out, text+" enthalten. Dafür kann eine Steuerermäßigung nach § 35a EStG möglich sein.")
	}
	if hasWork(d) { // § 14 Abs. 4 Nr. 9 UStG
		out = append(out, "Als Privatperson müssen Sie diese Rechnung zwei Jahre lang aufbewahren (§ 14b Abs. 1 Satz 5 UStG).")
	}
	return out
}

// private says that the buyer is a person, not a firm, authority or owners' association.
func private(b *feierabend.Buyer) bool { return b.Company == "" && b.VATID == "" }

// aboutVehicles says that a trade does not work on property: neither § 35a EStG
// nor the two-year note applies.
func aboutVehicles(trade string) bool {
	t := strings.ToLower(trade)
	for _, word := range []string{"kfz", "kraftfahrzeug", "fahrzeug", "auto", "motorrad", "zweirad", "fahrrad", "reifen", "karosserie"} {
		if i := strings.Index(t, word); i >= 0 && !strings.HasPrefix(t[i:], "automat") && !strings.HasPrefix(t[i:], "autark") {
			return true
		}
	}
	return false
}

func hasZeroRate(d *feierabend.Document) bool {
	for _, t := range d.Sums.Taxes {
		if t.Category == "Z" {
			return true
		}
	}
	return false
}

// hasWork says that something was done, not only goods delivered.
func hasWork(d *feierabend.Document) bool {
	for _, l := range d.Lines {
		switch l.Kind {
		case feierabend.LineMaterial, feierabend.LineTravel, feierabend.LineDisposal:
		default:
			return true
		}
	}
	return false
}
