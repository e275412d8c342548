package feierabend

import "time"

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
