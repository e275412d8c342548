package feierabend

import "time"

// ProcessingAgreement is a concluded AVV (Art. 28 GDPR). Without one no content
// of the tenant is processed (day-one decision 11).
type ProcessingAgreement struct {
	Tenant      TenantID
	Version     string // of the text
	Hash        []byte // SHA-256 of the concluded text
	ConcludedAt time.Time
	By          Actor
}
