package feierabend

import "time"

// AddressID names an entry of an address book.
type AddressID string

// AddressEntry is what the address book knows of one customer (J-33): Buyer is taken
// over into a draft where one of the aliases was said.
type AddressEntry struct {
	Aliases []string `json:"aliases"`
	Buyer
}

// BookEntry is a stored entry: content with a key of its own, that lives longer than a
// case and ends a while after its last use.
type BookEntry struct {
	ID        AddressID
	Tenant    TenantID
	Version   int // counts up with each change
	CreatedAt time.Time
	UsedAt    time.Time // made, changed or taken over into a draft
	ExpiresAt time.Time
	AddressEntry
}

// LogValue gives the id only.
func (e BookEntry) LogValue() string { return string(e.ID) }

// MaxBookEntries bounds the book of a firm: all of it is opened for each draft.
const MaxBookEntries = 2000

// MaxBookMonths is how long an entry is kept after its last use unless the firm's
// instruction is shorter (J-33).
const MaxBookMonths = 24

// BookTerms are the terms, in months after the last use, that a firm may choose.
func BookTerms() []int { return []int{3, 6, 12, MaxBookMonths} }

// ValidBookTerm says whether months is one of BookTerms.
func ValidBookTerm(months int) bool {
	for _, m := range BookTerms() {
		if m == months {
			return true
		}
	}
	return false
}

// BookExpiresAt is when an entry last used at used ends: so many calendar months less an
// hour, which the sweep has before the promise (DEL-06). The 31st of a month is followed
// by the last day of a shorter one, not by the first of the next.
func BookExpiresAt(used time.Time, months int) time.Time {
	end := used.UTC().AddDate(0, months, 0)
	if end.Day() != used.UTC().Day() {
		end = end.AddDate(0, 0, -end.Day())
	}
	return end.Add(-time.Hour)
}

// DueAddress is an entry that the sweep must erase.
type DueAddress struct {
	Tenant TenantID
	ID     AddressID
	At     time.Time // since when it is due
}
