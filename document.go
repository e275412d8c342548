package feierabend

import (
	"sort"
	"strings"
	"time"
)

// DocumentProfile chooses the guideline of the XML (BT-24).
type DocumentProfile string

// The profiles.
const (
	ProfileEN16931   DocumentProfile = "en16931"   // ZUGFeRD / Factur-X EN 16931
	ProfileXRechnung DocumentProfile = "xrechnung" // XRechnung 3.0
)

// Document is an issued paper: it never changes. Names follow EN 16931; the
// BT/BG numbers stand at the fields. Sums are filled by Compute only.
type Document struct {
	ID      DocumentID      `json:"id,omitempty"`
	Case    CaseID          `json:"case,omitempty"`
	Kind    DraftKind       `json:"kind"`
	Profile DocumentProfile `json:"profile,omitempty"` // "" = en16931
	Number  string          `json:"number"`            // BT-1
	// TypeCode is BT-3: 380 invoice, 384 correction, 326/875 interim, 877 final.
	TypeCode string `json:"type_code,omitempty"` // "" = 380
	IssuedOn Date   `json:"issued_on"`           // BT-2
	DueOn    Date   `json:"due_on,omitzero"`     // BT-9
	// SupplyFrom and SupplyTo are BT-72 when equal, else BT-73/74.
	SupplyFrom Date  `json:"supply_from,omitzero"`
	SupplyTo   Date  `json:"supply_to,omitzero"`
	Seller     Party `json:"seller"`
	Buyer      Party `json:"buyer"`
	// Site is the place of work as one line for the letter; DeliverTo is BG-13/BG-15 where complete.
	Site             string `json:"site,omitempty"`
	DeliverTo        *Party `json:"deliver_to,omitempty"`
	BuyerReference   string `json:"buyer_reference,omitempty"`   // BT-10
	OrderReference   string `json:"order_reference,omitempty"`   // BT-13
	ProjectReference string `json:"project_reference,omitempty"` // BT-11
	// Greeting is the salutation line of the letter, e.g. "Sehr geehrte Frau Petersen,".
	Greeting     string         `json:"greeting,omitempty"`
	Notes        []string       `json:"notes,omitempty"`         // BT-22
	RegisterNote string         `json:"register_note,omitempty"` // BT-22 with BT-21 = REG
	PaymentTerms string         `json:"payment_terms,omitempty"` // BT-20, words before the Skonto line
	CashDiscount *CashDiscount  `json:"cash_discount,omitempty"`
	IBAN         string         `json:"iban,omitempty"` // BT-84
	BIC          string         `json:"bic,omitempty"`  // BT-86
	Account      string         `json:"account,omitempty"`
	Lines        []DocumentLine `json:"lines"`
	Allowances   []Allowance    `json:"allowances,omitempty"`
	Preceding    []Preceding    `json:"preceding,omitempty"` // BG-3
	Prepaid      Cents          `json:"prepaid,omitempty"`   // BT-113
	Rounding     Cents          `json:"rounding,omitempty"`  // BT-114: what gross prices leave over, some cents at most
	PaidMethod   string         `json:"paid_method,omitempty"`
	// Exemptions names reason text (BT-120) and VATEX code (BT-121) per VAT category.
	Exemptions map[string]Exemption `json:"exemptions,omitempty"`
	Sums       Sums                 `json:"sums,omitzero"`
	// Logo stands on the letter; it is part of the file, not of the stored document.
	Logo *Logo `json:"-"`
}

// ChatFile is how the name of the file ends that goes into the chat: the PDF, which a
// person can read.
const ChatFile = ".pdf"

// Completes says whether with this file the firm has all that it needs of the
// document (J-31): of an XRechnung the XML, of every other one the PDF, which has
// the XML inside.
func (d Document) Completes(file string) bool {
	want := ChatFile
	if d.Profile == ProfileXRechnung {
		want = ".xml"
	}
	return strings.HasSuffix(strings.ToLower(file), want)
}

// LogValue gives the id only: numbers and names stay out of logs.
func (d Document) LogValue() string { return "document " + string(d.ID) }

