package feierabend

import "time"

// InboundKind says what a channel delivered.
type InboundKind string

// Kinds of inbound messages.
const (
	InboundAudio       InboundKind = "audio"
	InboundText        InboundKind = "text"
	InboundButton      InboundKind = "button"
	InboundUnsupported InboundKind = "unsupported" // picture, location, sticker, …: gets an answer
	// InboundChange is no message: the provider says that a number or an identity is not
	// what it was. From and BSUID name what it was, Text holds a SuspendReason.
	InboundChange InboundKind = "change"
)

// Inbound is one message as a channel parsed it from a verified webhook.
type Inbound struct {
	Channel    string // "whatsapp"
	ExternalID string // the provider's id (wamid); contains the number: hashed or sealed, never logged
	From       string // E.164 with +, may be ""
	BSUID      string // may be ""
	Kind       InboundKind
	Text       string // text kind: the body
	Button     string // button kind: our own payload, ids only (see Button)
	MediaID    string // audio kind
	MediaType  string // audio kind: MIME type as announced
	MediaSize  int64  // as announced, 0 = not said
	SHA256     string // base64 or hex as announced, "" = not said
	Voice      bool   // recorded voice note, not an attached file
	Forwarded  bool
	// Contact is the sender's own number, E.164, shared because the chat asked for it: of a
	// card that answers no such request nothing is taken, of this one nothing else.
	Contact string
	At      time.Time // when it was sent, provider's clock, clamped
	Dated   bool      // At is the provider's own word, not ours in its place
	Raw     []byte    // the message's own JSON, sealed with the case
}

// Outcome says what became of an Inbound at accept.
type Outcome struct {
	Message MessageID // "" when nothing was stored
	Tenant  TenantID
	Code    OutcomeCode
	First   bool // unknown sender: the first message of the day, which may be answered
}

// OutcomeCode is the reason code of a message's visible outcome.
type OutcomeCode string

// Outcomes at accept. Later outcomes are the codes of Message.Reason.
const (
	Accepted      OutcomeCode = "accepted"
	Duplicate     OutcomeCode = "duplicate"      // seen before: nothing stored, nothing to tell
	UnknownSender OutcomeCode = "unknown_sender" // nothing stored but a keyed hash and counter
	NoAgreement   OutcomeCode = "no_agreement"   // linked, but the firm has concluded no AVV
	FirmBlocked   OutcomeCode = "firm_blocked"   // linked, but the firm is blocked: an outcome, no content
	LinkHeard     OutcomeCode = "link_heard"     // a code or an answer to its question: nothing of it is stored
	Changed       OutcomeCode = "changed"        // an identity changed: what hangs on it is suspended
	CustomerHeard OutcomeCode = "customer"       // a customer's message, in the case of their link
	CustomerGone  OutcomeCode = "customer_gone"  // Nicht auswerten: what came of them is erased
	// CustomerPartGone: what came by one link is erased, what came by another is still there.
	CustomerPartGone OutcomeCode = "customer_part_gone"
	TooOld           OutcomeCode = "too_old" // sent longer ago than any provider re-delivers: an outcome, no content (HOOK-02)
)

// DeliveryStatus is a provider's report on a message that we sent.
type DeliveryStatus struct {
	Channel    string
	ExternalID string    // wamid of our message
	Callback   string    // our biz_opaque_callback_data: "o:<tenant>:<outbox id>"
	State      SendState // sent, delivered, read, failed
	Code       int       // provider's error code, 0 = none
	At         time.Time
}

// SendState is the state of an outbox row; only forward moves count, and failed
// is final only before delivered.
type SendState string

// The states of an outbox row.
const (
	SendWaiting   SendState = "waiting"
	SendSending   SendState = "sending" // handed over, answer unknown
	SendAccepted  SendState = "accepted"
	SendSent      SendState = "sent"
	SendDelivered SendState = "delivered"
	SendRead      SendState = "read"
	SendFailed    SendState = "failed"
)
