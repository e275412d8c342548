package feierabend

import "time"

// HealthLevel is how bad something is.
type HealthLevel string

// The levels of Health.
const (
	HealthGreen  HealthLevel = "green"  // as it should be
	HealthYellow HealthLevel = "yellow" // somebody should look today
	HealthRed    HealthLevel = "red"    // a promise is about to be broken, or is
)

// Health is the state of one part of the service, for its operator: names and codes,
// no content and no ids of content.
type Health struct {
	Name  string      `json:"name"` // of the part: "database", "sweep", "speech"
	Level HealthLevel `json:"level"`
	Code  string      `json:"code,omitempty"` // why it is not green
	Since time.Time   `json:"since,omitzero"` // since when, where that is known
}

// Worst is the worst level of the rows; green where there are none.
func Worst(rows []Health) HealthLevel {
	worst := HealthGreen
	for _, h := range rows {
		if h.Level == HealthRed || h.Level == HealthYellow && worst == HealthGreen {
			worst = h.Level
		}
	}
	return worst
}
