package jobs_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/jobs"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

// ledger notes in which order jobs are worked.
type ledger struct {
	mu   sync.Mutex
	done []feierabend.Job
	at   map[string]time.Time
	all  chan struct{} // closed at the last one
	want int
}

func newLedger(want int) *ledger {
	return &ledger{at: map[string]time.Time{}, all: make(chan struct{}), want: want}
}

func (l *ledger) add(j feierabend.Job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done = append(l.done, j)
	l.at[j.Ref] = time.Now()
	if len(l.done) == l.want {
		close(l.all)
	}
}

func (l *ledger) wait(t *testing.T) {
	t.Helper()
	select {
	case <-l.all:
	case <-time.After(60 * time.Second):
		l.mu.Lock()
		defer l.mu.Unlock()
		t.Fatalf("only %d of %d jobs were worked", len(l.done), l.want)
	}
}

// place gives at which position a job was worked.
func (l *ledger) place(ref string) int {
	for i, j := range l.done {
		if j.Ref == ref {
			return i
		}
	}
	return -1
}

// flood gives n jobs of a firm.
func flood(kind feierabend.JobKind, firm string, n int) (out []feierabend.Job) {
	for i := range n {
		out = append(out, feierabend.Job{K: kind, Tenant: firm, Ref: fmt.Sprintf("%s-%03d", firm, i)})
	}
	return out
}

// TestSmallFirmWaitsNoLonger (TEN-06): one firm has five hundred notes waiting, which
// take five seconds and more; the single note of another, that comes later, and the first of a third
// are worked in a moment; and the order within each firm is that of the notes.
func TestSmallFirmWaitsNoLonger(t *testing.T) {
	const notes, few, each = 500, 5, 10 * time.Millisecond
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		l := newLedger(notes + few + 1)
		work(t, st, jobs.Options{Handlers: map[feierabend.JobKind]jobs.Handler{
			feierabend.JobTranscribe: func(_ context.Context, j feierabend.Job) error {
				<-time.After(each) // what speech costs
				l.add(j)
				return nil
			},
		}})
		enqueue(t, st, flood(feierabend.JobTranscribe, "large", notes)...)
		enqueue(t, st, flood(feierabend.JobTranscribe, "third", few)...)
		asked := time.Now()
		enqueue(t, st, flood(feierabend.JobTranscribe, "small", 1)...)
		l.wait(t)
		waited := l.at["small-000"].Sub(asked)
		t.Logf("the small firm waited %d ms behind %d notes of the large one; place %d of %d; the third's last at place %d", waited.Milliseconds(), notes, l.place("small-000"), l.want, l.place("third-004"))
		if waited > 3*time.Second || l.place("small-000") > notes/2 {
			t.Errorf("the small firm waited %s, its note was number %d", waited, l.place("small-000"))
		}
		if l.place("third-000") > notes/2 {
			t.Errorf("the first of the third firm's %d notes was number %d", few, l.place("third-000"))
		}
		inOrder(t, l)
	})
}

// inOrder checks that the notes of a firm keep their order. While its place is being
// changed (a transaction of milliseconds) a note is passed over on PostgreSQL and may be
// overtaken by a few of the next; the drafts of a sender then wait for each other.
func inOrder(t *testing.T, l *ledger) {
	t.Helper()
	next := map[string]int{}
	for _, j := range l.done {
		var n int
		if _, err := fmt.Sscanf(j.Ref[strings.LastIndex(j.Ref, "-")+1:], "%d", &n); err != nil {
			t.Fatal(err)
		}
		if off := n - next[j.Tenant]; off < -15 || off > 15 {
			t.Errorf("%s was worked as number %d of its firm", j.Ref, next[j.Tenant])
		}
		next[j.Tenant]++
	}
}

// TestHungProviderHoldsOneFirm: the jobs of one firm hang; they take three quarters of
// the places, and the other firm's job is worked at once.
func TestHungProviderHoldsOneFirm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store, _ *storetest.Clock) {
		var mu sync.Mutex
		hanging, most := 0, 0
		release, full, sent := make(chan struct{}), make(chan struct{}), make(chan feierabend.Job, 1)
		work(t, st, jobs.Options{Workers: 8, Handlers: map[feierabend.JobKind]jobs.Handler{
			feierabend.JobSend: func(_ context.Context, j feierabend.Job) error {
				if j.Tenant == "other" {
					sent <- j
					return nil
				}
				mu.Lock()
				hanging++
				most = max(most, hanging)
				if hanging == 6 {
					close(full)
				}
				mu.Unlock()
				<-release
				return nil
			},
		}})
		defer close(release)
		enqueue(t, st, flood(feierabend.JobSend, "hangs", 6)...)
		select {
		case <-full:
		case <-time.After(20 * time.Second):
			t.Fatal("the first six never began")
		}
		<-time.After(600 * time.Millisecond) // until they count as slow
		enqueue(t, st, flood(feierabend.JobSend, "hangs", 100)[6:]...)
		asked := time.Now()
		enqueue(t, st, flood(feierabend.JobSend, "other", 1)...)
		wait(t, sent)
		waited := time.Since(asked)
		mu.Lock()
		defer mu.Unlock()
		t.Logf("the other firm waited %d ms; %d jobs of the first hang", waited.Milliseconds(), most)
		if waited > 3*time.Second || most > 6 {
			t.Errorf("the other firm waited %s, %d of 8 places hang", waited, most)
		}
	})
}

func enqueue(t *testing.T, st *store.Store, js ...feierabend.Job) {
	t.Helper()
	if err := st.Enqueue(t.Context(), js...); err != nil {
		t.Fatal(err)
	}
}
