package feierabend

import (
	"strings"
	"time"
)

// OutKind says what an outbox row tells. The body is rendered at send time from
// sealed data, so the row itself holds no content.
type OutKind string

// The kinds of outgoing messages; the comment names what Ref holds.
const (
	OutDraft    OutKind = "draft"    // draft version: customer, lines, sums, next question, buttons
	OutAsk      OutKind = "ask"      // draft version: „RE-… · … brutto. Ausstellen?“
	OutDocument OutKind = "document" // document id: the PDF with „Gespeichert“ and „Noch nicht“
	OutErased   OutKind = "erased"   // receipt id
	OutHeld     OutKind = "held"     // countdown stopped
	OutFailed   OutKind = "failed"   // reason code of a Message
	OutCommand  OutKind = "command"  // hilfe, status, loeschen, mensch, stopp
	OutWelcome  OutKind = "welcome"  // first message (J-04)
	OutCustomer OutKind = "customer" // to a customer: one of the fixed texts below, never anything with a price
	OutWarning  OutKind = "warning"  // days before the end: what will be erased when (J-30)
)

// What an OutCustomer tells.
const (
	CustomerNotice      = "notice"      // Art. 13 GDPR, with Einverstanden and Nicht auswerten
	CustomerWelcome     = "welcome"     // after Einverstanden
	CustomerUnsupported = "unsupported" // neither voice nor text
	CustomerForwarded   = "forwarded"   // somebody else's word
)

// CommandCustomerNew is the Ref of the OutCommand that tells a member, without its words,
// that a customer has sent something through a Kundenlink that they made.
const CommandCustomerNew = "kunde-neu"

// Outgoing is a message to be sent, as a step asks for it.
type Outgoing struct {
	Sender  SenderID // a member's link; of OutCustomer and of a customer's OutFailed the id of the customer's link
	Case    CaseID   // "" where no case is left
	Kind    OutKind
	Ref     string
	ReplyTo MessageID // quoted where it still exists
}

// Outbox is a stored Outgoing. Its job is only a trigger; the row is the truth.
type Outbox struct {
	ID     OutboxID
	Tenant TenantID
	Outgoing
	State       SendState
	Code        int // last error code of the provider
	Tries       int
	ExternalID  string // the provider's id of our message, sealed with the case
	MediaID     string // our uploaded file at the provider, sealed with the case
	CreatedAt   time.Time
	AttemptedAt time.Time
}

// Callback is the biz_opaque_callback_data of the row: "o:<tenant>:<outbox id>".
func (o Outbox) Callback() string { return "o:" + o.Tenant.String() + ":" + string(o.ID) }

// ParseCallback reads a Callback back.
func ParseCallback(s string) (TenantID, OutboxID, bool) {
	f := strings.Split(s, ":")
	if len(f) != 3 || f[0] != "o" || !ValidID(f[2]) {
		return TenantID{}, "", false
	}
	t, err := ParseTenantID(f[1])
	return t, OutboxID(f[2]), err == nil
}
