package invoicing

import (
	"strconv"
	"strings"

	"feierabend"
	"feierabend/internal/einvoice"
)

const kept = " Der Entwurf bleibt unverändert."

func invalid(code, text string) error {
	return &feierabend.Error{Kind: feierabend.Invalid, Code: code, Text: text + kept}
}

// kindError refuses what is not issued in this version.
func kindError(k feierabend.DraftKind) error {
	what := ""
	switch k {
	case feierabend.KindInvoice:
		return nil
	case feierabend.KindNote:
		return invalid("nothing_to_issue", "Diese Notiz enthält nichts zu berechnen, deshalb gibt es keinen Beleg dazu.")
	case feierabend.KindOffer:
		what = "Angebote"
	case feierabend.KindOrderConfirmation:
		what = "Auftragsbestätigungen"
	case feierabend.KindWorkReport:
		what = "Regieberichte"
	case feierabend.KindReminder:
		what = "Zahlungserinnerungen"
	case feierabend.KindInterimInvoice:
		what = "Abschlagsrechnungen"
	case feierabend.KindFinalInvoice:
		what = "Schlussrechnungen"
	default:
		return invalid("kind", "Diese Art von Beleg ist unbekannt.")
	}
	return invalid("kind_later", what+" können noch nicht ausgestellt werden; bisher gehen nur Rechnungen.")
}

// sellerError says what of the letterhead is missing (§ 14 Abs. 4 Nr. 1, 2 UStG).
func sellerError(s feierabend.Seller, paid, xrechnung bool) error {
	const where = " Bitte tragen Sie das in den Stammdaten nach."
	switch {
	case s.Name == "":
		return invalid("missing_seller_name", "In Ihren Stammdaten fehlt der Name des Betriebs."+where)
	case s.Street == "" || s.Postcode == "" || s.City == "":
		return invalid("missing_seller_address", "In Ihren Stammdaten fehlt die vollständige Anschrift des Betriebs."+where)
	case s.TaxNumber == "" && s.VATID == "":
		return invalid("missing_tax_number", "In Ihren Stammdaten fehlt die Steuernummer oder USt-IdNr., ohne die keine Rechnung gilt."+where)
	case s.IBAN == "" && !paid:
		return invalid("missing_iban", "In Ihren Stammdaten fehlt die IBAN für die Überweisung."+where)
	case s.IBAN != "" && !einvoice.ValidIBAN(s.IBAN):
		return invalid("iban", "Die IBAN in Ihren Stammdaten stimmt nicht: Länge oder Prüfziffern passen nicht. Bitte berichtigen Sie sie dort.")
	case xrechnung && (s.Phone == "" || s.Email == ""):
		return invalid("missing_seller_contact", "Für Rechnungen an Behörden braucht es Telefon und Mailadresse Ihres Betriebs."+where)
	}
	return nil
}

// draftError says what of the draft is missing: open questions first, then what
// § 14 Abs. 4 UStG asks for.
func draftError(dr feierabend.Draft) error {
	b := dr.Buyer
	switch {
	case b == nil || b.Name == "" && b.Company == "":
		return invalid("missing_buyer_name", "Es fehlt noch, an wen die Rechnung geht. Bitte ergänzen Sie Name oder Firma.")
	case !b.AddressComplete():
		return invalid("missing_address", "Es fehlt noch die Anschrift des Empfängers mit Straße, Postleitzahl und Ort. Bitte ergänzen Sie sie.")
	case dr.Supply == nil || dr.Supply.From == "" && dr.Supply.To == "":
		return invalid("missing_supply", "Es fehlt noch, wann die Arbeiten ausgeführt wurden. Bitte nennen Sie Tag oder Zeitraum.")
	case dr.Share != nil:
		return invalid("share", "Ein Anteil der Summe lässt sich nur als Abschlagsrechnung berechnen, und die kann noch nicht ausgestellt werden.")
	case len(dr.Lines) == 0:
		return invalid("missing_lines", "Die Rechnung hat noch keine Position. Bitte sagen Sie, was zu berechnen ist.")
	}
	for i, l := range dr.Lines {
		n := "Position " + strconv.Itoa(i+1)
		switch {
		case strings.TrimSpace(l.Text) == "":
			return invalid("missing_text", n+" hat noch keine Bezeichnung. Bitte ergänzen Sie sie.")
		case l.Quantity == nil || l.Unit == "":
			return invalid("missing_quantity", "Bei "+n+" fehlt noch die Menge. Bitte ergänzen Sie sie.")
		case l.Price == nil:
			return invalid("missing_price", "Bei "+n+" fehlt noch der Preis. Bitte ergänzen Sie ihn.")
		}
	}
	for _, q := range dr.Questions {
		switch q {
		case "vat":
			return invalid("missing_vat", "Der Steuersatz ist noch offen. Bitte beantworten Sie die Frage dazu.")
		case "paid.invoice":
			return invalid("missing_paid_invoice", "Zu der schon erhaltenen Zahlung ist noch offen, zu welcher Rechnung sie gehört. Bitte beantworten Sie die Frage dazu.")
		}
	}
	if len(dr.Questions) > 0 {
		return invalid("missing_answer", "Zu diesem Entwurf ist noch eine Frage offen. Bitte beantworten Sie sie zuerst.")
	}
	if dr.Totals == nil || dr.Totals.Gross == nil {
		return invalid("missing_totals", "Die Summe dieses Entwurfs steht noch nicht fest. Ein Nachlass in Euro bei mehreren Steuersätzen lässt sich nicht aufteilen; nennen Sie ihn dann bitte in Prozent.")
	}
	return nil
}
