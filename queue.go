package feierabend

import "time"

// QueueView is the queue as its operator sees it: counts, ages and codes, never an id
// of content.
type QueueView struct {
	At        time.Time    `json:"at"`
	Kinds     []QueueKind  `json:"kinds"`
	Errors    []QueueError `json:"errors"`
	Processes []Process    `json:"processes"`
}

// QueueKind counts the jobs of a kind that are in one state. Those that are done are
// not counted.
type QueueKind struct {
	Kind   JobKind   `json:"kind"`
	State  string    `json:"state"` // River's: available, running, scheduled, retryable, discarded, cancelled
	Jobs   int       `json:"jobs"`
	Oldest time.Time `json:"oldest"` // when the oldest of them was made
}

// QueueError counts the jobs that are not done and whose last try ended with a code.
type QueueError struct {
	Kind JobKind `json:"kind"`
	Code string  `json:"code"`
	Jobs int     `json:"jobs"`
}

// Waiting says whether jobs in the state are still to be worked.
func (k QueueKind) Waiting() bool {
	switch k.State {
	case "available", "scheduled", "retryable", "pending":
		return true
	}
	return false
}
