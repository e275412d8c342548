package feierabend

import "time"

// CaseState is where a case (Vorgang) stands. An erased case is a receipt, not a state.
type CaseState string

// The states of a case.
const (
	CaseOpen       CaseState = "open"       // no draft yet, or questions are open
	CaseReady      CaseState = "ready"      // draft without a required question
	CaseIssued     CaseState = "issued"     // a document exists
	CaseDownloaded CaseState = "downloaded" // its file was requested: the countdown may run
)

// Case is what is erased together; it owns one data key.
type Case struct {
	ID        CaseID
	Tenant    TenantID
	Sender    SenderID // who spoke first, "" for intake by page
	State     CaseState
	Version   int // newest draft version, 0 = none yet
	CreatedAt time.Time
	ChangedAt time.Time
	// ExpiresAt is first content + retention − 1 h and never moves (design §3).
	ExpiresAt time.Time
	// EraseAt is the end of the countdown (J-31); zero = no countdown runs.
	EraseAt time.Time
	// Attention is a reason code why a person should look, or "".
	Attention string
	Summary   CaseSummary
}

// EndsAt is when the case will be erased as things stand.
func (c Case) EndsAt() time.Time {
	if !c.EraseAt.IsZero() && c.EraseAt.Before(c.ExpiresAt) {
		return c.EraseAt
	}
	return c.ExpiresAt
}

// LogValue gives the id only.
func (c Case) LogValue() string { return string(c.ID) }

// CaseSummary is the small sealed line that lists show (day-one decision 8).
type CaseSummary struct {
	Kind      DraftKind `json:"kind,omitempty"`
	Title     string    `json:"title,omitempty"` // buyer's name or what the note is about
	Place     string    `json:"place,omitempty"`
	Net       *Cents    `json:"net,omitempty"`
	Gross     *Cents    `json:"gross,omitempty"`
	Partial   bool      `json:"partial,omitempty"` // sums are only "bisher"
	Questions int       `json:"questions,omitempty"`
	Number    string    `json:"number,omitempty"` // of the issued document
	Seconds   int       `json:"seconds,omitempty"`
}

// LogValue hides the content.
func (s CaseSummary) LogValue() string { return "summary" }
