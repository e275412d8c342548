package feierabend

import "time"

// The mail at the end of a working day (J-15) goes out between these clocks of the
// zone of the firms; what could not be sent until then is let go.
const (
	digestHour, digestMinute = 17, 30
	digestEndHour            = 20
	// DigestTerm is how long one that was asked for by hand is tried.
	DigestTerm = 150 * time.Minute
)

// DigestPlan says for which day mails are planned.
type DigestPlan struct {
	Day   int       // 20261124
	Until time.Time // after this none of them is sent any more
	// Whole says that the firm's day is done with this: whatever comes later waits for
	// the next one. Else only those who are named get theirs ahead of time.
	Whole bool
}

// DigestEvening gives the plan of the moment, false where none is: on Saturdays and
// Sundays, before half past five and from eight on. Public holidays are not known.
func DigestEvening(now time.Time, zone *time.Location) (DigestPlan, bool) {
	local := now.In(zone)
	y, m, d := local.Date()
	begin, end := time.Date(y, m, d, digestHour, digestMinute, 0, 0, zone), time.Date(y, m, d, digestEndHour, 0, 0, 0, zone)
	if w := local.Weekday(); w == time.Saturday || w == time.Sunday || now.Before(begin) || !now.Before(end) {
		return DigestPlan{}, false
	}
	return DigestPlan{Day: digestDay(local), Until: end, Whole: true}, true
}

// DigestNow is the plan of somebody who asks for the mails by hand, at any hour.
func DigestNow(now time.Time, zone *time.Location) DigestPlan {
	return DigestPlan{Day: digestDay(now.In(zone)), Until: now.Add(DigestTerm)}
}

func digestDay(local time.Time) int {
	y, m, d := local.Date()
	return y*10000 + int(m)*100 + d
}

// Digest is a mail of a day that is about to be sent to a member of a firm.
type Digest struct {
	ID    string
	User  UserID
	Role  Role
	To    string // address
	Firm  string // name, where the person belongs to more than one; else ""
	Token string // ends these mails, and names nobody
}

// LogValue gives the id only.
func (d Digest) LogValue() string { return d.ID }

// Waiting counts what waits for a person: never what it is.
type Waiting struct {
	Drafts    int
	Questions int // in those drafts
	Documents int // issued, and not said to be stored
	Messages  int // that could not be used, or wait for a word in the chat
	Ending    int // of all these: erased within EndsSoon
}

// EndsSoon is what the mail calls the next three days.
const EndsSoon = 3 * 24 * time.Hour

// None says that nothing waits.
func (w Waiting) None() bool { return w.Drafts+w.Documents+w.Messages == 0 }

// Add counts a case; messages are those of a case without a draft.
func (w *Waiting) Add(c Case, messages []Message, now time.Time) {
	stage := StageOf(c, messages)
	switch stage {
	case StageAsking:
		w.Drafts++
		w.Questions += max(1, c.Summary.Questions)
	case StageReady, StageNote:
		w.Drafts++
	case StageIssued, StageHeld:
		w.Documents++
	case StageForward, StageFailed:
		w.Messages++
	}
	if stage.Yours() && c.EndsAt().Sub(now) <= EndsSoon {
		w.Ending++
	}
}
