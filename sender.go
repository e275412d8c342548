package feierabend

import (
	"strings"
	"time"
)

// SenderLink ties a WhatsApp identity to a person of a tenant. A number belongs
// to at most one tenant at a time (OTP-05).
type SenderLink struct {
	ID       SenderID
	Tenant   TenantID
	User     UserID
	Phone    string // E.164, sealed at rest; may be "" for username users
	BSUID    string // business-scoped user id, may be ""
	LinkedAt time.Time
	Standing Standing
	Why      SuspendReason // why it is suspended
	Since    time.Time     // of its standing; zero while active
	HeardAt  time.Time     // last message, to the day; zero = not yet
	// Forwarded is what the person wants done with what they forward (J-20), "" = not asked yet.
	Forwarded ForwardChoice
}

// Standing says whether messages of a sender are taken.
type Standing string

// The standings of a sender link.
const (
	SenderActive    Standing = ""          // messages are taken
	SenderSuspended Standing = "suspended" // as an unknown sender until the number is proved again
	SenderEnded     Standing = "ended"     // unlinked; the row stays while cases of it may live
)

// SuspendReason is the code of why a link was suspended (whatsapp.md §9.1, OTP-05).
type SuspendReason string

// The reasons.
const (
	SuspendedIdentity SuspendReason = "identity" // the number is now with another WhatsApp identity
	SuspendedNumber   SuspendReason = "number"   // WhatsApp says that the person changed the number
	SuspendedDevice   SuspendReason = "device"   // the identity key changed: another phone, or a new registration
	SuspendedSilent   SuspendReason = "silent"   // nothing heard for SilenceTerm
	SuspendedRestored SuspendReason = "restored" // came back with a backup: it may have been unlinked since
	SuspendedAccess   SuspendReason = "access"   // linked while the person's access may have been in other hands
)

// German says in one sentence what happened.
func (r SuspendReason) German() string {
	switch r {
	case SuspendedIdentity:
		return "Die Nummer gehört bei WhatsApp jetzt zu einem anderen Zugang."
	case SuspendedNumber:
		return "Bei WhatsApp wurde die Nummer gewechselt."
	case SuspendedDevice:
		return "WhatsApp wurde auf einem anderen Gerät neu eingerichtet."
	case SuspendedRestored:
		return "Feierabend wurde aus einer Sicherung wiederhergestellt. Ob die Nummer seitdem getrennt wurde, ist nicht mehr zu sehen."
	case SuspendedSilent:
		return "Von dieser Nummer kam ein halbes Jahr lang nichts."
	case SuspendedAccess:
		return "Die Nummer wurde verbunden, während der Zugang vielleicht in fremder Hand war."
	}
	return "Es ist nicht mehr sicher, wem die Nummer gehört."
}

// SilenceTerm is after how much silence a number must be proved again: it may have
// been given to somebody else (OTP-05).
const SilenceTerm = 180 * 24 * time.Hour

// Mask shows a phone number without its middle: "+49 171 ••• 12". A link without a
// number shows that it has none.
func (s SenderLink) Mask() string { return MaskPhone(s.Phone) }

// MaskPhone hides the middle of an E.164 number.
func MaskPhone(phone string) string {
	if len(phone) < 8 {
		return "•••"
	}
	head := phone[:6]
	if rest, german := strings.CutPrefix(head, "+49"); german {
		head = "+49 " + rest
	}
	return head + " ••• " + phone[len(phone)-2:]
}
