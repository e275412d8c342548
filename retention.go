package feierabend

import "time"

// MaxRetentionDays is the longest retention an instruction may ask for.
const MaxRetentionDays = 30

// ExpiresAt is when content first stored at first ends: n days − 1 h, so that
// the sweep has an hour before the promise of n days (DEL-06). n outside 1…30
// is taken as 30, the longest promise, never longer.
func ExpiresAt(first time.Time, days int) time.Time {
	if days < 1 || days > MaxRetentionDays {
		days = MaxRetentionDays
	}
	return first.Add(time.Duration(days)*24*time.Hour - time.Hour)
}

// DaysLeft is the number shown in "löscht in n Tagen": whole days, rounded down, never negative.
func DaysLeft(now, end time.Time) int {
	if !end.After(now) {
		return 0
	}
	return int(end.Sub(now) / (24 * time.Hour))
}

// WarningDays gives, the most urgent first, how many days before its end the sender
// of a case is warned: days 29, 27 and 21 of thirty (J-30).
func WarningDays() []int { return []int{1, 3, 9} }

// WarningDue is the most urgent warning whose moment has come, as days before the
// end; 0 where there is none. A warning that would come in the first half of a life
// that an instruction made short says nothing new and is left out.
func WarningDue(first, end, now time.Time) int {
	life := end.Sub(first) + time.Hour // the hour that ExpiresAt keeps back
	for _, days := range WarningDays() {
		before := time.Duration(days) * 24 * time.Hour
		if !now.Before(end.Add(-before)) && now.Before(end) && 2*before <= life {
			return days
		}
	}
	return 0
}

// LateLevel says how bad it is that the sweep last worked, or that a proof has been
// outstanding, for age: yellow after 15 minutes, red after two hours.
func LateLevel(age time.Duration) HealthLevel {
	switch {
	case age > 2*time.Hour:
		return HealthRed
	case age > 15*time.Minute:
		return HealthYellow
	}
	return HealthGreen
}

// Instruction is what a firm may lay down about its content (Art. 28 Abs. 3 lit. a GDPR).
type Instruction struct {
	RetentionDays int           // 1…MaxRetentionDays
	Countdown     time.Duration // see Countdowns; 0 = the usual 24 hours
}

// Grace is what a case has left at least when a shorter instruction is given: time
// to save it.
const Grace = 24 * time.Hour

// Shorten gives the end of a case under an instruction that came at now: earlier or
// the same, never later, and not sooner than Grace from now unless it was already.
func (i Instruction) Shorten(first, end, now time.Time) time.Time {
	at := ExpiresAt(first, i.RetentionDays)
	if soonest := now.Add(Grace); at.Before(soonest) {
		at = soonest
	}
	if at.Before(end) {
		return at
	}
	return end
}

// RetentionClass sorts tables by what their rows are for (docs/data-map.md).
type RetentionClass string

// The classes of tables.
const (
	ClassAccount RetentionClass = "account"
	ClassContent RetentionClass = "content"
	ClassQueue   RetentionClass = "queue"
)