// Party is seller, buyer or place of delivery (BG-4, BG-7, BG-13).
type Party struct {
	Salutation       string `json:"salutation,omitempty"` // letter only
	Name             string `json:"name"`                 // BT-27, BT-44
	Tagline          string `json:"tagline,omitempty"`    // letter only
	Contact          string `json:"contact,omitempty"`    // BT-41, BT-56
	Phone            string `json:"phone,omitempty"`
	Email            string `json:"email,omitempty"`
	Street           string `json:"street,omitempty"`
	Extra            string `json:"extra,omitempty"`
	Postcode         string `json:"postcode,omitempty"`
	City             string `json:"city,omitempty"`
	Country          string `json:"country,omitempty"`            // "" = DE
	VATID            string `json:"vat_id,omitempty"`             // BT-31, BT-48
	TaxNumber        string `json:"tax_number,omitempty"`         // BT-32
	LegalID          string `json:"legal_id,omitempty"`           // BT-30, BT-47
	LegalInfo        string `json:"legal_info,omitempty"`         // BT-33
	ElectronicAddr   string `json:"electronic_address,omitempty"` // BT-34, BT-49
	ElectronicScheme string `json:"electronic_scheme,omitempty"`  // EM, 0204, 9930, …
}

// DocumentLine is BG-25. Price is net, up to four decimals.
type DocumentLine struct {
	Kind     LineKind `json:"kind,omitempty"`
	Name     string   `json:"name"`                  // BT-153
	Text     string   `json:"description,omitempty"` // BT-154
	Quantity Dec4     `json:"quantity"`              // BT-129
	Unit     string   `json:"unit"`                  // BT-130
	Price    Dec4     `json:"price"`                 // BT-146
	Category string   `json:"category,omitempty"`    // BT-151: S, E, AE, Z; "" = S
	Rate     Dec4     `json:"rate"`                  // BT-152
	Net      Cents    `json:"net,omitempty"`         // BT-131
	// Per is the price base quantity (BT-149), 0 = 1. Adjust is the line's charges
	// less its allowances (BG-28, BG-27). Both come from others' invoices only.
	Per    Dec4  `json:"per,omitempty"`
	Adjust Cents `json:"adjust,omitempty"`
}

// Amount is BT-131 as it should be: quantity × price ÷ base quantity, rounded
// once, plus charges less allowances of the line (PEPPOL-EN16931-R120).
func (l DocumentLine) Amount() Cents {
	if l.Per > 0 && l.Per != One {
		return Cents(mulDivRound(mulDivRound(int64(l.Quantity), int64(l.Price), int64(l.Per)), 1, 100)) + l.Adjust
	}
	return LineNet(l.Quantity, l.Price) + l.Adjust
}

// Labour35a says whether the line counts for § 35a EStG: labour, travel, machines.
func (l DocumentLine) Labour35a() bool {
	return l.Kind == LineLabour || l.Kind == LineTravel || l.Kind == LineEquipment
}

// Allowance is a document-level discount or charge (BG-20, BG-21).
type Allowance struct {
	Charge   bool   `json:"charge,omitempty"`
	Reason   string `json:"reason"`
	Code     string `json:"code,omitempty"` // UNTDID 5189 / 7161
	Category string `json:"category"`
	Rate     Dec4   `json:"rate"`
	Amount   Cents  `json:"amount"`
}

// Preceding names an earlier document (BG-3).
type Preceding struct {
	Number   string `json:"number"`
	IssuedOn Date   `json:"issued_on,omitzero"`
}

// Exemption is BT-120 and BT-121.
type Exemption struct {
	Reason string `json:"reason"`
	Code   string `json:"code,omitempty"`
}

// Tax is a row of the VAT breakdown (BG-23).
type Tax struct {
	Category string `json:"category"`
	Rate     Dec4   `json:"rate"`
	Basis    Cents  `json:"basis"`
	Amount   Cents  `json:"amount"`
	Reason   string `json:"reason,omitempty"`
	Code     string `json:"code,omitempty"`
}

