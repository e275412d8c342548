package feierabend

import (
	"encoding/hex"
	"time"
)

// Duty is what a session is for beside the work of a firm. A session with a duty has no
// firm: whoever is both operator and member is only one of them at a time.
type Duty string

// The duties of a session.
const (
	DutyInvited  Duty = "invited"  // came by the invitation of an operator: may make the first passkey
	DutyOperator Duty = "operator" // runs the service: sees counts, states, sizes and ages (ADM-01)
)

// Operator is a person who runs the service. They belong to no firm by it.
type Operator struct {
	User    UserID
	Email   string
	AddedAt time.Time
	// InvitedUntil is how long the invitation that waits may be used; zero = none waits.
	InvitedUntil time.Time
	// Bind is the hash of the binding cookie of the browser that answered the invitation.
	Bind     []byte
	Passkeys int       // that open the operator's pages
	SeenAt   time.Time // last use of one of them
}

// Passkey is a key pair of a person's device (WebAuthn): the device keeps the private
// half, and unlocks it by finger, face or PIN only.
type Passkey struct {
	ID        []byte // as the device named it
	User      UserID
	Name      string // as the person calls the device
	PublicKey []byte // COSE
	Count     uint32 // of signatures, as the device last said; 0 = it does not count
	Synced    bool   // may be kept on several devices (backup eligible)
	Duty      Duty   // DutyOperator where it opens the operator's pages, else ""
	CreatedAt time.Time
	UsedAt    time.Time // zero = not yet
}

// Handle names the passkey in lists and forms of its person.
func (p Passkey) Handle() string { return hex.EncodeToString(p.ID) }

// MaxPasskeys is how many a person may have.
const MaxPasskeys = 10

// PasskeyAsk is a challenge that waits for its answer, once and at most five minutes.
type PasskeyAsk struct {
	Hash      []byte         // of the challenge
	Purpose   PasskeyPurpose // what the answer is for
	User      UserID         // who is asked; "" = whoever answers
	Bind      []byte         // hash of the cookie of the browser that asked
	ExpiresAt time.Time
}

// PasskeyPurpose is what a challenge may be used for.
type PasskeyPurpose string

// The purposes of a challenge.
const (
	PasskeyMake PasskeyPurpose = "make" // a new passkey
	PasskeySign PasskeyPurpose = "sign" // sign-in, step-up, entering the operator's pages
)

// FirmView is what an operator sees of a firm (ADM-01): counts, states, sizes and ages,
// neither its name nor anybody's.
type FirmView struct {
	ID        TenantID
	CreatedAt time.Time
	BlockedAt time.Time // zero = not blocked
	People    int
	Numbers   int // that speak for it
	Cases     map[CaseState]int
	Oldest    time.Time // first content of the oldest case, zero = there is none
	Bytes     int64     // of recordings and documents that are kept
	Failed    int       // messages of the last 30 days that came to nothing
}
