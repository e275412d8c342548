package feierabend

import (
	"slices"
	"time"
)

// Tenant is the craft firm that signs up: the controller (Art. 4 Nr. 7 GDPR).
type Tenant struct {
	ID        TenantID
	Name      string
	CreatedAt time.Time
	// RetentionDays is the tenant's instruction, 1…30 (Art. 28 Abs. 3 lit. a GDPR).
	RetentionDays int
	// Countdown is the time between a requested download and erasure, as instructed:
	// one of Countdowns, or 0 where no instruction was given (J-31).
	Countdown time.Duration
	// StaffPrices is the instruction that the firm's staff see prices (J-15).
	StaffPrices bool
	// BookMonths is the instruction to keep an address book: entries live so many months
	// after their last use, one of BookTerms; 0 = no address book (J-33).
	BookMonths int
	// BlockedAt is since when nobody of the firm gets in, and nothing that it is sent is
	// read; zero = not blocked.
	BlockedAt time.Time
	// Customers are the instructions about customers' own words (J-20, J-21).
	Customers CustomerVoices
}

// CountdownOff is the instruction that no countdown runs: erased by „Gespeichert“, by
// hand or on day 30 only.
const CountdownOff = -time.Microsecond

// Countdowns are the instructions that J-31 offers.
func Countdowns() []time.Duration {
	return []time.Duration{15 * time.Minute, time.Hour, 24 * time.Hour, CountdownOff}
}

// ValidCountdown says whether d is an instruction of J-31, or none.
func ValidCountdown(d time.Duration) bool { return d == 0 || slices.Contains(Countdowns(), d) }

// CountdownEnd is when a countdown that begins at from ends: 24 hours later where no
// instruction was given; zero where none runs.
func (t Tenant) CountdownEnd(from time.Time) time.Time {
	switch t.Countdown {
	case CountdownOff:
		return time.Time{}
	case 0:
		return from.Add(24 * time.Hour)
	}
	return from.Add(t.Countdown)
}

// LogValue gives the id only.
func (t Tenant) LogValue() string { return t.ID.String() }
