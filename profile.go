package feierabend

// Profile is what a tenant has told about itself. The first part has the shape of
// the dictation format (rates, price list, address book), all prices net; Seller
// holds what a document's letterhead needs. Nothing in it is ever guessed.
type Profile struct {
	Trade       string          `json:"trade,omitempty"`
	VATScheme   string          `json:"vat_scheme"` // standard, small_business; "" = not said yet: a draft asks
	VATRate     Dec4            `json:"vat_rate"`
	DueDays     int             `json:"due_days,omitempty"`
	Rates       map[string]Dec4 `json:"rates,omitempty"` // per hour: meister, geselle, helfer, azubi
	DefaultRole string          `json:"default_role,omitempty"`
	DayHours    *Dec4           `json:"day_hours,omitempty"`
	TimeUnit    *TimeUnit       `json:"time_unit,omitempty"`
	Travel      *Travel         `json:"travel,omitempty"`
	PriceList   []PriceItem     `json:"price_list,omitempty"`
	AddressBook []AddressEntry  `json:"address_book,omitempty"` // only where the firm opted in; content, never stored with the account
	Seller      Seller          `json:"seller,omitzero"`
	// CashBasis: the tax is owed when the money arrives (Istversteuerung, § 20 UStG);
	// invoices say so from 2028 on (§ 14 Abs. 4 Nr. 6a UStG).
	CashBasis bool `json:"cash_basis,omitempty"`
	// Turnover is how the turnover of the year before stands to 800,000 €: it decides
	// from when on invoices to firms must be e-invoices (§ 27 Abs. 38 UStG).
	Turnover string `json:"turnover,omitempty"` // below, above; "" = not said
	// SpokenPrices is how the firm says prices to private people: net, gross; "" = not
	// said yet. What is said in a note („netto“, „brutto“) wins.
	SpokenPrices string `json:"spoken_prices,omitempty"`
	// AddressBookOn says that the firm keeps an address book (J-33, Tenant.BookMonths);
	// filled when the profile is read, never stored with it.
	AddressBookOn bool `json:"-"`
}

// The tax schemes of a firm. "" is none: not said yet, never a default.
const (
	SchemeStandard      = "standard"
	SchemeSmallBusiness = "small_business" // § 19 UStG
)

// The turnover of the year before, against 800,000 €.
const (
	TurnoverBelow = "below"
	TurnoverAbove = "above"
)

// SetScheme sets the tax scheme with its rate: 19 % (§ 12 Abs. 1 UStG), or none under
// § 19. It says whether scheme is one.
func (p *Profile) SetScheme(scheme string) bool {
	switch scheme {
	case SchemeStandard:
		p.VATScheme, p.VATRate = scheme, Dec(19)
	case SchemeSmallBusiness:
		p.VATScheme, p.VATRate = scheme, 0
	default:
		return false
	}
	return true
}

// LogValue hides the content.
func (p Profile) LogValue() string { return "profile" }

// TimeUnit is a garage's Arbeitswert, e.g. AW of 5 minutes.
type TimeUnit struct {
	Name    string `json:"name"`
	Minutes Dec4   `json:"minutes"`
}

// Travel is the firm's own travel price.
type Travel struct {
	Mode  string `json:"mode"` // flat, km
	Price Dec4   `json:"price"`
	Unit  string `json:"unit"` // LS, KMT
	Label string `json:"label"`
}

// PriceItem is an entry of the price list.
type PriceItem struct {
	Name    string   `json:"name"`
	Kind    LineKind `json:"kind"`
	Unit    string   `json:"unit"`
	Price   Dec4     `json:"price"`
	VAT     *Dec4    `json:"vat,omitempty"`
	Aliases []string `json:"aliases,omitempty"`
}

// NoNumber as LastNumber: asked, and the firm had written no invoice of that form.
const NoNumber = "none"

// Seller is the letterhead (BG-4, BG-5, BG-6, BG-17).
type Seller struct {
	Name          string    `json:"name,omitempty"` // BT-27
	LegalForm     LegalForm `json:"legal_form,omitempty"`
	Tagline       string    `json:"tagline,omitempty"`
	Street        string    `json:"street,omitempty"`
	Postcode      string    `json:"postcode,omitempty"`
	City          string    `json:"city,omitempty"`
	Contact       string    `json:"contact,omitempty"`        // BT-41
	Phone         string    `json:"phone,omitempty"`          // BT-42
	Email         string    `json:"email,omitempty"`          // BT-43
	TaxNumber     string    `json:"tax_number,omitempty"`     // BT-32, Steuernummer
	VATID         string    `json:"vat_id,omitempty"`         // BT-31, USt-IdNr.
	RegisterID    string    `json:"register_id,omitempty"`    // BT-30, e.g. "HRB 12345"
	RegisterCourt string    `json:"register_court,omitempty"` // "Amtsgericht Pinneberg"
	LegalInfo     string    `json:"legal_info,omitempty"`     // BT-33, e.g. "Geschäftsführer: Hauke Deichgrün"
	IBAN          string    `json:"iban,omitempty"`           // BT-84
	BIC           string    `json:"bic,omitempty"`            // BT-86
	AccountHolder string    `json:"account_holder,omitempty"` // BT-85
	// LastNumber is the last invoice number the firm used before Feierabend, e.g.
	// "RE-2026-0041": the ledger continues from it. A number of another form is kept as
	// it was said, and NoNumber says that there was none.
	LastNumber string `json:"last_number,omitempty"`
	// LastNumbers are those of the other series: "AN-2026-0012".
	LastNumbers []string `json:"last_numbers,omitempty"`
}
