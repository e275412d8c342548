package feierabend

import "time"

// NoticeKind says what a notice tells of.
type NoticeKind string

// The notices to owners: what somebody who has got in would do first.
const (
	NoticeBank         NoticeKind = "bank"          // other bank data on new invoices
	NoticeOwnerAdded   NoticeKind = "owner_added"   // somebody got the rights of an owner
	NoticeOwnerRemoved NoticeKind = "owner_removed" // somebody lost them
	NoticeUnlinked     NoticeKind = "unlinked"      // a WhatsApp number was unlinked
	NoticeLinked       NoticeKind = "linked"        // one was linked by the operator
	// The notices of a recovery: it waits, was stopped, the address is changed.
	NoticeRecovery        NoticeKind = "recovery"
	NoticeRecoveryStopped NoticeKind = "recovery_stopped"
	NoticeRecoveryDone    NoticeKind = "recovery_done"
	NoticeAddress         NoticeKind = "address"      // a member signs in with another address
	NoticeAddressBack     NoticeKind = "address_back" // that was taken back from the old one
	// The notices to the person alone: a passkey of theirs came or went.
	NoticePasskeyAdded   NoticeKind = "passkey_added"
	NoticePasskeyRemoved NoticeKind = "passkey_removed"
)

// Notice is a mail that tells one person what happened to a firm. It waits sealed, and
// goes once it is sent.
type Notice struct {
	ID     string
	Kind   NoticeKind
	To     string // address
	Firm   string
	About  string // name of the person it is about, "" = nobody
	By     string // name of who did it; "" = the operator, or the service itself
	Detail string // last four digits of an IBAN, a masked number, a passkey's name; "" = none
	At     time.Time
	Until  time.Time // of a recovery: when the address changes
	Token  string    // of a recovery: stops it
}

// NoticeTerm is how long a notice waits for the mail server at most.
const NoticeTerm = 7 * 24 * time.Hour

// LogValue gives the id only.
func (n Notice) LogValue() string { return n.ID }
