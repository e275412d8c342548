// Package intake turns what a channel announced into something that can be
// worked on: it fetches the voice note in two steps (resolve, download), checks
// size, checksum, kind and length by the bytes themselves, and stores it sealed
// with the next job in one transaction (whatsapp.md §3, §8).
//
// A note is never lost by a passing fault: whatever may succeed later comes back
// as a plain error and is tried again for days. What cannot succeed ends in one
// clear German answer with a reason code.
//
// Seen gives the instant acknowledgement, read ticks and „schreibt …“, from a
// bounded queue in memory: best effort, never part of what must happen.
package intake
