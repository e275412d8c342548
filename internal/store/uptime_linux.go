package store

import (
	"time"

	"golang.org/x/sys/unix"
)

// newUptime gives a monotonic clock that counts the time the machine slept, unlike
// Go's: a laptop that was closed over night has no clock that jumped.
func newUptime() func() time.Duration {
	begun := time.Now()
	return func() time.Duration {
		var t unix.Timespec
		if unix.ClockGettime(unix.CLOCK_BOOTTIME, &t) != nil { // Linux before 2.6.39
			return time.Since(begun)
		}
		return time.Duration(t.Nano())
	}
}
