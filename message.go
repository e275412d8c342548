package feierabend

import (
	"context"
	"io"
	"time"
)

// MessageState is where an inbound message stands.
type MessageState string

// The states of a message.
const (
	MessageReceived    MessageState = "received"
	MessageFetched     MessageState = "fetched"
	MessageTranscribed MessageState = "transcribed"
	MessageDone        MessageState = "done"
	MessageFailed      MessageState = "failed"
)

// Message is one inbound message of a linked sender. Text, external id and media
// id are opened from sealed columns.
type Message struct {
	ID         MessageID
	Tenant     TenantID
	Case       CaseID // "" for a button
	Sender     SenderLink
	Channel    string
	Kind       InboundKind
	State      MessageState
	Reason     string // reason code of its visible outcome, see Reason constants
	ExternalID string
	MediaID    string
	MediaType  string
	MediaSize  int64
	SHA256     string
	Voice      bool
	Forwarded  bool
	Customer   bool // of a customer, by a Kundenlink (J-21): Sender.ID is the link's, there is no person behind it
	Text       string
	Button     string
	Audio      AudioInfo // zero until fetched
	At         time.Time // sent
	ReceivedAt time.Time
}

// LogValue gives the id only.
func (m Message) LogValue() string { return string(m.ID) }

// Reason codes of failed or finished messages. Each has a German sentence in
// the package that tells it (delivery) and on the page.
const (
	ReasonDrafted      = "drafted"       // a draft was made
	ReasonAnswered     = "answered"      // it answered a question
	ReasonCorrected    = "corrected"     // it changed a draft
	ReasonNote         = "note"          // nothing to bill: tasks only
	ReasonCommand      = "command"       // Hilfe, Status, Löschen, Mensch, Stopp
	ReasonNothing      = "nothing"       // speech, but nothing to note or bill
	ReasonNoSpeech     = "no_speech"     // silence, noise
	ReasonNotGerman    = "not_german"    // another language
	ReasonTooLarge     = "too_large"     // > 16 MB
	ReasonTooLong      = "too_long"      // > 10 minutes
	ReasonEmpty        = "empty"         // no bytes
	ReasonNotAudio     = "not_audio"     // bytes are no audio we read
	ReasonDamaged      = "damaged"       // audio, but unreadable
	ReasonMediaExpired = "media_expired" // the provider no longer has the file
	ReasonMediaWrong   = "media_wrong"   // checksum or size differ
	ReasonUnsupported  = "unsupported"   // picture, location, …
	ReasonSpeechFailed = "speech_failed" // two tries, then "bitte abtippen"
	ReasonDraftFailed  = "draft_failed"  // reading the text failed again and again: our fault
	ReasonWaitsModel   = "waits_model"   // no speech model yet: waits, nothing lost
	ReasonStale        = "stale_button"  // the draft has moved on
	ReasonNotAllowed   = "not_allowed"   // role may not issue
	ReasonIncomplete   = "incomplete"    // a value that an invoice must have is missing
	ReasonResend       = "resend"        // texts that came before the agreement were not kept
	ReasonUnblocked    = "unblocked"     // texts that came while the firm was blocked were not kept
	ReasonGone         = "gone"          // the case is erased
	ReasonPressFailed  = "press_failed"  // a button could not be worked off, again and again: our fault
	ReasonFacts        = "facts"         // what a first invoice needs of the firm is missing
	ReasonOwner        = "owner"         // only the owner may say this about the firm
	ReasonForwarded    = "forwarded"     // forwarded notes are off until switched on (J-20)
	ReasonForwardAsk   = "forward_ask"   // forwarded: waits for „Auswerten“ or „Verwerfen“, nothing is fetched before
	ReasonCustomer     = "customer"      // a customer's message: it stands beside the firm's draft
	ReasonForwardDrop  = "forward_drop"  // forwarded, and dropped as its sender wants it
)

// Audio is a sealed voice note.
type Audio struct {
	Info AudioInfo
	Open func(context.Context) (io.ReadCloser, error)
}

// AudioInfo describes audio without its content.
type AudioInfo struct {
	Type     string // sniffed, e.g. "audio/ogg"
	Bytes    int64
	Duration time.Duration // by the container's header, 0 = unknown
}
