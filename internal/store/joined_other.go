//go:build !linux

package store

import "os"

// joiner is what Linux has in joined_linux.go; elsewhere SQLite writes its log itself.
type joiner struct{}

func newJoiner() (*joiner, error) { return &joiner{}, nil }

func (*joiner) option() string { return "" }

func (*joiner) keepLength(bool) {}

func (*joiner) close() {}

// syncContent waits until a file is durable.
func syncContent(f *os.File) error { return f.Sync() }
