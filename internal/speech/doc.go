// Package speech runs the local recogniser in a child process of the same binary
// (speech.md §9.1) and keeps its model files (§9.5).
//
// Engine is what a caller wants: bytes of a recording in, a
// feierabend.Recognition out. Decoding and recognition happen in the child
// ("feierabend speech-worker", Worker below), so a hostile file meets the limits
// of a process of its own: low priority, a bound on memory, a time limit of three
// times the recording plus a minute, no core dumps, an empty environment. A crash
// costs one try. Content goes through pipes only; nothing is written to disk, put
// on a command line or logged. The child starts with the first note and ends
// after five idle minutes.
//
// Cutter does the small things (length of a recording, a clip to listen to) in
// short-lived children of their own, never behind a note that is recognised.
//
// Models finds, fetches and checks model files. The package judges no text; the
// guards are transcription's.
package speech
