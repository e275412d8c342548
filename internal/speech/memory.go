package speech

import (
	"bytes"
	"os"
	"strconv"
)

// FreeMemory gives the bytes of memory that a new process may use before others
// suffer; false where the system does not tell.
func FreeMemory() (int64, bool) {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	return available(b)
}

// available reads the line "MemAvailable:  123456 kB".
func available(meminfo []byte) (int64, bool) {
	_, rest, ok := bytes.Cut(meminfo, []byte("MemAvailable:"))
	if !ok {
		return 0, false
	}
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0, false
	}
	kb, err := strconv.ParseInt(string(fields[0]), 10, 64)
	return kb << 10, err == nil
}
