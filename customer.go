package feierabend

import "time"

// CustomerVoices are a firm's instructions about its customers' own words: all off
// until the owner switches them on (journeys.md §3).
type CustomerVoices struct {
	Forwarded bool // members may forward what customers sent them (J-20)
	Links     bool // customers may be sent a link to speak themselves (J-21)
}

// ForwardChoice is what a member wants done with what they forward.
type ForwardChoice string

// The choices; the first answer in the chat is remembered.
const (
	ForwardTake ForwardChoice = "take" // Auswerten
	ForwardDrop ForwardChoice = "drop" // Verwerfen
)

// Terms of a Kundenlink.
const (
	CustomerTerm      = 14 * 24 * time.Hour // of its code, by the time at which it was sent (J-21)
	CustomerLinksADay = 30                  // per firm
	CustomerMessages  = 50                  // a day and link; more are not taken
	CustomerNotices   = 3                   // notices a day to one who speaks before they have agreed
)

// CustomerLink is a link for one customer of a firm: its code, sent from a number,
// verifies that number for this firm and one case (J-21). The code is stored nowhere.
type CustomerLink struct {
	ID        string
	Tenant    TenantID
	Case      CaseID // "" until the code has come, where it opens a case of its own
	Own       bool   // it has opened its case
	By        UserID // who made it
	Session   []byte // hash of the token of the session that made it: only it can show the code
	State     CustomerState
	CreatedAt time.Time
	ExpiresAt time.Time // of the code
	AskedAt   time.Time // when the code came
	AgreedAt  time.Time
	Phone     string // of the customer, E.164; content of the case. "" = not to be seen, or not yet known
	BSUID     string
}

// CustomerState is how far a Kundenlink has come.
type CustomerState string

// The states. Whoever does not agree, and a link that is taken back, leave no row.
const (
	CustomerOpen   CustomerState = "open"   // waits for the code
	CustomerAsked  CustomerState = "asked"  // the code came; nothing is taken before Einverstanden
	CustomerAgreed CustomerState = "agreed" // messages of this number go into the case
	CustomerEnded  CustomerState = "ended"  // nothing more is taken; what came can still be taken back by its customer
)

// LogValue gives the id only.
func (c CustomerLink) LogValue() string { return c.ID }

// CustomerPending is a Kundenlink as pages show it. Only the browser that made it has the
// code, while it waits.
type CustomerPending struct {
	CustomerLink
	Code string // grouped for people, "" = not here
	Text string // to be sent
	URL  string // wa.me with the text; "" where no number is configured
}

// WaitingCode says what a code in a text is for.
type WaitingCode string

// What codes may be for; "" is none.
const (
	CodeOfNumber   WaitingCode = "number"   // links the number of a member
	CodeOfCustomer WaitingCode = "customer" // a Kundenlink
)
