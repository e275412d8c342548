package jobs

import (
	"sync"
	"time"

	"feierabend"
)

// End is how a try of a job ended.
type End string

// The ends of a try.
const (
	EndDone   End = "done"
	EndSnooze End = "snooze" // later, not counted as a try
	EndRetry  End = "retry"
	EndGaveUp End = "gave_up"
)

// Tally counts the tries of a kind that ended in one way.
type Tally struct {
	Kind  feierabend.JobKind
	End   End
	Tries int
	Took  time.Duration // all together
}

// stats counts tries since the start of the process.
type stats struct {
	mu  sync.Mutex
	all map[[2]string]Tally
}

func (s *stats) add(kind feierabend.JobKind, end End, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{string(kind), string(end)}
	t := s.all[key]
	s.all[key] = Tally{kind, end, t.Tries + 1, t.Took + took}
}

// Tallies gives what this process has worked since its start.
func (r *Runner) Tallies() (out []Tally) {
	r.stats.mu.Lock()
	defer r.stats.mu.Unlock()
	for _, t := range r.stats.all {
		out = append(out, t)
	}
	return out
}
