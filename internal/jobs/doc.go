// Package jobs runs what the steps have left to do: it hands each River job to
// the handler of its kind and decides about retry, snooze and giving up.
//
// Rows of the queue hold ids and codes, never content: an error's text is cut
// down to its code before River stores it, and a panic leaves the word "panic".
// A handler must treat "case gone" as success and may run more than once.
package jobs
