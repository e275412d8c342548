package feierabend

import "time"

// EraseReason says by which rule a case was erased.
type EraseReason string

// The four ways to erase (design §7).
const (
	EraseConfirmed   EraseReason = "confirmed"    // the firm said: the file is stored
	EraseDiscarded   EraseReason = "discarded"    // Verwerfen
	EraseCountedDown EraseReason = "counted_down" // the countdown ended (J-31)
	EraseExpired     EraseReason = "expired"      // day 30 or the shorter instruction
)

// Verification says how far the proof has come.
type Verification string

// The states of a receipt's proof. Verified and Unverifiable are terminal; only
// then the receipt is signed.
const (
	VerifyPending      Verification = "pending"      // erased and committed, scrub or search outstanding: „Prüfung läuft“
	VerifyVerified     Verification = "verified"     // searched, nothing found
	VerifyUnverifiable Verification = "unverifiable" // e.g. managed database: said as it is
)

// Subject says what a receipt is about.
type Subject string

// The subjects of receipts. The zero value is a case: receipts from before there were
// others say nothing.
const (
	SubjectCase    Subject = ""
	SubjectAddress Subject = "address"      // one entry of the address book
	SubjectBook    Subject = "address_book" // the whole address book
)

// ErasureReceipt proves an erasure (DEL-07). No content, no names.
type ErasureReceipt struct {
	ID       ReceiptID
	Tenant   TenantID
	Subject  Subject
	Case     CaseID    // of SubjectCase
	Entry    AddressID // of SubjectAddress
	Reason   EraseReason
	By       Actor
	ErasedAt time.Time
	// Erased counts what went: messages, audio, transcripts, drafts, documents, files, outbox,
	// addresses, keys.
	Erased map[string]int
	// FirstContentAt is when the case's clock began, or the (oldest) entry was made.
	FirstContentAt time.Time
	Verification   Verification
	VerifiedAt     time.Time
	// Method names how it was done and checked, codes only: "sqlite_zero_wal_search".
	Method string
	// SearchedFiles and SearchedBytes say how much was searched; Hits must be 0 when verified.
	SearchedFiles int
	SearchedBytes int64
	Hits          int
	// Copies names what may still exist elsewhere and until when.
	Copies []ResidualCopy
	// Signature is ed25519 over SigningBytes, made once at the terminal state; PublicKey checks it.
	Signature []byte
	PublicKey []byte
}

// ResidualCopy is a copy at a provider or on the person's phone.
type ResidualCopy struct {
	Recipient string    `json:"recipient"` // key of the registry
	Until     time.Time `json:"until,omitzero"`
}
