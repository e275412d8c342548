//go:build unix

package main

import (
	"os"
	"syscall"
)

// ownedByUs says whether a file belongs to the user that this process runs as.
func ownedByUs(info os.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid()
}
