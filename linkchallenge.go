package feierabend

import "time"

// Terms of a link challenge (whatsapp.md §9.2).
const (
	LinkTerm    = 10 * time.Minute // of the code and of the question, by the time at which messages were sent
	LinkLate    = 24 * time.Hour   // what is delivered later than this counts no more, whenever it was sent
	LinksAnHour = 5                // challenges per firm
)

// LinkChallenge is a number that somebody asked to link: its code is out, or its
// question waits for an answer. The code itself is stored nowhere.
type LinkChallenge struct {
	ID        string
	Tenant    TenantID
	User      UserID // whose number it will be
	By        UserID // who asked
	Session   []byte // hash of the token of the session that asked: only it can show the code
	Phone     string // E.164 as entered
	BSUID     string // of the sender who sent the code, "" = not said or not yet
	Numbered  bool   // that sender's number was seen or shared on request, and is the entered one
	State     LinkState
	CreatedAt time.Time
	ExpiresAt time.Time
	AskedAt   time.Time // when the right code came
	Link      SenderID  // once done
}

// LinkState is how far a challenge has come.
type LinkState string

// The states of a challenge.
const (
	LinkOpen    LinkState = "open"    // waits for the code
	LinkAsked   LinkState = "asked"   // the code came; waits for Ja or Nein in the chat, and not Numbered for the number, too
	LinkConfirm LinkState = "confirm" // Ja, but the number was not to be seen: waits for the page (J-03)
	LinkDone    LinkState = "done"
	LinkRefused LinkState = "refused" // Nein
	LinkOther   LinkState = "other"   // the number that the sender has shared is not the entered one
	LinkTaken   LinkState = "taken"   // the number belongs elsewhere
	LinkVoid    LinkState = "void"    // withdrawn, or a newer one was made
)

// Waits says that the challenge can still lead to a link at a time.
func (c LinkChallenge) Waits(now time.Time) bool {
	switch c.State {
	case LinkOpen:
		return now.Before(c.ExpiresAt)
	case LinkAsked, LinkConfirm:
		return now.Before(c.AskedAt.Add(LinkTerm))
	}
	return false
}

// LogValue gives the id only.
func (c LinkChallenge) LogValue() string { return c.ID }

// Colleague is a member of a firm with name and address.
type Colleague struct {
	User User
	Role Role
}

// LinkWish is what a person asks for on the page.
type LinkWish struct {
	User    UserID // whose number; "" = the own one
	Phone   string // as typed
	Cookie  string // token of the session: the code is worked out of it
	Session []byte // its hash, as it is stored
}

// LinkPending is a challenge as the browser that asked for it shows it.
type LinkPending struct {
	LinkChallenge
	Code string     // grouped for people
	Text string     // to be sent
	URL  string     // wa.me, with the text while there is one; "" where no number is configured
	Made SenderLink // once done
}
