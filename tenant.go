package feierabend

import "time"

// Tenant is the craft firm that signs up: the controller (Art. 4 Nr. 7 GDPR).
type Tenant struct {
	ID        TenantID
	Name      string
	CreatedAt time.Time
	// RetentionDays is the tenant's instruction, 1…30 (Art. 28 Abs. 3 lit. a GDPR).
	RetentionDays int
	// Countdown is the time between a requested download and erasure (J-31).
	Countdown time.Duration
}

// LogValue gives the id only.
func (t Tenant) LogValue() string { return t.ID.String() }
