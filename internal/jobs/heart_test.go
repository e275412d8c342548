package jobs

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"feierabend"
)

// list is a database that can be away.
type list struct {
	mu    sync.Mutex
	away  bool
	beats int
	asked int
	ended []string
}

func (l *list) Beat(context.Context, feierabend.Process) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away {
		return errors.New("away")
	}
	l.beats++
	return nil
}

func (l *list) FreeDead(context.Context, string, time.Duration) (feierabend.Freed, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	return feierabend.Freed{}, nil
}

func (l *list) EndProcess(_ context.Context, id string) error {
	l.ended = append(l.ended, id)
	return nil
}

func (l *list) set(away bool) { l.mu.Lock(); l.away = away; l.mu.Unlock() }

func (l *list) counts() (beats, asked int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.beats, l.asked
}

func heart(l *list, alone bool) *Heart {
	return NewHeart(HeartOptions{Processes: l, Process: feierabend.Process{ID: "me", Roles: []string{feierabend.ServesWork}}, Alone: alone})
}

// TestHeartLosesItsWork: a process that the database has not heard for 8 seconds
// gives its work up, before others take it at 10, and goes on when it is heard again.
func TestHeartLosesItsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{}
		h := heart(l, false)
		if err := h.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, done := h.during(t.Context())
		defer done()
		time.Sleep(10 * time.Second)
		if ctx.Err() != nil {
			t.Fatal("work lost while the heart beats")
		}
		l.set(true)
		time.Sleep(5 * time.Second)
		if ctx.Err() != nil {
			t.Error("work lost after five seconds of silence")
		}
		time.Sleep(4 * time.Second)
		synctest.Wait()
		if ctx.Err() == nil {
			t.Error("work kept after nine seconds of silence: another process may have it")
		}
		l.set(false)
		_, asked := l.counts()
		time.Sleep(3 * time.Second)
		again, done2 := h.during(t.Context())
		defer done2()
		if again.Err() != nil {
			t.Error("no new work although the heart beats again")
		}
		if _, now := l.counts(); now != asked {
			t.Error("judges others right after its own silence")
		}
		time.Sleep(5 * time.Second)
		if _, now := l.counts(); now == asked {
			t.Error("never judges others again")
		}
		if err := h.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if again.Err() == nil {
			t.Error("work goes on after the end")
		}
		if diff := cmp.Diff([]string{"me"}, l.ended); diff != "" {
			t.Error(diff)
		}
	})
}

// TestHeartAlone: with nobody to take over, a silent database costs no work; what the
// last process left is free at the start.
func TestHeartAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &list{}
		h := heart(l, true)
		if err := h.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, asked := l.counts(); asked != 1 {
			t.Errorf("asked %d times at the start, want once", asked)
		}
		ctx, done := h.during(t.Context())
		defer done()
		l.set(true)
		time.Sleep(time.Minute)
		synctest.Wait()
		if ctx.Err() != nil {
			t.Error("work lost although there is nobody else")
		}
		if err := h.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// TestHeartNeedsItsFirstBeat: who cannot say that he lives must not start to work.
func TestHeartNeedsItsFirstBeat(t *testing.T) {
	if err := heart(&list{away: true}, false).Start(t.Context()); err == nil {
		t.Error("started without a beat")
	}
}

// TestLostJobs: a job marked as ours that nobody has in hand is lost after a while;
// one in hand never, one that is written down meanwhile neither.
func TestLostJobs(t *testing.T) {
	h := newHand()
	now := time.Now()
	h.take(1)
	for _, step := range []struct {
		name   string
		after  time.Duration
		marked []int64
		want   []int64
	}{
		{"all seen for the first time", 0, []int64{1, 2, 3}, nil},
		{"too early", 10 * time.Second, []int64{1, 2, 3}, nil},
		{"3 was written down meanwhile", 12 * time.Second, []int64{1, 2}, nil},
		{"2 is lost, 3 is back", 15 * time.Second, []int64{1, 2, 3}, []int64{2}},
		{"3 counts from its return", 20 * time.Second, []int64{1, 3}, nil},
		{"and is lost then", 30 * time.Second, []int64{1, 3}, []int64{3}},
	} {
		if diff := cmp.Diff(step.want, h.lost(step.marked, now.Add(step.after), lostAfter)); diff != "" {
			t.Errorf("%s:\n%s", step.name, diff)
		}
	}
	h.put(1)
	h.lost([]int64{1}, now.Add(time.Minute), lostAfter)
	if got := h.lost([]int64{1}, now.Add(2*time.Minute), lostAfter); len(got) != 1 {
		t.Error("a job put down but still marked is never lost")
	}
}