// Sums are the document totals (BG-22) and the § 35a share.
type Sums struct {
	Taxes       []Tax `json:"taxes,omitempty"`
	Lines       Cents `json:"lines"`        // BT-106
	Allowances  Cents `json:"allowances"`   // BT-107
	Charges     Cents `json:"charges"`      // BT-108
	Net         Cents `json:"net"`          // BT-109
	VAT         Cents `json:"vat"`          // BT-110
	Gross       Cents `json:"gross"`        // BT-112
	Payable     Cents `json:"payable"`      // BT-115
	LabourNet   Cents `json:"labour_net"`   // § 35a EStG
	LabourGross Cents `json:"labour_gross"` // § 35a EStG
}

// Compute fills the sums: lines are rounded first, VAT once per category and
// rate on the rounded sum (BR-CO-10, BR-CO-15, BR-CO-17).
func (d *Document) Compute() {
	var s Sums
	for i := range d.Lines {
		l := &d.Lines[i]
		if l.Category == "" {
			l.Category = "S"
		}
		l.Net = l.Amount()
		s.Lines += l.Net
		d.tax(&s, l.Category, l.Rate).Basis += l.Net
	}
	labour := d.labour(s.Taxes)
	for _, a := range d.Allowances {
		if a.Charge {
			s.Charges += a.Amount
			d.tax(&s, a.Category, a.Rate).Basis += a.Amount
		} else {
			s.Allowances += a.Amount
			d.tax(&s, a.Category, a.Rate).Basis -= a.Amount
		}
	}
	for i, l := range labour {
		t := s.Taxes[i]
		if l.lines != t.Basis && l.lines != 0 { // a discount lowers the labour share too
			basis, lines := t.Basis, l.lines
			if lines < 0 {
				basis, lines = -basis, -lines
			}
			l.labour = Cents(mulDivRound(int64(l.labour), int64(basis), int64(lines)))
		}
		s.LabourNet += l.labour
		s.LabourGross += l.labour + Percent(l.labour, t.Rate)
	}
	sort.SliceStable(s.Taxes, func(i, j int) bool { return s.Taxes[i].Rate > s.Taxes[j].Rate })
	for i := range s.Taxes {
		t := &s.Taxes[i]
		t.Amount = Percent(t.Basis, t.Rate)
		s.VAT += t.Amount
	}
	s.Net = s.Lines - s.Allowances + s.Charges
	s.Gross = s.Net + s.VAT
	s.Payable = s.Gross - d.Prepaid + d.Rounding
	d.Sums = s
}

// tax gives the row of the VAT breakdown for a category and rate, new where absent.
func (d *Document) tax(s *Sums, category string, rate Dec4) *Tax {
	for i := range s.Taxes {
		if s.Taxes[i].Category == category && s.Taxes[i].Rate == rate {
			return &s.Taxes[i]
		}
	}
	e := d.Exemptions[category]
	s.Taxes = append(s.Taxes, Tax{Category: category, Rate: rate, Reason: e.Reason, Code: e.Code})
	return &s.Taxes[len(s.Taxes)-1]
}

type labourShare struct{ labour, lines Cents }

// labour sums the lines that count for § 35a EStG, per row of taxes, beside all lines of the row.
func (d *Document) labour(taxes []Tax) []labourShare {
	out := make([]labourShare, len(taxes))
	for i, t := range taxes {
		out[i].lines = t.Basis
		for _, l := range d.Lines {
			if l.Labour35a() && l.Category == t.Category && l.Rate == t.Rate {
				out[i].labour += l.Net
			}
		}
	}
	return out
}

// Date is a day without a time: "2026-02-10", or "" for none.
type Date string

// DateOf gives the day of t in t's zone.
func DateOf(t time.Time) Date { return Date(t.Format("2006-01-02")) }

// IsZero says that no day is given.
func (d Date) IsZero() bool { return d == "" }

// Time gives midnight UTC of the day; ok is false for none or a wrong form.
func (d Date) Time() (t time.Time, ok bool) {
	t, err := time.Parse("2006-01-02", string(d))
	return t, err == nil
}

// German is "10.02.2026", or "" for none.
func (d Date) German() string {
	t, ok := d.Time()
	if !ok {
		return ""
	}
	return t.Format("02.01.2006")
}

// File is one file of a document as stored and downloaded.
type File struct {
	Name   string // "RE-2026-0042.pdf"
	Type   string // MIME type
	SHA256 [32]byte
	Bytes  []byte
}
