package web

import (
	"sync"
	"time"
)

// flood counts requests per network address in memory (day-one decision 14). It
// is bounded: when full, it forgets everything and begins anew.
type flood struct {
	mu   sync.Mutex
	seen map[string][]time.Time
}

const floodKeys = 10_000

func newFlood() *flood { return &flood{seen: map[string][]time.Time{}} }

// allow says whether key may act once more within limit acts per window, and counts it.
func (f *flood) allow(key string, limit int, per time.Duration, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.seen) >= floodKeys {
		clear(f.seen)
	}
	kept := f.seen[key][:0]
	for _, t := range f.seen[key] {
		if now.Sub(t) < per {
			kept = append(kept, t)
		}
	}
	if len(kept) >= limit {
		f.seen[key] = kept
		return false
	}
	f.seen[key] = append(kept, now)
	return true
}
