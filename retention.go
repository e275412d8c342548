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

// RetentionClass sorts tables by what their rows are for (docs/data-map.md).
type RetentionClass string

// The classes of tables.
const (
	ClassAccount RetentionClass = "account"
	ClassContent RetentionClass = "content"
	ClassQueue   RetentionClass = "queue"
)
