//go:build shiftclock

package main

import (
	"os"
	"strings"
	"time"
)

// clocks in this build, which is never shipped, are wrong by what the file at
// SHIFTCLOCK says: "960h" is forty days ahead, a second word is for the database's
// clock alone. The file is read at each look, so that the clock jumps amid the work.
// Without the variable or the file the time is right. The monotonic clock stays.
func clocks() (wall, database func() time.Time) {
	path := os.Getenv("SHIFTCLOCK")
	at := func(word int) func() time.Time {
		return func() time.Time {
			now := time.Now().Round(0)
			b, err := os.ReadFile(path)
			if words := strings.Fields(string(b)); err == nil && word < len(words) {
				if d, err := time.ParseDuration(words[word]); err == nil {
					now = now.Add(d)
				}
			}
			return now
		}
	}
	return at(0), at(1)
}
