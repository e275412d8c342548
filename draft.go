package feierabend

import (
	"strings"
	"time"
)

// DraftKind is what a dictation asks for.
type DraftKind string

// The kinds of drafts.
const (
	KindInvoice           DraftKind = "invoice"
	KindOffer             DraftKind = "offer"
	KindWorkReport        DraftKind = "work_report" // Regiebericht, Stundenzettel
	KindInterimInvoice    DraftKind = "interim_invoice"
	KindFinalInvoice      DraftKind = "final_invoice"
	KindOrderConfirmation DraftKind = "order_confirmation"
	KindReminder          DraftKind = "reminder"
	KindNote              DraftKind = "note" // nothing to bill: tasks only
)

// Priced says whether documents of the kind carry prices and sums.
func (k DraftKind) Priced() bool {
	return k == KindInvoice || k == KindOffer || k == KindInterimInvoice || k == KindFinalInvoice || k == KindOrderConfirmation
}

// Draft is a checked draft in the shape of the dictation format (docs/dictation-format.md).
// Absent values are nil or "": nothing known and nothing to ask.
type Draft struct {
	Kind           DraftKind           `json:"kind"`
	Buyer          *Buyer              `json:"buyer,omitempty"`
	Site           string              `json:"site,omitempty"`
	Supply         *Period             `json:"supply,omitempty"`
	Prices         string              `json:"prices,omitempty"` // "" = net, or "gross"
	Lines          []Line              `json:"lines,omitempty"`
	Discount       *Dec4               `json:"discount,omitempty"` // percent off everything
	DiscountAmount *Cents              `json:"discount_amount,omitempty"`
	CashDiscount   *CashDiscount       `json:"cash_discount,omitempty"` // Skonto
	DueDays        *int                `json:"due_days,omitempty"`
	Paid           *Paid               `json:"paid,omitempty"`
	Share          *Dec4               `json:"share,omitempty"`
	VATScheme      string              `json:"vat_scheme,omitempty"` // "small_business" §19, "reverse_charge" §13b
	ValidDays      *int                `json:"valid_days,omitempty"`
	People         []Person            `json:"people,omitempty"`
	Tasks          []Task              `json:"tasks,omitempty"`
	Withhold       []string            `json:"withhold,omitempty"`
	Questions      []string            `json:"questions,omitempty"` // paths to be asked: "buyer.address", "lines[2].price", …
	Totals         *Totals             `json:"totals,omitempty"`
	Evidence       map[string]Evidence `json:"evidence,omitempty"` // by path; not part of the scored shape
	// Entries are the entries of the address book whose alias was said, where several fit:
	// asked with the address, never chosen (J-33). Not part of the scored shape.
	Entries []AddressID `json:"entries,omitempty"`
	// Namesakes are those of Entries that are still there, as choices; put in by
	// WithEntries for whoever shows the draft, never stored.
	Namesakes []Choice `json:"-"`
	// Customer: a customer's own words, not the firm's (J-20): always a note, without prices.
	Customer bool `json:"customer,omitempty"`
	// Unpriced: made by WithoutPrices for a reader who may see none; never stored.
	Unpriced bool `json:"-"`
}

// LogValue hides the content.
func (d Draft) LogValue() string { return "draft " + string(d.Kind) }

// Buyer is the recipient of the document (BG-7).
type Buyer struct {
	Salutation string `json:"salutation,omitempty"` // Herr, Frau, Familie
	Name       string `json:"name,omitempty"`
	Company    string `json:"company,omitempty"`
	Street     string `json:"street,omitempty"`   // BT-50, house number included
	Postcode   string `json:"postcode,omitempty"` // BT-53
	City       string `json:"city,omitempty"`     // BT-52
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone,omitempty"`     // E.164
	Reference  string `json:"reference,omitempty"` // BT-10, BT-13
	VATID      string `json:"vat_id,omitempty"`    // BT-48; needed for § 13b, never dictated
}

