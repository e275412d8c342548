package feierabend

import "time"

// SenderLink ties a WhatsApp identity to a person of a tenant. A number belongs
// to at most one tenant at a time (OTP-05).
type SenderLink struct {
	ID       SenderID
	Tenant   TenantID
	User     UserID
	Phone    string // E.164, sealed at rest; may be "" for username users
	BSUID    string // business-scoped user id, may be ""
	LinkedAt time.Time
}

// Mask shows a phone number without its middle: "+49 171 ••• 12".
func (s SenderLink) Mask() string {
	if len(s.Phone) < 8 {
		return "•••"
	}
	return s.Phone[:6] + " ••• " + s.Phone[len(s.Phone)-2:]
}
