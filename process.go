package feierabend

import "time"

// The roles of a process, as in `serve --roles web,worker`.
const (
	ServesWeb  = "web"    // pages and webhook
	ServesWork = "worker" // jobs, sweep, scrub
)

// Process is one running `serve`. It says every few seconds that it lives; when it
// falls silent, the others take over what it worked on.
type Process struct {
	ID        string    `json:"id"`
	Roles     []string  `json:"roles"`  // ServesWeb, ServesWork
	Master    int16     `json:"master"` // id of the master key that it wraps new keys with
	StartedAt time.Time `json:"started_at"`
	SeenAt    time.Time `json:"seen_at"` // its last beat, by the clock of the database
}

// Freed is what was taken over from processes that fell silent.
type Freed struct {
	Processes int  // rows of dead processes
	Jobs      int  // jobs that run again
	Leader    bool // the leader was among them
}

// None says that there was nothing to take over.
func (f Freed) None() bool { return f == Freed{} }