// Label is the line that names the buyer in lists and the chat: firm, else salutation and name.
func (b *Buyer) Label() string {
	switch {
	case b == nil:
		return ""
	case b.Company != "":
		return b.Company
	case b.Salutation != "" && b.Name != "":
		return b.Salutation + " " + b.Name
	}
	return b.Name
}

// Addressee is Label as it stands after „für“ or „von“: „Herrn Petersen“.
func (b *Buyer) Addressee() string {
	label := b.Label()
	if name, ok := strings.CutPrefix(label, "Herr "); ok && b.Company == "" {
		return "Herrn " + name
	}
	return label
}

// AddressComplete says whether street, postcode and city are known.
func (b *Buyer) AddressComplete() bool {
	return b != nil && b.Street != "" && b.Postcode != "" && b.City != ""
}

// Period is a date or range of supply, YYYY-MM-DD, both ends included (BT-72, BT-73/74).
type Period struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// LineKind sorts lines: labour, travel and equipment count for § 35a EStG.
type LineKind string

// The kinds of lines.
const (
	LineLabour      LineKind = "labour"
	LineMaterial    LineKind = "material"
	LineTravel      LineKind = "travel"
	LineEquipment   LineKind = "equipment"
	LineDisposal    LineKind = "disposal"
	LineSurcharge   LineKind = "surcharge"
	LineSubcontract LineKind = "subcontract"
	LineLump        LineKind = "lump"
)

// Line is one position, in spoken order.
type Line struct {
	Kind     LineKind `json:"kind"`
	Text     string   `json:"text"`
	Quantity *Dec4    `json:"quantity,omitempty"`
	Unit     string   `json:"unit,omitempty"`   // UN/ECE Rec 20/21: HUR, H87, MTK, LS, …
	Price    *Dec4    `json:"price,omitempty"`  // per unit, in the mode of Draft.Prices
	VAT      *Dec4    `json:"vat,omitempty"`    // percent; nil = the profile's rate
	Source   string   `json:"source,omitempty"` // "" = said, or "profile"
}

// CashDiscount is Skonto: percent within days.
type CashDiscount struct {
	Percent Dec4 `json:"percent"`
	Days    int  `json:"days"`
}

// Paid is what was already paid.
type Paid struct {
	All    bool   `json:"all,omitempty"`
	Amount *Cents `json:"amount,omitempty"`
	Method string `json:"method,omitempty"` // transfer, cash, card
	// Invoice is the number of the invoice that asked for it (§ 14 Abs. 5 UStG),
	// "none" where the firm says there was none; never dictated, only answered.
	Invoice string `json:"invoice,omitempty"`
}

// Person is a line of a work report.
type Person struct {
	Name  string `json:"name"`
	Hours Dec4   `json:"hours"`
}

// Task is a thing to do; callbacks and appointments are tasks with a kind.
type Task struct {
	Text string `json:"text"`
	Due  string `json:"due,omitempty"`  // YYYY-MM-DD
	Kind string `json:"kind,omitempty"` // call, appointment
}

// Totals are worked out by our integer arithmetic, never by a model.
type Totals struct {
	Net   *Cents `json:"net,omitempty"`
	VAT   *Cents `json:"vat,omitempty"`
	Gross *Cents `json:"gross,omitempty"`
}

// Evidence says where a value came from (design §4.3).
type Evidence struct {
	Source  string    `json:"source"`            // said, profile, rule, answered
	Message MessageID `json:"message,omitempty"` // whose transcript the range belongs to
	From    int       `json:"from,omitempty"`    // rune range in that transcript
	To      int       `json:"to,omitempty"`
}

// DraftVersion is one stored version; versions are append-only and count from 1.
type DraftVersion struct {
	Case    CaseID
	Version int
	By      Actor
	Engine  string // local, person
	At      time.Time
	Draft   Draft
}
