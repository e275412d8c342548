//go:build !noscrub

package store

// secureDelete makes SQLite overwrite deleted cells with zeros.
const secureDelete = "ON"

// scrubbing says that the scrub runs. The build tag noscrub (never shipped) switches
// it off, so that the demo can show that its search does find what is left.
const scrubbing = true
