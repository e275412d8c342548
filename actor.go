package feierabend

// Actor says who instructed: for audit rows and receipts. Ids and codes only.
type Actor struct {
	User UserID // "" for the service itself
	Role Role
	Via  Via
}

// Via is the way by which an instruction came.
type Via string

// The ways of an instruction.
const (
	ViaSession Via = "session" // a page, signed in
	ViaChat    Via = "chat"    // a linked WhatsApp number
	ViaSweep   Via = "sweep"   // retention clock
	ViaCLI     Via = "cli"     // operator at the command line
	ViaMail    Via = "mail"    // link of a mail, without a sign-in
)
