package web

import (
	"container/list"
	"slices"
	"sync"
	"time"
)

// flood counts requests per network address in memory (day-one decision 14). It
// is bounded: when full, it forgets the key that acted longest ago, never all.
type flood struct {
	mu    sync.Mutex
	most  int           // keys that are remembered
	per   time.Duration // the window of every limit
	byKey map[string]*list.Element
	order *list.List // of *acts, the key that acted longest ago in front
}

// acts are the moments in which a key acted and was let through.
type acts struct {
	key string
	at  []time.Time
}

const floodKeys = 10_000

func newFlood(most int, per time.Duration) *flood {
	return &flood{most: most, per: per, byKey: map[string]*list.Element{}, order: list.New()}
}

// allow says whether key may act once more within limit acts per window, and counts
// it. What is refused is not counted.
func (f *flood) allow(key string, limit int, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forget(now)
	e := f.byKey[key]
	if e == nil {
		if len(f.byKey) >= f.most {
			f.drop(f.order.Front())
		}
		e = f.order.PushBack(&acts{key: key})
		f.byKey[key] = e
	}
	a := e.Value.(*acts)
	a.at = slices.DeleteFunc(a.at, func(t time.Time) bool { return now.Sub(t) >= f.per })
	if len(a.at) >= limit {
		return false
	}
	a.at = append(a.at, now)
	f.order.MoveToBack(e)
	return true
}

// forget drops the keys whose last act is out of the window. They stand in front, since
// each act moves its key to the back.
func (f *flood) forget(now time.Time) {
	for e := f.order.Front(); e != nil; e = f.order.Front() {
		if at := e.Value.(*acts).at; len(at) > 0 && now.Sub(at[len(at)-1]) < f.per {
			return
		}
		f.drop(e)
	}
}

func (f *flood) drop(e *list.Element) {
	delete(f.byKey, e.Value.(*acts).key)
	f.order.Remove(e)
}
