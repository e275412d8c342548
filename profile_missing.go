package feierabend

import "strings"

// Fact is something about the firm that a document needs.
type Fact string

// The facts, in the order in which they are asked.
const (
	FactName     Fact = "name"
	FactAddress  Fact = "address"
	FactTax      Fact = "tax" // Steuernummer or USt-IdNr.
	FactScheme   Fact = "vat_scheme"
	FactRegister Fact = "register"
	FactManager  Fact = "manager"
	FactIBAN     Fact = "iban"
	FactNumber   Fact = "last_number"
	FactPrices   Fact = "spoken_prices"
)

// German names the fact in the middle of a sentence.
func (f Fact) German() string {
	switch f {
	case FactName:
		return "Name des Betriebs"
	case FactAddress:
		return "Anschrift"
	case FactTax:
		return "Steuernummer"
	case FactScheme:
		return "ob Sie Umsatzsteuer ausweisen"
	case FactRegister:
		return "Registergericht und Nummer"
	case FactManager:
		return "Vertretung des Betriebs"
	case FactIBAN:
		return "IBAN"
	case FactNumber:
		return "Ihre letzte Rechnungsnummer"
	case FactPrices:
		return "ob Sie Preise netto oder brutto sagen"
	}
	return ""
}

// Missing lists what a first invoice still needs. needed are the facts without which
// none can be issued: those of § 14 Abs. 4 Nr. 1 and 2 UStG, the tax scheme, for
// registered forms what must stand on their letters, and the account to pay to; asked
// are those that are asked on the same occasion and never guessed (J-02).
func (p Profile) Missing() (needed, asked []Fact) {
	s := p.Seller
	for _, one := range []struct {
		fact    Fact
		missing bool
	}{
		{FactName, s.Name == ""},
		{FactAddress, s.Street == "" || s.Postcode == "" || s.City == ""},
		{FactTax, s.TaxNumber == "" && s.VATID == ""},
		{FactScheme, p.VATScheme == ""},
		{FactRegister, s.LegalForm.Registered() && (s.RegisterID == "" || s.RegisterCourt == "")},
		{FactManager, s.LegalForm.Represented() && s.LegalInfo == ""},
		{FactIBAN, s.IBAN == ""},
	} {
		if one.missing {
			needed = append(needed, one.fact)
		}
	}
	if s.LastNumber == "" {
		asked = append(asked, FactNumber)
	}
	if p.SpokenPrices == "" && p.VATScheme != SchemeSmallBusiness {
		asked = append(asked, FactPrices)
	}
	return needed, asked
}

// FactWords is a list of facts as a sentence goes on: "Steuernummer, IBAN".
func FactWords(list []Fact) string {
	words := make([]string, len(list))
	for i, f := range list {
		words[i] = f.German()
	}
	return strings.Join(words, ", ")
}
