// Package book keeps the address book of a firm (J-33): the customers that it has told
// us to remember beyond the thirty days of a case.
//
// The step decides who may (owner and office; the switch is the owner's alone), reads
// what was typed, and works out by which words an entry is found in a note (alias.go).
// How entries are sealed, end and are erased is the store's work; finding one in a note
// is that of dictation.
package book
