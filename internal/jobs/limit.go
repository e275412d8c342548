package jobs

import (
	"sync"
	"time"

	"feierabend"
)

// slow is how long a job may take before it counts as one that holds a place: most take
// milliseconds, and a limit on those would only make everybody slower.
const slow = 500 * time.Millisecond

// limit keeps one firm's slow jobs (a provider that hangs, large files) from taking all
// places of a process: three quarters at most. What is too many comes again later, the
// later the more of the firm's jobs have been sent away. The speech queue has its own turns.
type limit struct {
	most int

	mu      sync.Mutex
	since   map[string]map[int64]time.Time // firm → jobs at work
	refused map[string]int
}

func newLimit(places int) *limit {
	return &limit{most: max(1, places*3/4), since: map[string]map[int64]time.Time{}, refused: map[string]int{}}
}

// enter gives 0 and notes the job as being worked, or how long it has to wait.
func (l *limit) enter(id int64, j feierabend.Job, now time.Time) time.Duration {
	if j.Tenant == "" || j.Queue() == feierabend.QueueSpeech {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	held := 0
	for _, since := range l.since[j.Tenant] {
		if now.Sub(since) >= slow {
			held++
		}
	}
	if held >= l.most {
		l.refused[j.Tenant]++
		return min(slow/2*time.Duration(1+l.refused[j.Tenant]/l.most), 4*time.Second)
	}
	if l.since[j.Tenant] == nil {
		l.since[j.Tenant] = map[int64]time.Time{}
	}
	l.since[j.Tenant][id] = now
	return 0
}

// leave gives the place back.
func (l *limit) leave(id int64, j feierabend.Job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.since[j.Tenant], id)
	if len(l.since[j.Tenant]) == 0 {
		delete(l.since, j.Tenant)
	}
	if l.refused[j.Tenant]--; l.refused[j.Tenant] <= 0 {
		delete(l.refused, j.Tenant)
	}
}

// pace keeps a task that may become dear from taking more than a tenth of the time.
type pace struct {
	every time.Duration
	next  time.Time
}

// run runs the task where its time has come.
func (p *pace) run(now func() time.Time, task func() error) error {
	begin := now()
	if begin.Before(p.next) {
		return nil
	}
	err := task()
	p.next = begin.Add(max(p.every/2, 10*now().Sub(begin)))
	return err
}
