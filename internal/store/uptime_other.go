//go:build !linux

package store

import "time"

// newUptime gives Go's monotonic clock. On macOS it stands still while the machine
// sleeps: after more than an hour of sleep the clock is doubted until the next start.
func newUptime() func() time.Duration {
	begun := time.Now()
	return func() time.Duration { return time.Since(begun) }
}
