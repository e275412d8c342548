package feierabend

import "time"

// AddressChange is a change of the mail address that a person signs in with
// (AUTH-11): asked for in a fresh session, confirmed by a code to the new address,
// and to be undone from the old one for 24 hours.
type AddressChange struct {
	ID        string
	User      UserID
	Old, New  string // as they are written to
	BindHash  []byte // SHA-256 of the asking browser's binding cookie
	Browser   string // family only, for the mail text
	At        time.Time
	ChangedAt time.Time // zero = not confirmed yet
}

// AddressUndoTerm is how long the old address can take a change back.
const AddressUndoTerm = 24 * time.Hour
