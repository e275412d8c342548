//go:build noscrub

package store

// secureDelete is off in this build: deleted cells stay readable in the file.
const secureDelete = "OFF"

// scrubbing is off in this build, which is never shipped: it shows that the search finds what is left.
const scrubbing = false
