//go:build noscrub

package main

// unscrubbed says that this build leaves what it deletes: the search must find it.
const unscrubbed = true
