package feierabend

import (
	"strings"
	"time"
)

// Application is what a firm says about itself when it registers (contract S2).
// Its fields are checked by the registration step; prices and tax are asked later.
type Application struct {
	Firm      string    `json:"firm"`
	LegalForm LegalForm `json:"legal_form"`
	Street    string    `json:"street"` // with house number
	Postcode  string    `json:"postcode"`
	City      string    `json:"city"`
	FirstName string    `json:"first_name"`
	LastName  string    `json:"last_name"`
	Email     string    `json:"email"` // as it is written to
	Phone     string    `json:"phone"` // E.164
	Trade     string    `json:"trade"` // German words
}

// LogValue hides the content.
func (a Application) LogValue() string { return "application" }

// Registration is an application that waits for its mail to be answered. It is a
// firm only when link or code of the mail is redeemed in the asking browser.
type Registration struct {
	ID       string
	User     UserID // who will own the firm; a person is made of it at the end
	Email    string // normal form of the address; stored as keyed hash only
	BindHash []byte // SHA-256 of the asking browser's binding cookie (AUTH-04)
	Browser  string // family only, for the mail text
	At       time.Time
	Form     *Application
}

// RegistrationTerm is how long an application waits.
const RegistrationTerm = 24 * time.Hour

// RegistrationForm is the form of a registration as it was typed.
type RegistrationForm struct {
	Firm, LegalForm, Street, Postcode, City string
	FirstName, LastName, Email, Phone       string
	Trade, OtherTrade                       string
	Business                                bool   // "Ich handle für einen Betrieb" (§ 14 BGB)
	PlaceConfirmed                          string // what PlaceMark gave when the place was asked about
}

// LogValue hides the content.
func (f RegistrationForm) LogValue() string { return "registration_form" }

// PlaceMark names the pair of postcode and place, so that a second submit of the
// same pair answers the question and a changed one does not.
func (f RegistrationForm) PlaceMark() string {
	return strings.Join(strings.Fields(f.Postcode+" "+f.City), " ")
}

// PlaceQuestion asks whether another place or postcode was meant: one the table of
// the country knows.
type PlaceQuestion struct {
	Postcodes bool     // the words are postcodes, else places
	Words     []string // best first, at most three
}

// OtherTrade is the choice behind which the trade is typed.
const OtherTrade = "Anderes Gewerk"
