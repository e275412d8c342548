package feierabend

import "time"

// Terms of getting back in without the mailbox (J-42).
const (
	RecoveryCodeTerm = 10 * time.Minute // of the shown code, by the time at which messages were sent
	RecoveryFormTerm = time.Hour        // to name the new address and to confirm it
	RecoveryWait     = 72 * time.Hour   // from the confirmed address to the change
	RecoveryEvery    = 24 * time.Hour   // between two rounds of notices
)

// RecoveryState is how far a recovery has come.
type RecoveryState string

// The states of a recovery. What is done or stopped has no row any more.
const (
	RecoveryOpen    RecoveryState = "open"    // a code is shown; it may come from the person's number
	RecoveryProved  RecoveryState = "proved"  // it came; the new address is asked for
	RecoveryMailed  RecoveryState = "mailed"  // a code went to the new address
	RecoveryWaiting RecoveryState = "waiting" // confirmed: the address changes at Due, unless somebody stops it
)

// Recovery is an owner on the way back in who has lost the mailbox: proved by their
// linked number, held up for three days, told to everybody meanwhile.
type Recovery struct {
	ID        string
	User      UserID // "" until the code came
	State     RecoveryState
	BindHash  []byte // SHA-256 of the asking browser's cookie
	Old, New  string // addresses
	Browser   string // family only
	At        time.Time
	ExpiresAt time.Time // of the step before it waits
	Due       time.Time // when the address changes; zero until it waits
	Told      time.Time // of the last round of notices; zero = none yet
}

// RecoveryWords begin the text that carries a recovery's code.
const RecoveryWords = "Ich komme nicht mehr an mein Postfach. Code: "

// RecoveryShown is a recovery as the browser shows it that began it.
type RecoveryShown struct {
	Recovery
	Code string // while it is open, grouped for people
}

// Answers of the chat to the code of a recovery, see ProofDone.
const (
	RecoveryHeard   = "zugang-da"
	RecoveryRefused = "zugang-inhaber" // the number is that of somebody who is no owner
)

// RecoveryRef begins the reference of the message that tells a chat of a recovery; the
// id of the recovery follows.
const RecoveryRef = "zugang:"

// LogValue gives the id only.
func (r Recovery) LogValue() string { return r.ID }
